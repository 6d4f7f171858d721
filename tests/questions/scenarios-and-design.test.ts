import { describe, expect, test } from "vitest";
import { question } from "./bank.ts";
import { options } from "./options.ts";

const percent = (share: number, digits = 0) => `${(100 * share).toFixed(digits)}%`;
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const thousands = (value: number) => value.toLocaleString("en-US");

function binomial(n: number, k: number): number {
	let ways = 1;
	for (let i = 1; i <= k; i += 1) ways = (ways * (n - k + i)) / i;
	return ways;
}

/** Probability that more than half of an odd number of independent votes is right. */
function majority(votes: number, p: number): number {
	let total = 0;
	for (let k = Math.ceil(votes / 2); k <= votes; k += 1) total += binomial(votes, k) * p ** k * (1 - p) ** (votes - k);
	return total;
}

function wilson(hits: number, n: number, z = 1.96): [number, number] {
	const p = hits / n;
	const middle = (p + (z * z) / (2 * n)) / (1 + (z * z) / n);
	const half = (z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))) / (1 + (z * z) / n);
	return [middle - half, middle + half];
}

/** Bayes: the posterior after the class prior changed and nothing else did. */
function shiftPrior(score: number, from: number, to: number): number {
	const odds = (score / (1 - score)) * (to / (1 - to) / (from / (1 - from)));
	return odds / (1 + odds);
}

