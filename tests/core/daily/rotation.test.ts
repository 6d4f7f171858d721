import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Bag, drawQuestion, EMPTY_BAG, returnQuestion } from "../../../src/core/daily/rotation.ts";
import { Bank } from "../../../src/core/question/bank.ts";
import { makeQuestion } from "../../support/question.ts";

/** Repeatable chance for a seed; a linear congruential generator is good enough for a shuffle. */
function chance(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
		return state / 2 ** 32;
	};
}

/** How many of the eligible questions the current bag still has. */
const leftInBag = (bag: Bag, eligible: readonly string[]) => eligible.filter((id) => !bag.drawn.includes(id)).length;

const ids = (count: number, from = 1) => Array.from({ length: count }, (_, index) => `q${from + index}`);

function drawMany(eligible: readonly string[], count: number, seed: number): string[] {
	const random = chance(seed);
	let bag: Bag = EMPTY_BAG;
	return Array.from({ length: count }, () => {
		const draw = drawQuestion(bag, eligible, random);
		if (!draw) throw new Error("nothing drawn");
		bag = draw.bag;
		return draw.questionId;
	});
}

/** The smallest number of draws between two of the same question; Infinity if no question came twice. */
function minDistance(draws: readonly string[]): number {
	const last = new Map<string, number>();
	let min = Infinity;
	for (const [index, id] of draws.entries()) {
		min = Math.min(min, index - (last.get(id) ?? -Infinity) - 1);
		last.set(id, index);
	}
	return min;
}

const seeds = fc.integer({ min: 0, max: 2 ** 31 });

describe("a bag whose questions do not change", () => {
	test("every question comes once before any comes again, bag after bag", () => {
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 40 }), seeds, (size, seed) => {
				const draws = drawMany(ids(size), size * 4, seed);
				for (let bag = 0; bag < 4; bag += 1) expect(new Set(draws.slice(bag * size, (bag + 1) * size)).size).toBe(size);
			}),
		);
	});

	test("half of the bag, but at most fourteen draws, lie between two of the same question, even across bags", () => {
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 60 }), seeds, (size, seed) => {
				const apart = Math.min(14, Math.floor(size / 2));
				expect(minDistance(drawMany(ids(size), size * 5, seed))).toBeGreaterThanOrEqual(apart);
			}),
		);
	});

	test("the order differs from bag to bag, and with other random numbers", () => {
		const [first, second] = [drawMany(ids(30), 60, 7), drawMany(ids(30), 60, 8)];
		expect(first.slice(0, 30)).not.toEqual(first.slice(30));
		expect(first).not.toEqual(second);
		expect(drawMany(ids(30), 60, 7)).toEqual(first);
	});

	test("each question can come first", () => {
		const firsts = new Set(Array.from({ length: 200 }, (_, index) => drawMany(ids(5), 1, index * 7_919_111)[0]));
		expect(firsts.size).toBe(5);
	});

	test("it reports how many are left, and refills when it is empty", () => {
		const remaining: number[] = [];
		let bag: Bag = EMPTY_BAG;
		for (let turn = 0; turn < 7; turn += 1) {
			const draw = drawQuestion(bag, ids(3), chance(turn));
			if (!draw) throw new Error("nothing drawn");
			remaining.push(draw.left);
			expect(leftInBag(draw.bag, ids(3))).toBe(draw.left);
			bag = draw.bag;
		}
		expect(remaining).toEqual([2, 1, 0, 2, 1, 0, 2]);
	});

	test("a single question comes every time; without questions, none comes", () => {
		expect(drawMany(["only"], 3, 1)).toEqual(["only", "only", "only"]);
		expect(drawQuestion(EMPTY_BAG, [], chance(1))).toBeNull();
	});

	test("the highest random number still draws a question", () => {
		expect(drawQuestion(EMPTY_BAG, ids(3), () => 1 - Number.EPSILON)?.questionId).toBe("q3");
		expect(drawQuestion(EMPTY_BAG, ids(3), () => 1)?.questionId).toBe("q1");
	});
});

