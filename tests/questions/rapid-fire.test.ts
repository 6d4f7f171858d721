import { describe, expect, test } from "vitest";
import { dot, GB, norm, percent, sum, thousands } from "./apps-arithmetic.ts";
import { question } from "./bank.ts";

const cosine = (a: readonly number[], b: readonly number[]) => dot(a, b) / (norm(a) * norm(b));
const distance = (a: readonly number[], b: readonly number[]) => norm(a.map((value, index) => value - (b[index] ?? 0)));

function softmax(logits: readonly number[], temperature: number): number[] {
	const powers = logits.map((logit) => Math.exp(logit / temperature));
	return powers.map((power) => power / sum(powers));
}

const ngrams = (words: readonly string[], n: number) =>
	words.slice(0, Math.max(0, words.length - n + 1)).map((_, start) => words.slice(start, start + n).join(" "));

const count = (items: readonly string[], item: string) => items.filter((other) => other === item).length;

/** Candidate n-grams that the reference holds too, each counted no more often than there. */
function clippedMatches(candidate: readonly string[], reference: readonly string[], n: number): number {
	const referenced = ngrams(reference, n);
	const proposed = ngrams(candidate, n);
	return sum([...new Set(proposed)].map((gram) => Math.min(count(proposed, gram), count(referenced, gram))));
}

/** Length of the longest common subsequence. */
function commonSubsequence(a: readonly string[], b: readonly string[]): number {
	const rows = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
	const at = (i: number, j: number) => rows[i]?.[j] ?? 0;
	for (let i = 1; i <= a.length; i += 1)
		for (let j = 1; j <= b.length; j += 1) {
			const row = rows[i];
			if (row) row[j] = a[i - 1] === b[j - 1] ? at(i - 1, j - 1) + 1 : Math.max(at(i - 1, j), at(i, j - 1));
		}
	return at(a.length, b.length);
}

/** The standard normal distribution function, by the trapezoidal rule from 0. */
function normalCdf(x: number): number {
	const steps = 20_000;
	const width = x / steps;
	const density = (t: number) => Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI);
	const inner = sum(Array.from({ length: steps - 1 }, (_, index) => density((index + 1) * width)));
	return 0.5 + width * (inner + (density(0) + density(x)) / 2);
}

