import { describe, expect, test } from "vitest";
import {
	afterGrade,
	afterOutcome,
	currentStep,
	exchange,
	isRepeatOf,
	next,
	type PracticeRun,
	placeOf,
	placeText,
	skip,
	stepFor,
	stop,
	summaryOf,
} from "../../../src/core/practice/run.ts";

const START = new Date("2027-03-08T10:00:00Z");
const LATER = new Date("2027-03-08T10:10:00Z");

const runOf = (...ids: string[]): PracticeRun => ({
	id: 1,
	workspaceId: 1,
	memberId: 2,
	startedAt: START,
	focus: null,
	wanted: ids.length,
	steps: ids.map((id) => stepFor(id, "due")),
	position: 0,
	endedAt: null,
});

const answered = (run: PracticeRun, id: string, grade: "again" | "good" | null) =>
	next(afterOutcome(run, id, "answered", grade), LATER);

describe("a practice run", () => {
	test("continues when its question is answered, and not before", () => {
		const run = runOf("a", "b");
		expect(next(run, LATER)).toBe(run);
		expect(currentStep(answered(run, "a", "good"))?.questionId).toBe("b");
		expect(afterOutcome(run, "b", "answered", "good")).toBe(run);
	});

	test("asks missed and revealed questions once more at the end, and says so on the last one before", () => {
		let run = answered(runOf("a", "b", "c"), "a", "again");
		expect(placeText(run)).toBe("2 of 3");
		run = next(afterOutcome(run, "b", "revealed", "again"), LATER);
		expect(placeText(run)).toBe("3 of 3, then 2 missed questions once more");
		expect(placeText(afterOutcome(run, "c", "answered", "again"))).toBe("3 of 3, then 3 missed questions once more");
		run = answered(run, "c", "good");
		expect(run.steps.slice(3).map(({ questionId, reason }) => `${questionId} ${reason}`)).toEqual([
			"a again",
			"b again",
		]);
		expect([isRepeatOf(run, "a"), isRepeatOf(run, "b")]).toEqual([true, false]);
		expect(placeText(run)).toBe("Missed questions, 1 of 2");
		run = answered(run, "a", "again");
		run = answered(run, "b", "good");
		expect(run).toMatchObject({ endedAt: LATER });
		expect(currentStep(run)).toBeNull();
		expect(summaryOf(run)).toEqual({
			done: 3,
			recalled: 1,
			hard: 0,
			skipped: 0,
			ungraded: [],
			questions: ["a", "b", "c"],
		});
	});

	test("a grade that is changed later decides whether the question comes once more", () => {
		const run = answered(runOf("a", "b"), "a", "good");
		const worse = answered(afterGrade(run, "a", "again"), "b", "good");
		expect(currentStep(worse)?.questionId).toBe("a");
		expect(answered(run, "b", "good").endedAt).toEqual(LATER);
	});

	test("whether text without ticks was recalled is unknown: it counts as neither recalled nor missed", () => {
		const run = answered(runOf("a"), "a", null);
		expect(summaryOf(run)).toMatchObject({ done: 0, recalled: 0, ungraded: ["a"], questions: ["a"] });
		expect(run.endedAt).toEqual(LATER);
	});

	test("a skipped question does not come back, and stop ends the run where it is", () => {
		const run = skip(runOf("a", "b"), LATER);
		expect(currentStep(run)?.questionId).toBe("b");
		expect(skip(run, LATER)).toMatchObject({ endedAt: LATER });
		expect(summaryOf(stop(run, LATER))).toMatchObject({ done: 0, skipped: 1 });
		expect(stop(stop(run, START), LATER).endedAt).toEqual(START);
	});

	test("a question that cannot be asked any more is replaced, or left out if there is no other", () => {
		const askable = (id: string) => id !== "a";
		expect(exchange(runOf("a", "b"), askable, () => stepFor("c", "new"), LATER).steps.map((step) => step.questionId)) // biome-ignore format: one line
			.toEqual(["c", "b"]);
		expect(currentStep(exchange(runOf("a", "b"), askable, () => null, LATER))?.questionId).toBe("b");
		expect(exchange(runOf("a"), askable, () => null, LATER)).toMatchObject({ endedAt: LATER });
		expect(placeOf(exchange(runOf("a", "b"), askable, () => null, LATER))).toEqual({ index: 1, of: 1 });
	});

	test("the repeat of a question that has become the open daily one is dropped", () => {
		const run = answered(answered(runOf("a", "b"), "a", "again"), "b", "again");
		const left = exchange(run, (id) => id !== "a", () => stepFor("c", "new"), LATER); // biome-ignore format: one line
		expect(currentStep(left)).toMatchObject({ questionId: "b", reason: "again" });
		expect(exchange(left, () => false, () => null, LATER).endedAt).toEqual(LATER); // biome-ignore format: one line
	});
});
