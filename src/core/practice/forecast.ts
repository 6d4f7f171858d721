/**
 * How much of the bank a member would recall: today, and on the day of the interview at a given number of reviews a day.
 * Simulates a few futures with fixed pseudo-random numbers, so that the same input always gives the same forecast.
 */
import type { LocalDate } from "../calendar/calendar.ts";
import {
	daysBetween,
	intervalOf,
	type Memory,
	type ReviewResult,
	recallAfter,
	reviewResult,
	type Strength,
	strengthAfter,
	urgencyOf,
} from "./memory.ts";
import type { Retention } from "./retention.ts";

/** How many futures to simulate; the forecast is their mean. A power of two. */
const FUTURES = 8;

type Known = Pick<Memory, "questionId" | "state">;

/** The questions of one source, the bank or the workspace: those with a memory, and the count of the others. */
interface Met {
	readonly memories: readonly Known[];
	/** Number of questions without a memory. */
	readonly unmet: number;
}

export interface ForecastInput extends Met {
	/** The workspace's own questions. They share the daily reviews but are counted separately. */
	readonly own?: Met;
	/** The member's own correction of FSRS's stability. */
	readonly retention: Retention;
	readonly today: LocalDate;
	readonly on: LocalDate;
	readonly reviewsADay: number;
	/** New questions a day on top of the reviews: the daily question. May be a fraction. */
	readonly newADay: number;
	/** Share of questions that the member answers correctly at first sight, 0 to 1. */
	readonly knownAtFirst: number;
	/** What a day with too few due questions adds: new ones, as practice does, or known ones by urgency. */
	readonly fillsWithNew: boolean;
}

/** Expected numbers of questions that a member recalls. */
interface Recalled {
	readonly bank: number;
	readonly own: number;
}

/** The expected number of questions recalled on a date if the member reviews nothing until then. */
export const recalledOn = (memories: readonly Known[], retention: Retention, date: LocalDate): number =>
	memories.reduce(
		(sum, { questionId, state }) => sum + (state === null ? 0 : retention.recallOn(questionId, state, date)),
		0,
	);

/** A 32-bit hash of two numbers. */
function mixedBits(one: number, other: number): number {
	let state = Math.imul(one + 1, 0x85ebca6b) ^ Math.imul(other + 1, 0xc2b2ae35);
	state = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
	state = Math.imul(state ^ (state >>> 15), 0x735a2d97);
	return (state ^ (state >>> 15)) >>> 0;
}

/**
 * A pseudo-random number in [0, 1), fixed for the same three arguments. The numbers of one event are spread evenly over
 * the futures (stratified), so that a few futures are as accurate as many independent ones.
 */
function chance(future: number, item: number, event: number): number {
	const bits = mixedBits(item, event);
	return (bits / 2 ** 32 + (future * ((bits % FUTURES) | 1)) / FUTURES) % 1;
}

/** Items sorted by rank, lowest first. Computes each rank once. */
const ranked = (items: readonly Item[], rankOf: (item: Item) => number): Item[] =>
	items
		.map((item) => ({ item, rank: rankOf(item) }))
		.sort((one, other) => one.rank - other.rank)
		.map(({ item }) => item);

/** Caches the results of reviews: futures begin with the same states and share many later ones. */
class Reviews {
	readonly #known = new Map<Strength, Map<number, ReviewResult>>();
	readonly #first = { good: strengthAfter(null, 0, "good"), again: strengthAfter(null, 0, "again") };

	of(strength: Strength, elapsed: number): ReviewResult {
		const byElapsed = this.#known.get(strength) ?? new Map<number, ReviewResult>();
		if (byElapsed.size === 0) this.#known.set(strength, byElapsed);
		const result = byElapsed.get(elapsed) ?? reviewResult(strength, elapsed);
		byElapsed.set(elapsed, result);
		return result;
	}

	after(strength: Strength | null, elapsed: number, isRecalled: boolean): Strength {
		const { good, again } = strength === null ? this.#first : this.of(strength, elapsed);
		return isRecalled ? good : again;
	}
}

/** The event number for drawing a question's factor. The question's reviews are the events after it. */
const FACTOR = 0;
/** No question has this id. */
const NEW_QUESTION_ID = "";

/** One question in one future. */
interface Item {
	readonly index: number;
	readonly own: boolean;
	/** The true stability in this future is FSRS's stability times this. */
	readonly factor: number;
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
	readonly #reviews: Reviews;
	#owed = 0;