describe("scenarios", () => {
	test("rag-irrelevant-context: losses between the five checkpoints", async () => {
		const reached = [200, 190, 176, 140, 133, 133];
		const losses = reached.slice(1).map((count, i) => (reached[i] ?? 0) - count);
		const { answer } = await question("rag-irrelevant-context");
		expect(answer).toContain(`200 questions leave ${reached.slice(1, -1).join(", ")} and ${reached.at(-1)}`);
		expect(answer).toContain(`The losses are ${losses.slice(0, -1).join(", ")} and ${losses.at(-1)}`);
		expect(answer).toContain(`for ${sum(losses)} questions`);
	});

	test("rag-irrelevant-context: the ceiling of a reranker", async () => {
		const { right, wrong } = await options("rag-irrelevant-context");
		const [now, best, used] = [0.62, 0.95, 0.9];
		expect(right).toBe(`From ${percent(now * used)} to ${percent(best * used)}`);
		expect(wrong).toEqual([
			`From ${percent(now)} to ${percent(best)}`,
			`From ${percent(now)} to ${percent(used)}`,
			`From ${percent(now)} to ${percent(best * used)}`,
		]);
	});

	test("finetuned-llm-hallucination: Wilson interval of 44 errors in 200", async () => {
		const [low, high] = wilson(44, 200);
		const { answer } = await question("finetuned-llm-hallucination");
		expect(answer).toContain(
			`44 of 200 questions (${percent(44 / 200)}, 95% Wilson interval ${percent(low)} to ${percent(high)})`,
		);
	});

	test("finetuned-llm-hallucination: a vote of five helps above one half and hurts below", async () => {
		const { answer } = await question("finetuned-llm-hallucination");
		expect(answer).toContain(
			`70% accuracy becomes ${percent(majority(5, 0.7))}, but 40% becomes ${percent(majority(5, 0.4))}`,
		);
	});

	test("translation-api-latency: the stages add up, and a decoder twice as fast saves half of its part", async () => {
		const [network, queue, encode, decode, post] = [60, 340, 50, 420, 30] as const;
		const total = sum([network, queue, encode, decode, post]);
		const { answer } = await question("translation-api-latency");
		expect(answer).toContain(
			`network ${network} ms, queue ${queue}, tokenize and encode ${encode}, decode ${decode}, post-processing ${post}: ${total} in total`,
		);
		expect(answer).toContain(
			`saves ${decode / 2} ms (${percent(decode / 2 / total)}) and leaves ${total - decode / 2}`,
		);
	});

	test("translation-api-latency: M/M/1 mean wait in service times", async () => {
		const wait = (load: number) => (load / (1 - load)).toFixed(1);
		const { answer } = await question("translation-api-latency");
		expect(answer).toContain(`${wait(0.9)} at 90% load, ${wait(0.7)} at 70%`);
	});

	test("translation-api-latency: halving the service time also halves the load", async () => {
		const response = (service: number, load: number) => service / (1 - load);
		const before = response(200, 0.8);
		const { right, wrong } = await options("translation-api-latency");
		const change = (after: number) =>
			`From ${thousands(Math.round(before))} ms to about ${Math.round(after / 10) * 10} ms`;
		expect(right).toBe(change(response(100, 0.4)));
		expect(wrong).toEqual([before / 2, before - 100, response(200, 0.4)].map(change));
	});

	test("many-class-few-labels: accuracy hides the tail", async () => {
		const accuracy = 0.8 * 0.95 + 0.2 * 0.2;
		const meanRecall = (20 * 0.95 + 480 * 0.2) / 500;
		const { answer } = await question("many-class-few-labels");
		expect(answer).toContain(`accuracy is ${percent(accuracy)} but mean recall per class is ${percent(meanRecall)}`);
	});

	test("many-class-few-labels: accuracy and mean recall of the quick check", async () => {
		const { right, wrong } = await options("many-class-few-labels");
		const [head, tail] = [0.9, 0.4];
		const accuracy = percent(0.7 * head + 0.3 * tail);
		const recall = percent((10 * head + 90 * tail) / 100);
		const plain = percent((head + tail) / 2);
		expect(right).toBe(`Accuracy ${accuracy}, mean recall ${recall}`);
		expect(wrong).toEqual([
			`Accuracy ${recall}, mean recall ${accuracy}`,
			`Accuracy ${plain}, mean recall ${recall}`,
			`Accuracy ${plain}, mean recall ${plain}`,
		]);
	});

	test("many-class-few-labels: the short list bounds the result", async () => {
		const { answer, follow_ups } = await question("many-class-few-labels");
		expect(answer).toContain(`the result is ${percent(0.92 * 0.85, 1)}`);
		const tickets = 8 * 10;
		expect(follow_ups.map((item) => item.a).join()).toContain(`${thousands(binomial(tickets, 2))} pairs`);
	});

	test("low-resource-languages: fertility shrinks the window", async () => {
		const words = (fertility: number) => thousands(Math.round(4096 / fertility));
		const { answer } = await question("low-resource-languages");
		expect(answer).toContain(`a 4,096-token window holds ${words(5.2)} words instead of ${words(1.3)}`);
		expect(answer).toContain(`costs ${5.2 / 1.3} times the tokens`);
	});

	test("low-resource-languages: parameters of 20,000 new tokens", async () => {
		const millions = (20_000 * 4096 * 2) / 1e6;
		expect((await question("low-resource-languages")).answer).toContain(`${millions.toFixed(1)}M new parameters`);
	});

	test("low-resource-languages: rows of 10,000 tokens in tied matrices", async () => {
		const millions = (10_000 * 2048) / 1e6;
		const { right, wrong } = await options("low-resource-languages");
		expect(right).toContain(`${millions.toFixed(1)}M parameters`);
		expect(wrong.filter((text) => text.startsWith(`${(2 * millions).toFixed(1)}M`))).toHaveLength(2);
		expect((await question("low-resource-languages")).mcq.explanation).toContain(`${millions.toFixed(2)}M`);
	});

	test("tokenizer-language-fairness: how much of a reply fits under the limit", async () => {
		const { right, wrong } = await options("tokenizer-language-fairness");
		const [limit, english, premium] = [600, 400, 2.4];
		const part = (share: number) => `About ${percent(share)} of the reply`;
		expect(right).toBe(part(limit / (english * premium)));
		expect(wrong).toEqual([1 / premium, english / limit, english / limit / premium].map(part));
	});

	test("tokenizer-language-fairness: UTF-8 bytes of water", async () => {
		const hindi = "पानी";
		const { answer } = await question("tokenizer-language-fairness");
		expect(answer).toContain(`"water" is ${[..."water"].length} characters and ${Buffer.byteLength("water")} bytes`);
		expect(answer).toContain(`"${hindi}" is ${[...hindi].length} code points and ${Buffer.byteLength(hindi)} bytes`);
	});

	test("tokenizer-language-fairness: a Burmese or Devanagari letter takes three bytes", async () => {
		const widths = ["a", "က", "क"].map((letter) => Buffer.byteLength(letter));
		expect(widths).toEqual([1, 3, 3]);
		const { traps } = await question("tokenizer-language-fairness");
		expect(traps[0]?.correction).toContain(
			`UTF-8 needs ${widths[0]} byte for an ASCII letter and ${widths[1]} for Devanagari or Burmese`,
		);
	});

	test("tokenizer-language-fairness: usable context at a premium of 3", async () => {
		const { answer } = await question("tokenizer-language-fairness");
		expect(answer).toContain(`8,192 tokens hold what ${thousands(Math.round(8192 / 3))} hold in English`);
		expect(answer).toContain(`1,000 English tokens become ${thousands(1000 * 3)}`);
	});

	test("memorized-pii-leak: a rare string over 1,000 samples", async () => {
		const atLeastOnce = 1 - (1 - 0.001) ** 1000;
		expect((await question("memorized-pii-leak")).answer).toContain(
			`independent attempts with probability ${percent(atLeastOnce)}`,
		);
	});

	test("memorized-pii-leak: samples until a rare string is as likely seen as not", async () => {
		const seen = (samples: number) => 1 - 0.998 ** samples;
		const { mcq } = await question("memorized-pii-leak");
		const half = Math.log(0.5) / Math.log(0.998);
		expect(mcq.options[3]?.why).toContain(`= ${Math.round(half)}.`);
		expect((await options("memorized-pii-leak")).right).toBe(`After about ${Math.round(half / 50) * 50} samples`);
		const chances = [250, 500, 700].map((samples, i) => mcq.options[i]?.why.includes(percent(seen(samples))));
		expect(chances).toEqual([true, true, true]);
		expect(mcq.explanation).toContain(percent(seen(1000)));
	});

	test("memorized-pii-leak: exposure of a nine-digit canary at rank 1", async () => {
		const exposure = Math.log2(10 ** 9) - Math.log2(1);
		expect((await question("memorized-pii-leak")).answer).toContain(`rank 1 of 10^9 gives ${exposure.toFixed(1)} bits`);
	});
});