describe("a bag whose questions change", () => {
	test("no question comes twice from one bag, even if questions are added or retired meanwhile", () => {
		const changes = fc.array(fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { minLength: 1 }), {
			minLength: 1,
			maxLength: 60,
		});
		fc.assert(
			fc.property(changes, seeds, (pools, seed) => {
				const random = chance(seed);
				let bag: Bag = EMPTY_BAG;
				// The questions drawn since the bag was last filled, as the rule says.
				let drawn = new Set<string>();
				for (const pool of pools) {
					const eligible = pool.map((number) => `q${number}`);
					const draw = drawQuestion(bag, eligible, random);
					if (!draw) throw new Error("nothing drawn");
					expect(eligible).toContain(draw.questionId);
					if (eligible.every((id) => drawn.has(id))) drawn = new Set();
					expect(drawn.has(draw.questionId)).toBe(false);
					drawn.add(draw.questionId);
					bag = draw.bag;
				}
			}),
		);
	});

	test("an added question joins the current bag", () => {
		let bag: Bag = { drawn: ids(5), recent: ids(5) };
		const draw = drawQuestion(bag, [...ids(5), "new"], chance(3));
		expect(draw?.questionId).toBe("new");
		bag = draw?.bag ?? bag;
		expect(leftInBag(bag, [...ids(5), "new"])).toBe(0);
	});

	test("a retired question no longer comes, and does not keep the bag from being empty", () => {
		const bag: Bag = { drawn: ids(4), recent: ids(4) };
		expect(leftInBag(bag, ids(5))).toBe(1);
		expect(leftInBag(bag, ids(4))).toBe(0);
		expect(drawQuestion(bag, ids(4), chance(9))?.bag.drawn).toHaveLength(1);
	});

	test("the last draws are avoided at the start of a new bag, and retired ones count among them", () => {
		const bag: Bag = { drawn: ids(6), recent: ["gone", "q5", "q6"] };
		const firsts = new Set(
			Array.from({ length: 60 }, (_, seed) => drawQuestion(bag, ids(6), chance(seed * 9_973))?.questionId),
		);
		expect(firsts).toEqual(new Set(["q1", "q2", "q3", "q4"]));
	});
});

describe("a question that is returned", () => {
	test("can come again from the same bag, and the others come as before", () => {
		fc.assert(
			fc.property(fc.integer({ min: 2, max: 20 }), fc.integer({ min: 0, max: 45 }), seeds, (size, before, seed) => {
				const random = chance(seed);
				let bag: Bag = EMPTY_BAG;
				for (let turn = 0; turn < before; turn += 1) bag = drawQuestion(bag, ids(size), random)?.bag ?? bag;
				const draw = drawQuestion(bag, ids(size), random);
				if (!draw) throw new Error("nothing drawn");
				const returned = returnQuestion(draw.bag, draw.questionId);
				expect(leftInBag(returned, ids(size))).toBe(draw.left + 1);
				expect(returned.drawn).not.toContain(draw.questionId);
			}),
		);
	});

	test("skipped occurrences do not bring repetitions closer together", () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 2, max: 40 }),
				fc.array(fc.boolean(), { minLength: 90, maxLength: 90 }),
				seeds,
				(size, deliveries, seed) => {
					const random = chance(seed);
					let bag: Bag = EMPTY_BAG;
					const delivered: string[] = [];
					for (const isDelivered of deliveries) {
						const draw = drawQuestion(bag, ids(size), random);
						if (!draw) throw new Error("nothing drawn");
						bag = isDelivered ? draw.bag : returnQuestion(draw.bag, draw.questionId);
						if (isDelivered) delivered.push(draw.questionId);
					}
					expect(minDistance(delivered)).toBeGreaterThanOrEqual(Math.min(14, Math.floor(size / 2)));
				},
			),
		);
	});

	test("one that the bag does not contain changes nothing", () => {
		const bag: Bag = { drawn: ["q1"], recent: ["q9", "q1"] };
		expect(returnQuestion(bag, "q2")).toEqual(bag);
	});
});

describe("filters", () => {
	const bank = new Bank(
		new Map(
			(
				[
					["a", "transformers", "basic"],
					["b", "transformers", "advanced"],
					["c", "debugging", "basic"],
					["d", "debugging", "intermediate"],
				] as const
			).map(([id, category, difficulty]) => [id, makeQuestion({ id, category, difficulty })]),
		),
	);

	test.each([
		[{}, ["a", "b", "c", "d"]],
		[{ categories: [], difficulties: [] }, ["a", "b", "c", "d"]],
		[{ categories: ["debugging"] }, ["c", "d"]],
		[{ difficulties: ["basic"] }, ["a", "c"]],
		[{ categories: ["transformers"], difficulties: ["basic", "advanced"] }, ["a", "b"]],
		[{ categories: ["debugging"], difficulties: ["advanced"] }, []],
	])("%j admits %j", (filter, admitted) => {
		expect(bank.matching(filter)).toEqual(admitted);
	});

	test("a narrower filter continues with what its bag has left, a wider one with what was never drawn", () => {
		const bag: Bag = { drawn: ["a"], recent: ["a"] };
		expect(drawQuestion(bag, bank.matching({ difficulties: ["basic"] }), chance(1))?.questionId).toBe("c");
		expect(drawQuestion(bag, bank.matching({}), chance(1))?.questionId).not.toBe("a");
	});
});
