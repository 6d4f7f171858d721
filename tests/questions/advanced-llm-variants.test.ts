import { describe, expect, test } from "vitest";
import { optionsOf, percent, rightOf } from "./advanced-llm-methods-arithmetic.ts";
import { question } from "./bank.ts";
import { at, grouped, sum } from "./options.ts";

describe("diffusion-language-models", () => {
	test("tokens per pass and token passes", async () => {
		const { answer } = await question("diffusion-language-models");
		expect(answer).toContain(`256 tokens in 64 passes are ${256 / 64} tokens a pass`);
		expect(answer).toContain(`64 x 256 = ${grouped(64 * 256)} token passes`);
	});

	test("two masks of one pass are independent", async () => {
		const record = await question("diffusion-language-models");
		const fits = 0.6 ** 2 + 0.4 ** 2;
		expect(optionsOf(record)).toEqual([1 - 0.6 * 0.4, 0.6, fits, 1].map((x) => percent(x)));
		expect(rightOf(record)).toBe(percent(fits));
	});
});

describe("multi-token-prediction", () => {
	const tokens = (rates: readonly number[]) =>
		rates.reduce((state, rate) => ({ chain: state.chain * rate, total: state.total + state.chain * rate }), {
			chain: 1,
			total: 1,
		}).total;

	test("tokens per pass of one and of three heads", async () => {
		const { answer } = await question("multi-token-prediction");
		const one = tokens([0.85]);
		expect(answer).toContain(`One head at 0.85 gives ${one.toFixed(2)}`);
		expect(answer).toContain(
			`1 + 0.85 + ${(0.85 * 0.7).toFixed(3)} + ${(0.85 * 0.7 * 0.55).toFixed(3)} = ${tokens([0.85, 0.7, 0.55]).toFixed(2)}`,
		);
		expect(answer).toContain(`${one.toFixed(2)} becomes ${(one / 1.05).toFixed(2)}`);
	});

	test("speedup of three heads at a more expensive pass", async () => {
		const record = await question("multi-token-prediction");
		const all = tokens([0.8, 0.6, 0.5]);
		const values = [all, all / 1.2, (1 + 0.8 + 0.6 + 0.5) / 1.2, (all - 1) / 1.2];
		expect(optionsOf(record)).toEqual(values.map((x) => x.toFixed(2)));
		expect(rightOf(record)).toBe((all / 1.2).toFixed(2));
		expect(record.mcq.explanation).toContain(`adds ${(0.8 * 0.6 * 0.5).toFixed(2)} tokens`);
		const without = tokens([0.8, 0.6]);
		expect(without / (1.2 - 0.12)).toBeGreaterThan(all / 1.2);
		expect(without / (1.2 - 0.11)).toBeLessThan(all / 1.2);
	});
});

describe("muon-vs-adamw", () => {
	const squaredShare = (values: readonly number[], index: number) =>
		at(values, index) ** 2 / sum(values.map((x) => x ** 2));

	test("five Newton-Schulz steps bring three singular values together", async () => {
		const { answer } = await question("muon-vs-adamw");
		const values = [10, 1, 0.1];
		const norm = Math.sqrt(sum(values.map((x) => x ** 2)));
		const after = values.map((value) => {
			let x = value / norm;
			for (let i = 0; i < 5; i += 1) x = 3.4445 * x - 4.775 * x ** 3 + 2.0315 * x ** 5;
			return x.toFixed(2);
		});
		expect(answer).toContain(`Those 10, 1, 0.1 become ${after.join(", ")}`);
		expect(answer).toContain(`has ${percent(squaredShare(values, 2), 2)} of the squared norm`);
		expect(answer).toContain(`that is ${percent((5 * 4096) / 4e6, 1)}`);
		expect(answer).toContain(`${7 * 4} instead of ${7 * 8} GB`);
	});

	test("share of the weakest direction", async () => {
		const record = await question("muon-vs-adamw");
		const values = [8, 2, 0.5];
		const share = (power: number) =>
			squaredShare(
				values.map((x) => x ** power),
				2,
			);
		expect(optionsOf(record)).toEqual([
			percent(share(0)),
			percent(share(1), 1),
			percent(share(0.5)),
			percent(share(-1)),
		]);
		expect(rightOf(record)).toBe(percent(1 / 3));
	});
});

