import { createEmptyCard, fsrs, Rating } from "ts-fsrs";
import { describe, expect, test } from "vitest";
import { addDays } from "../../../src/core/calendar/calendar.ts";
import type { Grade } from "../../../src/core/model.ts";
import {
	type AnswerEvent,
	afterAnswer,
	afterRating,
	afterReveal,
	daysBetween,
	GRADES,
	intervalOf,
	localDateAt,
	type Memory,
	recallOn,
	review,
	strengthAfter,
} from "../../../src/core/practice/memory.ts";

const KEY = { workspaceId: 1, memberId: 2, questionId: "kv-cache" };
const MONDAY = "2027-03-08";
const on = (days: number) => addDays(MONDAY, days);

const answer = (id: number | null, days: number, changes: Partial<AnswerEvent> = {}): AnswerEvent => ({
	id,
	revision: 1,
	localDate: on(days),
	isRepeat: false,
	...changes,
});

/** Answers in a row, each of them graded. */
const graded = (...history: [days: number, grade: Grade][]): Memory => {
	let memory: Memory | null = null;
	for (const [index, [days, grade]] of history.entries())
		memory = afterAnswer(KEY, memory, answer(index + 1, days), grade).memory;
	if (!memory) throw new Error("nothing was booked");
	return memory;
};

