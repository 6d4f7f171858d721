/**
 * Predicts whether a member recalls a question: FSRS-6 in whole local days. A memory is a projection of stored answers
 * and reveals. To *book* a grade is to apply it to the memory; each local date books at most one. A memory keeps the
 * state before its last booking, so that regrading that answer costs O(1).
 */

import {
	type Card,
	computeDecayFactor,
	createEmptyCard,
	FSRSAlgorithm,
	type Grade as FsrsGrade,
	fsrs,
	generatorParameters,
	Rating,
	State,
} from "ts-fsrs";
import { addDays, type LocalDate, localDateOf } from "../calendar/calendar.ts";
import { DAY } from "../durations.ts";
import type { Grade } from "../model.ts";

/** Short-term steps would make a first Good due on the same day. */
const PARAMETERS = { enable_short_term: false, enable_fuzz: false, request_retention: 0.9 } as const;
const scheduler = fsrs(PARAMETERS);
const algorithm = new FSRSAlgorithm(generatorParameters(PARAMETERS));
/** Computed once: the library's own curve recomputes both at each call. */
const { decay: DECAY, factor: FACTOR } = computeDecayFactor(generatorParameters(PARAMETERS).w);

const RATINGS: Readonly<Record<Grade, FsrsGrade>> = {
	again: Rating.Again,
	hard: Rating.Hard,
	good: Rating.Good,
	easy: Rating.Easy,
};
export const GRADES: readonly Grade[] = ["again", "hard", "good", "easy"];

const midnight = (date: LocalDate): Date => new Date(`${date}T00:00:00.000Z`);
const dateText = (date: Date): LocalDate => date.toISOString().slice(0, 10);

/** Whole days from one local date to another. */
export const daysBetween = (from: LocalDate, to: LocalDate): number =>
	Math.round((Date.parse(to) - Date.parse(from)) / DAY);

/** FSRS's state after a review. */
export interface Strength {
	/** Days until the chance of recall falls to 90%. */
	readonly stability: number;
	/** 1 to 10. */
	readonly difficulty: number;
}

/** The state after a review on a local date. */
export interface Reviewed extends Strength {
	readonly on: LocalDate;
}

/** One member's memory of one question. */
export interface Memory {
	readonly workspaceId: number;
	readonly memberId: number;
	readonly questionId: string;
	/** The highest revision that the member has answered or seen revealed. */
	readonly revision: number;
	/** State after the last booking; null before the first. */
	readonly state: Reviewed | null;
	/** State before the last booking; null if that was the first. */
	readonly before: Reviewed | null;
	/** Grade of the last booking. */
	readonly grade: Grade | null;
	/** The last booked answer; null if the last booking was a reveal. */
	readonly answerId: number | null;
	/** Local date of a free-text answer whose key points are not ticked yet. */
	readonly untickedOn: LocalDate | null;
	/** Local date on which the question comes back. */
	readonly dueOn: LocalDate;
}

export type MemoryKey = Pick<Memory, "workspaceId" | "memberId" | "questionId">;

/** A stored answer, as its memory sees it. */
export interface AnswerEvent {
	/** Null before the answer is stored. */
	readonly id: number | null;
	readonly revision: number;
	/** Fixed when the bot receives the answer. */
	readonly localDate: LocalDate;
	/** Whether it repeats a missed question at the end of a run. */
	readonly isRepeat: boolean;
}

function cardOf(state: Reviewed | null, on: LocalDate): Card {
	const empty = createEmptyCard(midnight(on));
	if (state === null) return empty;
	const elapsed = daysBetween(state.on, on);
	return {
		...empty,
		stability: state.stability,
		difficulty: state.difficulty,
		state: State.Review,
		reps: 1,
		elapsed_days: elapsed,
		scheduled_days: elapsed,
		last_review: midnight(state.on),
	};
}

