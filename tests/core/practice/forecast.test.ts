import { expect, test } from "vitest";
import { addDays } from "../../../src/core/calendar/calendar.ts";
import { forecast, recalledOn } from "../../../src/core/practice/forecast.ts";
import { review } from "../../../src/core/practice/memory.ts";

const TODAY = "2027-03-08";
const memories = Array.from({ length: 20 }, (_, index) => ({
	state: review(null, index % 3 === 0 ? "again" : "good", addDays(TODAY, -index)).state,
}));
const input = {
	memories,
	unmet: 80,
	today: TODAY,
	on: addDays(TODAY, 60),
	reviewsADay: 5,
	newADay: 0,
	knownAtFirst: 0.5,
	fillsWithNew: true,
};

test("today is what is recalled today, and a question without a booking counts nothing", () => {
	expect(forecast({ ...input, on: TODAY, unmet: 0 }).bank).toBeCloseTo(recalledOn(memories, TODAY), 10);
	expect(recalledOn([{ state: null }], TODAY)).toBe(0);
	expect(recalledOn([{ state: review(null, "good", TODAY).state }], TODAY)).toBe(1);
});

test("a forecast is the same whenever it is asked for, and grows with the reviews a day", () => {
	const at = (reviewsADay: number) => forecast({ ...input, reviewsADay }).bank;
	expect(at(5)).toBe(at(5));
	const paces = [1, 2, 3, 5, 8, 12, 20].map(at);
	expect(paces).toEqual(paces.toSorted((one, other) => one - other));
	expect(paces.at(-1)).toBeLessThanOrEqual(100);
});

test("a year ahead with 200 questions is told in a moment", () => {
	const begun = process.cpuUsage();
	forecast({ ...input, unmet: 180, on: addDays(TODAY, 365), reviewsADay: 20 });
	expect(process.cpuUsage(begun).user / 1_000).toBeLessThan(5_000);
});
