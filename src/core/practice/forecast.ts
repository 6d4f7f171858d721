/**
 * How much of the bank a member would recall: today, and on the day of the interview at a given number of reviews a day.
 * Simulates a few futures with fixed pseudo-random numbers, so that the same input always gives the same forecast.
 */
import type { LocalDate } from "../calendar/calendar.ts";
import {
	daysBetween,
	gainOf,
	intervalOf,
	type Memory,
	recallAfter,
	recallOn,
	type Strength,
	strengthAfter,
} from "./memory.ts";

/** How many futures to simulate; the forecast is their mean. */
const FUTURES = 8;

/** The questions of one source, the bank or the workspace: those with a memory, and the count of the others. */
interface Met {
	readonly memories: readonly Pick<Memory, "state">[];
	/** Number of questions without a memory. */
	readonly unmet: number;
}

export interface ForecastInput extends Met {
	/** The workspace's own questions. They share the daily reviews but are counted separately. */
	readonly own?: Met;
	readonly today: LocalDate;
	readonly on: LocalDate;
	readonly reviewsADay: number;
	/** New questions a day on top of the reviews: the daily question. May be a fraction. */
	readonly newADay: number;
	/** Share of questions that the member answers correctly at first sight, 0 to 1. */
	readonly knownAtFirst: number;
	/** Whether a day with too few due questions adds new ones; if not, it adds the weakest known ones. */
	readonly fillsWithNew: boolean;
}

/** Expected numbers of questions that a member recalls. */
interface Recalled {
	readonly bank: number;
	readonly own: number;
}

/** The expected number of questions recalled on a date. */
export const recalledOn = (memories: readonly Pick<Memory, "state">[], date: LocalDate): number =>
	memories.reduce((sum, memory) => sum + (recallOn(memory, date) ?? 0), 0);

/** A pseudo-random number in [0, 1), fixed for the same three arguments. */
function chance(future: number, item: number, review: number): number {
	let state = Math.imul(future + 1, 0x9e3779b1) ^ Math.imul(item + 1, 0x85ebca6b) ^ Math.imul(review + 1, 0xc2b2ae35);
	state = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
	state = Math.imul(state ^ (state >>> 15), 0x735a2d97);
	return ((state ^ (state >>> 15)) >>> 0) / 2 ** 32;
}

/** Items sorted by rank, lowest first. Computes each rank once. */
const ranked = (items: readonly Item[], rankOf: (item: Item) => number): Item[] =>
	items
		.map((item) => ({ item, rank: rankOf(item) }))
		.sort((one, other) => one.rank - other.rank)
		.map(({ item }) => item);

/** One question in one future. */
interface Item {
	readonly index: number;
	readonly own: boolean;
	strength: Strength | null;
	/** Day of the last review, as days from today; negative in the past. */
	last: number;
	/** Day of the next review, as days from today. */
	due: number;
	reviews: number;
}

class Future {
	readonly #items: Item[];
	readonly #input: ForecastInput;
	readonly #number: number;
	#owed = 0;

	constructor(input: ForecastInput, number: number) {
		this.#input = input;
		this.#number = number;
		this.#items = [
			...this.#itemsOf(input, false),
			...this.#itemsOf(input.own ?? { memories: [], unmet: 0 }, true, input.memories.length + input.unmet),
		];
	}

	#itemsOf({ memories, unmet }: Met, own: boolean, from = 0): Item[] {
		const unknown = Array.from({ length: unmet }, () => ({ state: null }));
		return [...memories, ...unknown].map(({ state }, at): Item => {
			const last = state ? -daysBetween(state.on, this.#input.today) : 0;
			return { index: from + at, own, strength: state, last, due: state ? last + intervalOf(state) : 0, reviews: 0 };
		});
	}

	#recall({ strength, last }: Item, day: number): number {
		return strength === null ? this.#input.knownAtFirst : recallAfter(strength, day - last);
	}

	#review(item: Item, day: number): void {
		const isRecalled = chance(this.#number, item.index, item.reviews) < this.#recall(item, day);
		item.strength = strengthAfter(item.strength, day - item.last, isRecalled ? "good" : "again");
		item.last = day;
		item.due = day + intervalOf(item.strength);
		item.reviews += 1;
	}

	/** A day's reviews: due questions by largest gain, then new questions if wanted, then the weakest of the others. */
	#chosen(day: number): Item[] {
		const { reviewsADay, fillsWithNew } = this.#input;
		const met = this.#items.filter(({ strength, last }) => strength !== null && last < day);
		const due = ranked(
			met.filter((item) => item.due <= day),
			({ strength, last }) => (strength === null ? 0 : -gainOf(strength, day - last)),
		);
		if (due.length >= reviewsADay) return due.slice(0, reviewsADay);
		const fresh = fillsWithNew ? this.#items.filter(({ strength }) => strength === null) : [];
		if (due.length + fresh.length >= reviewsADay) return [...due, ...fresh].slice(0, reviewsADay);
		const others = ranked(
			met.filter((item) => item.due > day),
			(item) => this.#recall(item, day),
		);
		return [...due, ...fresh, ...others].slice(0, reviewsADay);
	}

	#day(day: number): void {
		this.#owed += this.#input.newADay;
		for (; this.#owed >= 1; this.#owed -= 1) {
			const item = this.#items.find(({ strength }) => strength === null);
			if (item) this.#review(item, day);
		}
		for (const item of this.#chosen(day)) this.#review(item, day);
	}

	/** Simulates `days` days. @returns how many questions the member is then expected to recall */
	play(days: number): Recalled {
		for (let day = 0; day < days; day += 1) this.#day(day);
		const recalled = (own: boolean) =>
			this.#items
				.filter((item) => item.own === own && item.strength !== null)
				.reduce((sum, item) => sum + this.#recall(item, days), 0);
		return { bank: recalled(false), own: recalled(true) };
	}
}

/** The expected number of questions recalled on the date `on`. */
export function forecast(input: ForecastInput): Recalled {
	const days = Math.max(0, daysBetween(input.today, input.on));
	const futures = Array.from({ length: FUTURES }, (_, number) => new Future(input, number).play(days));
	const mean = (part: keyof Recalled) => futures.reduce((sum, future) => sum + future[part], 0) / FUTURES;
	return { bank: mean("bank"), own: mean("own") };
}
