import { describe, expect, test } from "vitest";
import type { Question } from "../../src/core/question/question.ts";
import { question } from "./bank.ts";

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const thousands = (value: number) => value.toLocaleString("en-US");
const percent = (share: number) => `${Math.round(100 * share)}%`;
const seconds = (value: number) => `${value.toFixed(1)} s`;
const optionsOf = ({ mcq }: Question) => mcq.options.map(({ text }) => text);
const rightOf = ({ mcq }: Question) => mcq.options.find(({ correct }) => correct);

function choose(n: number, k: number): number {
	let ways = 1;
	for (let i = 1; i <= k; i += 1) ways = (ways * (n - k + i)) / i;
	return ways;
}

/** Two-sided p-value of the sign test: how often a fair coin splits at least as unevenly. */
function signTest(better: number, worse: number): number {
	const n = better + worse;
	const most = Math.max(better, worse);
	const tail = sum(Array.from({ length: n - most + 1 }, (_, i) => choose(n, most + i))) / 2 ** n;
	return Math.min(1, 2 * tail);
}

describe("figures of the questions on serving, prompts and chunks", () => {
	test("prompt-to-first-token: the log adds up to a queue of 905 ms, 20 ms a token", async () => {
		const { exhibit, answer, key_points } = await question("prompt-to-first-token");
		const at = (event: string) => Number(exhibit?.match(new RegExp(`(\\d+) ms {2}${event}`))?.[1]);
		const queue = at("scheduled") - at("waiting");
		const first = at("first token");
		expect(answer).toContain(`has room (${queue} ms)`);
		expect(answer).toContain(`(prefill, ${at("prefill done") - at("scheduled")} ms)`);
		expect(answer).toContain(`TTFT: ${thousands(first)} ms`);
		expect(answer).toContain(
			`(${thousands(at("last token"))} - ${thousands(first)}) / 399 = ${(at("last token") - first) / 399} ms`,
		);
		expect(answer).toContain(`${thousands(6000 - 2048)} uncached tokens`);
		expect(queue / first).toBeGreaterThan(2 / 3);
		expect(key_points.map(({ label }) => label).join()).toContain(`${queue} of ${thousands(first)} ms`);
	});

	test("prompt-to-first-token: a prompt of twice the length in the quick check", async () => {
		const record = await question("prompt-to-first-token");
		const [queue, prefill, total] = [0.2, 0.6, 5.8];
		const decoding = total - queue - prefill;
		expect(decoding / 250).toBeCloseTo(0.02, 12);
		expect(optionsOf(record)).toEqual(
			[queue + 4 * prefill + decoding, 2 * total, queue + 2 * prefill + decoding, 2 * (queue + prefill) + decoding].map(
				seconds,
			),
		);
		expect(rightOf(record)?.text).toBe(seconds(queue + 2 * prefill + decoding));
	});

	test("prompt-versioning: 14 better and 8 worse are within chance, and save 40% of the tokens", async () => {
		const { exhibit, answer } = await question("prompt-versioning");
		expect(exhibit).toMatch(/passed +164 +170\n/);
		expect(164 + 14 - 8).toBe(170);
		expect(answer).toContain(
			`in ${percent(signTest(14, 8))} of such comparisons (sign test, p = ${signTest(14, 8).toFixed(2)})`,
		);
		expect(answer).toContain(`saving of ${percent(1 - 71 / 118)} of the output tokens`);
	});

	test("prompt-versioning: the four gains of the quick check", async () => {
		const { mcq } = await question("prompt-versioning");
		const drafts = [
			[9, 1],
			[42, 30],
			[20, 10],
			[3, 0],
		] as const;
		const ps = drafts.map(([fixed, broken]) => signTest(fixed, broken));
		const shown = ps.map((p) => p.toFixed(2));
		expect(mcq.explanation).toContain(`p = ${shown.slice(0, 3).join(", ")} and ${shown[3]}`);
		for (const [index, p] of ps.entries()) expect(mcq.options[index]?.why).toContain(percent(p));
		expect(mcq.options.findIndex(({ correct }) => correct)).toBe(ps.indexOf(Math.min(...ps)));
		expect((await question("prompt-versioning")).traps[0]?.correction).toContain(`flipped ${14 + 8} of 200 results`);
	});

	test("prompt-cache-economics: what the second call costs, and should cost", async () => {
		const { exhibit, answer, key_points } = await question("prompt-cache-economics");
		const [write, read, user, reply] = [1.25, 0.1, 200, 150];
		const [tools, system] = [4000, 6000];
		const first = tools + system + user;
		const second = first + reply + user;
		expect(exhibit).toMatch(new RegExp(`1 +${thousands(first)} +0 `));
		expect(exhibit).toMatch(new RegExp(`2 +${thousands(second - tools)} +${thousands(tools)} `));
		expect(exhibit).toMatch(new RegExp(`3 +${thousands(second + reply + user - tools)} +${thousands(tools)} `));
		const broken = Math.round((second - tools) * write + tools * read);
		const mended = Math.round((second - first) * write + first * read);
		expect(answer).toContain(`= ${thousands(broken)} units`);
		expect(answer).toContain(
			`read ${thousands(first)} tokens and write ${second - first}: ${thousands(mended)} units. Without any caching: ${thousands(second)}`,
		);
		expect(key_points.map(({ label }) => label).join()).toContain(
			`${thousands(mended)} units instead of ${thousands(broken)}`,
		);
	});

	test("prompt-cache-economics: break-even hit rates", async () => {
		const record = await question("prompt-cache-economics");
		const breakEven = (write: number, read: number) => percent((write - 1) / (write - read));
		expect(record.answer).toContain(`0.25 / 1.15 = ${breakEven(1.25, 0.1)}`);
		expect(record.answer).toContain(`w = 2, it takes ${breakEven(2, 0.1)}`);
		expect(optionsOf(record)).toEqual([percent(0.25), percent(0.5), breakEven(1.25, 0.5), percent(0.25 / 1.25)]);
		expect(rightOf(record)?.text).toBe(breakEven(1.25, 0.5));
		expect(record.mcq.options[1]?.why).toContain(`= ${0.5 * 0.5 + 0.5 * 1.25}`);
		expect(record.mcq.options[3]?.why).toContain(`is ${(0.2 * 0.5 + 0.8 * 1.25).toFixed(2)}`);
	});

	test("prompt-cache-economics: when compaction pays", async () => {
		const firstCallThatPays = (keep: (calls: number) => number, compact: (calls: number) => number) =>
			Array.from({ length: 50 }, (_, call) => call + 1).find((calls) => compact(calls) < keep(calls));
		const { answer } = await question("prompt-cache-economics");
		const cached = firstCallThatPays(
			(calls) => 40_000 * 0.1 * calls,
			(calls) => 40_000 * 0.1 + 4000 * 5 + 4000 * 1.25 + 4000 * 0.1 * (calls - 1),
		);
		const plain = firstCallThatPays(
			(calls) => 40_000 * calls,
			(calls) => 40_000 + 4000 * 5 + 4000 * calls,
		);
		expect([cached, plain]).toEqual([8, 2]);
		expect(answer).toContain("pays from the eighth further call on; without caching it would pay from the second");
	});

	test("prompt-cache-economics: an append-only chat against a sliding window", async () => {
		const turns = Array.from({ length: 50 }, (_, turn) => turn + 1);
		const sent = sum(turns.map((turn) => 300 * turn));
		const fresh = 300 * turns.length;
		const { follow_ups } = await question("prompt-cache-economics");
		expect(follow_ups[0]?.a).toContain(
			`sends ${thousands(sent)} tokens: ${thousands(sent - fresh)} reads at 0.1 and ${thousands(fresh)} writes at 1.25 are ${thousands((sent - fresh) * 0.1 + fresh * 1.25)} units`,
		);
		expect(follow_ups[0]?.a).toContain(`sends ${thousands(sum(turns.map((turn) => 300 * Math.min(turn, 8))))} tokens`);
	});

	test("chunking-strategies: budgets that are equal, and one that is not", async () => {
		const { answer, mcq } = await question("chunking-strategies");
		expect(5 * 800).toBe(20 * 200);
		expect(answer).toContain("five chunks of 800 hold as much as twenty of 200");
		const ks = [2, 5, 10, 20];
		const recalls = [...mcq.stem.matchAll(/(?:of|Of) ([\d,]+)(?: tokens)?: ((?:0\.\d+,? ?){4})/g)].map(
			([, size = "", row = ""]) => {
				const k = 2500 / Number(size.replace(",", ""));
				return [size, Number(row.split(", ")[ks.indexOf(Math.floor(k))])] as const;
			},
		);
		expect(recalls.map(([, recall]) => recall)).toEqual([0.74, 0.84, 0.87, 0.89]);
		for (const [size, recall] of recalls) {
			const option = mcq.options.find(({ text }) => text === `${size} tokens`);
			expect(option?.why).toContain(recall.toString());
			expect(option?.correct ?? false).toBe(recall === 0.89);
		}
	});
});