describe("model-merging", () => {
	test("gains of each merge", async () => {
		const { exhibit, answer } = await question("model-merging");
		const row = (start: string) => {
			const line = exhibit?.split("\n").find((text) => text.includes(start)) ?? "";
			return line.match(/\d+(?= {3}|$)/g)?.map(Number) ?? [];
		};
		const base = row("base   ");
		const tuned = ["A = ", "B = ", "C = "].map((start, skill) => at(row(start), skill) - at(base, skill));
		const gains = (start: string) => row(start).map((score, skill) => score - at(base, skill));
		const [math, code, chat] = gains("mean of A, B, C");
		expect(answer).toContain(
			`math ${math} of ${at(tuned, 0)} points, code ${code} of ${at(tuned, 1)}, chat ${chat} of ${at(tuned, 2)}`,
		);
		const full = gains("three changes");
		expect(answer).toContain(full.map((gain, skill) => `${gain} of ${at(tuned, skill)}`).join(", "));
		const [first, second, third] = gains("0.6 x");
		expect(answer).toContain(`Sum with 0.6: ${first}, ${second} and ${third} points`);
	});

	test("TIES on three and on four changes", async () => {
		const ties = (changes: readonly number[], least: number) => {
			const kept = changes.filter((change) => Math.abs(change) >= least);
			const winners = kept.filter((change) => Math.sign(change) === Math.sign(sum(kept)));
			return sum(winners) / winners.length;
		};
		const { answer, mcq } = await question("model-merging");
		expect(answer).toContain(
			`have a mean of ${((0.4 - 0.3 + 0.1) / 3).toFixed(2)}, TIES gives ${ties([0.4, -0.3, 0.1], 0)}`,
		);
		const changes = [0.6, -0.5, -0.4, 0.1];
		expect(rightOf(await question("model-merging"))).toBe(ties(changes, 0.2).toFixed(2));
		expect(mcq.explanation).toContain((sum(changes) / 4).toFixed(2));
		expect((0.6 - 0.5 - 0.4) / 3).toBeCloseTo(-0.1, 12);
	});
});

describe("data-order-annealing", () => {
	test("interval of the test, shares of math and repeats", async () => {
		const { answer } = await question("data-order-annealing");
		expect(answer).toContain(`interval of ${(196 * Math.sqrt((0.3 * 0.7) / 1319)).toFixed(1)} points`);
		expect(answer).toContain(`${percent(20 / 100)} of the last 100B instead of ${percent(20 / 1000)} throughout`);
		expect(answer).toContain(`falls by ${(2.31 - 2.2).toFixed(2)}`);
		expect(answer).toContain(`5B tokens at 20% of 100B are ${(100 * 0.2) / 5} epochs`);
	});

	test("repeats of 8B tokens of code", async () => {
		const record = await question("data-order-annealing");
		const decay = 2000 * 0.05;
		const times = [decay / 8, (decay * 0.3) / 8, (2000 * 0.3) / 8, 8 / (decay * 0.3)];
		expect(optionsOf(record)).toEqual(times.map((x) => `${x.toFixed(1)} times`));
		expect(rightOf(record)).toBe(`${((decay * 0.3) / 8).toFixed(1)} times`);
	});
});

describe("unlearning-and-editing", () => {
	test("what A and B have removed", async () => {
		const { exhibit, answer } = await question("unlearning-and-editing");
		const row = (start: string) =>
			exhibit
				?.split("\n")
				.find((line) => line.startsWith(start))
				?.match(/\d+(?=%)/g)
				?.map(Number) ?? [];
		const [before, a, b, retrained] = [0, 1, 2, 3];
		const asked = row("book, test");
		const paraphrased = row("book, para");
		expect(answer).toContain(
			`removed ${at(paraphrased, before) - at(paraphrased, a)} of ${at(paraphrased, before) - at(paraphrased, retrained)} points, a third`,
		);
		expect(answer).toContain(
			`${at(asked, before) - at(asked, b)} of ${at(asked, before) - at(asked, retrained)} points removed on the questions`,
		);
		for (const line of [asked, paraphrased, row("book, after")]) expect(at(line, b) - at(line, retrained)).toBe(3);
		const other = row("other");
		expect(answer).toContain(`${at(other, before) - at(other, b)} points of other knowledge`);
	});

	test("share removed against a retrained model", async () => {
		const record = await question("unlearning-and-editing");
		const shares = [35 / 80, 5 / 40, 35 / 40, 45 / 80];
		expect(optionsOf(record)).toEqual(shares.map((x) => `${Math.round(100 * x)}%`));
		expect(rightOf(record)).toBe(`${Math.round((100 * 35) / 40)}%`);
	});
});

describe("interpretability-methods", () => {
	test("what patching restores", async () => {
		const { answer } = await question("interpretability-methods");
		expect(answer).toContain(`that is ${percent((2 - -1) / (3 - -1))}`);
	});
});
