/**
 * What a member would recall of the bank: today, and on the day of the interview at a pace of reviews a day. The future
 * is played through a few times with the same chances each time, so that a forecast is the same whenever it is asked for.
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

/** Futures that are played through; their mean is the forecast. */
const FUTURES = 8;

export interface ForecastInput {
	/** Of the questions that can be asked. */
	readonly memories: readonly Pick<Memory, "state">[];
	/** How many other questions there are. */
	readonly unmet: number;
	readonly today: LocalDate;
	readonly on: LocalDate;
	readonly reviewsADay: number;
	/** Questions a day that the member meets beside the reviews: the daily one. */
	readonly newADay: number;
	/** The share of questions that the member knows at first sight. */
	readonly knownAtFirst: number;
	/** Whether a day without enough due questions goes on with new ones; otherwise with the weakest known. */
	readonly fillsWithNew: boolean;
}

/** The expected number of questions recalled on a date. */
export const recalledOn = (memories: readonly Pick<Memory, "state">[], date: LocalDate): number =>
	memories.reduce((sum, memory) => sum + (recallOn(memory, date) ?? 0), 0);

/** Uniform in [0, 1), the same for the same three numbers. */
function chance(future: number, item: number, review: number): number {
	let state = Math.imul(future + 1, 0x9e3779b1) ^ Math.imul(item + 1, 0x85ebca6b) ^ Math.imul(review + 1, 0xc2b2ae35);
	state = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
	state = Math.imul(state ^ (state >>> 15), 0x735a2d97);
	return ((state ^ (state >>> 15)) >>> 0) / 2 ** 32;
}

/** Items by a rank, the lowest first. */
const ranked = (items: readonly Item[], rankOf: (item: Item) => number): Item[] =>
	items
		.map((item) => ({ item, rank: rankOf(item) }))
		.sort((one, other) => one.rank - other.rank)
		.map(({ item }) => item);

/** One question in one future. */
interface Item {
	readonly index: number;
	strength: Strength | null;
	/** Days from today of the last review. */
	last: number;
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
		const met = input.memories.map(({ state }, index): Item => {
			const last = state ? -daysBetween(state.on, input.today) : 0;
			return { index, strength: state, last, due: state ? last + intervalOf(state) : 0, reviews: 0 };
		});
		const unmet = Array.from({ length: input.unmet }, (_, at) => ({ index: met.length + at, strength: null, last: 0, due: 0, reviews: 0 })); // biome-ignore format: one line
		this.#items = [...met, ...unmet];
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

	/** The reviews of a day: what is due, the largest gain first, then new questions or the weakest of the others. */
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

	/** How many questions the member is expected to recall after a number of days. */
	play(days: number): number {
		for (let day = 0; day < days; day += 1) this.#day(day);
		return this.#items.reduce((sum, item) => sum + (item.strength === null ? 0 : this.#recall(item, days)), 0);
	}
}

/** The expected number of questions recalled on the forecast's date. */
export function forecast(input: ForecastInput): number {
	const days = Math.max(0, daysBetween(input.today, input.on));
	let sum = 0;
	for (let number = 0; number < FUTURES; number += 1) sum += new Future(input, number).play(days);
	return sum / FUTURES;
}