describe("figures of the questions on agents, grounding and indexes", () => {
	test("context-engineering-agents: the context adds up, 84% of it tool output", async () => {
		const { exhibit, answer } = await question("context-engineering-agents");
		const parts = [9000, 2500, 14_500, 98_000, 36_000];
		for (const part of parts) expect(exhibit).toContain(thousands(part));
		expect(exhibit).toContain(thousands(sum(parts)));
		expect(answer).toContain(
			`among ${thousands(sum(parts))} tokens, ${percent((98_000 + 36_000) / sum(parts))} of them tool output`,
		);
	});

	test("deep-research-agent: reading 360,000 tokens, keeping 36,000", async () => {
		const pages = 8 * 5 * 3;
		const { answer } = await question("deep-research-agent");
		expect(answer).toContain(
			`8 sub-questions x 5 searches x 3 pages x 3,000 tokens are ${thousands(pages * 3000)} tokens`,
		);
		expect(answer).toContain(`some 300 tokens per page, ${thousands(pages * 300)} in all`);
	});

	test("workflow-or-agents: five stages with and without a check", async () => {
		const repaired = 1 - 0.05 * (1 - 4 / 5);
		const { answer } = await question("workflow-or-agents");
		expect(answer).toContain(`Five stages at 95% give ${percent(0.95 ** 5)} (0.95^5)`);
		expect(answer).toContain(`it is ${percent(repaired ** 5)} (${repaired.toFixed(2)}^5)`);
		const { mcq } = await question("workflow-or-agents");
		const minutes = (agents: number) => 8 + 2 + (24 / agents) * 5 + 24;
		expect(mcq.options[1]?.text).toBe(`About ${minutes(6)} minutes`);
		expect(mcq.explanation).toContain(`A factor of ${(120 / minutes(6)).toFixed(1)}`);
		expect(mcq.explanation).toContain(`= ${minutes(24)} minutes`);
	});

	test("groundedness-evaluation: the figures follow from the exhibit's claims and citations", async () => {
		const claims = [
			{ cites: 2, support: 1, grounded: true },
			{ cites: 1, support: 1, grounded: true },
			{ cites: 1, support: 0, grounded: false },
			{ cites: 2, support: 1, grounded: true },
			{ cites: 0, support: 0, grounded: true },
		];
		const count = (test: (claim: (typeof claims)[number]) => boolean) => claims.filter(test).length;
		const citations = sum(claims.map(({ cites }) => cites));
		const supporting = sum(claims.map(({ support }) => support));
		const { exhibit, answer } = await question("groundedness-evaluation");
		expect(exhibit?.split("Answer:")[1]?.match(/\[\d\]/g)).toHaveLength(citations);
		const grounded = count((claim) => claim.grounded);
		const recalled = count(({ support }) => support > 0);
		expect(answer).toContain(`supports: ${grounded} of ${claims.length}, ${percent(grounded / claims.length)}.`);
		expect(answer).toContain(`support: ${recalled} of ${claims.length}, ${percent(recalled / claims.length)}.`);
		expect(answer).toContain(`claim: ${supporting} of ${citations}, ${percent(supporting / citations)}.`);
	});

	test("groundedness-evaluation: recall and precision of the quick check", async () => {
		const record = await question("groundedness-evaluation");
		const [recall, precision, grounded, cited] = [2 / 4, 2 / (1 + 3 + 1), 3 / 4, 2 / 3].map(percent);
		expect(optionsOf(record)).toEqual([
			`Recall ${grounded}, precision ${precision}`,
			`Recall ${grounded}, precision ${cited}`,
			`Recall ${recall}, precision ${precision}`,
			`Recall ${recall}, precision ${cited}`,
		]);
		expect(rightOf(record)?.text).toBe(`Recall ${recall}, precision ${precision}`);
	});

	test("groundedness-evaluation: about 320 claims for 5 points either way at 70%", async () => {
		const claims = (1.96 ** 2 * 0.7 * 0.3) / 0.05 ** 2;
		expect((await question("groundedness-evaluation")).follow_ups[0]?.a).toContain(
			`About ${Math.round(claims / 10) * 10} claims`,
		);
	});

	test("ann-index-internals: memory per index for 200 million vectors", async () => {
		const gigabytes = (bytesPerVector: number) => (2e8 * bytesPerVector) / 1e9;
		const floats = 768 * 4;
		const links = 2 * 16 * 4;
		const { answer, follow_ups, key_points } = await question("ann-index-internals");
		expect(answer).toContain(`vectors alone are ${Math.round(gigabytes(floats))} GB`);
		expect(answer).toContain(
			`add ${gigabytes(links)} GB, ${gigabytes(floats + links)} GB in all, and still ${Math.round(gigabytes(768 + links))} GB`,
		);
		expect(key_points.map(({ label }) => label).join()).toContain(`${gigabytes(floats + links)} GB`);
		expect(answer).toContain(`8-byte id are ${gigabytes(64 + 8)} GB`);
		expect(floats + 64 * 4 + 4).toBeLessThan(4096);
		expect(answer).toContain(`4 KB block: ${Math.round(gigabytes(4096))} GB`);
		expect(answer).toContain(`codes of 32 bytes, ${gigabytes(32)} GB`);
		expect((2e7 * (floats + links)) / 1e9).toBeLessThan(128 / 2 + 1);
		expect(follow_ups[0]?.a).toContain(`64 pieces of ${768 / 64} dimensions`);
	});
});

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
