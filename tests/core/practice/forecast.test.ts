import { expect, test } from "vitest";
import { addDays } from "../../../src/core/calendar/calendar.ts";
import type { Grade } from "../../../src/core/model.ts";
import { forecast, recalledOn } from "../../../src/core/practice/forecast.ts";
import { review } from "../../../src/core/practice/memory.ts";
import { Retention } from "../../../src/core/practice/retention.ts";
import { byEffort } from "../../support/effort.ts";
import { forecastAfterPractice } from "../../support/practice/forecasts.ts";
import { play, SimulatedMember } from "../../support/practice/members.ts";
import { Fsrs } from "../../support/practice/schedulers.ts";

const TODAY = "2027-03-08";
const memories = Array.from({ length: 20 }, (_, index) => ({
	questionId: `question-${index}`,
	state: review(null, index % 3 === 0 ? "again" : "good", addDays(TODAY, -index)).state,
}));
const input = {
	memories,
	retention: new Retention([]),
	unmet: 80,
	today: TODAY,
	on: addDays(TODAY, 60),
	reviewsADay: 5,
	newADay: 0,
	knownAtFirst: 0.5,
	fillsWithNew: true,
};

test("today's forecast is what would be recalled today, and a question without a booking does not count", () => {
	const { retention } = input;
	expect(forecast({ ...input, on: TODAY, unmet: 0 }).bank).toBeCloseTo(recalledOn(memories, retention, TODAY), 10);
	expect(recalledOn([{ questionId: "a", state: null }], retention, TODAY)).toBe(0);
	const known = { questionId: "a", state: review(null, "good", TODAY).state };
	expect(recalledOn([known], retention, TODAY)).toBeCloseTo(1, 10);
});

test("a forecast is the same whenever it is asked for, and grows with the reviews a day", () => {
	const at = (reviewsADay: number) => forecast({ ...input, reviewsADay }).bank;
	expect(at(5)).toBe(at(5));
	const paces = [1, 2, 3, 5, 8, 12, 20].map(at);
	expect(paces).toEqual(paces.toSorted((one, other) => one - other));
	expect(paces.at(-1)).toBeLessThanOrEqual(100);
});

test("no pace promises less than a lower one, however little is left to learn", () => {
	const paces = Array.from({ length: byEffort({ test: 8, ci: 20, full: 20 }) }, (_, index) => index + 1);
	const horizons = byEffort({ test: [14], ci: [3, 30, 60], full: [3, 7, 14, 30, 60, 90, 180, 365] });
	for (const met of byEffort({ test: [4, 20], ci: [1, 4, 20], full: [1, 4, 12, 20] }))
		for (const unmet of byEffort({ test: [0, 8], ci: [0, 8], full: [0, 8, 80, 180] }))
			for (const days of horizons)
				for (const fillsWithNew of [true, false]) {
					const on = addDays(TODAY, days);
					const scenario = { ...input, memories: memories.slice(0, met), unmet, on, fillsWithNew };
					const promised = paces.map((reviewsADay) => forecast({ ...scenario, reviewsADay }).bank);
					expect(promised).toEqual(promised.toSorted((one, other) => one - other));
				}
});

test("a member who forgets faster than believed is promised less", () => {
	const reviews = (grade: Grade) =>
		memories.flatMap(({ questionId }) => [
			{ questionId, localDate: addDays(TODAY, -60), grade: "good" as const },
			{ questionId, localDate: addDays(TODAY, -58), grade },
		]);
	const after = (grade: Grade) => forecast({ ...input, retention: new Retention(reviews(grade)) }).bank;
	expect(after("again")).toBeLessThan(forecast(input).bank - 1);
	expect(after("good")).toBeGreaterThan(forecast(input).bank);
});

test("a forecast 30 days ahead comes true within 3 questions for 90 % of members, and within 1 on average", () => {
	const members = byEffort({ test: 12, ci: 60, full: 300 });
	for (const reviews of [3, 5]) {
		const errors = Array.from({ length: members }, (_, index) => {
			const member = new SimulatedMember("fsrs", 31_415_926 + index);
			const ours = new Fsrs();
			play(member, ours, 0, 30, reviews);
			const predicted = forecastAfterPractice(ours, 30, 30, reviews);
			play(member, ours, 30, 60, reviews);
			return predicted - 60 * member.mean(60, 60);
		});
		const within = errors.filter((error) => Math.abs(error) <= 3).length / members;
		expect(within).toBeGreaterThanOrEqual(members < 50 ? 0.8 : 0.9);
		expect(Math.abs(errors.reduce((sum, error) => sum + error, 0) / members)).toBeLessThanOrEqual(1);
	}
});

test("a year ahead with 200 questions is computed quickly", () => {
	const before = process.cpuUsage();
	forecast({ ...input, unmet: 180, on: addDays(TODAY, 365), reviewsADay: 20 });
	expect(process.cpuUsage(before).user / 1_000).toBeLessThan(5_000);
});
