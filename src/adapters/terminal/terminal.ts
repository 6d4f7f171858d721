import type { Caller } from "../../chat/caller.ts";
import type { Call, Card, Form, Outcome, Reply } from "../../chat/card.ts";
import { errorCard } from "../../chat/cards/faults.ts";
import type { Dispatcher } from "../../chat/dispatch.ts";
import { readCommand } from "../../chat/grammar.ts";
import type { Destination, Finding, Platform, Posted } from "../../chat/platform.ts";
import { UserError } from "../../core/errors.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { UnansweredInteraction } from "../../core/ports/interactions.ts";
import type { Action } from "./actions.ts";
import type { Screen } from "./screen.ts";

export const TERMINAL_CHANNEL = "terminal";
const WORKSPACE = { externalId: "terminal", name: "Terminal" };

/** A form that a member is filling in, field by field. */
interface OpenForm {
	readonly form: Form;
	readonly values: Record<string, string>;
	readonly field: number;
}

/** What one member sees last and is doing. Conversation only: nothing here has to survive the process. */
interface Conversation {
	actions: readonly Action[];
	/** Which of two cards is the later one. */
	shownAt: number;
	form: OpenForm | null;
}

/** The terminal as a chat platform: one channel, any number of members, one line a message. */
export class Terminal implements Platform {
	readonly name = "terminal";
	readonly #screen: Screen;
	readonly #clock: Clock;
	readonly #owner: string;
	readonly #conversations = new Map<string, Conversation>();
	#channelActions: readonly Action[] = [];
	#channelShownAt = 0;
	#shown = 0;

	/** @param owner the member at the keyboard, who is the admin here */
	constructor(screen: Screen, clock: Clock, owner: string) {
		this.#screen = screen;
		this.#clock = clock;
		this.#owner = owner;
	}

	async post(to: Destination, card: Card, key: string): Promise<Posted> {
		if (to.type === "member") this.#showTo(to.memberId, card, { posted: true });
		else if (to.type === "admins") this.#showTo(this.#owner, card, { alert: true });
		else this.#showInChannel(card, { posted: to.type });
		return { messageId: `terminal:${key}`, threadId: null };
	}

	/** What an earlier process showed is gone with its screen: it is shown again. */
	async lookUp(): Promise<"absent"> {
		return "absent";
	}

	/** What has scrolled by stays as it is. */
	async edit(): Promise<void> {}

	async check(_workspaceId: string, channelId: string): Promise<readonly Finding[]> {
		return [
			{
				name: "channel",
				ok: channelId === TERMINAL_CHANNEL,
				remedy: `The terminal has one channel, ${TERMINAL_CHANNEL}.`,
			},
		];
	}

	/** The prompt of the owner's next line, when a form waits for it. */
	promptOf(member = this.#owner): string | null {
		const open = this.#conversations.get(member)?.form;
		return open ? (open.form.fields[open.field]?.label ?? null) : null;
	}

	/** Handles one line and shows what comes back. Settles when it is answered. */
	async handle(line: string, dispatcher: Dispatcher): Promise<void> {
		const { member, text } = this.#speaker(line);
		const conversation = this.#conversation(member);
		const receivedAt = this.#clock.now();
		const message = text.trim();
		if (conversation.form && !message.startsWith("/"))
			return this.#fillIn(member, conversation, conversation.form, text, dispatcher);
		conversation.form = null;
		if (message === "") return;
		const action = /^\d{1,3}$/.test(message) ? this.#actionsFor(conversation)[Number(message) - 1] : undefined;
		if (action && "form" in action) return this.#openForm(member, conversation, action.form);
		try {
			const call = action ? action.call : this.#read(message, dispatcher);
			await this.#run(member, call, receivedAt, dispatcher);
		} catch (error) {
			if (!(error instanceof UserError)) throw error;
			this.#showTo(member, errorCard(error.message, error.remedy), { error: error.message });
		}
	}

	/** Tells how a member's last command ended, when the process that ran it could not. */
	tellEnd({ memberExternalId, command }: UnansweredInteraction, wasSaved: boolean): void {
		const title = wasSaved ? `Your last command was saved: ${command}` : `Your last command was not saved: ${command}`;
		const blocks = wasSaved ? [] : [{ type: "text" as const, text: "Please do it again." }];
		this.#showTo(memberExternalId, { tone: wasSaved ? "good" : "warning", title, blocks }, { command, wasSaved });
	}

	/** Shows a notice of the program itself to the owner. */
	notice(card: Card, data: Reply["data"]): void {
		this.#showTo(this.#owner, card, data);
	}

