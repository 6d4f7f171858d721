import { expect, test } from "vitest";
import {
	auc,
	calibration,
	logLoss,
	type Outcome,
	predictionsOf,
	rmseBins,
} from "../../../src/core/practice/accuracy.ts";
import type { StoredReview } from "../../../src/core/practice/memory.ts";

const outcome = (chance: number, recalled: boolean, changes: Partial<Outcome> = {}): Outcome => ({
	chance,
	recalled,
	elapsed: 3,
	review: 2,
	lapses: 0,
	...changes,
});

test("log loss is the mean of minus the logarithm of the probability of what happened", () => {
	const outcomes = [outcome(0.9, true), outcome(0.8, false)];
	expect(logLoss(outcomes)).toBeCloseTo((-Math.log(0.9) - Math.log(0.2)) / 2, 12);
	expect(logLoss([outcome(1, false)])).toBeLessThan(17);
});

test("RMSE compares shares within a bin, not single outcomes, and weights bins by size", () => {
	// One bin, half recalled, 0.5 predicted: no error.
	expect(rmseBins([outcome(0.5, true), outcome(0.5, false)])).toBe(0);
	// 3 of one bin are off by 0.1, 1 of another (a long interval) by 0.5.
	const near = [outcome(0.9, true), outcome(0.9, true), outcome(0.9, true)];
	expect(rmseBins([...near, outcome(0.5, true, { elapsed: 300 })])).toBeCloseTo(Math.sqrt((3 * 0.01 + 0.25) / 4), 12);
	// 1 and 3 days share a bin of elapsed days, 4 is in the next.
	expect(rmseBins([outcome(0.5, true, { elapsed: 1 }), outcome(0.5, false)])).toBe(0);
	expect(rmseBins([outcome(0.5, true, { elapsed: 4 }), outcome(0.5, false)])).toBe(0.5);
});

test("AUC is the share of pairs in the right order, with ties counting half", () => {
	expect(auc([outcome(0.9, true), outcome(0.2, false)])).toBe(1);
	expect(auc([outcome(0.2, true), outcome(0.9, false)])).toBe(0);
	expect(auc([outcome(0.5, true), outcome(0.5, false)])).toBe(0.5);
	expect(auc([outcome(0.9, true), outcome(0.4, true), outcome(0.6, false), outcome(0.1, false)])).toBe(0.75);
	expect(auc([outcome(0.9, true)])).toBeNull();
});

test("the calibration table shows what was predicted beside what was recalled", () => {
	expect(calibration([outcome(0.95, true), outcome(0.91, false), outcome(1, true), outcome(0.15, false)])).toEqual([
		{ from: 0.1, count: 1, predicted: 0.15, recalled: 0 },
		{ from: 0.9, count: 3, predicted: (0.95 + 0.91 + 1) / 3, recalled: 2 / 3 },
	]);
});

test("each booking after the first is a prediction, made from what was known before it", () => {
	const booked = (id: number, localDate: string, bookedGrade: StoredReview["bookedGrade"]): StoredReview => ({
		kind: "check",
		id,
		revision: 1,
		at: new Date(`${localDate}T10:00:00Z`),
		localDate,
		isRepeat: false,
		grade: bookedGrade,
		bookedGrade,
	});
	const found = predictionsOf([
		booked(1, "2027-03-08", "good"),
		booked(2, "2027-03-08", null),
		booked(3, "2027-03-11", "again"),
		booked(4, "2027-03-12", "good"),
	]);
	expect(found).toMatchObject([
		{ recalled: false, elapsed: 3, review: 2, lapses: 0, sm2: 0.9 ** 3 },
		{ recalled: true, elapsed: 1, review: 3, lapses: 1, sm2: 0.9 },
	]);
	expect(found[0]?.ours).toBeCloseTo(0.9, 1);
});
