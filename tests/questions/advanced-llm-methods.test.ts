import { describe, expect, test } from "vitest";
import { optionsOf, percent, rightOf } from "./advanced-llm-methods-arithmetic.ts";
import { question } from "./bank.ts";
import { at, grouped, sum } from "./options.ts";

const GIB = 2 ** 30;
const millions = (count: number) => `${Math.round(count / 1e6)}M`;
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** A number rounded to so many significant bits, ties to even; ranges of exponents are left out. */
function rounded(value: number, bits: number): number {
	if (value === 0) return 0;
	const step = 2 ** (Math.floor(Math.log2(Math.abs(value))) - bits + 1);
	const whole = Math.floor(value / step);
	const rest = value / step - whole;
	const up = rest > 0.5 || (rest === 0.5 && whole % 2 === 1);
	return (whole + (up ? 1 : 0)) * step;
}

describe("number-formats", () => {
	/** Largest number of a format whose highest exponent is not set aside for infinity, or is. */
	const largest = (exponent: number, mantissa: number) => (2 - 2 ** -mantissa) * 2 ** (2 ** (exponent - 1) - 1);

	test("the table's largest values", async () => {
		const { exhibit } = await question("number-formats");
		expect(exhibit).toContain(`10      ${grouped(largest(5, 10))}`);
		expect(exhibit).toContain(`2      ${grouped(largest(5, 2))}`);
		expect(largest(8, 7).toPrecision(2)).toBe("3.4e+38");
		expect(largest(8, 23).toPrecision(2)).toBe("3.4e+38");
		// E4M3 keeps its highest exponent for numbers and gives up one mantissa for NaN.
		expect(exhibit).toContain(`3         ${1.75 * 2 ** 8}`);
	});

	test("steps at 1, what fp16 loses, and an update that bf16 loses", async () => {
		const { answer, follow_ups } = await question("number-formats");
		expect(answer).toContain(`1/${grouped(2 ** 10)} = ${(2 ** -10).toFixed(5)}`);
		expect(answer).toContain(`1/${2 ** 7} = ${(2 ** -7).toFixed(4)}`);
		expect((2 ** -24 / 2).toPrecision(1)).toBe("3e-8");
		expect(answer).toContain(`half a step (${(2 ** -8).toFixed(4)})`);
		expect(rounded(1.001, 8)).toBe(1);
		expect(rounded(1.001, 11)).toBeGreaterThan(1);
		expect(follow_ups[2]?.a).toContain(`in ${percent(0.001 / 2 ** -7)} of cases`);
		expect(follow_ups[1]?.a).toContain(`${4 + 8 / 32} bits each`);
		expect(follow_ups[1]?.a).toContain(`${4 + 8 / 16} bits,`);
	});

	test("where a counter ends", async () => {
		const end = (bits: number, step: number) => {
			let counter = 0;
			for (let i = 0; i < 10_000; i += 1) counter = rounded(counter + step, bits);
			return grouped(counter);
		};
		const record = await question("number-formats");
		expect(rightOf(record)).toBe(end(11, 2));
		expect(optionsOf(record)[0]).toBe(end(11, 1));
		expect(record.mcq.explanation).toContain(`the same counter would stop at ${end(8, 2)}`);
	});
});

describe("tokenizer-vocabulary-size", () => {
	test("embedding and logits of both vocabularies", async () => {
		const { answer } = await question("tokenizer-vocabulary-size");
		const table = (entries: number) => entries * 2048;
		expect(answer).toContain(`${millions(table(32_768))} at 32,768 and ${millions(table(131_072))} at 131,072`);
		expect(answer).toContain(`${percent(table(32_768) / 1e9)} and ${percent(table(131_072) / 1e9)} of 1B`);
		const logits = (entries: number) => (8192 * entries * 4) / GIB;
		expect(answer).toContain(`take ${logits(32_768)} or ${logits(131_072)} GiB`);
		expect(answer).toContain(`the same matrix is ${percent((131_072 * 8192) / 70e9, 1)}`);
	});

	test("growth when the vocabulary doubles and is untied", async () => {
		const before = 50_000 * 2048;
		const after = 100_000 * 2048;
		const record = await question("tokenizer-vocabulary-size");
		expect(optionsOf(record)).toEqual(
			[after - before, 2 * after, 2 * after - before, after].map((count) => `${millions(count)} parameters`),
		);
		expect(rightOf(record)).toBe(`${millions(2 * after - before)} parameters`);
	});
});

