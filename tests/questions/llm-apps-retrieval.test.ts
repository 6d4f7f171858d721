import { describe, expect, test } from "vitest";
import { question } from "./bank.ts";
import { optionsOf, percent, rightOf, signTest, sum, thousands } from "./llm-apps-arithmetic.ts";

describe("figures of the questions on retrieval models, documents and safety", () => {
	test("embedding-model-choice: memory, a tie, and the tokens of re-embedding", async () => {
		const gigabytes = (dimensions: number) => ((3e6 * dimensions * 4) / 1e9).toFixed(1);
		const { answer } = await question("embedding-model-choice");
		expect(answer).toContain(`1,024 float32 values are ${gigabytes(1024)} GB, of 384 values ${gigabytes(384)} GB`);
		expect(answer).toContain(
			`on 20 queries where A misses and misses 12 that A finds, the sign test gives p = ${signTest(20, 12).toFixed(2)}`,
		);
		expect(answer).toContain(`chunks of 400 tokens are ${(3e6 * 400) / 1e9} billion tokens`);
		const { mcq } = await question("embedding-model-choice");
		expect(mcq.explanation).toContain(`loss of ${Math.round(100 * (0.7 - 0.62))} points to keyword search`);
		expect(mcq.explanation).toContain(`a loss of ${Math.round(100 * (0.54 - 0.41))} to the publisher's own figure`);
	});

	test("learned-sparse-retrieval: postings of a query and of its expansion", async () => {
		const { mcq } = await question("learned-sparse-retrieval");
		const plain = 2000 + 5000 + 13_000;
		const [common, others] = [900_000 + 1_200_000, 23 * 20_000];
		expect(mcq.options[1]?.text).toBe(`About ${(common + others) / plain} times`);
		expect(mcq.options[0]?.text).toBe(`About ${Math.round(25 / 3)} times`);
		expect(mcq.options[2]?.text).toBe(`About ${others / plain} times`);
		expect(mcq.options[3]?.text).toBe(`About ${Math.round((common + others) / 25 / (plain / 3))} times`);
		expect(mcq.explanation).toContain(`hold ${percent(common / (common + others))} of the work`);
	});

	test("learned-sparse-retrieval: the dot product of the example", async () => {
		const passage: Record<string, number> = { pump: 1.8, leak: 1.2, drip: 0.5 };
		const query = { pump: 1.0, drip: 1.2 };
		const products = Object.entries(query).map(([term, weight]) => weight * (passage[term] ?? 0));
		expect((await question("learned-sparse-retrieval")).answer).toContain(
			`query {pump 1.0, drip 1.2}: ${products.map((value) => value.toFixed(1)).join(" + ")} = ${sum(products).toFixed(1)}`,
		);
	});

	test("ocr-or-vlm-documents: the factor of 35, pages per second, and ten characters", async () => {
		const { answer, traps } = await question("ocr-or-vlm-documents");
		expect(answer).toContain(`a factor of ${Math.round(6240 / 176)}`);
		expect(answer).toContain(`a month are ${(2e6 / (30 * 86_400)).toFixed(1)} per second`);
		expect(traps[1]?.correction).toContain(`in about ${percent(1 - 0.995 ** 10)} of cases`);
	});

	test("jailbreaks-and-over-refusal: retries and base rates", async () => {
		const { answer } = await question("jailbreaks-and-over-refusal");
		expect(answer).toContain(`1,000 tries succeed at least once in ${percent(1 - 0.999 ** 1000)}`);
		const caught = Math.round(1e6 * 0.001 * 0.95);
		const blocked = Math.round(1e6 * 0.999 * 0.01);
		expect(answer).toContain(
			`stops ${caught} bad and ${thousands(blocked)} honest requests: ${percent(caught / (caught + blocked))} of its blocks are right`,
		);
	});

	test("jailbreaks-and-over-refusal: the honest share of the blocks in the quick check", async () => {
		const record = await question("jailbreaks-and-over-refusal");
		const caught = 200_000 * 0.005 * 0.9;
		const blocked = 200_000 * 0.995 * 0.02;
		expect(rightOf(record)?.text).toBe(`About ${percent(blocked / (caught + blocked))}`);
		expect(optionsOf(record)).toContain(`About ${percent(caught / (caught + blocked))}`);
		expect(rightOf(record)?.why).toContain(`${thousands(caught)} harmful and ${thousands(blocked)} honest`);
		expect(record.mcq.explanation).toContain(`${thousands(caught + blocked)} flagged requests`);
	});

	test("guardrail-layer: first text in windows, and false blocks that add up", async () => {
		const { answer } = await question("guardrail-layer");
		expect(answer).toContain(`in a row it would be ${400 + 120}`);
		expect(answer).toContain(`40 tokens is full ${39 * 20} ms`);
		expect(answer).toContain(`after ${thousands(400 + 39 * 20 + 60)} ms instead of 400`);
		expect(answer).toContain(`block ${(100 * (1 - 0.99 ** 5)).toFixed(1)}% of honest requests`);
	});

	test("guardrail-layer: what the checks of the quick check cost", async () => {
		const record = await question("guardrail-layer");
		const share = (100 * (1 - 0.992 ** 5)).toFixed(1);
		const delay = Math.max(150, 500) - 500;
		expect(rightOf(record)?.text).toBe(`A block in ${share}% of cases, and else ${delay} ms more`);
		expect(record.mcq.explanation).toContain(`0.992^5 = ${(100 * 0.992 ** 5).toFixed(1)}%`);
	});
});

