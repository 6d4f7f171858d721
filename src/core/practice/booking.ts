/** How an answer changes the member's memories and open run. Pure: the services save the result. */
import type { Grade } from "../model.ts";
import type { AnswerContext, AnswerPractice, AnswerRecord } from "../ports/answers.ts";
import type { Question } from "../question/question.ts";
import { type AnswerEvent, afterAnswer, afterRating, localDateAt, type Memory, type MemoryKey } from "./memory.ts";
import { afterOutcome, isCurrent, isRepeatOf } from "./run.ts";

/** An answer's booking, and the regraded earlier answer, if any, with whether its new grade is booked. */
interface AnswerBooking {
	readonly practice: AnswerPractice;
	readonly regraded: AnswerRecord["regraded"];
}

type Latest = NonNullable<AnswerContext["latest"]>;

/** A stored answer as its memory sees it; null if an older version stored it without a local date. */
export function eventOf(answer: Pick<Latest, "id" | "revision" | "localDate" | "isRepeat">): AnswerEvent | null {
	const { id, revision, localDate, isRepeat } = answer;
	return localDate === null ? null : { id, revision, localDate, isRepeat };
}

/** The memory after a wrong check lowers the grade of an answer given on the same local date. */
function afterRegrade(
	key: MemoryKey,
	{ latest, memory }: AnswerContext,
	regraded: { readonly answerId: number; readonly grade: Grade } | null,
	localDate: string,
): { readonly memory: Memory | null; readonly books: boolean } {
	const event = latest && latest.localDate === localDate ? eventOf(latest) : null;
	if (!regraded || !event || memory?.answerId !== regraded.answerId) return { memory, books: false };
	return afterRating(key, memory, event, regraded.grade);
}

/**
 * Books an answer in the member's practice.
 * @param grade the grade of a quick check; null for free text
 * @param regraded an earlier answer whose grade a wrong check lowers
 */
export function bookAnswer(
	key: MemoryKey,
	question: Question,
	grade: Grade | null,
	input: AnswerContext,
	regraded: { readonly answerId: number; readonly grade: Grade } | null,
	at: Date,
): AnswerBooking {
	const localDate = localDateAt(at, input.dates.zone, input.dates.latest);
	const isRepeat = isRepeatOf(input.run, question.id);
	const lowered = afterRegrade(key, input, regraded, localDate);
	const event = { id: null, revision: question.revision, localDate, isRepeat };
	const { memory, books } = afterAnswer(key, lowered.memory, event, grade);
	const run =
		input.run && isCurrent(input.run, question.id) ? afterOutcome(input.run, question.id, "answered", grade) : null;
	return {
		practice: { localDate, isRepeat, memory, books, run },
		regraded: regraded && { ...regraded, books: lowered.books },
	};
}