	constructor(input: ForecastInput, number: number, reviews: Reviews) {
		this.#input = input;
		this.#number = number;
		this.#reviews = reviews;
		this.#items = [
			...this.#itemsOf(input, { own: false, from: 0 }),
			...this.#itemsOf(input.own ?? { memories: [], unmet: 0 }, {
				own: true,
				from: input.memories.length + input.unmet,
			}),
		];
	}

	#itemsOf({ memories, unmet }: Met, { own, from }: { own: boolean; from: number }): Item[] {
		const { retention, today } = this.#input;
		const unknown = Array.from({ length: unmet }, () => ({ questionId: NEW_QUESTION_ID, state: null }));
		return [...memories, ...unknown].map(({ questionId, state }, at): Item => {
			const index = from + at;
			const last = state ? -daysBetween(state.on, today) : 0;
			const due = state ? last + intervalOf(state) : 0;
			const memberShare = (this.#number + 0.5) / FUTURES;
			const factor = retention.factorAt(questionId, memberShare, chance(this.#number, index, FACTOR));
			return { index, own, factor, strength: state, last, due, reviews: 0 };
		});
	}

	#recall({ strength, factor, last }: Item, day: number): number {
		return strength === null ? this.#input.knownAtFirst : recallAfter(strength, (day - last) / factor);
	}

	#review(item: Item, day: number): void {
		const isRecalled = chance(this.#number, item.index, FACTOR + 1 + item.reviews) < this.#recall(item, day);
		item.strength = this.#reviews.after(item.strength, day - item.last, isRecalled);
		item.last = day;
		item.due = day + intervalOf(item.strength);
		item.reviews += 1;
	}

	/** A day's reviews: due questions in the order of practice, then new ones or those that are not due yet. */
	#chosen(day: number): Item[] {
		const { reviewsADay, fillsWithNew } = this.#input;
		const met = this.#items.filter(({ strength, last }) => strength !== null && last < day);
		const due = met.filter((item) => item.due <= day);
		if (due.length >= reviewsADay) return this.#byUrgency(due, day).slice(0, reviewsADay);
		const others = fillsWithNew
			? this.#items.filter(({ strength }) => strength === null)
			: this.#byUrgency(
					met.filter((item) => item.due > day),
					day,
				);
		return [...due, ...others].slice(0, reviewsADay);
	}

	#byUrgency(items: readonly Item[], day: number): Item[] {
		return ranked(items, ({ strength, last }) =>
			strength === null ? 0 : -urgencyOf(this.#reviews.of(strength, day - last).gain, day - last),
		);
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
		const recalled = (items: readonly Item[]) =>
			items.filter(({ strength }) => strength !== null).reduce((sum, item) => sum + this.#recall(item, days), 0);
		return {
			bank: recalled(this.#items.filter(({ own }) => !own)),
			own: recalled(this.#items.filter(({ own }) => own)),
		};
	}
}

/** A pace that recalls this many questions fewer than the best one is not near it, nor is any lower pace. */
const FAR_FROM_BEST = 2;

/**
 * The expected number of questions recalled on the date `on`. A member with time for more reviews can do fewer, so a pace
 * is never worth less than a lower one: near saturation, the simulation of one pace may come out below that of another.
 */
export function forecast(input: ForecastInput): Recalled {
	const { retention, today } = input;
	const days = Math.max(0, daysBetween(today, input.on));
	if (days === 0) {
		const now = (part?: Met) => recalledOn(part?.memories ?? [], retention, today);
		return { bank: now(input), own: now(input.own) };
	}
	const reviews = new Reviews();
	let best: Recalled = { bank: 0, own: 0 };
	for (let reviewsADay = input.reviewsADay; reviewsADay >= 1; reviewsADay -= 1) {
		const found = atPace({ ...input, reviewsADay }, days, reviews);
		if (found.bank + found.own < best.bank + best.own - FAR_FROM_BEST) break;
		best = { bank: Math.max(best.bank, found.bank), own: Math.max(best.own, found.own) };
	}
	return best;
}

/** The mean of the futures in which the member keeps to one pace. */
function atPace(input: ForecastInput, days: number, reviews: Reviews): Recalled {
	const futures = Array.from({ length: FUTURES }, (_, number) => new Future(input, number, reviews).play(days));
	const mean = (part: keyof Recalled) => futures.reduce((sum, future) => sum + future[part], 0) / FUTURES;
	return { bank: mean("bank"), own: mean("own") };
}
