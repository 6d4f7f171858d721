import type { Caller } from "../../chat/caller.ts";
import type { Call, Card, Outcome, Reply } from "../../chat/card.ts";
import { errorCard } from "../../chat/cards/faults.ts";
import type { Dispatcher } from "../../chat/dispatch.ts";
import type { Destination, Finding, Platform, Posted } from "../../chat/platform.ts";
import { typedMessage } from "../../chat/typed.ts";
import { UserError } from "../../core/errors.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { UnansweredInteraction } from "../../core/ports/interactions.ts";
import type { Action } from "./actions.ts";
import { Conversations } from "./conversations.ts";
import {
	beginForm,
	callOf,
	emptyCard,
	type FormEntry,
	fieldOf,
	fieldText,
	isLong,
	keptText,
	typedValue,
	withValue,
} from "./forms.ts";
import { readPath } from "./read-file.ts";
import type { Screen } from "./screen.ts";
import { askCard, endCard, type Intent, readLine, type Seen } from "./words.ts";

export const TERMINAL_CHANNEL = "terminal";
const WORKSPACE = { externalId: "terminal", name: "Terminal" };

/** The terminal as a chat platform: one channel, any number of members. */
export class Terminal implements Platform {
	readonly name = "terminal";
	readonly #screen: Screen;
	readonly #clock: Clock;
	readonly #owner: string;
	readonly #conversations: Conversations;
	/** Daily questions held back until earlier days' answers are shown; null to show them at once. */
	#waiting: Card[] | null = null;

	/** @param owner the member at the keyboard, who is the admin */
	constructor(screen: Screen, clock: Clock, owner: string) {
		this.#screen = screen;
		this.#clock = clock;
		this.#owner = owner;
		this.#conversations = new Conversations(screen);
	}

	/** Hides what is posted into the channel, for a single command that then leaves. */
	hidesChannel = false;
	/** Called when the owner has had all their data erased. */
	forgotten: () => void = () => undefined;

