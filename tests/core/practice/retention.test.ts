import { expect, test } from "vitest";
import { addDays } from "../../../src/core/calendar/calendar.ts";
import type { Grade } from "../../../src/core/model.ts";
import { recallOn, review } from "../../../src/core/practice/memory.ts";
import { type BookedReview, Retention } from "../../../src/core/practice/retention.ts";
import { Dice } from "../../support/dice.ts";

const DAY = "2027-03-08";
const state = review(null, "good", DAY).state;
const later = addDays(DAY, 20);

/** Twenty questions, each answered once and again a week later. */
const reviewGraded = (grade: Grade): BookedReview[] =>
	Array.from({ length: 20 }, (_, index) => `question-${index}`).flatMap((questionId) => [
		{ questionId, localDate: DAY, grade: "good" as const },
		{ questionId, localDate: addDays(DAY, 7), grade },
	]);

test("without reviews, a member is expected to remember about what FSRS predicts", () => {
	const chance = new Retention([]).recallOn("a", state, later);
	expect(Math.abs(chance - (recallOn({ state }, later) ?? 0))).toBeLessThan(0.03);
});

test("first answers alone say nothing about forgetting", () => {
	const met = reviewGraded("good").filter(({ localDate }) => localDate === DAY);
	expect(new Retention(met).recallOn("a", state, later)).toBe(new Retention([]).recallOn("a", state, later));
});

test("one review changes the expectation a little, many change it a lot, even for questions that were never reviewed", () => {
	const chanceAfter = (reviews: BookedReview[]) => new Retention(reviews).recallOn("another", state, later);
	const none = chanceAfter([]);
	const one = none - chanceAfter(reviewGraded("again").slice(0, 2));
	const many = none - chanceAfter(reviewGraded("again"));
	expect(one).toBeGreaterThan(0);
	expect(one).toBeLessThan(0.03);
	expect(many).toBeGreaterThan(3 * one);
	expect(chanceAfter(reviewGraded("good"))).toBeGreaterThan(none);
});

test("a question that was missed in time is expected to be remembered less long than one that was not", () => {
	const reviews = [...reviewGraded("good").slice(0, 20), ...reviewGraded("again").slice(20)];
	const retention = new Retention(reviews);
	expect(retention.recallOn("question-19", state, later)).toBeLessThan(retention.recallOn("question-0", state, later));
});

test("the order of the reviews does not matter, and a thousand misses are handled", () => {
	const dice = new Dice(7);
	const many = Array.from({ length: 1_000 }, (_, index): BookedReview => {
		return { questionId: "a", localDate: addDays(DAY, index), grade: dice.chance(0.5) ? "again" : "good" };
	});
	const chance = new Retention(many).recallOn("a", state, later);
	expect(chance).toBeGreaterThan(0);
	expect(chance).toBeLessThan(1);
	expect(new Retention(many.toReversed()).recallOn("a", state, later)).toBe(chance);
});
