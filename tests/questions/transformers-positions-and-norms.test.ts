import { describe, expect, test } from "vitest";
import { question } from "./bank.ts";
import {
	answer,
	fixed,
	mean,
	optionTexts,
	range,
	rightOption,
	softmax,
	sum,
	thousands,
	type Vector,
} from "./transformers-arithmetic.ts";

type Matrix = readonly Vector[];
const dot = (a: Vector, b: Vector) => sum(a.map((value, index) => value * (b[index] ?? 0)));
const row = (matrix: Matrix, index: number): Vector => matrix[index] ?? [];

/** Each row of X times W, a matrix given by its columns. */
const project = (x: Matrix, columns: Matrix) => x.map((vector) => columns.map((column) => dot(vector, column)));

const scores = (queries: Matrix, keys: Matrix) => queries.map((query) => keys.map((key) => dot(query, key)));

/** Unmasked single-head attention, one output vector per position. */
function attention(x: Matrix, query: Matrix, key: Matrix, value: Matrix): number[][] {
	const values = project(x, value);
	return scores(project(x, query), project(x, key)).map((line) => {
		const weights = softmax(line.map((score) => score / Math.sqrt(query.length)));
		return range(value.length).map((column) =>
			sum(weights.map((weight, at) => weight * (row(values, at)[column] ?? 0))),
		);
	});
}

const DOG = [0.2, -1, 0.5];
const BITES = [1.1, 0.3, -0.4];
const MAN = [-0.7, 0.8, 0.9];
const W_QUERY = [
	[0.3, -0.2, 0.7],
	[0.9, 0.1, -0.5],
];
const W_KEY = [
	[-0.6, 0.4, 0.2],
	[0.5, 0.8, -0.1],
];
const W_VALUE = [
	[0.1, 0.9, -0.3],
	[0.7, -0.4, 0.6],
];

describe("positional-encoding", () => {
	test("attention without mask or positions is equivariant, so pooled vectors are equal", async () => {
		const one = attention([DOG, BITES, MAN], W_QUERY, W_KEY, W_VALUE);
		const other = attention([MAN, BITES, DOG], W_QUERY, W_KEY, W_VALUE);
		const pooled = (rows: Matrix) => range(2).map((column) => mean(rows.map((vector) => vector[column] ?? 0)));
		for (const column of range(2)) {
			expect(row(one, 0)[column]).toBeCloseTo(row(other, 2)[column] ?? Number.NaN, 12);
			expect(pooled(one)[column]).toBeCloseTo(pooled(other)[column] ?? Number.NaN, 12);
		}
		expect(Math.abs((row(one, 0)[0] ?? 0) - (row(other, 0)[0] ?? 0))).toBeGreaterThan(0.01);
		expect(await answer("positional-encoding")).toContain("get the same pooled vector");
	});

	test("ALiBi's factor at slope 1/2 and distance 10", async () => {
		const penalty = 0.5 * 10;
		expect(await answer("positional-encoding")).toContain(
			`loses ${penalty} logits, so its weight is multiplied by e^-${penalty} = ${Math.exp(-penalty).toFixed(4)}`,
		);
	});

	test("ALiBi weights at distances 4 and 12, and the slips", async () => {
		const gap = (12 - 4) / 4;
		const values = [12 / 4, Math.exp(gap), gap, (12 / 4) ** (1 / 4)];
		expect(await optionTexts("positional-encoding")).toEqual(values.map((value) => `${value.toFixed(1)} times`));
		expect(await rightOption("positional-encoding")).toBe(`${Math.exp(gap).toFixed(1)} times`);
	});

	test("a rotated dot product depends on the offset alone", async () => {
		const turned = (position: number) => [Math.cos(0.5 * position), Math.sin(0.5 * position)];
		const near = dot(turned(2), turned(5));
		const far = dot(turned(102), turned(105));
		expect(far).toBeCloseTo(near, 12);
		expect(await answer("positional-encoding")).toContain(
			`positions 2 and 5 give cos(${0.5 * (5 - 2)}) = ${near.toFixed(4)}, and so do 102 and 105`,
		);
	});
});

