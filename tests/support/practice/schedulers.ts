/** Schedulers that a simulated member can follow; each decides which questions to review next. */
import type { Grade } from "../../../src/core/model.ts";
import {
	gainOf,
	intervalOf,
	recallAfter,
	type Strength,
	strengthAfter,
	urgencyOf,
} from "../../../src/core/practice/memory.ts";
import type { Dice } from "../dice.ts";
import type { SimulatedMember } from "./members.ts";

export interface Scheduler {
	/** Records the result of asking a question on a day. */
	reviewed(question: number, day: number, recalled: boolean): void;
	/** At most `count` of the questions asked so far, in order, without those asked today. */
	choose(day: number, count: number): number[];
}

/** Never asks anything again. */
export class Alone implements Scheduler {
	reviewed(): void {}
	choose(): number[] {
		return [];
	}
}

abstract class Ranked<State> implements Scheduler {
	protected readonly states = new Map<number, { state: State; last: number }>();

	reviewed(question: number, day: number, recalled: boolean): void {
		const before = this.states.get(question);
		const state = this.after(before?.state ?? null, before ? day - before.last : 0, recalled);
		this.states.set(question, { state, last: day });
	}

	choose(day: number, count: number): number[] {
		return [...this.states]
			.filter(([, { last }]) => last < day)
			.map(([question, { state, last }]) => ({ question, rank: this.rank(state, day - last) }))
			.sort((one, other) => one.rank - other.rank || one.question - other.question)
			.slice(0, count)
			.map(({ question }) => question);
	}

	protected abstract after(state: State | null, elapsed: number, recalled: boolean): State;
	/** The question with the lowest rank is asked first. */
	protected abstract rank(state: State, elapsed: number): number;
}

/** The longest unseen first: the simplest order that spaces reviews. */
export class LongestUnseen extends Ranked<true> {
	protected after(): true {
		return true;
	}

	protected rank(_state: true, elapsed: number): number {
		return -elapsed;
	}
}

/** Knows the true memory, as no scheduler can: the review that really adds most to recall 30 days later comes first. */
export class Oracle implements Scheduler {
	readonly #member: SimulatedMember;
	readonly #last = new Map<number, number>();

	constructor(member: SimulatedMember) {
		this.#member = member;
	}

	reviewed(question: number, day: number): void {
		this.#last.set(question, day);
	}

	choose(day: number, count: number): number[] {
		return [...this.#last]
			.filter(([, last]) => last < day)
			.map(([question]) => ({ question, gain: this.#member.trueGain(question, day) }))
			.sort((one, other) => other.gain - one.gain || one.question - other.question)
			.slice(0, count)
			.map(({ question }) => question);
	}
}

/** Asks as many questions as the others, drawn at random. */
export class AtRandom extends Ranked<true> {
	readonly #dice: Dice;

	constructor(dice: Dice) {
		super();
		this.#dice = dice;
	}

	protected after(): true {
		return true;
	}

	protected rank(): number {
		return this.#dice.next();
	}
}

/** Days between reviews in each of Leitner's boxes. */
export const LEITNER_DAYS = [1, 2, 4, 8, 16, 32, 64] as const;

/** Leitner's boxes: a recall moves up one box, a lapse back to the first. */
export const leitnerAfter = (box: number | null, recalled: boolean): number =>
	recalled ? Math.min((box ?? -1) + 1, LEITNER_DAYS.length - 1) : 0;

/** The most overdue first, then what is due next. */
export class Leitner extends Ranked<number> {
	protected after(box: number | null, _elapsed: number, recalled: boolean): number {
		return leitnerAfter(box, recalled);
	}

	protected rank(box: number, elapsed: number): number {
		return (LEITNER_DAYS[box] ?? 64) - elapsed;
	}
}

/** An item of SM-2. */
export interface Sm2 {
	readonly easiness: number;
	/** Successive recalls. */
	readonly repetition: number;
	/** In days. */
	readonly interval: number;
}

/** SuperMemo's algorithm of 1987. @param quality of the response, 0 to 5 */
export function sm2After(item: Sm2 | null, quality: number): Sm2 {
	const { easiness, repetition, interval } = item ?? { easiness: 2.5, repetition: 0, interval: 0 };
	const changed = easiness + 0.1 - (5 - quality) * (0.08 + (5 - quality) * 0.02);
	const next = Math.max(1.3, changed);
	if (quality < 3) return { easiness: next, repetition: 0, interval: 1 };
	const days = repetition === 0 ? 1 : repetition === 1 ? 6 : Math.round(interval * easiness);
	return { easiness: next, repetition: repetition + 1, interval: days };
}

/** A recall counts as quality 4, a lapse as 2. The most overdue first, then what is due next. */
export class SuperMemo2 extends Ranked<Sm2> {
	protected after(item: Sm2 | null, _elapsed: number, recalled: boolean): Sm2 {
		return sm2After(item, recalled ? 4 : 2);
	}

	protected rank({ interval }: Sm2, elapsed: number): number {
		return interval - elapsed;
	}
}

/**
 * An order of due questions by what FSRS predicts: the lowest recall first, the largest gain in 30 days first, or the
 * gain weighed by the time since the last review, as `practice` does it.
 */
export type ReviewOrder = "recall" | "gain" | "urgency";

/** FSRS, as `practice` uses it: due questions first, in one of three orders; then the others in the same order. */
export class Fsrs extends Ranked<Strength> {
	readonly #order: ReviewOrder;
	/** All reviews, in order. */
	readonly reviews: { readonly question: number; readonly day: number; readonly recalled: boolean }[] = [];

	constructor(order: ReviewOrder = "urgency") {
		super();
		this.#order = order;
	}

	override reviewed(question: number, day: number, recalled: boolean): void {
		this.reviews.push({ question, day, recalled });
		super.reviewed(question, day, recalled);
	}

	protected after(state: Strength | null, elapsed: number, recalled: boolean): Strength {
		const grade: Grade = recalled ? "good" : "again";
		return strengthAfter(state, elapsed, grade);
	}

	protected rank(state: Strength, elapsed: number): number {
		if (this.#order === "recall") return recallAfter(state, elapsed);
		const due = elapsed >= intervalOf(state) ? 0 : 1_000;
		const gain = gainOf(state, elapsed);
		return due - (this.#order === "gain" ? gain : urgencyOf(gain, elapsed));
	}

	/** What FSRS assumes about the questions that were asked. */
	assumed(): readonly { readonly question: number; readonly strength: Strength; readonly last: number }[] {
		return [...this.states].map(([question, { state, last }]) => ({ question, strength: state, last }));
	}
}
