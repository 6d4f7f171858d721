import type { Card, Reply } from "../../chat/card.ts";
import { type Action, actionsOf, questionOf } from "./actions.ts";
import type { FormEntry } from "./forms.ts";
import type { Screen } from "./screen.ts";
import type { Seen } from "./words.ts";

/** What one member sees last and is doing. Nothing here has to survive the process. */
export interface Conversation {
	actions: readonly Action[];
	/** Which of two cards is the later one. */
	shownAt: number;
	/** The question that was shown last. */
	question: string | null;
	form: FormEntry | null;
	/** A form that was left, with what it held. */
	kept: FormEntry | null;
}

const fresh = (): Conversation => ({ actions: [], shownAt: 0, question: null, form: null, kept: null });

/** What each member has before them, and the channel that they share. */
export class Conversations {
	readonly #screen: Screen;
	readonly #members = new Map<string, Conversation>();
	readonly #channel = fresh();
	#shown = 0;
	/** The question that `today` means; null before one was shown. */
	today: string | null = null;
	/** The last answer of a day that is over, shown as one line until it is opened. */
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

	/** What a member has before them: the later one of their own card and the channel's. */
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

	/** Lets the numbers of a card work that an earlier process has shown. */
	takeUp(card: Card): void {
		this.#note(this.#channel, actionsOf(card));
		this.today = this.#channel.question;
	}

	/** Shows a card as one line, with a way to open it. */
	fold(card: Card): void {
		this.folded = { label: card.title, card };
		this.#screen.say(`\n${card.title} (\`open\` shows it)`);
	}

	/** Leaves a form; what was written into it is kept. @returns whether there was anything to keep */
	leaveForm(conversation: Conversation): boolean {
		const { form } = conversation;
		conversation.form = null;
		const holdsText = form !== null && (form.lines.length > 0 || Object.keys(form.values).length > 0);
		if (holdsText) conversation.kept = form;
		return holdsText;
	}

	#note(conversation: Conversation, actions: readonly Action[]): void {
		// A card without actions leaves the numbers of the one before it in place.
		if (actions.length === 0) return;
		this.#shown += 1;
		conversation.actions = actions;
		conversation.shownAt = this.#shown;
		conversation.question = questionOf(actions) ?? conversation.question;
	}
}
