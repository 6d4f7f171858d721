import { describe, expect, test } from "vitest";
import { question } from "./bank.ts";
import { options } from "./options.ts";
import { binomial, percent, sum, thousands } from "./scenarios-arithmetic.ts";

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
