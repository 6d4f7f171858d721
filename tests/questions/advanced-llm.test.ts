import { describe, expect, test } from "vitest";
import { question } from "./bank.ts";

const GIB = 2 ** 30;
const KIB = 2 ** 10;
const MIB = 2 ** 20;

/** Rounded text of a number, with its trailing zeros removed. */
function short(value: number, digits: number): string {
	return String(Number(value.toFixed(digits)));
}

function percent(share: number, digits = 0): string {
	return `${(100 * share).toFixed(digits)}%`;
}

function sum(values: readonly number[]): number {
	return values.reduce((total, value) => total + value, 0);
}

function softmax(scores: readonly number[]): number[] {
	const exponentials = scores.map((score) => Math.exp(score));
	return exponentials.map((value) => value / sum(exponentials));
}

function first(values: readonly number[]): number {
	const value = values[0];
	if (value === undefined) throw new Error("an empty list");
	return value;
}

function sigmoid(x: number): number {
	return 1 / (1 + Math.exp(-x));
}

function choose(n: number, k: number): number {
	let result = 1;
	for (let i = 1; i <= k; i += 1) result = (result * (n - k + i)) / i;
	return result;
}

/** Bytes of the KV cache for one token. */
function cacheBytes(layers: number, heads: number, dimension: number, bytes: number): number {
	return 2 * layers * heads * dimension * bytes;
}

/** Expects the texts of the four options of a quick check in their order, and the right one among them. */
async function expectOptions(id: string, texts: readonly string[], right: string): Promise<void> {
	const { options } = (await question(id)).mcq;
	expect(options.map(({ text }) => text)).toEqual(texts);
	expect(options.find(({ correct }) => correct)?.text).toBe(right);
}

async function answerOf(id: string): Promise<string> {
	return (await question(id)).answer;
}

describe("flashattention", () => {
	test("scores of one layer at 8,192 tokens and 32 heads in bf16", async () => {
		expect(await answerOf("flashattention")).toContain(`${(8192 ** 2 * 32 * 2) / GIB} GiB in bf16`);
	});

	test("one fp32 statistic per row and head", async () => {
		expect(await answerOf("flashattention")).toContain(`${(8192 * 4) / KIB} KiB per head`);
	});

	test("the online softmax reaches the sum over the whole row", async () => {
		const tile = Math.exp(1 - 3) + Math.exp(3 - 3);
		const factor = Math.exp(3 - 5);
		const running = tile * factor + Math.exp(5 - 5);
		expect(running).toBeCloseTo(sum([1, 3, 5].map((score) => Math.exp(score - 5))), 12);
		const answer = await answerOf("flashattention");
		expect(answer).toContain(`l = ${tile.toFixed(3)}`);
		expect(answer).toContain(`by ${factor.toFixed(3)}`);
		expect(answer).toContain(`l = ${running.toFixed(3)}`);
	});

	test("the paper's traffic ratio", async () => {
		expect(await answerOf("flashattention")).toContain(`from 40.3 to 4.4 GB, about ${Math.round(40.3 / 4.4)}x`);
	});
});

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

describe("mixture-of-experts", () => {
	const layers = 32;
	const expert = 3 * 4096 * 14_336;
	const attention = layers * (2 * 4096 * 4096 + 2 * 4096 * 1024);
	const rest = attention + 2 * 32_000 * 4096 + layers * 4096 * 8;
	const total = layers * 8 * expert + rest;
	const active = layers * 2 * expert + rest;
	const billions = (count: number) => `${(count / 1e9).toFixed(1)}B`;

	test("Mixtral's parameters, total and active", async () => {
		const answer = await answerOf("mixture-of-experts");
		expect(answer).toContain(`= ${Math.round(expert / 1e6)}M weights`);
		expect(answer).toContain(`experts give ${billions(layers * 8 * expert)}`);
		expect(answer).toContain(`${billions(total)} in total, ${billions(active)} active`);
	});

	test("its weights in bf16", async () => {
		expect(await answerOf("mixture-of-experts")).toContain(`${Math.round((2 * total) / 1e9)} GB in bf16`);
	});

	test("experts that a batch of 8 tokens touches", async () => {
		const touched = 8 * (1 - (1 - 2 / 8) ** 8);
		expect(await answerOf("mixture-of-experts")).toContain(`${touched.toFixed(1)} of 8`);
	});

	test("parameters that a token uses, with 2 of 16 experts", async () => {
		await expectOptions(
			"mixture-of-experts",
			[36, (36 * 2) / 16, 4 + 32 / 16, 4 + (32 * 2) / 16].map((count) => `${count.toFixed(1)}B`),
			`${(4 + (32 * 2) / 16).toFixed(1)}B`,
		);
		expect((await question("mixture-of-experts")).mcq.explanation).toContain(`${36 * 2} GB in bf16`);
	});
});

