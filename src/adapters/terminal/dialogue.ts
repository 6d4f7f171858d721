import type { Call, Outcome } from "../../chat/card.ts";
import { refusalCard } from "../../chat/cards/faults.ts";
import type { Dispatcher } from "../../chat/dispatch.ts";
import { typedMessage } from "../../chat/returned-text.ts";
import { UserError } from "../../core/errors.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { Action } from "./actions.ts";
import { askCard, whichQuestionCard } from "./ask-cards.ts";
import { callerNamed } from "./caller.ts";
import type { Conversations } from "./conversations.ts";
import { type FormWord, readFormWord } from "./form-words.ts";
import {
	beginForm,
	callOf,
	emptyCard,
	type FormEntry,
	fieldOf,
	fieldText,
	formHelpCard,
	isLong,
	keptText,
	leftCard,
	numbersIn,
	typedValue,
	withValue,
} from "./forms.ts";
import { hereToo, typedAs } from "./help-here.ts";
import { pickedByNumber, pickedByWord } from "./picks.ts";
import type { Screen } from "./screen.ts";
import { type Intent, isParagraph, isProse, readLine, type Seen } from "./words.ts";

/** What members type, and what they are shown for it. */
export class Dialogue {
	readonly #screen: Screen;
	readonly #clock: Clock;
	readonly #owner: string;
	readonly #conversations: Conversations;
	/** The question whose answer an empty line has just sent; what follows may have been meant as its next paragraph. */
	#answered: string | null = null;
	/** Called when the owner has had all their data erased. */
	forgotten: () => void = () => undefined;

	/** @param owner the member at the keyboard, who is the admin */
	constructor(screen: Screen, clock: Clock, owner: string, conversations: Conversations) {
		this.#screen = screen;
		this.#clock = clock;
		this.#owner = owner;
		this.#conversations = conversations;
		screen.isWriting = () => screen.isInteractive && this.form !== null;
	}

	/** The form that the owner is filling in; null if none is open. */
	get form(): FormEntry | null {
		return this.#conversations.of(this.#owner).form;
	}

	/** What the owner sees now. */
	get seen(): Seen {
		return this.#conversations.seenBy(this.#owner);
	}

	/** Shows the owner's form again, with what is in it, but without the text above its fields. */
	showForm(): void {
		if (this.form) this.#conversations.showForm(this.#owner, this.form, { introduces: false });
	}

