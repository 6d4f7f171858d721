import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Grade } from "../../../src/core/model.ts";
import {
	cappedGrade,
	gradeAfterWrongCheck,
	gradeFromPoints,
	gradeOfCheck,
} from "../../../src/core/question/grading.ts";
import { makeQuestion, makeRubric } from "../../support/question.ts";

/** A question with this many key points, the first `essential` of them essential. */
const withPoints = (count: number, essential = 0) =>
	makeQuestion({
		key_points: Array.from({ length: count }, (_, index) => ({ label: `Point ${index + 1}`, must: index < essential })),
	});
const first = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe("the grade of ticked key points", () => {
	test.each<[ticked: number, of: number, grade: Grade]>([
		[0, 5, "again"],
		[1, 5, "again"], // 20 %
		[3, 8, "again"], // 37.5 %
		[2, 5, "hard"], // exactly 40 %
		[3, 5, "hard"], // 60 %
		[4, 6, "hard"], // 66.7 %
		[5, 7, "good"], // 71.4 %
		[4, 5, "good"], // 80 %
		[7, 8, "good"], // 87.5 %
		[4, 4, "easy"],
		[8, 8, "easy"],
	])("%i of %i is %s", (ticked, of, grade) => {
		expect(gradeFromPoints(withPoints(of), first(ticked))).toBe(grade);
	});

	test("exactly 70 % and 90 % belong to the better grade", () => {
		// No rubric of 4 to 8 points can reach them, but the thresholds hold for a longer one.
		const ten = {
			...withPoints(5),
			key_points: first(10).map((number) => ({ label: `Point ${number}`, must: false })),
		};
		expect(gradeFromPoints(ten, first(6))).toBe("hard");
		expect(gradeFromPoints(ten, first(7))).toBe("good");
		expect(gradeFromPoints(ten, first(8))).toBe("good");
		expect(gradeFromPoints(ten, first(9))).toBe("easy");
	});

	test("a missed essential point limits the grade to hard, even with all the others", () => {
		const question = withPoints(8, 1);
		expect(gradeFromPoints(question, [2, 3, 4, 5, 6, 7, 8])).toBe("hard");
		expect(gradeFromPoints(question, [1, 2, 3, 4, 5, 6, 7])).toBe("good");
		expect(gradeFromPoints(question, [2])).toBe("again");
	});

	test("a hint limits the grade to good and lowers nothing else", () => {
		const afterHint = (ticked: readonly number[]) =>
			cappedGrade(gradeFromPoints(withPoints(5), ticked), { hinted: true, missedEssential: false, wrongCheck: false });
		expect([first(5), first(4), first(3), []].map(afterHint)).toEqual(["good", "good", "hard", "again"]);
	});

	test("a point ticked twice counts once, and a nonexistent one not at all", () => {
		expect(gradeFromPoints(withPoints(5), [1, 1, 1, 1, 1])).toBe("again");
		expect(gradeFromPoints(withPoints(5), [0, -1, 6, 99])).toBe("again");
	});

	test("one more point never lowers the grade", () => {
		const order: Grade[] = ["again", "hard", "good", "easy"];
		const cases = fc.record({
			points: fc.integer({ min: 4, max: 8 }),
			essential: fc.integer({ min: 0, max: 4 }),
			ticked: fc.uniqueArray(fc.integer({ min: 1, max: 8 })),
			more: fc.integer({ min: 1, max: 8 }),
		});
		fc.assert(
			fc.property(cases, ({ points, essential, ticked, more }) => {
				const question = withPoints(points, essential);
				const before = gradeFromPoints(question, ticked);
				const after = gradeFromPoints(question, [...ticked, more]);
				expect(order.indexOf(after)).toBeGreaterThanOrEqual(order.indexOf(before));
			}),
		);
	});
});

test("a rubric's criteria are graded in place of key points, all with equal weight", () => {
	const question = makeQuestion({
		category: "behavioral",
		key_points: Array.from({ length: 8 }, (_, index) => ({ label: `Point ${index + 1}`, must: true })),
		rubric: makeRubric(),
	});
	const grade = (...ticked: number[]) => gradeFromPoints(question, ticked);
	expect([grade(1), grade(1, 2), grade(2, 3, 4), grade(1, 2, 3, 4)]).toEqual(["again", "hard", "good", "easy"]);
	expect(grade(5, 6, 7, 8)).toBe("again");
});

test("a wrong quick check lowers a high grade by one step, but not a low one", () => {
	expect((["easy", "good", "hard", "again"] as const).map(gradeAfterWrongCheck)).toEqual([
		"good",
		"hard",
		"hard",
		"again",
	]);
});

test("a quick check without text is good if right, again if wrong", () => {
	expect(gradeOfCheck(true)).toBe("good");
	expect(gradeOfCheck(false)).toBe("again");
});

test("a pressed grade is limited to good after a hint, to hard without an essential point, to again after a wrong check", () => {
	const free = { hinted: false, missedEssential: false, wrongCheck: false };
	expect(cappedGrade("easy", free)).toBe("easy");
	expect(cappedGrade("easy", { ...free, hinted: true })).toBe("good");
	expect(cappedGrade("easy", { ...free, missedEssential: true })).toBe("hard");
	expect(cappedGrade("good", { hinted: true, missedEssential: true, wrongCheck: true })).toBe("again");
	expect(cappedGrade("hard", { ...free, hinted: true })).toBe("hard");
});
