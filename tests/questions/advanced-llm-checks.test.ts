import { describe, expect, test } from "vitest";
import { expectOptions, percent, short, sum } from "./advanced-llm-arithmetic.ts";
import { question } from "./bank.ts";

describe("other cases in quick checks", () => {
	test("AdamW and Adam with L2 on a weight without a gradient", async () => {
		const [rate, decay, b1, b2] = [3e-4, 0.1, 0.9, 0.95];
		let decoupled = 2;
		let penalized = 2;
		let m = 0;
		let v = 0;
		for (let step = 1; step <= 1000; step += 1) {
			decoupled -= rate * decay * decoupled;
			const gradient = decay * penalized;
			m = b1 * m + (1 - b1) * gradient;
			v = b2 * v + (1 - b2) * gradient ** 2;
			penalized -= (rate * (m / (1 - b1 ** step))) / Math.sqrt(v / (1 - b2 ** step));
		}
		const pair = (one: number, other: number) => `AdamW at ${one.toFixed(2)}, Adam with L2 at ${other.toFixed(2)}`;
		await expectOptions(
			"adamw-warmup-schedule",
			[pair(decoupled, decoupled), pair(decoupled, penalized), pair(penalized, decoupled), pair(penalized, penalized)],
			pair(decoupled, penalized),
		);
	});

	test("cache of windowed and global layers", async () => {
		const window = 8192 / 65_536;
		const mixed = 1 / 6 + (5 / 6) * window;
		await expectOptions(
			"context-window-limits",
			[window, 5 / 6 + window / 6, 1 / 6, mixed].map((share) => percent(share)),
			percent(mixed),
		);
		expect((await question("context-window-limits")).mcq.explanation).toContain(`${(1 / mixed).toFixed(1)} overall`);
	});

	test("FlashAttention on one long sequence instead of eight short ones", async () => {
		const long = 32_768;
		const cut = long / 8;
		const factor = (value: number) => (value === 1 ? "as before" : `${value} times`);
		const pair = (work: number, memory: number) => `Arithmetic ${factor(work)}, memory ${factor(memory)}`;
		const work = long ** 2 / (8 * cut ** 2);
		const rows = long / (8 * cut);
		const ofOne = (long / cut) ** 2;
		await expectOptions(
			"flashattention",
			[pair(work, rows), pair(work, work), pair(ofOne, long / cut), pair(ofOne, rows)],
			pair(work, rows),
		);
	});

	test("effective lengths against 85% of the short score", async () => {
		const longest = (short: number, scores: readonly (readonly [string, number])[]) =>
			scores.filter(([, score]) => score >= 0.85 * short).at(-1)?.[0];
		const x = longest(92, [
			["32k", 80],
			["64k", 77],
			["128k", 60],
		]);
		const y = longest(80, [
			["32k", 72],
			["64k", 67],
			["128k", 61],
		]);
		const right = (await question("long-context-evaluation")).mcq.options.find(({ correct }) => correct);
		expect(right?.text).toBe(`X ${x}, Y ${y}`);
		expect(right?.why).toContain(`X needs ${short(0.85 * 92, 1)}%`);
		expect(right?.why).toContain(`Y needs ${short(0.85 * 80, 1)}%`);
	});

	test("steps of a long prompt in chunks", async () => {
		const steps = (budget: number) => Math.ceil(32_768 / budget);
		const step = (budget: number) => (20 + 0.04 * budget) / 1000;
		const first = (budget: number) => steps(budget) * step(budget);
		const by = (seconds: number) => `By ${seconds.toFixed(2)} s`;
		await expectOptions(
			"pagedattention-continuous-batching",
			[
				by(first(1024) - first(8192)),
				by((1 - 1024 / 8192) * first(1024)),
				by(32_768 * 0.00004),
				by(step(8192) - step(1024)),
			],
			by(first(1024) - first(8192)),
		);
		const { options, explanation } = (await question("pagedattention-continuous-batching")).mcq;
		expect(options[0]?.why).toContain(`${steps(8192)} steps in place of ${steps(1024)}`);
		expect(options[0]?.why).toContain(`${first(1024).toFixed(2)} s become ${first(8192).toFixed(2)}`);
		expect(explanation).toContain(
			`after ${Math.round(1000 * step(8192))} ms instead of ${Math.round(1000 * step(1024))}`,
		);
	});

	test("batch from which 4-bit weights are bound by arithmetic", async () => {
		await expectOptions(
			"quantization-inference",
			[200, (200 * 4) / 16, (200 * 16) / 4, 200 / 2].map((batch) => `To a batch of ${batch}`),
			`To a batch of ${(200 * 4) / 16}`,
		);
	});

	test("DPO pushes hardest where the margin is smallest", async () => {
		const { options } = (await question("rlhf-vs-dpo")).mcq;
		const margins = options.map(({ text }) => {
			const [chosen = 0, rejected = 0] = text.match(/[+-]\d+/g)?.map(Number) ?? [];
			return chosen - rejected;
		});
		expect(margins).toEqual([2, 3, 4, -1]);
		const loss = (margin: number) => Math.log(1 + Math.exp(-0.1 * margin));
		const pushes = margins.map((margin) => loss(margin) - loss(margin + 1e-6));
		expect(options[pushes.indexOf(Math.max(...pushes))]?.correct).toBe(true);
	});

	test("four splits of sixteen times the compute", async () => {
		const { options } = (await question("scaling-laws")).mcq;
		const splits = options.map(({ text }) => {
			const [n = 1, d = 1] = text.match(/\d+(?= times)/g)?.map(Number) ?? [];
			return [n, d] as const;
		});
		expect(splits.map(([n, d]) => n * d)).toEqual([16, 16, 16, 16]);
		const ratios = splits.map(([n, d]) => (5 * d) / n);
		expect(options[ratios.indexOf(20)]?.correct).toBe(true);
		expect(options[0]?.why).toContain(`5 x 8 / 2 = ${ratios[0]} tokens per parameter`);
		expect(options[1]?.why).toContain(`16^0.73 = ${(16 ** 0.73).toFixed(1)}, and ends at ${ratios[1]} tokens`);
		expect(options[2]?.why).toContain(`at ${ratios[2]} tokens per parameter`);
		expect(options[3]?.why).toContain(`at ${ratios[3]?.toFixed(1)} tokens per parameter`);
	});

	test("acceptance of a draft over three tokens", async () => {
		const target = [0.5, 0.3, 0.2];
		const draft = [0.2, 0.5, 0.3];
		const accepted = sum(target.map((p, i) => Math.min(p, draft[i] ?? 0)));
		const agreeing = sum(target.map((p, i) => p * (draft[i] ?? 0)));
		await expectOptions(
			"speculative-decoding",
			[agreeing, 0.3 / 0.5, 0.5, accepted].map((share) => percent(share)),
			percent(accepted),
		);
	});

	test("a vote among three answers, and coverage of two samples", async () => {
		const { options } = (await question("test-time-compute")).mcq;
		expect(Math.max(0.4, 0.35, 0.25)).toBe(0.4);
		expect(options.find(({ correct }) => correct)?.text).toBe("In nearly 100% of cases");
		expect(options[3]?.text).toContain(`about ${percent(1 - 0.6 ** 2)}`);
	});
});