describe("figures of the rapid-fire questions", () => {
	test("encoder-vs-decoder-only: visible pairs for four tokens", async () => {
		const n = 4;
		expect((await question("encoder-vs-decoder-only")).answer).toContain(
			`For ${n} tokens that is ${n * n} query-key pairs against ${(n * (n + 1)) / 2}`,
		);
	});

	test("vector-databases: memory of a million vectors", async () => {
		const gigabytes = (1e6 * 768 * 4) / GB;
		expect((await question("vector-databases")).answer).toContain(`of 768 dimensions take ${gigabytes.toFixed(2)} GB`);
	});

	test("vector-databases: the index loses far more than exact search misses", async () => {
		const [exact, index] = [0.93, 0.74];
		const { mcq } = await question("vector-databases");
		expect(mcq.explanation).toContain(
			`of the index (${Math.round(100 * (exact - index))} points) from that of the vectors (${Math.round(100 * (1 - exact))} points)`,
		);
	});

	test("vector-databases: cost of exact search over 50,000 vectors", async () => {
		const { follow_ups } = await question("vector-databases");
		expect(follow_ups.map((item) => item.a).join()).toContain(
			`about ${Math.round((50_000 * 768) / 1e6)} million multiply-adds`,
		);
	});

	test("bleu-score: clipping leaves 2 of 7 unigrams", async () => {
		const candidate = new Array<string>(7).fill("the");
		const matches = clippedMatches(candidate, "the cat is on the mat".split(" "), 1);
		expect((await question("bleu-score")).answer).toContain(`gets ${matches}/${candidate.length}`);
	});

	test("bleu-score: brevity penalty for 8 tokens against 10", async () => {
		expect((await question("bleu-score")).answer).toContain(
			`${Math.exp(1 - 10 / 8).toFixed(2)} for 8 tokens against 10`,
		);
	});

	test("transformer-activations: values at x = -1", async () => {
		const gelu = -normalCdf(-1);
		const silu = -1 / (1 + Math.exp(1));
		expect((await question("transformer-activations")).answer).toContain(
			`ReLU gives ${Math.max(0, -1)}, GELU ${gelu.toFixed(3)}, SiLU ${silu.toFixed(3)}`,
		);
	});

	test("transformer-activations: two thirds of the width keep the number of weights", async () => {
		const d = 4096;
		const gated = Math.round((2 / 3) * 4 * d);
		const millions = (weights: number) => Math.round(weights / 1e6);
		const { answer, mcq, follow_ups } = await question("transformer-activations");
		expect(millions(3 * d * gated)).toBe(millions(2 * d * 4 * d));
		expect(answer).toContain(
			`from ${thousands(4 * d)} to ${thousands(gated)}, ${millions(3 * d * gated)}M weights either way`,
		);
		const about = (width: number) => `About ${thousands(Math.round(width))}`;
		expect(mcq.options.map(({ text }) => text)).toEqual([3 / 4, 1, 3 / 2, 2 / 3].map((share) => about(share * 8192)));
		expect(mcq.options[3]?.correct).toBe(true);
		expect(follow_ups.at(1)?.a).toContain(thousands(Math.ceil(((2 / 3) * 4 * d) / 256) * 256));
	});

	test("sampling-temperature: probability of the top token at three temperatures", async () => {
		const [half, one, two] = [0.5, 1, 2].map((temperature) => (softmax([2, 1, 0], temperature)[0] ?? 0).toFixed(2));
		expect((await question("sampling-temperature")).answer).toContain(
			`gets ${half} at T = 0.5, ${one} at 1 and ${two} at 2`,
		);
	});

	test("sampling-temperature: 0.8 and 0.2 at temperature 2, and the slips", async () => {
		const top = (temperature: number) => (softmax([Math.log(0.8), Math.log(0.2)], temperature)[0] ?? 0).toFixed(2);
		const { mcq } = await question("sampling-temperature");
		expect(mcq.options.map(({ text }) => text)).toEqual([top(0.5), (0.8 / 2).toFixed(2), top(1e6), top(2)]);
		expect(mcq.options[3]?.correct).toBe(true);
	});

	test("bleu-score: clipped precision of the quick check, and the slips", async () => {
		const candidate = "the cat the cat".split(" ");
		const reference = "the cat sat on the mat".split(" ");
		const matches = clippedMatches(candidate, reference, 1);
		const found = candidate.filter((word) => reference.includes(word)).length;
		const { mcq } = await question("bleu-score");
		expect(mcq.options.map(({ text }) => text)).toEqual([
			`${matches} of ${candidate.length}`,
			`${found} of ${candidate.length}`,
			`${matches} of ${reference.length}`,
			`${new Set(candidate).size} of ${candidate.length}`,
		]);
		expect(mcq.options[0]?.correct).toBe(true);
		expect(mcq.explanation).toContain(`= ${Math.exp(1 - reference.length / candidate.length).toFixed(2)}`);
	});

	test("cosine-vs-euclidean: the three orders of the quick check", async () => {
		const query = [1, 0];
		const documents = { X: [3, 0], Y: [1, 1], Z: [0.8, 0.3] };
		const order = (score: (vector: readonly number[]) => number) =>
			Object.entries(documents)
				.sort(([, a], [, b]) => score(b) - score(a))
				.map(([name]) => name)
				.join(", ");
		const { mcq } = await question("cosine-vs-euclidean");
		expect(mcq.options.slice(0, 3).map(({ text }) => text)).toEqual([
			order((vector) => cosine(query, vector)),
			order((vector) => -distance(query, vector)),
			order((vector) => dot(query, vector)),
		]);
		expect(mcq.options[1]?.correct).toBe(true);
		expect(mcq.options[1]?.why).toContain(
			`${distance(query, documents.Z).toFixed(2)}, ${distance(query, documents.Y)}`,
		);
		const unit = (vector: readonly number[]) => vector.map((value) => value / norm(vector));
		expect(order((vector) => -distance(query, unit(vector)))).toBe(order((vector) => cosine(query, unit(vector))));
	});

	test("hard-vs-soft-prompts: numbers of a prefix in 40 layers, and the slips", async () => {
		const prompt = 50 * 5120;
		const millions = (value: number) => `${(value / 1e6).toFixed(1)} million`;
		const { mcq } = await question("hard-vs-soft-prompts");
		expect(mcq.options.map(({ text }) => text)).toEqual([prompt, 2 * prompt, 40 * prompt, 80 * prompt].map(millions));
		expect(mcq.options[3]?.correct).toBe(true);
		expect(mcq.explanation).toContain(`${((100 * 80 * prompt) / 13e9).toFixed(2)}% of a 13B model`);
	});

	test("llm-hallucination: from which confidence on an answer pays", async () => {
		const threshold = (hit: number, penalty: number) => `Above ${percent(penalty / (hit + penalty))}`;
		const { mcq } = await question("llm-hallucination");
		expect(mcq.options.map(({ text }) => text)).toEqual([
			threshold(1, 1),
			threshold(1, 2),
			threshold(2, 1),
			threshold(1, 3),
		]);
		expect(mcq.options[1]?.correct).toBe(true);
	});

	test("model-compression: memory of 4-bit weights with a scale per group of 32", async () => {
		const size = (bits: number) => `${((13e9 * bits) / 8 / GB).toFixed(1)} GB`;
		const { mcq } = await question("model-compression");
		expect(mcq.options.map(({ text }) => text)).toEqual([4 + 16 / 32, 4, 4 + 32 / 32, 8].map(size));
		expect(mcq.options[0]?.correct).toBe(true);
		expect(mcq.explanation).toContain(`${16 / 32} bit a weight at 32, ${16 / 128} at 128`);
	});

	test("rouge-score: the quick check's recalls and precision", async () => {
		const reference = "two airports were closed by the storm".split(" ");
		const summary = "the storm closed two airports".split(" ");
		const common = commonSubsequence(summary, reference);
		const { mcq } = await question("rouge-score");
		expect(mcq.options.map(({ text }) => text)).toEqual(
			[
				clippedMatches(summary, reference, 1) / reference.length,
				clippedMatches(summary, reference, 2) / (reference.length - 1),
				common / reference.length,
				common / summary.length,
			].map((value) => value.toFixed(2)),
		);
		expect(mcq.options[2]?.correct).toBe(true);
	});

	test("zero-shot-vs-few-shot: the gain that shuffled labels turn into a loss", async () => {
		const { mcq } = await question("zero-shot-vs-few-shot");
		expect(mcq.stem).toContain("fell from 84% to 61%. Without examples it is 66%");
		expect(mcq.explanation).toContain(`a gain of ${84 - 66} points turns into a loss of ${66 - 61}`);
	});

	test("llm-hallucination: a penalty of 3 makes a guess at 60% a loss", async () => {
		const expected = (penalty: number) => 0.6 - 0.4 * penalty;
		const { answer } = await question("llm-hallucination");
		expect(answer).toContain(`at 60% confidence earns ${expected(0).toFixed(1)}`);
		expect(answer).toContain(`costs 3 points, that guess earns ${expected(3).toFixed(1)}`);
	});

	test("hard-vs-soft-prompts: parameters of a soft prompt and of a prefix", async () => {
		const prompt = 20 * 4096;
		const prefix = (2 * 32 * prompt) / 1e6;
		expect((await question("hard-vs-soft-prompts")).answer).toContain(
			`${thousands(prompt)} parameters; as a prefix in 32 layers ${prefix.toFixed(1)} million`,
		);
	});

	test("stop-words: 150 words are 0.04% of the terms of Reuters-RCV1 and 47% of its tokens", async () => {
		const terms = 391_523;
		const tokens = { before: 179_158_204, after: 94_516_599 };
		expect((await question("stop-words")).answer).toContain(
			`150 words is ${((100 * 150) / terms).toFixed(2)}% of the ${thousands(terms)} terms but ${percent(1 - tokens.after / tokens.before)} of the tokens`,
		);
	});

	test("model-compression: DistilBERT's share of parameters and the memory of 7B weights", async () => {
		const { answer } = await question("model-compression");
		expect(answer).toContain(`66M instead of 110M parameters (${percent(1 - 66 / 110)} fewer)`);
		expect(answer).toContain(`take ${(7e9 * 2) / GB} GB in fp16, ${(7e9 * 0.5) / GB} GB in 4 bits`);
	});

	test("cosine-vs-euclidean: scaling keeps the cosine and moves the distance", async () => {
		const [a, b] = [
			[3, 4],
			[6, 8],
		];
		expect((await question("cosine-vs-euclidean")).answer).toContain(
			`(3, 4) and (6, 8) have cosine ${cosine(a, b)} and distance ${distance(a, b)}`,
		);
	});

	test("cosine-vs-euclidean: on unit vectors the squared distance is 2 - 2 cos", async () => {
		const [a, b] = [
			[1, 0],
			[0.6, 0.8],
		];
		const squared = distance(a, b) ** 2;
		expect(squared).toBeCloseTo(2 - 2 * cosine(a, b), 12);
		expect((await question("cosine-vs-euclidean")).answer).toContain(
			`have cosine ${cosine(a, b).toFixed(1)} and squared distance ${squared.toFixed(1)}`,
		);
	});

	test("cosine-vs-euclidean: 1 - cos breaks the triangle inequality", async () => {
		const at = (degrees: number) => [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
		const gap = (from: number, to: number) => 1 - cosine(at(from), at(to));
		expect(gap(0, 90)).toBeGreaterThan(gap(0, 45) + gap(45, 90));
		expect((await question("cosine-vs-euclidean")).follow_ups[0]?.a).toContain("violates the triangle inequality");
	});

	test("rouge-score: ROUGE-L and ROUGE-2 recall of the example", async () => {
		const candidate = "police later arrested both suspects".split(" ");
		const reference = "police arrested the two suspects".split(" ");
		const common = commonSubsequence(candidate, reference);
		const { answer } = await question("rouge-score");
		expect(answer).toContain(`"${candidate.join(" ")}" against the reference "${reference.join(" ")}"`);
		expect(answer).toContain(
			`${common} of ${reference.length} words, so ROUGE-L recall is ${(common / reference.length).toFixed(2)}`,
		);
		expect(answer).toContain(`ROUGE-2 is ${clippedMatches(candidate, reference, 2)}`);
	});

	test("zero-shot-vs-few-shot: tokens that the examples add to each call", async () => {
		expect((await question("zero-shot-vs-few-shot")).answer).toContain(`add ${thousands(8 * 150)} tokens to each call`);
	});
});