describe("context-window-limits", () => {
	test("KV cache per token and for 131,072 tokens", async () => {
		const perToken = cacheBytes(32, 8, 128, 2);
		const answer = await answerOf("context-window-limits");
		expect(answer).toContain(`${perToken / KIB} KiB of cache per token`);
		expect(answer).toContain(`${(perToken * 131_072) / GIB} GiB`);
	});

	test("query-key pairs saved by a sliding window", async () => {
		let full = 0;
		let windowed = 0;
		for (let position = 1; position <= 32_768; position += 1) {
			full += position;
			windowed += Math.min(position, 4096);
		}
		expect(await answerOf("context-window-limits")).toContain(`computes ${(full / windowed).toFixed(1)}x fewer`);
	});

	test("the factor of position interpolation", async () => {
		expect(await answerOf("context-window-limits")).toContain(`8k to 32k divides positions by ${32 / 8}`);
	});
});

describe("scaled-dot-product-attention", () => {
	const raw = softmax([16, 8, 0]);
	const scaled = softmax([16, 8, 0].map((score) => score / Math.sqrt(64)));

	test("softmax before and after scaling", async () => {
		const answer = await answerOf("scaled-dot-product-attention");
		expect(answer).toContain(`[${raw.map((weight) => weight.toFixed(4)).join(", ")}]`);
		expect(answer).toContain(`[${scaled.map((weight) => weight.toFixed(3)).join(", ")}]`);
	});

	test("the diagonal of the Jacobian", async () => {
		const slope = (p: number) => p * (1 - p);
		expect(await answerOf("scaled-dot-product-attention")).toContain(
			`p(1 - p) is ${slope(first(raw)).toFixed(4)} in the first case and ${slope(first(scaled)).toFixed(3)}`,
		);
	});

	test("standard deviation of scores for components of variance 1 and 1/4", async () => {
		expect(await answerOf("scaled-dot-product-attention")).toContain(`standard deviation ${Math.sqrt(64)}.`);
		const variance = 64 * (1 / 4) ** 2;
		await expectOptions(
			"scaled-dot-product-attention",
			[Math.sqrt(64), 64 / 4, Math.sqrt(variance), variance].map((value) => value.toFixed(1)),
			Math.sqrt(variance).toFixed(1),
		);
		const { mcq } = await question("scaled-dot-product-attention");
		expect(mcq.explanation).toContain(`shrink the scores to ${Math.sqrt(variance / 64)}`);
	});

	test("FLOPs of one head", async () => {
		const flops = 2 * 4096 * 4096 * (128 + 128);
		expect(await answerOf("scaled-dot-product-attention")).toContain(`${(flops / 1e9).toFixed(1)} GFLOPs`);
	});
});

