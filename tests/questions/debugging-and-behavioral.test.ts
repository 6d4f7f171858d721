import { describe, expect, test } from "vitest";
import { question } from "./bank.ts";
import { percent, sum, thousands } from "./scenarios-arithmetic.ts";

/** Bayes: the posterior after the class prior changed and nothing else did. */
function shiftPrior(score: number, from: number, to: number): number {
	const odds = (score / (1 - score)) * (to / (1 - to) / (from / (1 - from)));
	return odds / (1 + odds);
}

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
