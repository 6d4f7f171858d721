import { describe, expect, test } from "vitest";
import { choose, GB, halfWidth, kappa, norm, percent, sum, thousands } from "./apps-arithmetic.ts";
import { question } from "./bank.ts";

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