describe("checkpoint-averaging", () => {
	test("window, share of the start, and a copy of 7B", async () => {
		const { answer } = await question("checkpoint-averaging");
		expect(answer).toContain(`so ${grouped(Math.round(1 / (1 - 0.999)))} for a = 0.999`);
		expect(answer).toContain(`0.999^100 = ${percent(0.999 ** 100)}`);
		expect(answer).toContain(`${7 * 4} GB in fp32 for 7B`);
	});

	test("share of the start at a = 0.99", async () => {
		const record = await question("checkpoint-averaging");
		expect(optionsOf(record)).toEqual(
			[1 - 0.99 ** 200, 0.99 ** 100, 1 - 0.99 ** 100, 0.99 ** 200].map((x) => percent(x)),
		);
		expect(rightOf(record)).toBe(percent(0.99 ** 200));
		expect(0.99 ** 700).toBeLessThan(0.001);
	});
});

describe("training-memory-savers", () => {
	test("the list adds up, and each remedy's total", async () => {
		const { exhibit, answer, follow_ups, mcq } = await question("training-memory-savers");
		const total = 3 * (2 + 2 + 12) + 58;
		expect(exhibit).toContain(`needed ${total} GB`);
		expect(answer).toContain(`58 / 4 = ${58 / 4} GB, the total to ${total - 58 + 58 / 4} GB`);
		expect(answer).toContain(`leaving ${total - 36} GB`);
		expect(answer).toContain(`about ${((6 + 6) / 25).toFixed(1)} s at 25 GB/s`);
		expect(follow_ups[0]?.a).toContain(`${((4096 * 128_000 * 4) / 1e9).toFixed(1)} GB`);
		expect(follow_ups[2]?.a).toContain(`${3 * (8 - 2)} GB less`);
		const states = 160;
		const moments = (bytes: number) => (states * bytes) / 16;
		expect(12 / 16).toBe(0.75);
		expect(mcq.options[0]?.why).toContain(
			`three quarters of the ${states} GB are master weights and moments. Moving them leaves ${states - moments(12)} GB`,
		);
		expect(mcq.options[2]?.why).toContain(
			`from ${moments(8)} to ${moments(2)} GB. The other ${states - moments(8)} GB stay, so ${states - moments(8) + moments(2)} GB`,
		);
	});
});

describe("reward-model-bradley-terry", () => {
	test("probability, losses, and the floor of noisy labels", async () => {
		const { answer } = await question("reward-model-bradley-terry");
		const loss = (difference: number) => -Math.log(sigmoid(difference));
		expect(answer).toContain(`in ${percent(sigmoid(2))} of cases; such a pair costs ${loss(2).toFixed(3)}`);
		expect(answer).toContain(`at 0 costs ${loss(0).toFixed(3)}, one that is wrong by 1 costs ${loss(-1).toFixed(3)}`);
		const p = sigmoid(1);
		expect(answer).toContain(`in ${percent(p)} of cases`);
		expect(answer).toContain(`below ${(-p * Math.log(p) - (1 - p) * Math.log(1 - p)).toFixed(2)}`);
		expect(answer).toContain(`= ${(Math.log(16) - 15 / 16).toFixed(2)}`);
	});

	test("odds multiply along a chain", async () => {
		const record = await question("reward-model-bradley-terry");
		const logit = Math.log(0.8 / 0.2);
		expect(rightOf(record)).toBe(percent(sigmoid(2 * logit)));
		expect(optionsOf(record)).toEqual([0.8 * 0.8, 0.8, sigmoid(2 * logit), 1 - 0.2 * 0.2].map((x) => percent(x)));
	});
});

describe("llm-distillation", () => {
	const kl = (p: readonly number[], q: readonly number[]) => sum(p.map((x, i) => x * Math.log(x / at(q, i))));

	test("forward KL prefers the uniform student, reverse KL the one-mode student", async () => {
		const teacher = [0.49, 0.49, 0.01, 0.01];
		const uniform = [0.25, 0.25, 0.25, 0.25];
		const mode = [0.97, 0.01, 0.01, 0.01];
		const { answer } = await question("llm-distillation");
		expect(answer).toContain(`(${kl(teacher, uniform).toFixed(2)} against ${kl(teacher, mode).toFixed(2)} for one`);
		expect(answer).toContain(`(${kl(mode, teacher).toFixed(2)} against ${kl(uniform, teacher).toFixed(2)})`);
	});

	test("bytes of stored logits", async () => {
		const { answer, mcq } = await question("llm-distillation");
		const entry = 2 + 4;
		expect(mcq.explanation).toContain(
			`20 entries of ${entry} bytes are ${20 * entry} bytes a token, ${(20 * entry * 2e9) / 1e9} GB here`,
		);
		expect(answer).toContain(`2 bytes are ${(128_000 * 2) / 1000} KB a token`);
		expect(answer).toContain(`the top 50 with ids ${50 * (2 + 4)} bytes`);
	});
});

