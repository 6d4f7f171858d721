import type { HomeView } from "@slack/types";
import type { Caller } from "../../../chat/caller.ts";
import { button, type Call, type Card, type Reply } from "../../../chat/card.ts";
import { withButtons } from "../../../chat/cards/practice.ts";
import { pause } from "../../../chat/deadlines.ts";
import type { Dispatcher } from "../../../chat/dispatch.ts";
import type { Store } from "../../../core/ports/store.ts";
import type { SlackWeb } from "../transport/web.ts";
import { deliveryFault, refusalOf } from "./faults.ts";
import type { Pictures } from "./pictures.ts";
import { renderViewBlocks } from "./render.ts";

const MAX_TRIES = 4;
/** Milliseconds; a pause that Slack asks for may be longer than the first, up to the longest. */
const FIRST_WAIT = 250;
const MAX_WAIT = 30_000;

const PRACTISE = button("Practise", "practice");

const alone = (command: string): Call => ({ command, options: {} });

/** The Home tab: today's question, the member's streak and settings, and the schedules for admins. */
export class Home {
	readonly #dispatcher: Dispatcher;
	readonly #web: SlackWeb;
	readonly #pictures: Pictures;

	readonly #store: Store;

	/** The latest publish for each member, and its number. */
	readonly #last = new Map<string, { readonly ended: Promise<void>; readonly number: number }>();
	#count = 0;

	constructor(dispatcher: Dispatcher, web: SlackWeb, pictures: Pictures, store: Store) {
		this.#dispatcher = dispatcher;
		this.#store = store;
		this.#web = web;
		this.#pictures = pictures;
	}

	/**
	 * Draws and publishes a member's tab. Publishes run one after another, so that a slow one never overwrites a later
	 * one; of those that wait, only the newest runs.
	 * @param hash of what the tab showed before: with it, Slack refuses to overwrite another process's newer tab
	 */
	publish(workspaceId: string, caller: Caller, hash?: string): Promise<void> {
		const key = `${workspaceId} ${caller.member.externalId}`;
		this.#count += 1;
		const number = this.#count;
		const before = this.#last.get(key)?.ended.catch(() => undefined) ?? Promise.resolve();
		const isNewest = () => this.#last.get(key)?.number === number;
		const ended = before
			.then(() => this.#publishNewest(workspaceId, caller, hash, isNewest))
			.finally(() => {
				if (isNewest()) this.#last.delete(key);
			});
		this.#last.set(key, { ended, number });
		return ended;
	}

	/**
	 * Publishes the tab, and tries again while the failure may pass. It is drawn again each time, and no more once a newer
	 * publish waits.
	 * @param before what the tab showed; without it, Slack overwrites whatever another process has published meanwhile
	 */
	async #publishNewest(
		workspaceId: string,
		caller: Caller,
		before: string | undefined,
		isNewest: () => boolean,
	): Promise<void> {
		let hash = before;
		for (let tries = 1; isNewest(); tries += 1)
			try {
				return await this.#publish(workspaceId, caller, hash);
			} catch (error) {
				const isOvertaken = hash !== undefined && refusalOf(error) === "hash_conflict";
				hash = undefined;
				if (isOvertaken) continue;
				const { kind, retryAfter } = deliveryFault(error);
				const wait = retryAfter ?? FIRST_WAIT * 2 ** tries;
				if (kind === "permanent" || tries >= MAX_TRIES || wait > MAX_WAIT) throw error;
				await pause(wait);
			}
	}

	async #publish(workspaceId: string, caller: Caller, hash?: string): Promise<void> {
		const cards = await this.#cards(caller);
		const send = async (pictures: Awaited<ReturnType<Pictures["of"]>>) => {
			const view: HomeView = { type: "home", blocks: renderViewBlocks(cards, { workspaceId, pictures }) };
			await this.#web.call(workspaceId, "views.publish", {
				user_id: caller.member.externalId,
				view,
				...(hash === undefined ? {} : { hash }),
			});
		};
		const pictures = await this.#pictures.of(workspaceId, cards);
		await send(pictures).catch((error: unknown) => {
			if (pictures.size === 0 || refusalOf(error) === "hash_conflict") throw error;
			return send(new Map());
		});
	}

	async #managesSchedules(caller: Caller): Promise<boolean> {
		if (caller.admin || !caller.workspace) return caller.admin;
		const { people } = this.#store;
		const workspace = await people.findWorkspace("slack", caller.workspace.externalId);
		return workspace !== null && (await people.admins(workspace.id)).includes(caller.member.externalId);
	}

	async #cards(caller: Caller): Promise<Card[]> {
		const schedules = (await this.#managesSchedules(caller)) ? await this.#draw(caller, "schedule list") : null;
		const isNew = isEmptyList(schedules?.data?.schedules);
		const [today, streak, settings] = [
			await this.#draw(caller, "today"),
			await this.#draw(caller, "streak"),
			await this.#draw(caller, "settings show"),
		];
		const cards = [
			// The one thing to do comes first.
			isNew ? schedules?.card : null,
			today && (today.data?.id === undefined ? today.card : withButtons(today.card, [PRACTISE])),
			hasStreak(streak?.data) ? streak?.card : null,
			isNew ? null : schedules?.card,
			settings?.card,
		];
		return cards.flatMap((card) => card ?? []);
	}

	/** A command's reply. Drawing is not an action of the member, so it does not count towards the rate limit. */
	async #draw(caller: Caller, command: string): Promise<Reply | null> {
		if (!this.#dispatcher.command(command)) return null;
		const outcome = await this.#dispatcher.look(caller, alone(command));
		return outcome.type === "reply" ? outcome.reply : null;
	}
}

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

/** An empty streak is left out; an error is shown. */
function hasStreak(data: Reply["data"]): boolean {
	return data?.error !== undefined || Number(data?.current) > 0 || Number(data?.longest) > 0;
}