describe("quantization-inference", () => {
	const bits = 4 + (16 + 4) / 128;

	test("size of 8B weights in bf16 and in 4-bit groups", async () => {
		const answer = await answerOf("quantization-inference");
		expect(answer).toContain(`8B weights take ${(8 * 16) / 8} GB in bf16`);
		expect(answer).toContain(`${bits.toFixed(2)} bits each, ${((8 * bits) / 8).toFixed(2)} GB`);
	});

	test("token rates that 1 TB/s allows", async () => {
		const rate = (gigabytes: number) => 1000 / gigabytes;
		expect(await answerOf("quantization-inference")).toContain(
			`${short(rate(16), 1)} and ${Math.round(rate((8 * bits) / 8))} tokens/s`,
		);
	});

	test("an outlier sets the INT8 step", async () => {
		const values = [0.1, -0.2, 0.3, 60];
		const step = Math.max(...values.map(Math.abs)) / 127;
		const rounded = values.map((value) => Math.abs(Math.round(value / step)));
		expect(rounded.slice(0, 3)).toEqual([0, 0, 1]);
		const answer = await answerOf("quantization-inference");
		expect(answer).toContain(`a step of ${step.toFixed(2)} and rounds the first two to 0`);
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

describe("test-time-compute", () => {
	const vote = (p: number) => sum([3, 4, 5].map((wins) => choose(5, wins) * p ** wins * (1 - p) ** (5 - wins)));

	test("coverage of ten samples", async () => {
		expect(await answerOf("test-time-compute")).toContain(`p = 0.2 and n = 10 that is ${percent(1 - 0.8 ** 10)}`);
	});

	test("majority of five, above and below one half", async () => {
		expect(await answerOf("test-time-compute")).toContain(
			`p = 0.6 rises to ${vote(0.6).toFixed(2)}, but p = 0.4 falls to ${vote(0.4).toFixed(2)}`,
		);
	});

	test("precision of an imperfect verifier", async () => {
		const precision = (p: number) => percent((0.9 * p) / (0.9 * p + 0.1 * (1 - p)));
		expect(await answerOf("test-time-compute")).toContain(
			`right in ${precision(0.2)} of cases at p = 0.2, but ${precision(0.02)} at p = 0.02`,
		);
	});
});

describe("speculative-decoding", () => {
	test("accept-or-resample reproduces the target distribution", async () => {
		const p = [0.7, 0.3];
		const q = [0.4, 0.6];
		const kept = q.map((draft, i) => Math.min(draft, p[i] ?? 0));
		const accepted = sum(kept);
		const residual = p.map((target, i) => Math.max(0, target - (q[i] ?? 0)));
		const output = kept.map((share, i) => share + ((1 - accepted) * (residual[i] ?? 0)) / sum(residual));
		output.forEach((share, i) => {
			expect(share).toBeCloseTo(p[i] ?? 0, 12);
		});
		const answer = await answerOf("speculative-decoding");
		expect(answer).toContain(`sum of min(p, q) = ${short(accepted, 3)}`);
		expect(answer).toContain(`P(first) = ${first(kept)} + ${short(1 - accepted, 3)} = ${short(first(output), 3)}`);
	});

	test("tokens per pass and speedup", async () => {
		const tokens = (alpha: number) => (1 - alpha ** 5) / (1 - alpha);
		const cost = 4 * 0.05 + 1;
		const answer = await answerOf("speculative-decoding");
		expect(answer).toContain(`gives ${tokens(0.8).toFixed(2)}; alpha = 0.5 gives ${tokens(0.5).toFixed(2)}`);
		expect(answer).toContain(
			`= ${short(cost, 2)}: speedups of ${(tokens(0.8) / cost).toFixed(2)} and ${(tokens(0.5) / cost).toFixed(2)}`,
		);
		expect(sum([0, 1, 2, 3, 4].map((i) => 0.8 ** i))).toBeCloseTo(tokens(0.8), 12);
	});
});

describe("pagedattention-continuous-batching", () => {
	const perToken = 128 * KIB;

	test("a request of 500 tokens, reserved whole and paged", async () => {
		const blocks = Math.ceil(500 / 16);
		const answer = await answerOf("pagedattention-continuous-batching");
		expect(perToken).toBe(cacheBytes(32, 8, 128, 2));
		expect(answer).toContain(`would hold ${(4096 * perToken) / MIB} MiB`);
		expect(answer).toContain(
			`${blocks} blocks, ${(500 * perToken) / MIB} of ${(blocks * 16 * perToken) / MIB} MiB used`,
		);
	});

	test("slots busy in a static batch", async () => {
		const lengths = [100, 100, 100, 1000];
		const busy = sum(lengths) / (lengths.length * Math.max(...lengths));
		expect(await answerOf("pagedattention-continuous-batching")).toContain(
			`keep ${percent(busy, 1)} of the slots busy`,
		);
	});
});

describe("state-space-models", () => {
	test("decay for a small and a large step", async () => {
		const kept = (delta: number, steps = 1) => percent(Math.exp(-delta) ** steps);
		const answer = await answerOf("state-space-models");
		expect(answer).toContain(`keeps ${kept(0.01)} of the state (${kept(0.01, 100)} after 100 such steps)`);
		expect(answer).toContain(`Delta = 3 keeps ${kept(3)}`);
	});

	test("state of a layer in tokens of KV cache", async () => {
		const state = 8192 * 16;
		const perToken = cacheBytes(1, 8, 128, 1);
		const answer = await answerOf("state-space-models");
		expect(answer).toContain(`${state.toLocaleString("en-US")} numbers, as much as ${state / perToken} tokens`);
		expect(answer).toContain(`(${perToken.toLocaleString("en-US")} numbers per token)`);
		const times = (128 * KIB * perToken) / state;
		const thousands = Math.round(times / 1000) * 1000;
		expect(answer).toContain(`at 128k tokens about ${thousands.toLocaleString("en-US")} times`);
	});

	test("what a hybrid holds for a user, as a share of the full cache", async () => {
		const { mcq } = await question("state-space-models");
		const [length, perToken] = [32_768, cacheBytes(1, 8, 128, 1)];
		const full = 48 * perToken * length;
		const attention = 6 * perToken * length;
		const states = 42 * 131_072;
		expect(mcq.options.map(({ text }) => text)).toEqual([
			`About ${percent(states / full, 1)}`,
			`About ${percent((2 * attention + states) / full)}`,
			`About ${percent((attention + states) / full)}`,
			"About 100%",
		]);
		expect(mcq.options[3]?.why).toContain(`as large as ${131_072 / perToken} tokens`);
		expect(mcq.explanation).toContain(`= ${(full / 1e9).toFixed(1)} billion numbers`);
		expect(mcq.explanation).toContain(`= ${Math.round(attention / 1e6)} million, and 42 x 131,072`);
		expect(mcq.explanation).toContain(`= ${(states / 1e6).toFixed(1)} million for the states`);
	});
});

describe("long-context-evaluation", () => {
	/** 95% Wilson interval of a share. */
	function wilson(right: number, n: number): [number, number] {
		const z = 1.959964;
		const p = right / n;
		const scale = 1 + z ** 2 / n;
		const center = (p + z ** 2 / (2 * n)) / scale;
		const half = (z * Math.sqrt((p * (1 - p)) / n + z ** 2 / (4 * n ** 2))) / scale;
		return [center - half, center + half];
	}

	test("intervals of 9 in 10 and of 90 in 100", async () => {
		const [low, high] = wilson(9, 10);
		const [lower, upper] = wilson(90, 100);
		const answer = await answerOf("long-context-evaluation");
		expect(answer).toContain(`from ${percent(low)} to ${percent(high)}`);
		expect(answer).toContain(`to ${Math.round(100 * lower)}-${percent(upper)}`);
	});

	test("the threshold of the effective length", async () => {
		const answer = await answerOf("long-context-evaluation");
		const [share = "", best = "", result = "", held = "", lost = ""] =
			/(0\.\d+) x ([\d.]+) = ([\d.]+), which GPT-4o still held at 8k \(([\d.]+)\) but not at 16k \(([\d.]+)\)/
				.exec(answer)
				?.slice(1) ?? [];
		const threshold = Number(share) * Number(best);
		expect(answer).toContain(`takes ${percent(Number(share))} of the short-context score`);
		expect(answer).toContain(`GPT-4o went from ${best}%`);
		expect(result).toBe(threshold.toFixed(1));
		expect(Number(held)).toBeGreaterThan(threshold);
		expect(Number(lost)).toBeLessThan(threshold);
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