describe("system design", () => {
	test("semantic-search-design: memory of vectors, links and codes", async () => {
		const gb = (bytesPerVector: number) => `${((20e6 * bytesPerVector) / 1e9).toFixed(1)} GB`;
		const { answer } = await question("semantic-search-design");
		expect(answer).toContain(`20M x 1,024 dims x 4 bytes = ${gb(1024 * 4)} of float32`);
		expect(answer).toContain(`32 base-layer links of 4 bytes per vector, another ${gb(2 * 16 * 4)}`);
		expect(answer).toContain(`int8 vectors take ${gb(1024)} and 1-bit codes ${gb(1024 / 8)}`);
	});

	test("semantic-search-design: the first after fusion in the quick check", async () => {
		const scores = [[9, 12], [30, 4], [1], [2]].map((ranks) => sum(ranks.map((rank) => 1 / (5 + rank))));
		const { mcq } = await question("semantic-search-design");
		for (const [index, score] of scores.entries()) expect(mcq.options[index]?.why).toContain(score.toFixed(4));
		expect(mcq.options.findIndex(({ correct }) => correct)).toBe(scores.indexOf(Math.max(...scores)));
		const at60 = [[9, 12], [30, 4], [1], [2]].map((ranks) => sum(ranks.map((rank) => 1 / (60 + rank))));
		expect(at60.indexOf(Math.max(...at60))).toBe(0);
		expect((20e6 * (1024 + 128)) / 1e9).toBeCloseTo(23, 0);
	});

	test("semantic-search-design: reciprocal rank fusion", async () => {
		const rrf = (...ranks: number[]) => sum(ranks.map((rank) => 1 / (60 + rank))).toFixed(4);
		const { answer } = await question("semantic-search-design");
		expect(answer).toContain(`1/63 + 1/65 = ${rrf(3, 5)}`);
		expect(answer).toContain(`(1/61 = ${rrf(1)})`);
		expect(Number(rrf(3, 5))).toBeGreaterThan(Number(rrf(1)));
	});

	test("chatbot-memory-design: units over a chat, as prompt-cache-economics counts them", async () => {
		const [read, write, turn] = [0.1, 1.25, 300];
		const turns = Array.from({ length: 50 }, (_, i) => i);
		const append = (before: number) => turn * before * read + turn * write;
		const appended = sum(turns.map(append));
		const windowed = sum(turns.map((before) => (before < 8 ? append(before) : 8 * turn + 500)));
		const { answer } = await question("chatbot-memory-design");
		expect(answer).toContain(
			`as much as ${thousands(Math.round(appended))} plain tokens this way (read ${read}, write ${write})`,
		);
		expect(answer).toContain(`plus a summary of 500 as much as ${thousands(Math.round(windowed))}`);
		const plain = [
			turns.map((before) => (before + 1) * turn),
			turns.map((before) => Math.min(before + 1, 8) * turn + (before < 8 ? 0 : 500)),
		];
		// Without a cache the window would be the cheaper one.
		expect(plain.map(sum)).toEqual([382_500, 132_600]);
		const { follow_ups } = await question("prompt-cache-economics");
		expect(follow_ups[0]?.a).toContain(`${thousands(Math.round(appended))} units`);
	});

	test("content-moderation-design: precision at 0.5% prevalence, and the cost-based cut of the quick check", async () => {
		const [caught, flagged] = [0.005 * 0.9, 0.995 * 0.01];
		const { answer } = await question("content-moderation-design");
		expect(answer).toContain(`is right in ${percent(caught / (caught + flagged), 1)} of its flags`);
		const { right, wrong } = await options("content-moderation-design");
		const from = (score: number) => `Above a score of ${score.toFixed(2)}`;
		expect(right).toBe(from(3 / (3 + 1)));
		expect(wrong).toEqual([1 / 4, 1 / 3, 1 - 1 / 3].map(from));
	});

	test("content-moderation-design: load, reviewers and the cost-based cut", async () => {
		const { answer } = await question("content-moderation-design");
		expect(answer).toContain(`1M a day is ${(1e6 / 86_400).toFixed(1)} posts a second`);
		const cases = 1e6 * 0.02;
		expect(answer).toContain(`${thousands(cases)} cases a day, ${Math.ceil(cases / 360)} people at 360 cases each`);
		expect(answer).toContain(`the cut is ${(1 / (1 + 4)).toFixed(2)}`);
	});

	test("llm-eval-ci-design: paired and unpaired intervals, exact McNemar test", async () => {
		const [n, before, after, worse, better] = [500, 416, 402, 24, 10] as const;
		expect(worse - better).toBe(before - after);
		const points = (error: number) => (196 * error).toFixed(1);
		const variance = (passed: number) => ((passed / n) * (1 - passed / n)) / n;
		const unpaired = Math.sqrt(variance(before) + variance(after));
		const paired = Math.sqrt(worse + better - (worse - better) ** 2 / n) / n;
		let tail = 0;
		for (let k = 0; k <= better; k += 1) tail += binomial(worse + better, k) / 2 ** (worse + better);
		const { answer } = await question("llm-eval-ci-design");
		expect(answer).toContain(
			`the drop of ${((100 * (before - after)) / n).toFixed(1)} points carries +/- ${points(unpaired)}`,
		);
		expect(answer).toContain(
			`paired, it is +/- ${points(paired)}, and an exact McNemar test gives p = ${(2 * tail).toFixed(3)}`,
		);
	});

	test("llm-eval-ci-design: intervals of small slices", async () => {
		const interval = (worse: number, better: number, n: number) => {
			const mean = (better - worse) / n;
			const half = (1.96 * Math.sqrt(worse + better - (worse - better) ** 2 / n)) / n;
			return [100 * (mean - half), 100 * (mean + half)].map((edge) => edge.toFixed(1));
		};
		const { answer, mcq } = await question("llm-eval-ci-design");
		expect(answer).toContain(`30 items that lost ${(100 * (8 - 2)) / 30} points (${interval(8, 2, 30).join(" to ")})`);
		const slices = [...mcq.stem.matchAll(/[P-S]: (\d+), (\d+) and (\d+)/g)].map(([, ...row]) => row.map(Number));
		expect(slices).toHaveLength(4);
		const errors = slices.map(([n = 0, lost = 0, won = 0], index) => {
			const [low = "", high = ""] = interval(lost, won, n);
			const { why, correct = false } = mcq.options[index] ?? {};
			expect(why).toContain(`${low} to +${high}`);
			expect(correct).toBe(Number(low) >= -5);
			return ((100 * Math.sqrt(lost + won - (lost - won) ** 2 / n)) / n).toFixed(1);
		});
		expect(mcq.explanation).toContain(`${errors.slice(0, 3).join(", ")} and ${errors[3]} points`);
	});

	test("llm-eval-ci-design: items needed for a two-point drop", async () => {
		const error = (n: number) => 100 * Math.sqrt(0.07 / n);
		const { follow_ups } = await question("llm-eval-ci-design");
		expect(follow_ups[0]?.a).toContain(`n = 1,400 gives ${error(1400).toFixed(1)} points`);
		expect(follow_ups[0]?.a).toContain(`about ${(2 / error(1400)).toFixed(1)} standard errors`);
		expect(follow_ups[0]?.a).toContain(`At n = 200 the error is ${error(200).toFixed(1)} points`);
	});

	test("llm-serving-platform-design: Little's law and the KV cache", async () => {
		const inFlight = 20 * 12;
		const bytesPerToken = 2 * 80 * 8 * 128 * 2;
		const gib = (4096 * bytesPerToken) / 2 ** 30;
		const { answer } = await question("llm-serving-platform-design");
		expect(answer).toContain(`20 requests a second that last 12 s are ${inFlight} in flight`);
		expect(answer).toContain(
			`2 x 80 x 8 x 128 x 2 bytes = ${bytesPerToken / 1024} KiB per token, ${gib} GiB for 4,096 tokens`,
		);
		expect(answer).toContain(
			`${inFlight} such requests need ${inFlight * gib} GiB of KV cache on top of ${(70e9 * 2) / 1e9} GB of fp16 weights`,
		);
	});

	test("llm-serving-platform-design: the team with long prompts, and the nodes of the quick check", async () => {
		const { answer } = await question("llm-serving-platform-design");
		expect(20_000 / 200).toBe(100);
		expect(answer).toContain("differ a hundredfold at 200 and 20,000 tokens");
		const inFlight = 12 * 15;
		expect((await options("llm-serving-platform-design")).right).toBe(`At least ${(inFlight * 0.5) / 30} nodes`);
	});

	test("document-extraction-design: ten fields at 98%, and the review hours", async () => {
		const { answer } = await question("document-extraction-design");
		expect(answer).toContain(`just ${percent(0.98 ** 10, 1)} of documents are fully right`);
		expect(answer).toContain(`costs ${(10_000 * 0.3 * 2) / 60} hours a day`);
	});
});

