import { describe, expect, test } from "vitest";
import { question } from "./bank.ts";

const GB = 1e9;
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const dot = (a: readonly number[], b: readonly number[]) => sum(a.map((value, index) => value * (b[index] ?? 0)));
const norm = (a: readonly number[]) => Math.sqrt(dot(a, a));
const cosine = (a: readonly number[], b: readonly number[]) => dot(a, b) / (norm(a) * norm(b));
const distance = (a: readonly number[], b: readonly number[]) => norm(a.map((value, index) => value - (b[index] ?? 0)));
const thousands = (value: number) => value.toLocaleString("en-US");
const percent = (share: number) => `${Math.round(100 * share)}%`;

function choose(n: number, k: number): number {
	if (k < 0 || k > n) return 0;
	let ways = 1;
	for (let i = 1; i <= k; i += 1) ways = (ways * (n - k + i)) / i;
	return ways;
}

/** Half the width of a 95% interval of a success rate, in percentage points. */
const halfWidth = (rate: number, items: number) => 100 * 1.96 * Math.sqrt((rate * (1 - rate)) / items);

/** Cohen's kappa of two raters on two classes, from their agreement and their shares of the first class. */
function kappa(agreement: number, first: number, second: number): { chance: number; value: number } {
	const chance = first * second + (1 - first) * (1 - second);
	return { chance, value: (agreement - chance) / (1 - chance) };
}

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

