import { describe, expect, test } from "vitest";
import { question } from "./bank.ts";
import { at, grouped, options, sum } from "./options.ts";

type Matrix = number[][];

function choose(n: number, k: number): number {
	let ways = 1;
	for (let i = 1; i <= k; i += 1) ways = (ways * (n - k + i)) / i;
	return ways;
}

/** Two-sided p-value of the sign test: how often a fair coin splits at least as unevenly. */
function signTest(better: number, worse: number): number {
	const n = better + worse;
	const most = Math.max(better, worse);
	const tail = sum(Array.from({ length: n - most + 1 }, (_, i) => choose(n, most + i))) / 2 ** n;
	return Math.min(1, 2 * tail);
}

/** Numbers between -1 and 1 that only depend on where they stand. */
const noise = (...place: number[]) => Math.sin(place.reduce((value, part) => value * 7.3 + part + 1.7, 0.4) * 12.9);

describe("attention-code-bugs: which outputs change when token 5 of 10 does", () => {
	const [tokens, heads, width] = [10, 2, 3];
	const vectors = (salt: number, changed: boolean): Matrix[] =>
		Array.from({ length: heads }, (_, head) =>
			Array.from({ length: tokens }, (_, token) =>
				Array.from({ length: width }, (_, part) => noise(salt, head, token, part) + (changed && token === 4 ? 1 : 0)),
			),
		);

	interface Fault {
		/** Whether query i may read key j. */
		readonly sees?: (i: number, j: number) => boolean;
		readonly overQueries?: boolean;
		readonly joinedAsTheyLie?: boolean;
	}

	function attend(changed: boolean, { sees = (i, j) => j <= i, overQueries, joinedAsTheyLie }: Fault): Matrix {
		const [q, k, v] = [1, 2, 3].map((salt) => vectors(salt, changed)) as [Matrix[], Matrix[], Matrix[]];
		const perHead = q.map((queries, head) => {
			const exponents = queries.map((query, i) =>
				at(k, head).map((key, j) => (sees(i, j) ? Math.exp(sum(query.map((part, d) => part * at(key, d)))) : 0)),
			);
			const total = (i: number, j: number) =>
				overQueries ? sum(exponents.map((row) => at(row, j))) : sum(at(exponents, i));
			return exponents.map((row, i) =>
				Array.from({ length: width }, (_, d) =>
					sum(row.map((value, j) => (value === 0 ? 0 : (value / total(i, j)) * at(at(at(v, head), j), d)))),
				),
			);
		});
		const flat = perHead.flat(2);
		if (joinedAsTheyLie)
			return Array.from({ length: tokens }, (_, row) => flat.slice(row * heads * width, (row + 1) * heads * width));
		return Array.from({ length: tokens }, (_, token) => perHead.flatMap((head) => at(head, token)));
	}

	function changedPositions(fault: Fault): number[] {
		const [before, after] = [attend(false, fault), attend(true, fault)];
		return before.flatMap((row, i) =>
			row.some((value, d) => Math.abs(value - at(at(after, i), d)) > 1e-9) ? [i + 1] : [],
		);
	}

	test("without a fault: 5 to 10", () => {
		expect(changedPositions({})).toEqual([5, 6, 7, 8, 9, 10]);
	});

	test("the fault of the right option alone gives 4 to 10", async () => {
		expect((await options("attention-code-bugs")).right).toContain("the first diagonal above the main one");
		expect(changedPositions({ sees: (i, j) => j <= i + 1 })).toEqual([4, 5, 6, 7, 8, 9, 10]);
	});

	test("the faults of the wrong options give other positions", () => {
		expect(changedPositions({ sees: (i, j) => j > i })).toEqual([1, 2, 3, 4, 5]);
		expect(changedPositions({ overQueries: true })).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
		expect(changedPositions({ joinedAsTheyLie: true })).toEqual([3, 4, 5, 8, 9, 10]);
	});

	test("the spread of unscaled scores, and the largest fp16 number", async () => {
		const { answer, follow_ups } = await question("attention-code-bugs");
		expect(follow_ups[0]?.a).toContain(`${Math.sqrt(64)} at D = 64`);
		expect(answer).toContain(`largest value ${grouped((2 - 2 ** -10) * 2 ** 15)}`);
	});
});

