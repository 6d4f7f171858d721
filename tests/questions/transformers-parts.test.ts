import { describe, expect, test } from "vitest";
import { question } from "./bank.ts";
import { at, grouped, options, sum } from "./options.ts";

const range = (count: number) => Array.from({ length: count }, (_, index) => index);
const dot = (a: readonly number[], b: readonly number[]) => sum(a.map((value, index) => value * at(b, index)));
const millions = (value: number, digits = 1) => (value / 1e6).toFixed(digits);
const softmax = (logits: readonly number[]) => {
	const powers = logits.map(Math.exp);
	return powers.map((power) => power / sum(powers));
};

/** Weights of one decoder layer with grouped-query attention and a gated MLP, norms aside. */
function layerWeights(width: number, heads: number, kvHeads: number, size: number, inner: number) {
	return {
		queryAndOutput: 2 * width * heads * size,
		keyAndValue: 2 * width * kvHeads * size,
		mlp: 3 * width * inner,
	};
}

const DOCUMENTS = ["abc", "de"];
const tokens = DOCUMENTS.flatMap((text, document) => [...text].map((token) => ({ token, document })));
/** Pairs of query and key that a mask allows. */
const allowed = (test: (query: number, key: number) => boolean, length: number) =>
	sum(range(length).map((query) => range(length).filter((key) => test(query, key)).length));