	/** Lets the last card be the owner's form as it now is. */
	renewForm(): void {
		if (this.form) this.#screen.takeForm(this.#owner, this.#conversations.formShown(this.form, { introduces: true }));
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

	/** The owner's forms with what is written into them and not sent, oldest first. */
	get unsent(): readonly FormEntry[] {
		return this.#conversations.unsentBy(this.#owner);
	}

	/** Takes up what an earlier process has kept. */
	takeUp(kept: readonly FormEntry[]): void {
		this.#conversations.of(this.#owner).kept = kept;
	}

	/** Handles a line that is a complete message. @returns false when the owner wants to leave */
	async handle(line: string, dispatcher: Dispatcher): Promise<boolean> {
		const { member, text } = this.#speaker(line);
		if (this.#conversations.of(member).form && !text.trim().startsWith("/")) {
			const isHandled = await this.takeWord(text, dispatcher, member);
			if (!isHandled) await this.fillIn(text, dispatcher, member);
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
			const intent = readLine(text, dispatcher, seen, this.#conversations.today);
			if (intent.type === "leave" && member === this.#owner) return false;
			if (this.#answered !== null && isProse(text, intent)) {
				this.ask(text, dispatcher, seen, member);
				return true;
			}
			if (member === this.#owner) this.#answered = null;
			await this.#do(member, intent, dispatcher, seen);
		} catch (error) {
			if (!(error instanceof UserError)) throw error;
			const card = refusalCard(error, typedMessage(text));
			this.#conversations.showTo(member, card, { error: error.message });
		}
		return true;
	}

	async #do(member: string, intent: Intent, dispatcher: Dispatcher, seen: Seen): Promise<void> {
		switch (intent.type) {
			case "call":
				await this.#run(member, intent.call, dispatcher);
				return;
			case "wish":
				this.#screen.say(`\n\`${typedAs(intent.call)}\``);
				await this.#run(member, intent.call, dispatcher);
				return;
			case "action":
				return this.#pick(member, intent.action, dispatcher);
			case "decline":
				return this.#screen.say("Nothing was done.");
			case "resume":
				return this.#resume(member);
			case "again":
				return this.#again(member, dispatcher, seen);
			case "which": {
				const { command, named, rest, shown } = intent;
				return this.#conversations.showTo(member, whichQuestionCard(command, named, rest, shown), { error: "which" });
			}
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
		const card = askCard(text, dispatcher, seen.question, isParagraph(text) ? this.#answered : null);
		this.#conversations.showTo(member, card, { error: "unknown" });
	}

	/** What a text that would be all of the open field says instead; null if it is the field's contents. */
	wordOf(text: string, vocabulary: Dispatcher, member = this.#owner): FormWord | null {
		const { form } = this.#conversations.of(member);
		return form && readFormWord(text, form, vocabulary, this.#conversations.seenBy(member));
	}

	/** Does what a word in a form says. What was written is kept. @returns false if the text is the field's contents */
	async takeWord(text: string, dispatcher: Dispatcher, member = this.#owner): Promise<boolean> {
		const conversation = this.#conversations.of(member);
		const { form } = conversation;
		const word = this.wordOf(text, dispatcher, member);
		if (!form || !word) return false;
		if (form.lines.join("\n").trim() === text.trim()) conversation.form = { ...form, lines: [] };
		switch (word.type) {
			case "leave": {
				const isKept = this.#conversations.leaveForm(conversation);
				this.#conversations.showTo(member, leftCard(isKept ? form : null), { left: true });
				return true;
			}
			case "help":
				this.#screen.showForm(member, formHelpCard(form, this.#screen.formHint(fieldOf(form))), { form: "help" });
				return true;
			case "pass":
				await this.fillIn("", dispatcher, member);
				return true;
			case "run":
				if (this.#conversations.leaveForm(conversation)) this.#screen.say(`\n${keptText(form)}`);
				await this.runLine(word.line, dispatcher, this.#conversations.seenBy(member), member);
				return true;
		}
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
		const filled = withValue(entry, numbersIn(entry, text) ?? typedValue(field, text));
		const next = fieldOf(filled);
		conversation.form = next ? filled : null;
		if (next) return this.#screen.say(`${fieldText(next)}:`);
		const isDone = await this.#run(member, callOf(filled), dispatcher);
		if (isDone && this.#screen.isInteractive && entry.form.call.command === "answer")
			this.#answered = entry.form.call.options.question ?? null;
		if (isDone) return;
		// After a refusal a single word is asked for again, while a long text is kept.
		if (isLong(field)) {
			conversation.kept = [...conversation.kept, { ...entry, lines: text.split("\n") }];
			// A single command from the shell says itself what it keeps.
			if (this.#screen.commandStart === "") this.#screen.say(`\n${keptText(entry)}`);
		} else conversation.form = { ...entry, lines: [] };
	}

	/** `name: …` speaks as that member, unless it may be part of a text. */
	#speaker(line: string): { member: string; text: string } {
		const [, name = "", rest = ""] = /^\s*([\p{L}\p{N}_.-]{1,40}):\s?([\s\S]*)$/u.exec(line) ?? [];
		const speaks =
			name !== "" &&
			(rest.trim().startsWith("/") ||
				(this.#conversations.has(name) && this.#conversations.of(name).form !== null) ||
				(/^\s*\d{1,3}\s*$/.test(rest) &&
					pickedByNumber(Number(rest.trim()), this.#conversations.seenBy(name).actions) !== null));
		return speaks ? { member: name, text: rest } : { member: this.#owner, text: line };
	}

	/** `again` resumes the text that was kept, and is also a grade. */
	#again(member: string, dispatcher: Dispatcher, seen: Seen): void | Promise<void> {
		const grade = pickedByWord("again", seen);
		if (grade?.type !== "action") return this.#resume(member);
		if (this.#conversations.of(member).kept.length === 0) return this.#pick(member, grade.action, dispatcher);
		throw new UserError(
			"`again` is a grade, and your unfinished text is kept.",
			"`rate last again` gives the grade; `answer again` takes up the text.",
		);
	}

	#resume(member: string): void {
		const unfinished = this.#conversations.takeKept(this.#conversations.of(member), null);
		if (!unfinished)
			throw new UserError("No unfinished text is kept.", "`today` shows today's question, to answer it.");
		this.#conversations.openForm(member, unfinished);
	}

	async #pick(member: string, action: Action, dispatcher: Dispatcher): Promise<void> {
		if ("form" in action) this.#conversations.openForm(member, beginForm(action.form, undefined, action.items));
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
		const caller = callerNamed(member, member === this.#owner, this.#clock.now());
		const outcome = await dispatcher.run(caller, call);
		this.#present(member, outcome, draft);
		await dispatcher.confirmReply(outcome);
		if (call.command === "help" && call.options.command === undefined) this.#screen.say(hereToo(this.#clock));
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
			if (reply.audience === "channel") this.#conversations.showInChannel(reply.card, data);
			else this.#conversations.showTo(member, reply.card, data);
			if (reply.file) this.#screen.file(reply.file);
		}
	}
}