describe("debugging", () => {
	test("p99-latency-spikes: share of the pool, and a page of five calls", async () => {
		const { exhibit, answer, follow_ups } = await question("p99-latency-spikes");
		const numberOf = (pattern: RegExp) => Number(exhibit?.match(pattern)?.[1]?.replaceAll(",", ""));
		const [pool, before, after] = [/pool ([\d,]+)/, /p99: ([\d,]+)/, /before, ([\d,]+)/].map(numberOf) as [
			number,
			number,
			number,
		];
		expect(answer).toContain(`${((100 * after) / pool).toFixed(1)}% of the pool`);
		expect(after / before).toBeGreaterThan(3.7);
		expect(after / before).toBeLessThan(4);
		expect(answer).toContain("nearly four times");
		expect(follow_ups[0]?.a).toContain(`= ${(100 * (1 - 0.99 ** 5)).toFixed(1)}%`);
		const [median = 0, longest = 0] =
			exhibit
				?.match(/^ ?0 .* (\d+) ms +(\d+) ms$/m)
				?.slice(1)
				.map(Number) ?? [];
		expect(longest - median).toBe(11);
		expect(answer).toContain("a chunk of 512 adds some 10 ms to a step");
	});

	test("low-gpu-utilization: what data and network leave of a step", async () => {
		const { stem, explanation } = (await question("low-gpu-utilization")).mcq;
		const [step = 0, synthetic = 0, single = 0, busy = 0] = [...stem.matchAll(/(\d+) ms/g)].map(([, ms]) => Number(ms));
		expect(explanation).toContain(
			`the pipeline is worth ${step - synthetic} ms, the host ${single - busy} ms, communication ${step - single} ms`,
		);
	});

	test("agent-loop-trace: the steps of the trace add up", async () => {
		const { exhibit, answer } = await question("agent-loop-trace");
		const last = 6 + 4 * 4;
		expect(exhibit).toContain("steps 3 to 6 again, four more times");
		expect(exhibit).toContain(`${last + 1} stopped`);
		expect(answer).toContain(`after ${last} calls`);
	});

	test("endless-repetition: the row of the exhibit is what the collator makes of it", async () => {
		const { exhibit } = await question("endless-repetition");
		const row = (name: string) =>
			[...(exhibit?.match(new RegExp(`\\n${name} {2,}.*`))?.[0] ?? "").matchAll(/-?\d+/g)].map(Number);
		const [ids, labels] = [row("ids"), row("labels")];
		expect(labels).toHaveLength(ids.length);
		const prompt = 4;
		expect(labels).toEqual(ids.map((id, index) => (index < prompt || id === 2 ? -100 : id)));
		expect(labels).not.toContain(2);
	});

	test("overnight-score-jump: what the scorer and what the model adds", async () => {
		const { exhibit, answer, traps } = await question("overnight-score-jump");
		const cells = [...(exhibit?.matchAll(/replies of \w+ +([\d.]+) +([\d.]+)/g) ?? [])].map(([, a, b]) => [
			Number(a),
			Number(b),
		]);
		const [[monMon, monTue], [tueMon, tueTue]] = cells as [[number, number], [number, number]];
		expect(answer).toContain(`${monMon} to ${monTue} is ${(monTue - monMon).toFixed(1)} points from the scorer`);
		expect(answer).toContain(
			`${(tueMon - monMon).toFixed(1)} points from the model (${(tueTue - monTue).toFixed(1)} by`,
		);
		expect((monTue - monMon) / (tueTue - monMon)).toBeCloseTo(5 / 6, 2);
		for (const cell of [monMon, monTue, tueMon, tueTue]) expect((cell * 5) % 1).toBeCloseTo(0, 6);
		expect(Math.round((monTue - monMon) * 5)).toBeLessThan(66);
		expect((100 * (31 - 20)) / 500).toBeCloseTo(tueMon - monMon, 6);
		expect(answer).toContain(`p = ${signTest(31, 20).toFixed(2)}`);
		expect(traps[2]?.correction).toContain(`p = ${signTest(31, 20).toFixed(2)}`);
	});

	test("one-gpu-vs-eight: sequences per step, and a mean of means", async () => {
		const { exhibit, answer, follow_ups } = await question("one-gpu-vs-eight");
		const rows = [...(exhibit?.matchAll(/^[ABC] +(\d) +(\d) +(\d) /gm) ?? [])].map(([, ...parts]) => parts.map(Number));
		const perStep = rows.map((parts) => parts.reduce((product, part) => product * part, 1));
		expect(perStep).toEqual([64, 512, 64]);
		expect(answer).toContain("8 x 8 x 1 = 64 sequences");
		expect(answer).toContain(
			`give ${(900 * 2 + 100 * 4) / 1000} over tokens, but ${((2 + 4) / 2).toFixed(1)} as a mean`,
		);
		expect((3.12 - 3.05).toFixed(2)).toBe("0.07");
		expect(follow_ups[0]?.q).toContain("from 64 to 512");
		expect(follow_ups[0]?.a).toContain(`about ${Math.sqrt(512 / 64).toFixed(1)}`);
	});

	test("one-gpu-vs-eight: global denominators, averaged once more", async () => {
		const ranks = [
			{ loss: 12, tokens: 3 },
			{ loss: 5, tokens: 9 },
			{ loss: 8, tokens: 2 },
			{ loss: 1, tokens: 6 },
		];
		const tokens = sum(ranks.map((rank) => rank.tokens));
		const one = sum(ranks.map((rank) => rank.loss)) / tokens;
		const averaged = sum(ranks.map((rank) => rank.loss / tokens)) / ranks.length;
		expect(averaged / one).toBeCloseTo(1 / 4, 12);
		expect((await options("one-gpu-vs-eight")).right).toContain("at a quarter of the size");
	});

	test("loss-curve-reading: the loss of guessing, and the drop at the epoch's boundary", async () => {
		const { exhibit, answer, mcq } = await question("loss-curve-reading");
		const row = (step: string) =>
			exhibit
				?.match(new RegExp(`^${step} +([\\d.]+) +([\\d.]+)`, "m"))
				?.slice(1)
				.map(Number) ?? [];
		expect(row("0")).toEqual([Number(Math.log(32_000).toFixed(2)), Number(Math.log(32_000).toFixed(2))]);
		const [before = 0, after = 0] = [row("5,990")[0], row("6,010")[0]];
		expect(answer).toContain(`drops by ${(before - after).toFixed(2)} within ${6010 - 5990} steps`);
		expect(mcq.explanation).toContain(`ln 8 = ${Math.log(8).toFixed(4)}`);
		expect(mcq.stem).toContain(Math.log(8).toFixed(4));
	});

	test("padding-and-positions: positions of padded rows", async () => {
		const { mcq, follow_ups } = await question("padding-and-positions");
		const positions = (mask: number[]) => mask.map((_, index) => sum(mask.slice(0, index + 1)) - 1);
		expect(follow_ups[0]?.a).toContain(positions([0, 0, 1, 1, 1]).join(", "));
		const alone = positions([0, 0, 0, 0, 0, 0, 1, 1, 1]).slice(6);
		expect(alone).toEqual([0, 1, 2]);
		expect(mcq.options[0]?.text).toBe(`${alone.map((position) => position + 1).join(", ")} and 4`);
	});

	test("json-first-aid: the reply does not parse, and most of it can be repaired", async () => {
		const { exhibit = "" } = await question("json-first-aid");
		const record = exhibit.slice(exhibit.indexOf("{"), exhibit.indexOf("\n\nfinish"));
		expect(() => JSON.parse(record)).toThrow();
		const mended = record
			.replace("1,299.00", "1299.00")
			.replace('"5" shade', '"5\\" shade')
			.replace("True", "true")
			.replace(",]", "]");
		expect(() => JSON.parse(mended)).toThrow();
		expect(JSON.parse(`${mended}"]}`)).toMatchObject({ colors: ["black", "whi"] });
	});

	test("json-first-aid: the reply that a repair of prices changes", async () => {
		const { mcq } = await question("json-first-aid");
		const changed = mcq.options.filter(({ text }) => {
			const reply = text.slice(1, -1);
			return JSON.stringify(JSON.parse(reply)) !== JSON.stringify(JSON.parse(reply.replace(/(\d),(\d)/g, "$1$2")));
		});
		expect(changed).toEqual(mcq.options.filter(({ correct }) => correct));
		expect(mcq.options[2]?.why).toContain(`\`${"[50,6,7]".replace(/(\d),(\d)/g, "$1$2")}\``);
	});

	test("endless-repetition: what each change adds alone, and both together", async () => {
		const { stem, explanation } = (await question("endless-repetition")).mcq;
		const [neither = 0, greedy = 0, fourBit = 0, both = 0] = [...stem.matchAll(/: (\d+)/g)].map(([, n]) => Number(n));
		expect(explanation).toContain(
			`+${greedy - neither} and +${fourBit - neither} in 1,000, together +${both - neither}`,
		);
	});
});