/** The state after a grade, and the local date on which the question is due again. */
export function review(
	state: Reviewed | null,
	grade: Grade,
	on: LocalDate,
): { readonly state: Reviewed; readonly dueOn: LocalDate } {
	const { card } = scheduler.next(cardOf(state, on), midnight(on), RATINGS[grade]);
	return { state: { stability: card.stability, difficulty: card.difficulty, on }, dueOn: dateText(card.due) };
}

/** The state after a grade, without a card or dates: fast enough for a forecast's thousands of steps. */
export function strengthAfter(state: Strength | null, elapsed: number, grade: Grade): Strength {
	return algorithm.next_state(state, state === null ? 0 : elapsed, RATINGS[grade]);
}

/** Days until the next review. */
export const intervalOf = ({ stability }: Strength): number => algorithm.next_interval(stability, 0);

/** The predicted chance of recall, `elapsed` days after a review. */
export const recallAfter = ({ stability }: Strength, elapsed: number): number =>
	(1 + (FACTOR * Math.max(0, elapsed)) / stability) ** DECAY;

/** The horizon, in days, at which a review's gain is measured. */
const GAIN_AHEAD = 30;

/** The possible results of a review. */
export interface ReviewResult {
	readonly good: Strength;
	readonly again: Strength;
	/** How much the review adds to the chance of recall 30 days later. */
	readonly gain: number;
}

export function reviewResult(state: Strength, elapsed: number): ReviewResult {
	const recall = recallAfter(state, elapsed);
	// The library's own curve is rounded in the same way; given once, it is not computed for each grade.
	const rounded = Math.round(recall * 1e8) / 1e8;
	const good = algorithm.next_state(state, elapsed, RATINGS.good, rounded);
	const again = algorithm.next_state(state, elapsed, RATINGS.again, rounded);
	const reviewed = recall * recallAfter(good, GAIN_AHEAD) + (1 - recall) * recallAfter(again, GAIN_AHEAD);
	return { good, again, gain: reviewed - recallAfter(state, elapsed + GAIN_AHEAD) };
}

/** How much a review after `elapsed` days adds to the chance of recall 30 days later. */
export const gainOf = (state: Strength, elapsed: number): number => reviewResult(state, elapsed).gain;

/**
 * How urgent a review is: its gain, times the square root of the days since the last one. FSRS may believe too much in
 * short intervals; this order loses little where FSRS is right, and much less where it is wrong.
 */
export const urgencyOf = (gain: number, elapsed: number): number => gain * Math.sqrt(Math.max(0, elapsed));

/** The predicted chance that a member recalls a question on a local date; null before the first booking. */
export const recallOn = ({ state }: Pick<Memory, "state">, date: LocalDate): number | null =>
	state && recallAfter(state, daysBetween(state.on, date));

/**
 * The local date of an answer or reveal, in the workspace's zone at receipt. It is never before the member's latest
 * date: after a change of zone, stored dates stay as they are and reviews stay in order.
 */
export function localDateAt(at: Date, zone: string | null, latest: LocalDate | null): LocalDate {
	const date = localDateOf(at, zone ?? "UTC");
	return latest !== null && latest > date ? latest : date;
}

function book(
	key: MemoryKey,
	revision: number,
	before: Reviewed | null,
	grade: Grade,
	on: LocalDate,
	answerId: number | null,
): Memory {
	const { workspaceId, memberId, questionId } = key;
	const { state, dueOn } = review(before, grade, on);
	return { workspaceId, memberId, questionId, revision, state, before, grade, answerId, untickedOn: null, dueOn };
}

const latestRevision = (memory: Memory | null, revision: number) => Math.max(memory?.revision ?? 0, revision);

/** Whether the memory has a booking on a local date or later: a date takes only one. */
const isBooked = (memory: Memory | null, date: LocalDate): boolean => (memory?.state?.on ?? "") >= date;

/** A memory after a change, and whether the change booked a grade. */
export interface Booking {
	/** Null when there was none and the change creates none. */
	readonly memory: Memory | null;
	readonly books: boolean;
}

const seen = (memory: Memory | null, revision: number): Booking => ({
	memory: memory && { ...memory, revision: latestRevision(memory, revision) },
	books: false,
});

