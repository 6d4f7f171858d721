import { describe, expect, test } from "vitest";
import { Dice } from "../../support/dice.ts";
import { byEffort } from "../../support/effort.ts";
import { play, SimulatedMember } from "../../support/practice/members.ts";
import { AtRandom, Fsrs, Leitner, leitnerAfter, type Scheduler, type Sm2, SuperMemo2, sm2After } from "../../support/practice/schedulers.ts"; // biome-ignore format: one line

describe("the baselines of the memory bench", () => {
	test("SM-2: perfect answers come back after 1, 6, 15, 38 and 95 days with an easiness of 2.5", () => {
		// Wozniak 1990: I(1) = 1, I(2) = 6, I(n) = I(n-1) * EF; quality 4 leaves EF as it is.
		let item: Sm2 | null = null;
		const intervals: number[] = [];
		for (let review = 0; review < 5; review += 1) {
			item = sm2After(item, 4);
			intervals.push(item.interval);
		}
		expect(intervals).toEqual([1, 6, 15, 38, 95]);
		expect(item?.easiness).toBe(2.5);
	});

	test("SM-2: quality 5 adds 0.10 to the easiness, 3 takes 0.14, and a lapse begins with 1 day again", () => {
		expect(sm2After(null, 5).easiness).toBeCloseTo(2.6, 10);
		expect(sm2After(null, 3).easiness).toBeCloseTo(2.36, 10);
		const lapsed = sm2After({ easiness: 2.5, repetition: 4, interval: 38 }, 2);
		expect(lapsed).toMatchObject({ repetition: 0, interval: 1 });
		expect(sm2After({ easiness: 1.3, repetition: 0, interval: 1 }, 0).easiness).toBe(1.3);
	});

	test("Leitner: a recalled card moves up one box, a missed one back to the first", () => {
		expect([true, true, true].reduce<number | null>((box, recalled) => leitnerAfter(box, recalled), null)).toBe(2);
		expect(leitnerAfter(5, false)).toBe(0);
	});

	test("the most overdue comes first, and nothing comes twice on a day", () => {
		const leitner = new Leitner();
		leitner.reviewed(1, 0, true);
		leitner.reviewed(2, 0, false);
		leitner.reviewed(3, 4, true);
		expect(leitner.choose(5, 3)).toEqual([1, 2, 3]);
		leitner.reviewed(1, 5, true);
		expect(leitner.choose(5, 3)).toEqual([2, 3]);
	});
});

test.each([
	["fsrs", 4],
	["exponential", 4],
	["half-life", 2],
] as const)(
	"three reviews a day in our order leave more in memory than at random, and no less than any baseline (%s)",
	(truth, above) => {
		const members = byEffort({ test: 12, ci: 60, full: 300 });
		const recall = (make: (seed: number) => Scheduler) => {
			let sum = 0;
			for (let seed = 1; seed <= members; seed += 1) {
				const member = new SimulatedMember(truth, seed);
				play(member, make(seed), 0, 100, 3);
				sum += member.mean(100, 100);
			}
			return (100 * sum) / members;
		};
		const ours = recall(() => new Fsrs());
		expect(ours).toBeGreaterThan(recall((seed) => new AtRandom(new Dice(seed))) + above);
		expect(ours).toBeGreaterThan(recall(() => new SuperMemo2()) - 1);
		expect(ours).toBeGreaterThan(recall(() => new Leitner()) - 1);
	},
);
