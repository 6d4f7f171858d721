import type { HomeView } from "@slack/types";
import type { Caller } from "../../../chat/caller.ts";
import { button, type Call, type Card } from "../../../chat/card.ts";
import type { Dispatcher } from "../../../chat/dispatch.ts";
import type { Store } from "../../../core/ports/store.ts";
import type { SlackWeb } from "../transport/web.ts";
import type { Pictures } from "./pictures.ts";
import { renderViewBlocks } from "./render.ts";

/** A part of the Home tab: a command, answered as everywhere. */
interface Section {
	readonly call: Call;
	/** Shown when the command is refused. */
	readonly ifRefused?: Card;
}

const NO_QUESTION: Card = {
	tone: "plain",
	title: "No question of the day is open",
	blocks: [
		{ type: "text", text: "Practise with any other meanwhile." },
		{ type: "actions", buttons: [button("Random question", "random", {}, "primary"), button("What I can do", "help")] },
	],
};

const section = (command: string): Section => ({ call: { command, options: {} } });
const SECTIONS: readonly Section[] = [
	{ ...section("today"), ifRefused: NO_QUESTION },
	section("streak"),
	section("settings show"),
];
const ADMIN_SECTION = section("schedule list");

/** The Home tab: today's question, my streak, my settings, and for admins the schedules. */
export class Home {
	readonly #dispatcher: Dispatcher;
	readonly #web: SlackWeb;
	readonly #pictures: Pictures;

	readonly #store: Store;

	constructor(dispatcher: Dispatcher, web: SlackWeb, pictures: Pictures, store: Store) {
		this.#dispatcher = dispatcher;
		this.#store = store;
		this.#web = web;
		this.#pictures = pictures;
	}

	async publish(workspaceId: string, caller: Caller): Promise<void> {
		const cards = await this.#cards(caller);
		const send = async (pictures: Awaited<ReturnType<Pictures["of"]>>) => {
			const view: HomeView = { type: "home", blocks: renderViewBlocks(cards, { workspaceId, pictures }) };
			await this.#web.call(workspaceId, "views.publish", { user_id: caller.member.externalId, view });
		};
		const pictures = await this.#pictures.of(workspaceId, cards);
		await send(pictures).catch((error: unknown) => {
			if (pictures.size === 0) throw error;
			return send(new Map());
		});
	}

	async #looksAfterSchedules(caller: Caller): Promise<boolean> {
		if (caller.admin || !caller.workspace) return caller.admin;
		const { people } = this.#store;
		const workspace = await people.findWorkspace("slack", caller.workspace.externalId);
		return workspace !== null && (await people.admins(workspace.id)).includes(caller.member.externalId);
	}

	async #cards(caller: Caller): Promise<Card[]> {
		const sections = [...SECTIONS, ...((await this.#looksAfterSchedules(caller)) ? [ADMIN_SECTION] : [])];
		const cards: Card[] = [];
		for (const { call, ifRefused } of sections.filter(({ call: { command } }) => this.#dispatcher.command(command))) {
			const outcome = await this.#dispatcher.run(caller, call);
			if (outcome.type === "form") continue;
			const { card } = outcome.reply;
			cards.push(ifRefused && card.tone === "error" ? ifRefused : card);
		}
		return cards;
	}
}