describe("a decoder's parts", () => {
	test("decoder-walkthrough: shapes of the trace, and weights per block and in the embedding", async () => {
		const { exhibit, answer } = await question("decoder-walkthrough");
		expect(12 * 64).toBe(768);
		for (const shape of ["(2, 12, 10, 64)", "(2, 12, 10, 10)", `(2, 10, ${4 * 768})`]) expect(exhibit).toContain(shape);
		const attention = 4 * 768 ** 2;
		const mlp = 2 * 768 * 4 * 768;
		expect(mlp / (attention + mlp)).toBeCloseTo(2 / 3, 12);
		expect(answer).toContain(`about 12 x 768^2 = ${millions(attention + mlp)}M a block`);
		expect(answer).toContain(`${millions(50_257 * 768)}M in the embedding table`);
	});

	test("transformer-size-arithmetic: parameters from the config", async () => {
		const { answer } = await question("transformer-size-arithmetic");
		const { queryAndOutput, keyAndValue, mlp } = layerWeights(3072, 24, 8, 128, 8192);
		expect(answer).toContain(`each, ${millions(queryAndOutput, 2)} together`);
		expect(answer).toContain(`(8 KV heads of 128), ${millions(keyAndValue, 2)} together`);
		expect(answer).toContain(`of 3072 x 8192, ${millions(mlp, 2)}`);
		const layer = queryAndOutput + keyAndValue + mlp;
		const layers = 28 * layer;
		const embedding = 128_256 * 3072;
		expect(answer).toContain(`That is ${millions(layer, 2)}, times 28 layers ${(layers / 1e9).toFixed(3)} billion`);
		expect(answer).toContain(`128,256 x 3072 = ${millions(embedding, 0)} million`);
		expect(answer).toContain(`Total: ${((layers + embedding) / 1e9).toFixed(2)} billion`);
		const rule = 12 * 28 * 3072 ** 2;
		expect(rule / layers).toBeCloseTo(1 + 1 / 8, 12);
		expect(answer).toContain(`It gives ${(rule / 1e9).toFixed(2)} billion for the layers, an eighth too many`);
		expect(4 - (queryAndOutput + keyAndValue) / 3072 ** 2).toBeCloseTo(1.333, 3);
		expect(3 * 8192).toBe(8 * 3072);
	});

	test("transformer-size-arithmetic: FLOPs, memory and times", async () => {
		const { answer, follow_ups, key_points } = await question("transformer-size-arithmetic");
		const weights = 28 * sum(Object.values(layerWeights(3072, 24, 8, 128, 8192))) + 128_256 * 3072;
		const flops = 2 * weights;
		const attention = 4 * 28 * 24 * 128 * 8192;
		expect(answer).toContain(`2N = ${(flops / 1e9).toFixed(1)} GFLOPs`);
		expect(answer).toContain(`at n = 8,192 another ${(attention / 1e9).toFixed(1)} GFLOPs`);
		const perToken = 2 * 28 * 8 * 128 * 2;
		const cache = perToken * 8192;
		expect(answer).toContain(
			`2 bytes = ${grouped(perToken)} per token, so ${(cache / 1e9).toFixed(2)} GB at 8,192 tokens. Together ${((2 * weights + cache) / 1e9).toFixed(1)} GB`,
		);
		expect(key_points.map(({ label }) => label).join()).toContain(`${perToken / 1024} KiB per token`);
		expect(answer).toContain(`that is ${((2 * weights + cache) / 1e9).toFixed(1)} ms`);
		expect(answer).toContain(
			`${((flops + attention) / 1e9).toFixed(1)} GFLOPs at 100 TFLOP/s take ${((1000 * (flops + attention)) / 100e12).toFixed(2)} ms`,
		);
		const training = 6 * weights * 1e12;
		const seconds = training / 400e12;
		expect(follow_ups[0]?.a).toContain(`= ${training.toExponential(1).replace("+", "")} FLOPs`);
		expect(follow_ups[0]?.a).toContain(`${seconds.toExponential(1).replace("+", "")} GPU-seconds, about 13,400`);
		expect(Math.round(seconds / 3600 / 100) * 100).toBe(13_400);
		expect(Math.round(seconds / 3600 / 24 / 64)).toBe(9);
		expect(Math.round((2 * weights) / perToken / 1000)).toBe(56);
		expect(Math.ceil((2 * weights) / cache)).toBe(7);
	});

	test("transformer-size-arithmetic: one layer of the other config, and three slips", async () => {
		const { queryAndOutput, keyAndValue, mlp } = layerWeights(2048, 16, 4, 128, 5632);
		const { right, wrong } = await options("transformer-size-arithmetic");
		const attention = queryAndOutput + keyAndValue;
		expect(right).toBe(`${millions(attention + mlp)} million`);
		expect(wrong).toEqual(
			[attention - keyAndValue / 2 + mlp, attention + (2 / 3) * mlp, attention - queryAndOutput / 2 + mlp].map(
				(value) => `${millions(value)} million`,
			),
		);
		expect((await question("transformer-size-arithmetic")).mcq.explanation).toContain(
			`would give ${millions(12 * 2048 ** 2)} million`,
		);
		expect((await question("transformer-size-arithmetic")).mcq.options[3]?.why).toContain(
			`${millions(attention)} million for attention, 3 x 2048 x 5632 = ${millions(mlp)} million`,
		);
	});

	test("llm-training-stages: the sum that the last reply gets right", async () => {
		const { exhibit } = await question("llm-training-stages");
		expect(exhibit).toContain(`3.5 x 24 = ${3.5 * 24} hours. 84 x 60 = ${grouped(3.5 * 24 * 60)}.`);
		expect(exhibit?.match(/5,440/g)).toHaveLength(2);
	});

	test("weight-tying: shares of small and large models, and the growth in the quick check", async () => {
		const { answer } = await question("weight-tying");
		const table = 50_257 * 768;
		expect(answer).toContain(`so ${millions(table)}M of its 124M weights, ${Math.round((100 * table) / 124.4e6)}%`);
		expect(answer).toContain(`it would have ${Math.round((124.4e6 + table) / 1e6)}M`);
		const large = 128_256 * 8192;
		expect(answer).toContain(
			`a matrix is ${(large / 1e9).toFixed(2)}B weights, ${((100 * large) / 70e9).toFixed(1)}% of 70B`,
		);
		const [matrix, layers] = [262_144 * 1152, 698e6];
		const growth = (base: number, extra = matrix) => `By ${Math.round((100 * extra) / base)}%`;
		const { right, wrong } = await options("weight-tying");
		expect(right).toBe(growth(layers + matrix));
		expect(wrong).toEqual([growth(layers), growth(layers, 2 * matrix), growth(layers + matrix, 2 * matrix)]);
	});

	test("causal-mask: open entries of the plain and of the block-diagonal mask", async () => {
		const { answer, exhibit } = await question("causal-mask");
		const plain = allowed((query, key) => key <= query, tokens.length);
		const own = allowed(
			(query, key) => key <= query && at(tokens, query).document === at(tokens, key).document,
			tokens.length,
		);
		const rows = exhibit?.match(/^ {2}[a-e] {3}[01 ]+$/gm)?.join("") ?? "";
		expect(rows.match(/1/g)).toHaveLength(plain);
		expect([plain, plain - own, own]).toEqual([15, 6, 9]);
		expect(answer).toContain("Six of the 15 open entries cross the border");
		expect(answer).toContain("leaves 6 + 3 = 9 entries");
	});

	test("causal-mask: three documents in a row of twelve", async () => {
		const lengths = [4, 3, 5];
		const triangle = (n: number) => (n * (n + 1)) / 2;
		const { right, wrong } = await options("causal-mask");
		expect(right).toBe(`${sum(lengths.map(triangle))} pairs`);
		expect(wrong).toEqual(
			[triangle(sum(lengths)), sum(lengths.map((n) => n * n)), triangle(sum(lengths) - 1)].map(
				(pairs) => `${pairs} pairs`,
			),
		);
		expect(1 - sum(lengths.map(triangle)) / triangle(12)).toBeGreaterThan(0.5);
	});

	test("residual-stream: products of derivatives, and how the stream grows", async () => {
		const { answer } = await question("residual-stream");
		expect(answer).toContain(
			`0.05^24 = ${(0.05 ** 24).toExponential(0)} of the gradient, B 1.05^24 = ${(1.05 ** 24).toFixed(1)}`,
		);
		expect(answer).toContain(`sqrt(49) = ${Math.sqrt(1 + 2 * 24)}`);
		const { right, wrong } = await options("residual-stream");
		const about = (value: number) => `About ${value.toFixed(1)}`;
		expect(right).toBe(about(Math.sqrt(1 + 2 * 32)));
		expect(wrong).toEqual([about(Math.sqrt(1 + 32)), `About ${1 + 2 * 32}`, about(1)]);
	});

	test("multi-head-attention: what the number of heads changes", async () => {
		const counts = (heads: number, size: number) => ({
			weights: 4 * 1024 * heads * size,
			scoreProducts: heads * size,
			cached: 2 * heads * size,
			softmaxWeights: heads,
		});
		const [before, after] = [counts(16, 64), counts(8, 128)];
		const halved = Object.keys(before).filter(
			(key) => after[key as keyof typeof after] === before[key as keyof typeof before] / 2,
		);
		expect(halved).toEqual(["softmaxWeights"]);
		expect((await options("multi-head-attention")).right).toBe("Softmax weights for each pair of tokens");
		expect(12 * 64).toBe(768);
	});

	test("embedding-layer: size of the table and of its training state", async () => {
		const { answer, mcq } = await question("embedding-layer");
		const table = 50_000 * 768;
		expect(answer).toContain(`are ${millions(table)}M weights, ${Math.round((table * 16) / 1e6)} MB in training`);
		expect(mcq.options[3]?.text).toBe(`${grouped(1300 + 4096)} rows`);
	});

	test("seq2seq-attention: weights of the example and the context of the quick check", async () => {
		expect((await question("seq2seq-attention")).answer).toContain(
			`Scores 3, 1, 0 give weights ${softmax([3, 1, 0])
				.map((weight) => weight.toFixed(2))
				.join(", ")}`,
		);
		const states = [
			[4, 0],
			[0, 8],
			[0, 0],
		];
		const scores = [Math.log(2), 0, 0];
		const mix = (weights: readonly number[]) =>
			`(${[0, 1]
				.map((column) =>
					dot(
						weights,
						states.map((state) => at(state, column)),
					).toFixed(2),
				)
				.join(", ")})`;
		const { right, wrong } = await options("seq2seq-attention");
		expect(right).toBe(mix(softmax(scores)));
		expect(wrong).toEqual([mix([1, 0, 0]), mix([1 / 3, 1 / 3, 1 / 3]), mix(scores)]);
	});
});

