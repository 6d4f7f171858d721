import { describe, expect, test } from "vitest";
import { question } from "./bank.ts";
import { options } from "./options.ts";
import { binomial, percent, sum, thousands } from "./scenarios-arithmetic.ts";

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