describe("debugging", () => {
	test("nan-loss-debugging: the largest fp16 value, and exp(12) beyond it", async () => {
		const largest = (2 - 2 ** -10) * 2 ** 15;
		const { answer } = await question("nan-loss-debugging");
		expect(answer).toContain(
			`the largest finite value is ${thousands(largest)}, so exp(12) = ${thousands(Math.round(Math.exp(12)))}`,
		);
		expect(Math.exp(12)).toBeGreaterThan(largest);
		expect(Number.POSITIVE_INFINITY - Number.POSITIVE_INFINITY).toBeNaN();
	});

	test("nan-loss-debugging: clipping by the total norm spreads one NaN to all gradients", async () => {
		const gradients = [0.3, Number.NaN, -0.2];
		const norm = Math.sqrt(sum(gradients.map((g) => g * g)));
		const factor = Math.min(1, 1 / (norm + 1e-6));
		expect(gradients.map((g) => g * factor).every(Number.isNaN)).toBe(true);
		const { answer, mcq } = await question("nan-loss-debugging");
		expect(answer).toContain("With one NaN gradient the total norm is NaN, and `clip_grad_norm_` spreads it to all");
		expect(0 / 0).toBeNaN();
		expect(mcq.explanation).toContain("a mean over no target (0/0)");
	});

	test("nan-loss-debugging: a fully masked softmax row is NaN", async () => {
		const row = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
		const weights = row.map((score) => Math.exp(score - Math.max(...row)));
		expect(weights.every(Number.isNaN)).toBe(true);
		expect((await question("nan-loss-debugging")).follow_ups[1]?.a).toContain("exp(-inf - (-inf)), which is NaN");
	});

	test("data-drift-response: correction of a score for a new prior", async () => {
		const { answer } = await question("data-drift-response");
		const ratio = (from: number, to: number) => to / (1 - to) / (from / (1 - from));
		expect(answer).toContain(`becomes ${shiftPrior(0.5, 0.1, 0.3).toFixed(2)} at 30%`);
		expect(answer).toContain(`= ${ratio(0.1, 0.3).toFixed(2)}`);
	});

	test("cuda-oom-finetuning: 16 bytes per parameter", async () => {
		const bytes = sum([2, 2, 4, 4, 4]);
		const { answer } = await question("cuda-oom-finetuning");
		expect(answer).toContain(`= ${bytes} bytes per parameter, so ${(7e9 * bytes) / 1e9} GB for 7B`);
	});

	test("cuda-oom-finetuning: one copy of the logits", async () => {
		const gb = (4 * 2048 * 128_256 * 4) / 1e9;
		expect((await question("cuda-oom-finetuning")).answer).toContain(`4 bytes = ${gb.toFixed(1)} GB per fp32 copy`);
	});

	test("cuda-oom-finetuning: token mean against the mean of means", async () => {
		const tokenMean = (100 * 2 + 300 * 1) / 400;
		const meanOfMeans = (2 + 1) / 2;
		const { answer } = await question("cuda-oom-finetuning");
		expect(answer).toContain(`average ${tokenMean.toFixed(2)}, while the mean of means says ${meanOfMeans.toFixed(2)}`);
	});

	test("cuda-oom-finetuning: optimizer states in 8 bits, recomputation, 4-bit weights", async () => {
		const { mcq, follow_ups } = await question("cuda-oom-finetuning");
		const gb = (bytes: number) => (3e9 * bytes) / 1e9;
		expect(mcq.explanation).toContain(`needs ${gb(2 + 2 + 4 + 4 + 4)} GB before activations`);
		expect(mcq.explanation).toContain(`from ${gb(2 + 2 + 4 + 4 + 4)} GB to ${gb(2 + 2 + 4 + 1 + 1)} GB`);
		expect(mcq.options[1]?.why).toContain(`${gb(4 + 4)} GB in fp32, ${gb(1 + 1)} GB in 8 bits`);
		expect(follow_ups[1]?.a).toContain(`${1 + 2 + 1} units instead of ${1 + 2}`);
		expect(follow_ups[2]?.a).toContain(
			`about ${(7e9 * 0.5) / 1e9} GB plus quantization constants, against ${(7e9 * 2) / 1e9} GB in bf16`,
		);
	});

	test("bert-long-documents: share seen by truncation, number of windows, head plus tail", async () => {
		const usable = 512 - 2;
		const stride = usable - 128;
		const windows = (tokens: number) => Math.ceil((tokens - usable) / stride) + 1;
		const { answer, mcq } = await question("bert-long-documents");
		expect(answer).toContain(`keeps ${usable} tokens, ${percent(usable / 3000)}`);
		expect(answer).toContain(`with 128 overlap move by ${stride}, so 3,000 tokens need ${windows(3000)}`);
		expect(answer).toContain(`first 128 and last ${usable - 128} tokens`);
		expect(mcq.stem).toContain(`about 2,000 tokens`);
		expect(mcq.stem).toContain(`in ${windows(2000)} overlapping windows`);
	});

	test("bert-long-documents: attention cost of a fourfold length", async () => {
		expect((await question("bert-long-documents")).follow_ups[0]?.a).toContain(
			`${(2048 / 512) ** 2} times as much as at 512`,
		);
	});

	test("chat-template-mismatch: one user turn in ChatML with the reply opened", async () => {
		const render = (messages: readonly { role: string; content: string }[]) =>
			messages.map(({ role, content }) => `<|im_start|>${role}\n${content}<|im_end|>\n`).join("");
		const prompt = `${render([{ role: "user", content: "Hi" }])}<|im_start|>assistant\n`;
		expect((await question("chat-template-mismatch")).answer).toContain(`\`${prompt.replaceAll("\n", "\\n")}\``);
	});

	test("low-gpu-utilization: model FLOPs utilization", async () => {
		const used = 6 * 7e9 * 12_000;
		const peak = 8 * 312e12;
		const { answer } = await question("low-gpu-utilization");
		expect(answer).toContain(
			`${(used / 1e14).toFixed(2)}e14 / ${(peak / 1e15).toFixed(2)}e15 = ${percent(used / peak, 1)}`,
		);
	});

	test("low-gpu-utilization: overlap of loading and computing, and the ceiling under recomputation", async () => {
		const { answer } = await question("low-gpu-utilization");
		const [wait, compute] = [120, 180];
		expect(answer).toContain(
			`is ${wait + compute} ms; prefetching that overlaps them gives ${Math.max(wait, compute)} ms, ${((wait + compute) / compute).toFixed(2)} times faster`,
		);
		expect(answer).toContain(`MFU is at most ${percent(6 / (6 + 2))} even if`);
	});
});