describe("long inputs and images", () => {
	test("vision-language-models: tokens of a page", async () => {
		const { answer, mcq } = await question("vision-language-models");
		const square = (336 / 14) ** 2;
		const tiles = (1344 / 336) * (1008 / 336) + 1;
		expect(answer).toContain(`are 24 x 24 = ${square} tokens`);
		expect(answer).toContain(`${tiles} x ${square} = ${grouped(tiles * square)} tokens`);
		expect(answer).toContain(`leaves ${grouped((tiles * square) / 4)}`);
		expect(answer).toContain(`48 x 36 = ${grouped((1344 / 28) * (1008 / 28))} tokens`);
		const patches = (1280 / 16) * (960 / 16);
		expect(mcq.options.map(({ text }) => text)).toEqual(
			[patches, patches / 4, patches / 2, (1280 / 32) ** 2].map((count) => `${grouped(count)} tokens`),
		);
		expect(mcq.options[1]?.correct).toBe(true);
	});

	test("attention-sinks: the share that leaves, and what it does to the rest", async () => {
		const { answer, exhibit } = await question("attention-sinks");
		const shares = [0.52, 0.08, 0.4];
		for (const share of shares) expect(exhibit).toContain(share.toFixed(2));
		expect(sum(shares)).toBeCloseTo(1, 12);
		const sinks = 0.52 + 0.08;
		expect(answer).toContain(
			`${((100 * 4) / 1024).toFixed(1)}% of the cache and hold ${Math.round(100 * sinks)}% of the attention weight`,
		);
		expect(answer).toContain(`1 / (1 - 0.6) = ${(1 / (1 - sinks)).toFixed(1)}`);
		expect(4 + 1020).toBe(1024);
	});

	test("attention-sinks: a learned logit in the denominator", async () => {
		const weights = softmax([2, 1, 0, 0]);
		const keys = sum(weights.slice(1));
		const { right, wrong } = await options("attention-sinks");
		expect(right).toBe(keys.toFixed(2));
		const others = Math.E + 1 + 1;
		expect(wrong).toEqual(["1.00", at(weights, 0).toFixed(2), (others / (others + 2)).toFixed(2)]);
	});

	test("sparse-attention-layers: stored entries of mixed layers, and reads of a selection", async () => {
		const { answer } = await question("sparse-attention-layers");
		const mixed = (n: number) => 8 * n + 40 * 1024;
		expect(answer).toContain(
			`= ${grouped(mixed(131_072))} instead of ${grouped(48 * 131_072)}, so ${Math.round((100 * mixed(131_072)) / (48 * 131_072))}%`,
		);
		expect(answer).toContain(`At 4,096 tokens it is still ${Math.round((100 * mixed(4096)) / (48 * 4096))}%`);
		expect(answer).toContain(`reads ${((100 * 2048) / 131_072).toFixed(1)}% of the keys`);
		const [windows, selected] = [16 * 65_536 + 16 * 128, 32 * 65_536];
		const { mcq } = await question("sparse-attention-layers");
		expect(mcq.options[1]?.why).toBe(
			`32 x 65,536 = ${grouped(selected)} against 16 x 65,536 + 16 x 128 = ${grouped(windows)}.`,
		);
		expect(mcq.options[1]?.text).toBe(`${(selected / windows).toFixed(2)} times`);
		expect(mcq.options[0]?.text).toBe(`${((32 * 2048) / windows).toFixed(2)} times`);
	});
});