describe("figures of the questions on operating, buying and judging", () => {
	test("llm-observability: the trace adds up, the last two calls dominate", async () => {
		const calls = [
			{ input: 3100, output: 90, seconds: 1.4 },
			{ input: 3400, output: 80, seconds: 1.3 },
			{ input: 14_900, output: 110, seconds: 3.2 },
			{ input: 26_500, output: 480, seconds: 6.9 },
		];
		const { exhibit, answer } = await question("llm-observability");
		for (const { input, output, seconds: time } of calls)
			expect(exhibit).toMatch(new RegExp(`chat +${thousands(input)} +${output} +${time}`));
		const input = sum(calls.map((call) => call.input));
		const output = sum(calls.map((call) => call.output));
		const cost = (input * 1 + output * 5) / 1e6;
		expect(exhibit).toContain(`$${cost.toFixed(4)} `);
		const spans = sum(calls.map((call) => call.seconds)) + 0.3 + 0.4 + 0.4 + 0.2;
		expect(Math.abs(spans - 14.2)).toBeLessThan(0.2);
		const last = calls.slice(2);
		const share = sum(last.map((call) => call.input)) / input;
		expect(answer).toContain(
			`${sum(last.map((call) => call.seconds)).toFixed(1)} of 14.2 s and ${thousands(sum(last.map((call) => call.input)))} of ${thousands(input)} input tokens, ${percent(share)}`,
		);
		for (const [before, after] of [calls.slice(1, 3), calls.slice(2, 4)])
			expect(Math.abs((after?.input ?? 0) - (before?.input ?? 0) - (before?.output ?? 0) - 11_500)).toBeLessThan(100);
	});

	test("llm-observability: 500 judged requests at 90% are known to 2.6 points", async () => {
		const points = 196 * Math.sqrt((0.9 * 0.1) / 500);
		expect((await question("llm-observability")).answer).toContain(`to ${points.toFixed(1)} points either way`);
	});

	test("tool-retrieval-at-scale: tokens of definitions, and success as a product", async () => {
		const record = await question("tool-retrieval-at-scale");
		expect(record.answer).toContain(`500 definitions of 250 tokens are ${thousands(500 * 250)} tokens`);
		expect(record.answer).toContain(
			`then picked in 90%, ${percent(0.92 * 0.9)} remain. With thirty: 98% times 86% is ${percent(0.98 * 0.86)}`,
		);
		const pair = (ten: number, forty: number) => `${percent(ten)} with 10, ${percent(forty)} with 40`;
		expect(optionsOf(record)).toEqual([
			pair(0.9 * 0.92, 0.98 * 0.83),
			pair(0.9, 0.83),
			pair((0.9 + 0.92) / 2, (0.98 + 0.83) / 2),
			pair(0.92, 0.83),
		]);
		expect(rightOf(record)?.text).toBe(pair(0.9 * 0.92, 0.98 * 0.83));
	});

	test("coding-agent-evaluation: cost of a merged fix", async () => {
		const { answer } = await question("coding-agent-evaluation");
		const [agent, review, merged] = [100 * 1.8, 60 * 12, 30];
		expect(answer).toContain(
			`(${agent} + ${review}) / ${merged} = ${(agent + review) / merged} dollars, of which the agent is ${agent / merged}`,
		);
		expect(Math.round(196 * Math.sqrt((0.6 * 0.4) / 100))).toBe(10);
	});

	test("coding-agent-evaluation: the two agents of the quick check", async () => {
		const record = await question("coding-agent-evaluation");
		const dollars = (value: number) => `$${value.toFixed(2)}`;
		const tenths = (value: number) => `$${(Math.round(10 * value) / 10).toFixed(2)}`;
		const x = { price: 0.8, pass: 0.5, merge: 0.5 * 0.6 };
		const y = { price: 3.2, pass: 0.64, merge: 0.64 * 0.75 };
		const attempt = ({ price, pass }: typeof x) => price + pass * 15;
		expect(optionsOf(record)).toEqual([
			`${tenths(x.price / x.merge)} with X, ${tenths(y.price / y.merge)} with Y`,
			`${dollars(attempt(x) / x.pass)} with X, ${dollars(attempt(y) / y.pass)} with Y`,
			`${dollars(attempt(x))} with X, ${dollars(attempt(y))} with Y`,
			`${tenths(attempt(x) / x.merge)} with X, ${tenths(attempt(y) / y.merge)} with Y`,
		]);
		expect(record.mcq.options[3]?.correct).toBe(true);
	});

	test("bias-metrics: the rates of both groups follow from the exhibit", async () => {
		const { exhibit, answer } = await question("bias-metrics");
		const row = (name: string) => {
			const found = exhibit?.match(new RegExp(`${name} +([\\d,]+) +([\\d,]+)`));
			return [found?.[1], found?.[2]].map((value) => Number(value?.replace(",", "")));
		};
		const [people, qualified, selected, hits] = ["applications", "\\nqualified", "selected", "of them qualified"].map(
			row,
		);
		const rates = [0, 1].map((group) => {
			const [n, q, s, h] = [people, qualified, selected, hits].map((values) => values?.[group] ?? 0) as [
				number,
				number,
				number,
				number,
			];
			return { selection: s / n, recall: h / q, falseAlarm: (s - h) / (n - q), precision: h / s, base: q / n };
		});
		const [a, b] = rates;
		if (!a || !b) throw new Error("two groups");
		const points = (share: number) => `${Number((100 * share).toFixed(1))}%`;
		expect(answer).toContain(
			`${points(a.selection)} against ${points(b.selection)}, a ratio of ${(b.selection / a.selection).toFixed(2)}`,
		);
		expect(answer).toContain(`true positive rate): ${points(a.recall)} and ${points(b.recall)}.`);
		expect(answer).toContain(`false positive rate): ${points(a.falseAlarm)} and ${points(b.falseAlarm)}.`);
		expect(answer).toContain(`(precision): ${percent(a.precision)} against ${points(b.precision)}`);
		expect(answer).toContain(`base rates of ${points(a.base)} and ${points(b.base)}`);
		expect(answer).toContain(`known to ${Math.round(196 * Math.sqrt((0.8 * 0.2) / 100))} points either way`);
	});

	test("bias-metrics: precision at equal error rates in the quick check", async () => {
		const record = await question("bias-metrics");
		const precision = (base: number) => (base * 0.8) / (base * 0.8 + (1 - base) * 0.1);
		expect(record.mcq.stem).toContain(`precision in group A is ${percent(precision(0.4))}`);
		expect(rightOf(record)?.text).toBe(percent(precision(0.1)));
		expect(optionsOf(record)[2]).toBe(percent(0.1 * 0.8 + 0.9 * 0.9));
	});
});