	async post(to: Destination, card: Card, key: string): Promise<Posted> {
		if (to.type === "member") this.#conversations.showTo(to.memberId, card, { posted: true });
		else if (to.type === "admins" || to.type === "arrival")
			this.#conversations.showTo(this.#owner, card, { alert: true });
		else if (this.hidesChannel) this.#conversations.takeUp(card);
		else if (to.type === "channel" && this.#waiting) this.#waiting.push(card);
		else if (to.type === "thread" && this.#screen.folds(card)) this.#conversations.fold(card);
		else this.#conversations.showInChannel(card, { posted: to.type }, to.type === "channel");
		return { messageId: `terminal:${key}`, threadId: null };
	}

	/** A screen's contents end with its process, so a delivery in doubt is shown again. */
	async lookUp(): Promise<"absent"> {
		return "absent";
	}

	/** Text that has scrolled by cannot be changed. */
	async edit(): Promise<void> {}

	readFile(_workspaceId: string, path: string): Promise<Uint8Array> {
		return readPath(path);
	}

	async check(_workspaceId: string, channelId: string): Promise<readonly Finding[]> {
		return [
			{
				name: "channel",
				ok: channelId === TERMINAL_CHANNEL,
				remedy: `The terminal has one channel, ${TERMINAL_CHANNEL}.`,
			},
		];
	}

	/** Runs some work and shows the daily questions it posts last, below such posts as yesterday's answer. */
	async questionsLast(work: () => Promise<void>): Promise<void> {
		if (this.#waiting || !this.#screen.isForPeople) return work();
		this.#waiting = [];
		try {
			await work();
			// A new question closes the one before it, whose answer is posted by the next run.
			if (this.#waiting.length > 0) await work();
		} finally {
			const cards = this.#waiting;
			this.#waiting = null;
			for (const card of cards) this.#conversations.showInChannel(card, { posted: "channel" }, true);
		}
	}

	/** Whether a person types and reads the screen. */
	get isTyped(): boolean {
		return this.#screen.isInteractive;
	}

	/** The form that the owner is filling in; null if none is open. */
	get form(): FormEntry | null {
		return this.#conversations.of(this.#owner).form;
	}

	/** What the owner sees now. */
	get seen(): Seen {
		return this.#conversations.seenBy(this.#owner);
	}

	/** Replaces the contents of the field that the owner is filling in. */
	setLines(lines: readonly string[]): void {
		const conversation = this.#conversations.of(this.#owner);
		if (conversation.form) conversation.form = { ...conversation.form, lines };
	}

	/** Leaves the owner's form and keeps what was written into it. */
	leaveForm(): void {
		const { form } = this;
		const isKept = this.#conversations.leaveForm(this.#conversations.of(this.#owner));
		this.#screen.say(isKept && form ? keptText(form) : "Left. Nothing was saved.");
	}

	/** What the owner has written and not sent. */
	get unsent(): string {
		return this.#conversations.unsentBy(this.#owner);
	}

	/** Handles a line that is a complete message. @returns false when the owner wants to leave */
	async handle(line: string, dispatcher: Dispatcher): Promise<boolean> {
		const { member, text } = this.#speaker(line);
		if (this.#conversations.of(member).form && !text.trim().startsWith("/")) {
			await this.fillIn(text, dispatcher, member);
			return true;
		}
		this.#conversations.leaveForm(this.#conversations.of(member));
		if (text.trim() === "") return true;
		return this.runLine(text.trim(), dispatcher, this.#conversations.seenBy(member), member);
	}

	/**
	 * Runs a line that is typed when no form is open.
	 * @param seen what was on the screen when the line was begun
	 * @returns false if the line says to leave
	 */
	async runLine(text: string, dispatcher: Dispatcher, seen: Seen, member = this.#owner): Promise<boolean> {
		this.#conversations.leaveForm(this.#conversations.of(member));
		try {
			const intent = readLine(text, dispatcher.commands, seen, this.#conversations.today);
			if (intent.type === "leave" && member === this.#owner) return false;
			await this.#do(member, intent, dispatcher, seen);
		} catch (error) {
			if (!(error instanceof UserError)) throw error;
			const card = errorCard(error.message, error.remedy, typedMessage(text));
			this.#conversations.showTo(member, card, { error: error.message });
		}
		return true;
	}

	async #do(member: string, intent: Intent, dispatcher: Dispatcher, seen: Seen): Promise<void> {
		switch (intent.type) {
			case "call":
				await this.#run(member, intent.call, dispatcher);
				return;
			case "action":
				return this.#pick(member, intent.action, dispatcher);
			case "again":
				return this.#resume(member);
			case "open":
				if (!this.#conversations.folded)
					throw new UserError("Nothing is folded just now.", "`history` lists your answers.");
				return this.#pick(member, this.#conversations.folded, dispatcher);
			case "unknown":
				return this.ask(intent.text, dispatcher, seen, member);
			case "leave":
				throw new UserError("Only who sits at this terminal can end it.", "`help` lists what you can do.");
		}
	}

	/** Asks what to do with a text that is not a command, before anything is done with it. */
	ask(text: string, dispatcher: Dispatcher, seen: Seen, member = this.#owner): void {
		this.#conversations.showTo(member, askCard(text, dispatcher.commands, seen.question), { error: "unknown" });
	}

	/** Takes a text as the current field's value and moves to the next field. */
	async fillIn(text: string, dispatcher: Dispatcher, member = this.#owner): Promise<void> {
		const conversation = this.#conversations.of(member);
		const entry = conversation.form;
		if (!entry) return;
		const field = fieldOf(entry);
		if (field?.required && text.trim() === "") {
			this.#conversations.showTo(member, emptyCard(this.#screen.isInteractive), { error: "empty" });
			return;
		}
		const filled = withValue(entry, typedValue(field, text));
		const next = fieldOf(filled);
		conversation.form = next ? filled : null;
		if (next) return this.#screen.say(`${fieldText(next)}:`);
		const isDone = await this.#run(member, callOf(filled), dispatcher);
		if (isDone) return;
		// After a refusal a single word is asked for again, while a long text is kept.
		if (isLong(field)) {
			conversation.kept = [...conversation.kept, { ...entry, lines: text.split("\n") }];
			this.#screen.say(`\n${keptText(entry)}`);
		} else conversation.form = { ...entry, lines: [] };
	}

	/** Tells a member how their last command ended, if the process that ran it could not. */
	tellEnd({ memberExternalId, command }: UnansweredInteraction, wasSaved: boolean): void {
		this.#conversations.showTo(memberExternalId, endCard(command, wasSaved), { command, wasSaved });
	}

	/** Shows the owner a notice from the program itself. */
	notice(card: Card, data: Reply["data"]): void {
		this.#conversations.showTo(this.#owner, card, data);
	}

	/** Makes the numbers work on a daily question that an earlier process has shown. */
	takeUp(card: Card): void {
		this.#conversations.takeUp(card);
	}

	/** `name: …` speaks as that member, unless it may be part of a text. */
	#speaker(line: string): { member: string; text: string } {
		const [, name = "", rest = ""] = /^\s*([\p{L}\p{N}_.-]{1,40}):\s?([\s\S]*)$/u.exec(line) ?? [];
		const speaks =
			name !== "" &&
			(rest.trim().startsWith("/") ||
				(this.#conversations.has(name) && this.#conversations.of(name).form !== null) ||
				(/^\s*\d{1,3}\s*$/.test(rest) &&
					this.#conversations.seenBy(name).actions[Number(rest.trim()) - 1] !== undefined));
		return speaks ? { member: name, text: rest } : { member: this.#owner, text: line };
	}

	#resume(member: string): void {
		const kept = this.#conversations.takeKept(this.#conversations.of(member), null);
		if (!kept) throw new UserError("No unfinished text is kept.", "`today` shows today's question, to answer it.");
		this.#conversations.openForm(member, kept);
	}

	async #pick(member: string, action: Action, dispatcher: Dispatcher): Promise<void> {
		if ("form" in action) this.#conversations.openForm(member, beginForm(action.form));
		else if ("card" in action) this.#conversations.showTo(member, action.card, {});
		else {
			// The text was not written for a form, so let its member look at it before it is sent.
			const { text, ...options } = action.call.options;
			const draft = this.#screen.isInteractive ? text : undefined;
			const call = draft === undefined ? action.call : { ...action.call, options };
			await this.#run(member, call, dispatcher, draft);
		}
	}

	/**
	 * @param draft what the form already holds when it opens
	 * @returns whether it was done, and not refused
	 */
	async #run(member: string, call: Call, dispatcher: Dispatcher, draft?: string): Promise<boolean> {
		const caller: Caller = {
			interaction: { key: `terminal:${crypto.randomUUID()}`, repeated: false, owed: { ticket: null } },
			workspace: WORKSPACE,
			member: { externalId: member, name: member },
			admin: member === this.#owner,
			place: { kind: "channel", channelId: TERMINAL_CHANNEL, channelName: TERMINAL_CHANNEL },
			mentioned: new Map(),
			receivedAt: this.#clock.now(),
		};
		const outcome = await dispatcher.run(caller, call);
		this.#present(member, outcome, draft);
		await dispatcher.told(outcome);
		if (dispatcher.command(call.command)?.showsToday)
			this.#conversations.today = this.#conversations.seenBy(member).question;
		return outcome.type === "form" || outcome.reply.card.tone !== "error";
	}

	#forget(member: string): void {
		this.#conversations.of(member).kept = [];
		if (member === this.#owner) this.forgotten();
	}

	#present(member: string, outcome: Outcome, draft?: string): void {
		if (outcome.type === "form") this.#conversations.openForm(member, beginForm(outcome.form, draft));
		if (outcome.type === "reply" && outcome.reply.data?.forgotten) this.#forget(member);
		for (let reply = outcome.type === "reply" ? outcome.reply : undefined; reply; reply = reply.followUp) {
			const data = reply.file ? { ...reply.data, file: reply.file } : reply.data;
			if (reply.audience === "channel") this.#conversations.showInChannel(reply.card, data, false);
			else this.#conversations.showTo(member, reply.card, data);
			if (reply.file) this.#screen.file(reply.file);
		}
	}
}
