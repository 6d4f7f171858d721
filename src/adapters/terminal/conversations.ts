import type { Card, Reply } from "../../chat/card.ts";
import { type Action, actionsOf, questionOf } from "./actions.ts";
import type { FormEntry } from "./forms.ts";
import type { Screen } from "./screen.ts";
import type { Seen } from "./words.ts";

/** What a member last saw and is doing. It need not survive the process. */
export interface Conversation {
	actions: readonly Action[];
	/** A counter by which the later of two cards is found. */
	shownAt: number;
	/** The question that was shown last. */
	question: string | null;
	form: FormEntry | null;
	/** A form that was left, with its contents. */
	kept: FormEntry | null;
}

const fresh = (): Conversation => ({ actions: [], shownAt: 0, question: null, form: null, kept: null });

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
		const { actions, question } = own.shownAt >= this.#channel.shownAt ? own : this.#channel;
		return { actions, question, today: this.today };
	}

	showTo(member: string, card: Card, data: Reply["data"]): void {
		this.#note(this.of(member), this.#screen.show(member, card, data));
	}

	/** @param isDaily whether `today` means this question from now on */
	showInChannel(card: Card, data: Reply["data"], isDaily: boolean): void {
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
		const holdsText = form !== null && (form.lines.length > 0 || Object.keys(form.values).length > 0);
		if (holdsText) conversation.kept = form;
		return holdsText;
	}

	#note(conversation: Conversation, actions: readonly Action[]): void {
		// After a card without actions, the numbers of the card before it still work.
		if (actions.length === 0) return;
		this.#shown += 1;
		conversation.actions = actions;
		conversation.shownAt = this.#shown;
		conversation.question = questionOf(actions) ?? conversation.question;
	}
}