	/** `name: …` speaks as that member, where it cannot be meant as text. */
	#speaker(line: string): { member: string; text: string } {
		const [, name = "", rest = ""] = /^\s*([\p{L}\p{N}_.-]{1,40}):\s?([\s\S]*)$/u.exec(line) ?? [];
		const known = this.#conversations.get(name);
		const speaks =
			name !== "" &&
			(rest.trim().startsWith("/") ||
				known?.form != null ||
				(/^\s*\d{1,3}\s*$/.test(rest) &&
					this.#actionsFor(this.#conversation(name))[Number(rest.trim()) - 1] !== undefined));
		return speaks ? { member: name, text: rest } : { member: this.#owner, text: line };
	}

	#conversation(member: string): Conversation {
		const known = this.#conversations.get(member) ?? { actions: [], shownAt: 0, form: null };
		this.#conversations.set(member, known);
		return known;
	}

	#actionsFor(conversation: Conversation): readonly Action[] {
		return conversation.shownAt >= this.#channelShownAt ? conversation.actions : this.#channelActions;
	}

	#read(message: string, dispatcher: Dispatcher): Call {
		const command = /^\/nlpq(?:\s+([\s\S]*))?$/i.exec(message);
		if (command) return readCommand(command[1] ?? "", dispatcher.commands);
		if (message.startsWith("/")) return readCommand(message.slice(1), dispatcher.commands);
		throw new UserError(
			/^\d+$/.test(message) ? `There is no action ${message} just now.` : "That is no command.",
			"Commands begin with /nlpq: `/nlpq today`, `/nlpq random`, `/nlpq help`. A number picks an action of the last card.",
		);
	}

	async #fillIn(
		member: string,
		conversation: Conversation,
		open: OpenForm,
		text: string,
		dispatcher: Dispatcher,
	): Promise<void> {
		const field = open.form.fields[open.field];
		const values = field ? { ...open.values, [field.name]: text } : open.values;
		if (field?.required && text.trim() === "") {
			this.#showTo(member, errorCard("Nothing was written.", "Write an answer, or any command to leave the form."), {
				error: "empty",
			});
			return;
		}
		const next = open.form.fields[open.field + 1];
		if (next) {
			conversation.form = { ...open, values, field: open.field + 1 };
			this.#screen.say(`${next.label}:`);
			return;
		}
		conversation.form = null;
		const call = { command: open.form.call.command, options: { ...open.form.call.options, ...values } };
		await this.#run(member, call, this.#clock.now(), dispatcher);
	}

	#openForm(member: string, conversation: Conversation, form: Form): void {
		conversation.form = { form, values: {}, field: 0 };
		const [first] = form.fields;
		const hint = first?.type === "text" ? first.hint : undefined;
		const blocks = [
			{ type: "text" as const, text: first?.label ?? "" },
			{ type: "note" as const, text: hint ?? "Type it on the next line; any command leaves the form." },
		];
		this.#showTo(member, { tone: "plain", title: form.title, blocks }, { form: form.call.command });
	}

	async #run(member: string, call: Call, receivedAt: Date, dispatcher: Dispatcher): Promise<void> {
		const caller: Caller = {
			interaction: { key: `terminal:${crypto.randomUUID()}`, repeated: false, owed: { ticket: null } },
			workspace: WORKSPACE,
			member: { externalId: member, name: member },
			admin: member === this.#owner,
			place: { kind: "channel", channelId: TERMINAL_CHANNEL, channelName: TERMINAL_CHANNEL },
			mentioned: new Map(),
			receivedAt,
		};
		const outcome = await dispatcher.run(caller, call);
		this.#present(member, outcome);
		await dispatcher.told(outcome.tells);
	}

	#present(member: string, outcome: Outcome): void {
		if (outcome.type === "form") {
			this.#openForm(member, this.#conversation(member), outcome.form);
			return;
		}
		for (let reply: Reply | undefined = outcome.reply; reply; reply = reply.followUp) {
			const data = reply.file ? { ...reply.data, file: reply.file } : reply.data;
			if (reply.audience === "channel") this.#showInChannel(reply.card, data);
			else this.#showTo(member, reply.card, data);
			if (reply.file) this.#screen.say(reply.file.content);
		}
	}

	#showTo(member: string, card: Card, data: Reply["data"]): void {
		const conversation = this.#conversation(member);
		const actions = this.#screen.show(member, card, data);
		// A card without actions leaves the numbers of the one before it in place.
		if (actions.length === 0) return;
		this.#shown += 1;
		conversation.actions = actions;
		conversation.shownAt = this.#shown;
	}

	#showInChannel(card: Card, data: Reply["data"]): void {
		const actions = this.#screen.show(null, card, data);
		if (actions.length === 0) return;
		this.#shown += 1;
		this.#channelActions = actions;
		this.#channelShownAt = this.#shown;
	}
}
