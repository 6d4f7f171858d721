import { describe, expect, test } from "vitest";
import { answerOf, expectOptions, first, percent, short, softmax, sum } from "./advanced-llm-arithmetic.ts";
import { question } from "./bank.ts";

function sigmoid(x: number): number {
	return 1 / (1 + Math.exp(-x));
}

describe("rlhf-vs-dpo", () => {
	const loss = (winner: number, loser: number) => -Math.log(sigmoid(0.1 * (winner - loser)));

	test("DPO loss at the start and at a margin of 0.5", async () => {
		const answer = await answerOf("rlhf-vs-dpo");
		expect(answer).toContain(`the margin is ${short(0.1 * (2 - -3), 3)}`);
		expect(answer).toContain(`the loss ${loss(2, -3).toFixed(3)} (${loss(0, 0).toFixed(3)} at the start)`);
	});

	test("two falling log-ratios can have the same loss", async () => {
		expect(loss(-4, -9)).toBeCloseTo(loss(2, -3), 12);
		expect(await answerOf("rlhf-vs-dpo")).toContain("-4 and -9 give the same loss");
	});
});

describe("distributed-training", () => {
	const weights = 2;
	const gradients = 2;
	const states = 12;
	const gigabytes = (bytesPerParameter: number) => short(7 * bytesPerParameter, 2);

	test("training state of 7B and its ZeRO stages on 8 GPUs", async () => {
		const answer = await answerOf("distributed-training");
		expect(answer).toContain(`7B model needs ${gigabytes(weights + gradients + states)} GB`);
		expect(answer).toContain(`${gigabytes(weights + gradients + states / 8)} GB per GPU`);
		expect(answer).toContain(`gradients: ${gigabytes(weights + (gradients + states) / 8)} GB`);
		expect(answer).toContain(`parameters: ${gigabytes((weights + gradients + states) / 8)} GB`);
	});

	test("pipeline bubbles", async () => {
		const bubble = (stages: number, microBatches: number) => (stages - 1) / (microBatches + stages - 1);
		expect(await answerOf("distributed-training")).toContain(
			`${percent(bubble(4, 4))} for p = 4, m = 4, and ${percent(bubble(4, 32))} for m = 32`,
		);
	});

	test("stage 1 of 13B on 16 GPUs", async () => {
		const perGpu = (whole: number, sharded: number) => `${Math.round(13 * (whole + sharded / 16))} GB`;
		await expectOptions(
			"distributed-training",
			[
				perGpu(0, weights + gradients + states),
				perGpu(weights + gradients, states),
				perGpu(weights, gradients + states),
				perGpu(weights, 0),
			],
			perGpu(weights + gradients, states),
		);
	});
});

describe("contrastive-sentence-embeddings", () => {
	test("share and loss of the positive at two temperatures", async () => {
		const share = (tau: number) => first(softmax([0.8, 0.6, 0.2].map((cosine) => cosine / tau)));
		const loss = (tau: number) => (-Math.log(share(tau))).toFixed(3);
		const answer = await answerOf("contrastive-sentence-embeddings");
		expect(answer).toContain(`${share(1).toFixed(2)} of the mass and a loss of ${loss(1)}`);
		expect(answer).toContain(`gives ${share(0.05).toFixed(2)} and ${loss(0.05)}`);
	});

	test("how hard the loss pushes on either negative, by a small change of its cosine", async () => {
		const record = await question("contrastive-sentence-embeddings");
		const cosines = [0.75, 0.7, 0.6];
		const loss = (values: number[], tau: number) => -Math.log(first(softmax(values.map((value) => value / tau))));
		const push = (index: number, tau: number) =>
			loss(
				cosines.map((value, i) => (i === index ? value + 1e-6 : value)),
				tau,
			) - loss(cosines, tau);
		const times = (value: number) => `${value.toFixed(1)} times`;
		expect(record.mcq.options.map(({ text }) => text)).toEqual([
			times(push(1, 0.05) / push(2, 0.05)),
			times(0.7 / 0.6),
			times((0.7 - 0.6) / 0.05),
			times(push(1, 1) / push(2, 1)),
		]);
		expect(record.mcq.options[0]?.correct).toBe(true);
	});
});