/**
 * The memory after an answer. The first graded answer of a local date books its grade. Free text without a grade makes
 * the question due the next day.
 * @param grade the grade of a quick check; null for free text
 */
export function afterAnswer(key: MemoryKey, memory: Memory | null, answer: AnswerEvent, grade: Grade | null): Booking {
	const { revision, localDate, isRepeat, id } = answer;
	if (isRepeat || isBooked(memory, localDate)) return seen(memory, revision);
	const latest = latestRevision(memory, revision);
	if (grade !== null) return { memory: book(key, latest, memory?.state ?? null, grade, localDate, id), books: true };
	const { workspaceId, memberId, questionId } = key;
	const { state = null, before = null, grade: last = null, answerId = null } = memory ?? {};
	const dueOn = addDays(localDate, 1);
	const unchanged = { workspaceId, memberId, questionId, revision: latest, state, before, grade: last, answerId };
	return { memory: { ...unchanged, untickedOn: localDate, dueOn }, books: false };
}

/** The memory after a stored answer gets a grade or a new one. An answer older than the last booked one books nothing. */
export function afterRating(key: MemoryKey, memory: Memory | null, answer: AnswerEvent, grade: Grade): Booking {
	const { revision, localDate, isRepeat, id } = answer;
	const latest = latestRevision(memory, revision);
	if (memory && id !== null && memory.answerId === id) {
		const again = book(key, latest, memory.before, grade, localDate, id);
		const waits = memory.untickedOn !== null && memory.untickedOn > localDate;
		return { memory: waits ? { ...again, untickedOn: memory.untickedOn, dueOn: memory.dueOn } : again, books: true };
	}
	const isOlder = isBooked(memory, localDate) || (memory?.untickedOn ?? "") > localDate;
	if (isRepeat || isOlder) return seen(memory, revision);
	return { memory: book(key, latest, memory?.state ?? null, grade, localDate, id), books: true };
}

/** The memory after a reveal: books `again`, unless the member answered the question that day or it is booked. */
export function afterReveal(
	key: MemoryKey,
	memory: Memory | null,
	reveal: { readonly revision: number; readonly localDate: LocalDate },
): Booking {
	const { revision, localDate } = reveal;
	if (isBooked(memory, localDate) || memory?.untickedOn === localDate) return { memory, books: false };
	const latest = latestRevision(memory, revision);
	return { memory: book(key, latest, memory?.state ?? null, "again", localDate, null), books: true };
}

/** A stored answer or reveal, as a rebuild reads it. */
export interface StoredReview {
	readonly kind: "text" | "check" | "reveal";
	readonly id: number;
	readonly revision: number;
	readonly at: Date;
	readonly localDate: LocalDate;
	readonly isRepeat: boolean;
	/** The answer's own grade. */
	readonly grade: Grade | null;
	/** The grade that its memory booked; null when it booked none. */
	readonly bookedGrade: Grade | null;
}

/** Rebuilds the memory of one question from its stored answers and reveals; null when they create none. */
export function rebuildMemory(key: MemoryKey, reviews: readonly StoredReview[]): Memory | null {
	const ordered = reviews.toSorted(
		(a, b) =>
			(a.localDate < b.localDate ? -1 : a.localDate > b.localDate ? 1 : a.at.getTime() - b.at.getTime()) || a.id - b.id,
	);
	let memory: Memory | null = null;
	for (const event of ordered) {
		const { kind, revision, localDate, grade, bookedGrade } = event;
		const answer = { ...event, id: kind === "reveal" ? null : event.id };
		if (bookedGrade !== null && !isBooked(memory, localDate))
			memory = book(key, revision, memory?.state ?? null, bookedGrade, localDate, answer.id);
		else if (kind === "text" && grade === null) ({ memory } = afterAnswer(key, memory, answer, null));
	}
	return memory && { ...memory, revision: Math.max(...reviews.map(({ revision }) => revision)) };
}