describe("behavioral", () => {
	test("explain-model-to-stakeholders: natural frequencies agree with the metrics", async () => {
		const [urgent, caught, flagged] = [50, 45, 83];
		const recall = caught / urgent;
		const precision = caught / flagged;
		const { answer, mcq } = await question("explain-model-to-stakeholders");
		expect(answer).toContain(
			`of 1,000 tickets ${urgent} are urgent; the model flags ${flagged}, of which ${caught} are urgent, and misses ${urgent - caught}`,
		);
		expect(answer).toContain(`recall ${percent(recall)} and precision ${percent(precision)}`);
		expect(mcq.options[0]?.text).toContain(
			`finds ${percent(48 / 60)} of the urgent letters, and ${percent(48 / 90)} of`,
		);
		expect(mcq.options[1]?.text).toContain(`flags 90, and ${90 - 48} of those turn out not urgent`);
		expect(mcq.options[2]?.text).toContain(`60 are urgent, and ${60 - 48} of those are not flagged`);
		expect(mcq.options[3]?.text).toContain(`Of 20 urgent letters it missed ${20 - (20 * 48) / 60},`);
		expect(mcq.explanation).toContain(`48 and ${90 - 48}`);
	});

	test("accuracy-vs-cost-tradeoff: accuracy and cost of a cascade", async () => {
		const [kept, escalated] = [0.7 * 0.96, 0.3 * 0.82];
		const { answer, follow_ups } = await question("accuracy-vs-cost-tradeoff");
		expect(answer).toContain(`${kept.toFixed(3)} + ${escalated.toFixed(3)} = ${percent(kept + escalated, 1)}`);
		expect(answer).toContain(`1 + 0.3 x 20 = ${1 + 0.3 * 20} units`);
		expect(follow_ups[1]?.a).toContain(`1 + 0.5 x 20 = ${1 + 0.5 * 20} units`);
	});

	test("pm-feasibility-disagreement: what five and what 300 successes leave open", async () => {
		const lowerBound = (successes: number) => 0.05 ** (1 / successes);
		const { answer, mcq } = await question("pm-feasibility-disagreement");
		expect(answer).toContain(`a true success rate of ${percent(lowerBound(5))}`);
		expect(mcq.explanation).toContain(`about ${percent(1 - lowerBound(40))} (${lowerBound(40).toFixed(3)}^40 = 5%)`);
		expect(mcq.options[1]?.why).toContain(`0.98^150 = ${percent(0.98 ** 150, 1)}`);
		expect(0.98 ** 145).toBeGreaterThan(0.05);
		expect(0.99 ** 300).toBeLessThan(0.05);
		expect(answer).toContain(`five in a row happen in ${percent(0.55 ** 5)} of tries`);
		expect(answer).toContain(`300 of 300 put the 95% lower bound at ${percent(lowerBound(300))}`);
	});

	test("failed-deployment-lesson: ten calls meet the tail", async () => {
		const hit = percent(1 - 0.99 ** 10, 1);
		const { answer, traps } = await question("failed-deployment-lesson");
		expect(answer).toContain(`${hit} of pages hit at least one slow call`);
		expect(traps[2]?.correction).toContain(hit);
	});

	test("responsible-ai-pushback: interval of the difference of two rejection rates", async () => {
		const [a, b] = [20 / 500, 18 / 150];
		const error = Math.sqrt((a * (1 - a)) / 500 + (b * (1 - b)) / 150);
		const { answer, mcq } = await question("responsible-ai-pushback");
		const [old, others] = [9 / 60, 12 / 300];
		const spread = 1.96 * Math.sqrt((old * (1 - old)) / 60 + (others * (1 - others)) / 300);
		const points = (share: number) => Math.round(100 * share);
		expect(mcq.explanation).toContain(
			`${percent(old)} against ${percent(others)} is a gap of ${points(old - others)} points, with a 95% interval of roughly ${points(old - others - spread)} to ${points(old - others + spread)}`,
		);
		expect(mcq.options[1]?.text).toContain(`the ${9 + 12} cases`);
		expect(answer).toContain(
			`18 of 150 qualified non-native writers (${percent(b)}) and 20 of 500 others (${percent(a)})`,
		);
		const edge = (sign: number) => (100 * (b - a + sign * 1.96 * error)).toFixed(1);
		expect(answer).toContain(`a 95% interval of about ${edge(-1)} to ${edge(1)}`);
	});
});