describe("rope-mechanics", () => {
	const period = (base: number, size: number, pair: number) => 2 * Math.PI * base ** ((2 * pair) / size);

	test("period of the slowest pair at two bases", async () => {
		const text = await answer("rope-mechanics");
		expect(text).toContain(`needs ${thousands(Math.round(period(10_000, 128, 63)))} tokens for one turn`);
		expect(text).toContain(`with base 500,000 about ${(period(500_000, 128, 63) / 1e6).toFixed(2)} million`);
	});

	test("pairs that complete a turn within 4,096 tokens", async () => {
		const complete = range(64).filter((pair) => period(10_000, 128, pair) <= 4096).length;
		const text = await answer("rope-mechanics");
		expect(text).toContain(`in 4,096 tokens, ${complete} of the 64 pairs`);
		expect(text).toContain(`The other ${64 - complete} have covered part of the circle`);
	});

	test("YaRN keeps a pair of 100 turns and stretches one of a fifth of a turn", async () => {
		const stretched = (turn: number) => {
			const turns = 2048 / turn;
			const kept = Math.min(1, Math.max(0, (turns - 1) / (32 - 1)));
			return 1 / (kept / turn + (1 - kept) / (4 * turn));
		};
		expect(await rightOption("rope-mechanics")).toBe(`${stretched(20)} and ${thousands(stretched(10_000))}`);
		expect(Math.round(2048 / 20 / 10)).toBe(10);
		expect(2048 / 10_000).toBeCloseTo(1 / 5, 1);
	});

	test("the NTK-aware base for a stretch by 8, and what it does to the ends", async () => {
		const base = 10_000 * 8 ** (128 / 126);
		expect(period(base, 128, 63) / period(10_000, 128, 63)).toBeCloseTo(8, 9);
		expect(period(base, 128, 0)).toBe(period(10_000, 128, 0));
		expect(await answer("rope-mechanics")).toContain(`here ${thousands(Math.round(base))}`);
	});

	test("position interpolation maps 32,000 to 4,000", async () => {
		expect(await answer("rope-mechanics")).toContain(`so 32,000 acts like ${thousands(32_000 / (32_768 / 4096))}`);
	});

	test("bf16 is exact for integers up to 256", async () => {
		const significantBits = 8;
		expect((await question("rope-mechanics")).follow_ups[1]?.a).toContain(
			`integers above ${2 ** significantBits} are no longer exact`,
		);
	});
});

describe("norm-placement-rmsnorm", () => {
	const x = [1, 2, 3, 4];
	const rms = (values: Vector) => Math.sqrt(mean(values.map((value) => value ** 2)));
	const rmsNorm = (values: Vector) => values.map((value) => value / rms(values));
	const layerNorm = (values: Vector) => {
		const centered = values.map((value) => value - mean(values));
		return centered.map((value) => value / rms(centered));
	};

	test("the two norms of (1, 2, 3, 4)", async () => {
		expect(await answer("norm-placement-rmsnorm")).toContain(
			`LayerNorm gives (${fixed(layerNorm(x), 3)}), RMSNorm (${fixed(rmsNorm(x), 3)})`,
		);
	});

	test("adding 10 leaves LayerNorm alone and changes RMSNorm", async () => {
		const shifted = x.map((value) => value + 10);
		expect(fixed(layerNorm(shifted), 9)).toBe(fixed(layerNorm(x), 9));
		expect(await answer("norm-placement-rmsnorm")).toContain(`RMSNorm's becomes (${fixed(rmsNorm(shifted), 3)})`);
	});

	test("a vector of +c and -c comes out alike, a constant one as zeros and ones", async () => {
		const even = [3, -3, -3, 3];
		expect(rmsNorm(even)).toEqual([1, -1, -1, 1]);
		expect(layerNorm(even)).toEqual([1, -1, -1, 1]);
		expect(await rightOption("norm-placement-rmsnorm")).toBe("LayerNorm ±1, RMSNorm ±1");
		const flat = [3, 3, 3, 3];
		expect(rmsNorm(flat)).toEqual([1, 1, 1, 1]);
		expect(flat.map((value) => value - mean(flat))).toEqual([0, 0, 0, 0]);
	});

	test("scaling leaves the outputs of both alone", () => {
		const scaled = x.map((value) => 7 * value);
		expect(fixed(rmsNorm(scaled), 9)).toBe(fixed(rmsNorm(x), 9));
		expect(fixed(layerNorm(scaled), 9)).toBe(fixed(layerNorm(x), 9));
	});

	test("the square of 256 exceeds fp16's largest value", async () => {
		const largest = (2 - 2 ** -10) * 2 ** 15;
		const entry = Math.ceil(Math.sqrt(largest));
		expect(await answer("norm-placement-rmsnorm")).toContain(`exceeds ${entry} or so`);
	});
});
