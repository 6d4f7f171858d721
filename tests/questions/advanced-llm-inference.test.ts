import { describe, expect, test } from "vitest";
import { answerOf, cacheBytes, first, KIB, percent, short, sum } from "./advanced-llm-arithmetic.ts";

const GIB = 2 ** 30;
const MIB = 2 ** 20;

function choose(n: number, k: number): number {
	let result = 1;
	for (let i = 1; i <= k; i += 1) result = (result * (n - k + i)) / i;
	return result;
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