describe("scaling-laws", () => {
	/** Predicted loss with the refitted constants of Besiroglu et al. 2024; n and d in parameters and tokens. */
	const loss = (n: number, d: number) => 1.8172 + 482.01 / n ** 0.3478 + 2085.43 / d ** 0.3658;
	const training = (n: number, d: number) => 6 * n * d;

	test("FLOPs of Chinchilla and Gopher", async () => {
		const answer = await answerOf("scaling-laws");
		expect(answer).toContain(`(${(training(70e9, 1.4e12) / 1e23).toFixed(1)}e23 FLOPs)`);
		expect(answer).toContain(`(${(training(280e9, 300e9) / 1e23).toFixed(1)}e23)`);
	});

	test("size and tokens for a budget of 1e21 FLOPs", async () => {
		const n = Math.sqrt(1e21 / (6 * 20));
		expect(await answerOf("scaling-laws")).toContain(
			`N = ${(n / 1e9).toFixed(1)}B and D = ${Math.round((20 * n) / 1e9)}B tokens`,
		);
	});

	test("a smaller model on more tokens: equal loss, dearer training, cheaper serving", async () => {
		const big = 13e9;
		const bigTokens = 20 * big;
		const small = 8e9;
		const target = loss(big, bigTokens);
		let low = bigTokens;
		let high = 100 * bigTokens;
		for (let i = 0; i < 200; i += 1) {
			const middle = (low + high) / 2;
			if (loss(small, middle) > target) low = middle;
			else high = middle;
		}
		const extra = training(small, high) - training(big, bigTokens);
		const served = extra / (2 * (big - small));
		const answer = await answerOf("scaling-laws");
		expect(answer).toContain(`8B on ${Math.round(high / 1e9)}B tokens`);
		expect(answer).toContain(`13B on ${bigTokens / 1e9}B`);
		expect(answer).toContain(`costs ${percent(extra / training(big, bigTokens))} more`);
		expect(answer).toContain(`costs ${percent(1 - small / big)} less`);
		expect(answer).toContain(`about ${Math.round(served / 1e9)}B tokens`);
	});
});

describe("pretraining-data-dedup", () => {
	const caught = (jaccard: number, bands: number, rows: number) => 1 - (1 - jaccard ** rows) ** bands;

	test("Jaccard of a 100-word text after one changed word", async () => {
		const shingles = (words: readonly string[]) =>
			new Set(words.slice(4).map((_, start) => words.slice(start, start + 5).join(" ")));
		const words = Array.from({ length: 100 }, (_, i) => `w${i}`);
		const before = shingles(words);
		const after = shingles(words.with(50, "changed"));
		const common = [...before].filter((shingle) => after.has(shingle)).length;
		const union = new Set([...before, ...after]).size;
		const answer = await answerOf("pretraining-data-dedup");
		expect(answer).toContain(`${before.size - common} of its ${before.size} shingles change`);
		expect(answer).toContain(`J = ${common}/${union} = ${(common / union).toFixed(2)}`);
	});

	test("pairs caught by 14 bands of 8 rows", async () => {
		expect(await answerOf("pretraining-data-dedup")).toContain(
			`J = 0.5 gives ${percent(caught(0.5, 14, 8))}, 0.75 gives ${percent(caught(0.75, 14, 8))}, 0.85 gives ${percent(caught(0.85, 14, 8), 1)}`,
		);
	});

	test("pairs at Jaccard 0.6 caught by 10 bands of 5 rows", async () => {
		const band = 0.6 ** 5;
		await expectOptions(
			"pretraining-data-dedup",
			[0.6, 10 * band, caught(0.6, 10, 5), band].map((share) => percent(share)),
			percent(caught(0.6, 10, 5)),
		);
		const { explanation } = (await question("pretraining-data-dedup")).mcq;
		expect(explanation).toContain(`= ${((1 / 10) ** (1 / 5)).toFixed(2)} here`);
		expect(explanation).toContain(`at 0.4 it is ${percent(caught(0.4, 10, 5))}, at 0.8 ${percent(caught(0.8, 10, 5))}`);
	});
});

