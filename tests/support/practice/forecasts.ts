/** The forecast that a simulated member would be told. */
import { addDays } from "../../../src/core/calendar/calendar.ts";
import { forecast } from "../../../src/core/practice/forecast.ts";
import { type BookedReview, Retention } from "../../../src/core/practice/retention.ts";
import { FIRST_RECALL, QUESTIONS } from "./members.ts";
import type { Fsrs } from "./schedulers.ts";

const FIRST_DAY = "2027-03-08";

/** @returns the expected number of questions recalled, `ahead` days after a day of the simulation */
export function forecastAfterPractice(ours: Fsrs, day: number, ahead: number, reviewsADay: number): number {
	const questionOf = (question: number) => `question-${question}`;
	const memories = ours.assumed().map(({ question, strength, last }) => ({
		questionId: questionOf(question),
		state: { ...strength, on: addDays(FIRST_DAY, last) },
	}));
	const reviews = ours.reviews.map(
		({ question, day: on, recalled }): BookedReview => ({
			questionId: questionOf(question),
			localDate: addDays(FIRST_DAY, on),
			grade: recalled ? "good" : "again",
		}),
	);
	const today = addDays(FIRST_DAY, day);
	return forecast({
		memories,
		retention: new Retention(reviews),
		unmet: QUESTIONS - memories.length,
		today,
		on: addDays(today, ahead),
		reviewsADay,
		newADay: 1,
		knownAtFirst: FIRST_RECALL,
		fillsWithNew: false,
	}).bank;
}