describe("a memory", () => {
	test.each<[Grade, number[]]>([
		["again", [1, 3, 8, 22]],
		["hard", [2, 7, 23, 66]],
		["good", [3, 14, 57, 196]],
		["easy", [8, 39, 153]],
	])("that begins with %s comes back after %j days when it is good each time", (first, days) => {
		let { state, dueOn } = review(null, first, MONDAY);
		const intervals = [daysBetween(MONDAY, dueOn)];
		while (intervals.length < days.length) {
			const due = dueOn;
			({ state, dueOn } = review(state, "good", due));
			intervals.push(daysBetween(due, dueOn));
		}
		expect(intervals).toEqual(days);
	});

	test("equals the one that ts-fsrs gives a card with the same history", () => {
		const scheduler = fsrs({ enable_short_term: false, enable_fuzz: false, request_retention: 0.9 });
		const instant = (days: number) => new Date(`${on(days)}T00:00:00Z`);
		let card = createEmptyCard(instant(0));
		const history: [number, Grade][] = [[0, "good"], [5, "again"], [6, "hard"], [30, "easy"], [31, "good"]]; // biome-ignore format: one line
		for (const [days, grade] of history)
			card = scheduler.next(card, instant(days), Rating[`${grade[0]?.toUpperCase()}${grade.slice(1)}` as "Good"]).card;
		const memory = graded(...history);
		expect(memory.state).toMatchObject({ stability: card.stability, difficulty: card.difficulty });
		expect(memory.dueOn).toBe(card.due.toISOString().slice(0, 10));
	});

	test("has fallen to 90 % on the day that it is due, and a forecast's quick step agrees with a booking", () => {
		const memory = graded([0, "good"], [3, "good"]);
		expect(recallOn(memory, memory.dueOn)).toBeCloseTo(0.9, 2);
		expect(recallOn(memory, on(3))).toBe(1);
		const quick = strengthAfter(strengthAfter(null, 0, "good"), 3, "good");
		expect(quick).toEqual({ stability: memory.state?.stability, difficulty: memory.state?.difficulty });
		expect(intervalOf(quick)).toBe(daysBetween(on(3), memory.dueOn));
	});

	test("books the first graded answer of a local date; later ones that day change nothing", () => {
		const first = graded([0, "again"]);
		const later = afterAnswer(KEY, first, answer(2, 0), "good");
		expect(later).toEqual({ memory: first, books: false });
		expect(afterAnswer(KEY, first, answer(2, 1), "good").books).toBe(true);
	});

	test("replaces the grade of the answer booked last, starting from the state before it", () => {
		const before = graded([0, "good"]);
		for (const [first, last] of GRADES.flatMap((a) => GRADES.map((b) => [a, b] as const))) {
			const booked = afterAnswer(KEY, before, answer(2, 3), first).memory;
			const expected = afterAnswer(KEY, before, answer(2, 3), last).memory;
			expect(afterRating(KEY, booked, answer(2, 3), last)).toEqual({ memory: expected, books: true });
		}
	});

	test("does not change when an older answer is rated", () => {
		const memory = graded([0, "good"], [3, "good"]);
		expect(afterRating(KEY, memory, answer(1, 0), "again")).toEqual({ memory, books: false });
	});

	test("of free text that was not ticked is due the next day, and books nothing", () => {
		const { memory, books } = afterAnswer(KEY, null, answer(1, 0), null);
		expect(books).toBe(false);
		expect(memory).toMatchObject({ state: null, untickedOn: on(0), dueOn: on(1) });
		expect(afterAnswer(KEY, graded([0, "good"]), answer(2, 10), null).memory).toMatchObject({ dueOn: on(11) });
	});

	test("books unticked text at its own date once it is ticked, even days later", () => {
		const waiting = afterAnswer(KEY, null, answer(1, 0), null).memory;
		const ticked = afterRating(KEY, waiting, answer(1, 0), "good");
		expect(ticked).toMatchObject({ books: true, memory: { untickedOn: null, state: { on: on(0) }, dueOn: on(3) } });
	});

	test("books a quick check on the day of text that was not ticked", () => {
		const waiting = afterAnswer(KEY, null, answer(1, 0), null).memory;
		const checked = afterAnswer(KEY, waiting, answer(2, 0), "good");
		expect(checked).toMatchObject({ books: true, memory: { untickedOn: null, answerId: 2 } });
		expect(afterRating(KEY, checked.memory, answer(1, 0), "again").books).toBe(false);
	});

	test("is not changed by the repeat of a missed question, even after midnight", () => {
		const memory = graded([0, "again"]);
		const repeat = answer(2, 1, { isRepeat: true });
		expect(afterAnswer(KEY, memory, repeat, "good")).toEqual({ memory, books: false });
		expect(afterRating(KEY, memory, repeat, "good")).toEqual({ memory, books: false });
	});

	test("books `again` for a reveal, unless the day has an answer", () => {
		const known = graded([0, "good"]);
		const reveal = (days: number) => ({ revision: 1, localDate: on(days) });
		expect(afterReveal(KEY, known, reveal(3))).toMatchObject({
			books: true,
			memory: { grade: "again", answerId: null },
		});
		expect(afterReveal(KEY, known, reveal(0))).toEqual({ memory: known, books: false });
		const waiting = afterAnswer(KEY, null, answer(1, 0), null).memory;
		expect(afterReveal(KEY, waiting, reveal(0))).toEqual({ memory: waiting, books: false });
	});

	test("keeps the highest revision that was seen", () => {
		const memory = graded([0, "good"]);
		expect(afterAnswer(KEY, memory, answer(2, 0, { revision: 3 }), "good").memory?.revision).toBe(3);
		expect(afterAnswer(KEY, { ...memory, revision: 4 }, answer(2, 5, { revision: 3 }), "good").memory?.revision).toBe(
			4,
		);
	});
});

describe("the local date of an answer", () => {
	test("is that of the zone; of UTC without one", () => {
		const late = new Date("2027-03-08T22:30:00Z");
		expect(localDateAt(late, "Asia/Tokyo", null)).toBe("2027-03-09");
		expect(localDateAt(late, "America/New_York", null)).toBe("2027-03-08");
		expect(localDateAt(late, null, null)).toBe("2027-03-08");
	});

	test("is never before the member's latest, even after a zone or clock changed", () => {
		expect(localDateAt(new Date("2027-03-08T22:30:00Z"), "America/New_York", "2027-03-09")).toBe("2027-03-09");
		expect(localDateAt(new Date("2026-01-01T00:00:00Z"), null, "2027-03-09")).toBe("2027-03-09");
	});
});