describe("continual-pretraining", () => {
	test("tokens and FLOPs of a run with 25% replay", async () => {
		const run = 10 / (1 - 0.25);
		const answer = await answerOf("continual-pretraining");
		expect(answer).toContain(`a run of ${run.toFixed(1)}B, ${(run * 0.25).toFixed(1)}B of it replay`);
		expect(answer).toContain(`about ${((6 * 8e9 * run * 1e9) / 1e20).toFixed(1)}e20 FLOPs`);
	});
});

describe("sft-data-mixture", () => {
	test("padding wasted against packing", async () => {
		const lengths = [1000, 400, 300, 200, 100];
		const waste = (slots: number) => percent(1 - sum(lengths) / slots);
		const answer = await answerOf("sft-data-mixture");
		expect(answer).toContain(`padded to 1,000 waste ${waste(lengths.length * 1000)}`);
		expect(waste(2 * 1000)).toBe("0%");
	});

	test("weight of long answers in a token-mean loss", async () => {
		expect(await answerOf("sft-data-mixture")).toContain(`by ${(100 * 950) / (100 * 50)} to 1`);
	});
});

describe("grpo-verifiable-rewards", () => {
	test("advantages in a group of four", async () => {
		const rewards = [1, 0, 0, 0];
		const mean = sum(rewards) / rewards.length;
		const deviation = Math.sqrt(sum(rewards.map((reward) => (reward - mean) ** 2)) / rewards.length);
		const answer = await answerOf("grpo-verifiable-rewards");
		expect(answer).toContain(`mean ${mean}, standard deviation ${deviation.toFixed(3)}`);
		expect(answer).toContain(
			`+${((1 - mean) / deviation).toFixed(2)} and each wrong one ${(-mean / deviation).toFixed(2)}`,
		);
	});

	test("groups of eight with both outcomes", async () => {
		const mixed = (p: number) => 1 - p ** 8 - (1 - p) ** 8;
		expect(await answerOf("grpo-verifiable-rewards")).toContain(
			`a mixed group in ${percent(mixed(0.5))} of cases, one solved 2% of the time in ${percent(mixed(0.02))}`,
		);
	});

	test("advantage of the rarer outcome", async () => {
		const wrong = (share: number) => -share / Math.sqrt(share * (1 - share));
		await expectOptions(
			"grpo-verifiable-rewards",
			[-0.8, wrong(0.2), wrong(0.8), wrong(0.5)].map((value) => value.toFixed(1)),
			wrong(0.8).toFixed(1),
		);
		const { explanation } = (await question("grpo-verifiable-rewards")).mcq;
		expect(explanation).toContain(`would get ${wrong(0.99).toFixed(1)}`);
		expect(8 * 0.5).toBeCloseTo(-2 * wrong(0.8), 12);
	});
});

describe("adamw-warmup-schedule", () => {
	test("first step without bias correction", async () => {
		const ratio = (1 - 0.9) / Math.sqrt(1 - 0.999);
		expect(await answerOf("adamw-warmup-schedule")).toContain(`= ${ratio.toFixed(2)} times too large`);
	});

	test("shrinkage by decoupled decay", async () => {
		expect(await answerOf("adamw-warmup-schedule")).toContain(`by ${percent(1e-3 * 0.1, 2)} per step`);
	});

	test("rate during warm-up and halfway down the cosine", async () => {
		const peak = 3e-4;
		const cosine = (progress: number) => 0.1 * peak + 0.45 * peak * (1 + Math.cos(Math.PI * progress));
		const answer = await answerOf("adamw-warmup-schedule");
		expect(answer).toContain(`the rate is ${(((peak * 500) / 2000) * 1e5).toFixed(1)}e-5`);
		expect(answer).toContain(`halfway it is ${(cosine(0.5) * 1e4).toFixed(2)}e-4`);
	});

	test("memory of the two moments", async () => {
		expect(await answerOf("adamw-warmup-schedule")).toContain(`${2 * 4} bytes per parameter, ${7 * 2 * 4} GB for 7B`);
	});
});