describe("figures of the questions on LLM applications", () => {
	test("tool-calling-agents: ten steps at 95% all succeed in about 60% of runs", async () => {
		const { follow_ups } = await question("tool-calling-agents");
		expect(follow_ups[0]?.a).toContain(`Ten steps at 95% each all go right in about ${percent(0.95 ** 10)} of runs`);
	});

	test("tool-calling-agents: resent history adds up to 65,000 input tokens in ten calls", async () => {
		const calls = Array.from({ length: 10 }, (_, step) => 2000 + 1000 * step);
		expect((await question("tool-calling-agents")).follow_ups[0]?.a).toContain(
			`${thousands(sum(calls))} input tokens over ten calls`,
		);
	});

	test("agent-evaluation: pass^k and pass@k from 6 successes in 8 trials", async () => {
		const every = (k: number) => choose(6, k) / choose(8, k);
		const some = (k: number) => 1 - choose(8 - 6, k) / choose(8, k);
		const { answer } = await question("agent-evaluation");
		expect(answer).toContain(
			`pass^1 is ${every(1).toFixed(2)}, pass^4 is ${every(4).toFixed(2)}, pass@4 is ${some(4).toFixed(2)}`,
		);
	});

	test("agent-evaluation: the power of the mean is not pass^8", async () => {
		expect((await question("agent-evaluation")).answer).toContain(`0.61^8 would give ${percent(0.61 ** 8)}`);
	});

	test("agent-evaluation: 70% on 100 tasks is known to about 9 points", async () => {
		const points = Math.round(halfWidth(0.7, 100));
		expect((await question("agent-evaluation")).answer).toContain(`about ${points} points either way`);
	});

	test("agent-evaluation: pass^2 of the quick check, and the figures that its wrong options come from", async () => {
		const [successes, n] = [[4, 2, 1], 4];
		const mean = (values: readonly number[]) => (sum(values) / values.length).toFixed(2);
		const passHat = mean(successes.map((c) => choose(c, 2) / choose(n, 2)));
		const passAt = mean(successes.map((c) => 1 - choose(n - c, 2) / choose(n, 2)));
		const squared = mean(successes.map((c) => (c / n) ** 2));
		const pooled = ((sum(successes) / (successes.length * n)) ** 2).toFixed(2);
		const { mcq } = await question("agent-evaluation");
		expect(mcq.options.map(({ text }) => text)).toEqual([passAt, squared, passHat, pooled]);
		expect(mcq.options.find(({ correct }) => correct)?.text).toBe(passHat);
	});

	test("structured-output-decoding: masking renormalizes to 0.75 and 0.25", async () => {
		const allowed = [0.3, 0.1];
		const [low, high] = allowed.map((value) => (value / sum(allowed)).toFixed(2));
		expect((await question("structured-output-decoding")).answer).toContain(
			`\`low\` at ${low} and \`high\` at ${high}`,
		);
	});

	test("structured-output-decoding: given validity, A has 1.1% of the model's probability", async () => {
		const a = 0.5 * 0.01;
		const b = 0.5 * 0.9;
		expect((await question("structured-output-decoding")).answer).toContain(
			`picks A in ${((100 * a) / (a + b)).toFixed(1)}% of cases`,
		);
	});

	test("structured-output-decoding: retrying and masking in the quick check", async () => {
		const first = { a: 0.6, b: 0.4 };
		const valid = { a: 0.1, b: 0.6 };
		const retrying = (first.a * valid.a) / (first.a * valid.a + first.b * valid.b);
		const { mcq } = await question("structured-output-decoding");
		const points = (share: number) => `By ${Math.round(100 * (first.a - share))} points`;
		expect(mcq.options.map(({ text }) => text)).toEqual([
			points(valid.a / (valid.a + valid.b)),
			points(first.a),
			points(first.a * valid.a),
			points(retrying),
		]);
		expect(mcq.options[0]?.why).toContain(`a share of ${percent(valid.a / (valid.a + valid.b))}`);
		expect(mcq.options[3]?.correct).toBe(true);
		expect(mcq.options[3]?.why).toContain(
			`keeps ${(first.a * valid.a).toFixed(2)} of A and ${(first.b * valid.b).toFixed(2)} of B, a share of ${percent(retrying)}`,
		);
	});

	test("prompt-injection: 200 tries beat a 99% filter with a chance of 87%", async () => {
		expect((await question("prompt-injection")).answer).toContain(`with a chance of ${percent(1 - 0.99 ** 200)}`);
	});

	test("llm-judge-bias: verdicts that follow the slot move the win rate from 35% to 75%", async () => {
		const [aBoth, bBoth, flips] = [70, 50, 80];
		const pairs = aBoth + bBoth + flips;
		const { answer } = await question("llm-judge-bias");
		expect(answer).toContain(`Take ${pairs} pairs`);
		expect(answer).toContain(
			`A scores ${percent((aBoth + flips) / pairs)} when shown first and ${percent(aBoth / pairs)} when second`,
		);
	});

	test("llm-judge-bias: 85% agreement at 80% positives is a kappa of 0.53", async () => {
		const { chance, value } = kappa(0.85, 0.8, 0.8);
		expect((await question("llm-judge-bias")).answer).toContain(
			`chance alone gives ${percent(chance)}, so kappa is ${value.toFixed(2)}`,
		);
	});

	test("llm-judge-bias: the table behind the four lines of the quick check", async () => {
		const [good, bad, rejected, hits] = [340, 60, 18, 15];
		const total = good + bad;
		const agreement = (good - (rejected - hits) + hits) / total;
		const { chance, value } = kappa(agreement, good / total, (total - rejected) / total);
		const { mcq } = await question("llm-judge-bias");
		const options = mcq.options.map(({ text }) => text);
		expect(mcq.stem).toContain(`A judge reads ${total} answers with human labels, ${bad} of them bad`);
		expect(options).toEqual([
			`Of the ${bad} bad answers, it rejects ${hits}`,
			`Of ${rejected} rejected answers, ${hits} are bad`,
			`Of its ${total} verdicts, ${agreement * total} are right`,
			`Of ${good} good answers, it rejects ${rejected - hits}`,
		]);
		expect(mcq.options[1]?.why).toContain(
			`Precision, ${percent(hits / rejected)}: ${rejected - hits} of ${rejected} vouchers, or ${percent(1 - hits / rejected)}`,
		);
		expect(mcq.options[3]?.why).toContain(`A rate of ${percent((rejected - hits) / good)}`);
		expect(mcq.explanation).toContain(`recall: ${hits}/${bad} = ${percent(hits / bad)}`);
		expect(mcq.explanation).toContain(`Agreement of ${percent(agreement)} flatters`);
		expect(mcq.explanation).toContain(`letting everything pass has ${percent(good / total)}`);
		expect(mcq.explanation).toContain(`Chance agreement is ${percent(chance)}, so kappa is ${value.toFixed(2)}`);
	});

	test("llm-judge-bias: the pass rate corrected for the judge's errors is 0.71", async () => {
		const corrected = (0.7 + 0.8 - 1) / (0.9 + 0.8 - 1);
		const { follow_ups } = await question("llm-judge-bias");
		expect(follow_ups[0]?.a).toContain(`= ${corrected.toFixed(2)}`);
	});

	test("matryoshka-embeddings: a cut unit vector is shorter than 1", async () => {
		const vector = [0.6, 0.48, 0.64];
		const { answer } = await question("matryoshka-embeddings");
		expect(norm(vector)).toBeCloseTo(1, 12);
		expect(answer).toContain(
			`(${vector.join(", ")}) has length 1, its first two entries have length ${norm(vector.slice(0, 2)).toFixed(2)}`,
		);
	});

	test("matryoshka-embeddings: memory of 10 million vectors by size and precision", async () => {
		const size = (dimensions: number, bits: number) => (1e7 * dimensions * bits) / 8 / GB;
		const { answer } = await question("matryoshka-embeddings");
		expect(answer).toContain(`1024 dimensions in float32: ${size(1024, 32).toFixed(2)} GB`);
		expect(answer).toContain(`256 in float32: ${size(256, 32).toFixed(2)} GB`);
		expect(answer).toContain(`256 in int8: ${size(256, 8).toFixed(2)} GB`);
		expect(answer).toContain(
			`256 in binary: ${size(256, 1).toFixed(2)} GB, ${size(1024, 32) / size(256, 1)} times smaller`,
		);
	});

	test("matryoshka-embeddings: what each stage of the quick check loses", async () => {
		const { mcq } = await question("matryoshka-embeddings");
		const [exact, candidates, rescored] = [93, 92, 81];
		expect(mcq.explanation).toContain(
			`The first stage loses ${exact - candidates} point, the second ${candidates - rescored}`,
		);
	});

	test("late-interaction-colbert: MaxSim of the example is 1.6", async () => {
		const similarities = [
			[0.9, 0.2, 0.1],
			[0.3, 0.4, 0.7],
		];
		const best = similarities.map((row) => Math.max(...row));
		expect((await question("late-interaction-colbert")).answer).toContain(
			`scores ${best.join(" + ")} = ${sum(best).toFixed(1)}`,
		);
	});

	test("late-interaction-colbert: index sizes in fp16, as one vector, and compressed", async () => {
		const passages = 1e7;
		const tokens = passages * 150;
		const multi = tokens * 128 * 2;
		const single = passages * 768 * 2;
		const bytesPerToken = 4 + (128 * 2) / 8;
		const { answer } = await question("late-interaction-colbert");
		expect(answer).toContain(`in fp16 take ${multi / GB} GB`);
		expect(answer).toContain(`takes ${(single / GB).toFixed(1)} GB, ${multi / single} times less`);
		expect(answer).toContain(`${bytesPerToken} bytes per token: ${(tokens * bytesPerToken) / GB} GB`);
	});

	test("late-interaction-colbert: MaxSim of the quick check is 1.8", async () => {
		const rows = [
			[0.8, 0.3],
			[0.6, 0.5],
			[0.1, 0.4],
		];
		const columns = [0, 1].map((column) => rows.map((row) => row[column] ?? 0));
		const best = (lists: readonly number[][]) => sum(lists.map((list) => Math.max(...list))).toFixed(1);
		const { mcq } = await question("late-interaction-colbert");
		expect(mcq.stem).toContain(
			`are ${rows
				.slice(0, 2)
				.map((row) => `(${row.join(", ")})`)
				.join(", ")} and (${rows[2]?.join(", ")})`,
		);
		expect(mcq.options.map(({ text }) => text)).toEqual([
			best(columns),
			best(rows),
			(Number(best(rows)) / rows.length).toFixed(1),
			Math.max(...rows.flat()).toFixed(1),
		]);
		expect(mcq.options[1]?.correct).toBe(true);
	});

	test("graphrag: extraction over the podcast set reads 1.0 million tokens", async () => {
		const chunks = 1669;
		const { answer } = await question("graphrag");
		expect(answer).toContain(
			`${thousands(chunks)} chunks of 600 tokens: ${((chunks * 600) / 1e6).toFixed(1)} million input tokens`,
		);
	});

	test("graphrag: from how many questions in its first year the index of the quick check reads less", async () => {
		const { mcq } = await question("graphrag");
		const [built, updates, asked, batches] = [7.2, 7.2, 0.4, 4.8];
		const from = (questions: number) => `From ${Math.ceil(questions - 1e-9)} questions`;
		expect(mcq.options.map(({ text }) => text)).toEqual([
			from(built / (batches - asked)),
			from((built + updates) / batches),
			from((built + updates) / asked),
			from((built + updates) / (batches - asked)),
		]);
		expect(mcq.options[3]?.why).toContain(
			`At 4 it is ${(built + updates + 4 * asked).toFixed(1)} against ${(4 * batches).toFixed(1)} million`,
		);
	});

	test("query-rewriting-hyde: reciprocal rank fusion of ranks 1 and 3 against a single first place", async () => {
		const fused = (...ranks: number[]) => sum(ranks.map((rank) => 1 / (60 + rank))).toFixed(4);
		expect((await question("query-rewriting-hyde")).answer).toContain(
			`at ranks 1 and 3 gets ${fused(1, 3)} and passes one that is first in a single list, with ${fused(1)}`,
		);
	});

	test("query-rewriting-hyde: reciprocal rank fusion orders the documents of the quick check", async () => {
		const ranks: Record<string, number[]> = { X: [2, 3], Y: [1], Z: [10, 10, 10] };
		const fused = Object.entries(ranks)
			.map(([document, places]) => ({ document, score: sum(places.map((rank) => 1 / (60 + rank))) }))
			.sort((a, b) => b.score - a.score);
		const right = (await question("query-rewriting-hyde")).mcq.options.find(({ correct }) => correct);
		expect(right?.text).toBe(fused.map(({ document }) => document).join(", "));
		for (const { document, score } of fused) expect(right?.why).toContain(`${score.toFixed(4)} for ${document}`);
	});

	test("model-context-protocol: integrations with and without a shared protocol", async () => {
		const [applications, services] = [5, 20];
		expect((await question("model-context-protocol")).answer).toContain(
			`need ${applications + services} implementations instead of ${applications * services} custom integrations`,
		);
	});

	test("model-context-protocol: 40 tool definitions of 250 tokens", async () => {
		expect((await question("model-context-protocol")).answer).toContain(
			`40 tools of 250 tokens are ${thousands(40 * 250)} tokens`,
		);
	});

	test("benchmark-contamination: 30% memorized items lift 60% to 70.5%", async () => {
		const reported = 100 * (0.3 * 0.95 + 0.7 * 0.6);
		expect((await question("benchmark-contamination")).answer).toContain(
			`the benchmark reports ${reported.toFixed(1)}%`,
		);
	});

	test("benchmark-contamination: 300 items at 70% are known to about 5 points", async () => {
		const points = Math.round(halfWidth(0.7, 300));
		expect((await question("benchmark-contamination")).answer).toContain(
			`300 items at 70% the 95% interval is about ${points} points either way`,
		);
	});

	test("benchmark-contamination: half of the items memorized explain 84% against 72%", async () => {
		const [reported, fresh, memorized] = [0.84, 0.72, 0.96];
		const share = (reported - fresh) / (memorized - fresh);
		const { mcq } = await question("benchmark-contamination");
		expect(share * memorized + (1 - share) * fresh).toBeCloseTo(reported, 12);
		expect(mcq.options.map(({ text }) => text)).toEqual(
			[share, reported - fresh, (reported - fresh) / (1 - fresh), (reported - fresh) / reported].map(percent),
		);
		expect(mcq.options[0]?.correct).toBe(true);
		expect(mcq.explanation).toContain(`at most ${(memorized - fresh).toFixed(2)} here`);
	});
});

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