describe("synthetic-training-data", () => {
	test("what a check keeps, and what remains of the variance", async () => {
		const { answer } = await question("synthetic-training-data");
		const right = 0.7 * 0.95;
		const kept = right + 0.3 * 0.1;
		expect(answer).toContain(`${percent(kept)} are kept and ${percent(right / kept)} of these are right`);
		expect(answer).toContain(`hard ones are ${percent(0.1 / 1.05)} of what is kept`);
		expect(answer).toContain(`falls to ${percent((1 - 1 / 100) ** 50)}`);
	});

	test("hard prompts with one kept sample each", async () => {
		const record = await question("synthetic-training-data");
		const easy = 1 - 0.05 ** 8;
		const hard = 1 - 0.9 ** 8;
		expect(optionsOf(record)).toEqual([0.1 / 1.05, hard, 0.5, hard / (hard + easy)].map((x) => percent(x)));
		expect(rightOf(record)).toBe(percent(hard / (hard + easy)));
	});
});

describe("reward-hacking", () => {
	test("what the log says", async () => {
		const { exhibit, answer } = await question("reward-hacking");
		const rows = (exhibit ?? "").split("\n").slice(2);
		const [step400 = [], step1000 = []] = [rows[2], rows[5]].map((row) => row?.match(/[\d.]+/g)?.map(Number));
		expect(answer).toContain(
			`From ${at(step400, 0)} to ${grouped(at(step1000, 0))} the reward gains ${(at(step1000, 1) - at(step400, 1)).toFixed(1)} while wins lose ${at(step400, 2) - at(step1000, 2)} points`,
		);
		const half = 196 * Math.sqrt((0.63 * 0.37) / 300);
		expect(answer).toContain(`about ${half.toFixed(1)} points each way`);
		expect(63 - 61).toBeLessThan(half);
	});
});

describe("base-to-reasoning-model", () => {
	test("standard error on 30 problems, and groups with a success", async () => {
		const { answer, mcq } = await question("base-to-reasoning-model");
		expect(answer).toContain(`standard error of ${(100 * Math.sqrt((0.7 * 0.3) / 30)).toFixed(1)} points`);
		expect(mcq.options[0]?.why).toContain(
			`some ${percent(0.995 ** 16)} would hold no success and so no signal (0.995^16)`,
		);
	});
});

describe("rl-tool-use", () => {
	test("tokens that tools wrote", async () => {
		const { exhibit, answer, key_points } = await question("rl-tool-use");
		const counts = (who: string) =>
			[...(exhibit ?? "").matchAll(new RegExp(`^${who}.*?([\\d,]+) +yes`, "gm"))].map((row) =>
				Number(row[1]?.replace(",", "")),
			);
		const tools = sum(counts("tool"));
		const own = sum(counts("assistant"));
		expect(answer).toContain(`${grouped(tools)} of ${grouped(tools + own)} tokens, ${percent(tools / (tools + own))}`);
		expect(answer).toContain(`its own ${own} tokens`);
		expect(key_points[0]?.label).toContain(percent(tools / (tools + own)));
		expect(221 - 212).toBe(9);
	});

	test("advantage of a success without the crashed rollouts", async () => {
		const record = await question("rl-tool-use");
		const signed = (x: number) => `+${x.toFixed(2)}`;
		// 0.375 and 0.625 lie halfway; the options round them up.
		expect(optionsOf(record)).toEqual([1 - 6 / 11, 10 / 16 + 1e-9, 6 / 16 + 1e-9, 6 / 11].map(signed));
		expect(rightOf(record)).toBe(signed(1 - 6 / 11));
		expect(record.mcq.explanation).toContain(`instead of -${(6 / 11).toFixed(2)}`);
	});
});
