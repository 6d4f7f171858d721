import { addDays, type LocalDate } from "../calendar/calendar.ts";
import { forecast, recalledOn } from "../practice/forecast.ts";
import { dueDate, type PracticeInput } from "../practice/queue.ts";
import { type FirstAnswer, wentWell } from "../practice/statistics.ts";

/** Reviews a day that a member means to do, unless told. */
export const USUAL_REVIEWS = 5;
/** First answers from which the member's own share of known ones counts. */
const ENOUGH_FIRST = 10;
/** Without enough of them. */
const USUALLY_KNOWN = 0.5;

/** What a member would recall of the bank. */
export interface MemoryOutlook {
	/** Questions that are due today. */
	readonly due: number;
	/** Questions that can be asked. */
	readonly of: number;
	/** The expected number recalled today; null before the first booking. */
	readonly now: number | null;
	/** The day of the interview; null without one ahead. */
	readonly date: LocalDate | null;
	readonly reviewsADay: number;
	/** The expected number recalled on that day; null without one. */
	readonly then: number | null;
}

/** The interview's date while it is ahead; the day after, it is cleared. */
export const interviewAhead = (on: LocalDate | null, today: LocalDate): LocalDate | null =>
	on !== null && on >= today ? on : null;

function knownAtFirst(first: readonly FirstAnswer[]): number {
	const verdicts = first.map(wentWell).filter((verdict) => verdict !== null);
	if (verdicts.length < ENOUGH_FIRST) return USUALLY_KNOWN;
	return verdicts.filter((verdict) => verdict).length / verdicts.length;
}

/** @param first the member's first answers, which say how many new questions are known when they are met */
export function outlook(
	input: PracticeInput,
	first: readonly FirstAnswer[],
	reviewsADay: number | null,
): MemoryOutlook {
	const { questions, memories, today } = input;
	const askable = new Map(questions.map((question) => [question.id, question]));
	const known = memories.filter(({ questionId }) => askable.has(questionId));
	const booked = known.filter(({ state }) => state !== null);
	const date = interviewAhead(input.interviewOn, today);
	const pace = reviewsADay ?? USUAL_REVIEWS;
	const then =
		date === null
			? null
			: forecast({
					memories: booked,
					unmet: questions.length - booked.length,
					today,
					on: date,
					reviewsADay: pace,
					newADay: 0,
					knownAtFirst: knownAtFirst(first),
					fillsWithNew: true,
				});
	return {
		due: known.filter((memory) => dueDate(askable.get(memory.questionId), memory, today, date) <= today).length,
		of: questions.length,
		now: booked.length === 0 ? null : recalledOn(booked, today),
		date,
		reviewsADay: pace,
		then,
	};
}

/** The last date that an interview may have: a year ahead. */
export const latestInterview = (today: LocalDate): LocalDate => addDays(today, 365);
