import type { Card, Form, Reply } from "../../chat/card.ts";
import { type Action, actionsOf, questionOf, standingAfter } from "./actions.ts";
import { type FormEntry, fieldOf, formCard, holdsText, isSameForm } from "./forms.ts";
import type { Screen, ShownForm } from "./screen.ts";
import type { Seen } from "./words.ts";

/** What a member last saw and is doing. It need not survive the process. */
export interface Conversation {
	actions: readonly Action[];
	/** Actions of an earlier card on the same question, which have no numbers any more. */
	standing: readonly Action[];
	/** A counter by which the later of two cards is found. */
	shownAt: number;
	/** The question that was shown last. */
	question: string | null;
	form: FormEntry | null;
	/** Forms that were left, with their contents, oldest first. */
	kept: readonly FormEntry[];
}

const fresh = (): Conversation => ({ actions: [], standing: [], shownAt: 0, question: null, form: null, kept: [] });

/** What is on each member's screen, and the channel that they share. */
export class Conversations {
	readonly #screen: Screen;
	readonly #members = new Map<string, Conversation>();
	readonly #channel = fresh();
	#shown = 0;
	/** The question that `today` means; null before one was shown. */
	today: string | null = null;
	/** The last answer of a past day, shown as one line until it is opened. */
	folded: Action | null = null;

	constructor(screen: Screen) {
		this.#screen = screen;
	}

	has(member: string): boolean {
		return this.#members.has(member);
	}

	of(member: string): Conversation {
		const known = this.#members.get(member) ?? fresh();
		this.#members.set(member, known);
		return known;
	}

	/** What a member sees: their own card or the channel's, whichever is later. */
	seenBy(member: string): Seen {
		const own = this.of(member);
		const { actions, standing, question } = own.shownAt >= this.#channel.shownAt ? own : this.#channel;
		return { actions, standing, question, today: this.today };
	}

	showTo(member: string, card: Card, data: Reply["data"]): void {
		this.#note(this.of(member), this.#screen.show(member, card, data));
	}

	/** @param isDaily whether `today` means this question from now on */
	showInChannel(card: Card, data: Reply["data"], { isDaily = false } = {}): void {
		const more = isDaily && this.folded ? [this.folded] : [];
		this.#note(this.#channel, this.#screen.show(null, card, data, more));
		if (isDaily) this.today = this.#channel.question;
	}

	/** Makes the numbers work on a card that an earlier process has shown. */
	takeUp(card: Card): void {
		this.#note(this.#channel, actionsOf(card));
		this.today = this.#channel.question;
	}

	/** Shows a card as one line that says how to open it. */
	fold(card: Card): void {
		this.folded = { label: card.title, card };
		this.#screen.say(`\n${card.title} (\`open\` shows it)`);
	}

	/** Leaves a form and keeps what was written into it. @returns whether there was anything to keep */
	leaveForm(conversation: Conversation): boolean {
		const { form } = conversation;
		conversation.form = null;
		if (form === null || !holdsText(form)) return false;
		conversation.kept = [...conversation.kept, form];
		return true;
	}

	/** Opens a form. One that begins empty goes on with what its member wrote before leaving it. */
	openForm(member: string, begun: FormEntry): void {
		const conversation = this.of(member);
		const entry = holdsText(begun) ? begun : (this.takeKept(conversation, begun.form) ?? begun);
		conversation.form = entry;
		const { command, options } = entry.form.call;
		// A question that was just read is not shown again above its answer.
		const isOnScreen = command === "answer" && !holdsText(entry) && this.seenBy(member).question === options.question;
		this.showForm(member, entry, { introduces: !isOnScreen });
	}

	/** @param options.introduces whether with the text above the fields */
	showForm(member: string, entry: FormEntry, options: { readonly introduces: boolean }): void {
		this.#screen.showForm(member, this.formShown(entry, options), { form: entry.form.call.command });
	}

	formShown(entry: FormEntry, options: { readonly introduces: boolean }): ShownForm {
		return formCard(entry, this.#screen.formHint(fieldOf(entry)), options);
	}

	/** What a member has written into forms and not sent. */
	unsentBy(member: string): readonly FormEntry[] {
		const { form, kept } = this.of(member);
		return form && holdsText(form) ? [...kept, form] : kept;
	}

	/** Takes the newest kept contents, of one form or of any. @returns null if none are kept */
	takeKept(conversation: Conversation, form: Form | null): FormEntry | null {
		const newest = conversation.kept.findLast((entry) => form === null || isSameForm(entry.form, form)) ?? null;
		conversation.kept = conversation.kept.filter((entry) => entry !== newest);
		return newest;
	}

	#note(conversation: Conversation, actions: readonly Action[]): void {
		// After a card without actions, the numbers of the card before it still work.
		if (actions.length === 0) return;
		this.#shown += 1;
		conversation.standing = standingAfter([...conversation.actions, ...conversation.standing], actions);
		conversation.actions = actions;
		conversation.shownAt = this.#shown;
		conversation.question = questionOf(actions) ?? conversation.question;
	}
}
