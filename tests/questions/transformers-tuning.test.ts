import { describe, expect, test } from "vitest";
import { question } from "./bank.ts";
import {
	answer,
	mean,
	optionTexts,
	product,
	range,
	rightOption,
	softmax,
	sum,
	thousands,
	type Vector,
} from "./transformers-arithmetic.ts";

describe("finetuning-vs-prompting", () => {
	test("tokens that a shorter prompt saves in a day", async () => {
		const saved = (2000 - 200) * 1e6;
		expect(await answer("finetuning-vs-prompting")).toContain(`saves ${saved / 1e9} billion input tokens a day`);
	});

	test("days until tuning has paid off, and the slips", async () => {
		const perDay = (tokens: number, price: number) => (20_000 * tokens * price) / 1e6;
		const [prompted, tuned] = [perDay(1800, 2), perDay(300, 3)];
		const days = (saved: number) => `After ${Math.round(3000 / saved)} days`;
		expect(await optionTexts("finetuning-vs-prompting")).toEqual(
			[perDay(1500, 2), prompted, prompted - tuned, tuned].map(days),
		);
		expect(await rightOption("finetuning-vs-prompting")).toBe(days(prompted - tuned));
	});
});

describe("lora-peft", () => {
	test("parameters of a rank-16 adapter on a 4,096 x 4,096 layer", async () => {
		const full = 4096 * 4096;
		const adapter = 4096 * 16 + 16 * 4096;
		expect(await answer("lora-peft")).toContain(
			`= ${thousands(adapter)} trainable weights instead of ${thousands(full)}, which is ${((100 * adapter) / full).toFixed(2)}%`,
		);
	});

	test("memory of 7B parameters: full tuning with Adam, 16-bit base, 4-bit base", async () => {
		const perWeight = sum([2, 2, 4, 4, 4]);
		const text = await answer("lora-peft");
		expect(text).toContain(
			`${perWeight} bytes each (2 weight, 2 gradient, 4 master copy, 4 + 4 moments) is ${7 * perWeight} GB`,
		);
		expect(text).toContain(`the 16-bit base is ${7 * 2} GB`);
		expect(text).toContain(`in 4 bits, about ${7 * 0.5} GB`);
	});

	test("with B at zero only B gets a gradient; with both at zero neither does", async () => {
		// y = b * a * x with scalars: dy/db = a * x, dy/da = b * x.
		const gradients = (b: number, a: number, x: number) => ({ b: a * x, a: b * x });
		expect(gradients(0, 0.7, 3).b).not.toBe(0);
		expect(gradients(0, 0.7, 3).a).toBe(0);
		expect(gradients(0, 0, 3)).toEqual({ b: 0, a: 0 });
		expect(await answer("lora-peft")).toContain("If both were zero, neither would get a gradient");
	});

	test("memory of weights, gradients and optimizer in the quick check, and the slips", async () => {
		const [base, adapter] = [13e9, 50e6 * 16];
		const size = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
		expect(await optionTexts("lora-peft")).toEqual(
			[16 * base + adapter, 4 * base + adapter, 2 * base + adapter, adapter].map(size),
		);
		expect(await rightOption("lora-peft")).toBe(size(2 * base + adapter));
	});
});

describe("label-smoothing", () => {
	const smoothed = (classes: number, eps: number) =>
		range(classes).map((index) => (index === 0 ? 1 - eps : 0) + eps / classes);
	const crossEntropy = (target: Vector, output: Vector) =>
		-sum(target.map((share, index) => share * Math.log(output[index] ?? 0)));

	test("target and best logit gap for five classes", async () => {
		const [right = 0, wrong = 0] = smoothed(5, 0.1);
		expect(await answer("label-smoothing")).toContain(
			`${right.toFixed(2)}, each other ${wrong.toFixed(2)}. The best logit gap is finite, ln(${right.toFixed(2)} / ${wrong.toFixed(2)}) = ln ${Math.round(right / wrong)} = ${Math.log(right / wrong).toFixed(2)}`,
		);
	});

	test("the floor of the loss for 5 and for 50,000 classes", async () => {
		const floor = (classes: number) => crossEntropy(smoothed(classes, 0.1), smoothed(classes, 0.1)).toFixed(2);
		expect(await answer("label-smoothing")).toContain(`${floor(5)} in the example and ${floor(50_000)} at K = 50,000`);
	});

	test("the best logit gap of the quick check, and the slips", async () => {
		const [right = 0, wrong = 0] = smoothed(10, 0.2);
		const gaps = [Math.log(right / wrong), Math.log(0.8 / (0.2 / 9)), Math.log(0.8 / 0.2), Math.log(10)];
		expect(await optionTexts("label-smoothing")).toEqual(gaps.map((gap) => gap.toFixed(2)));
		expect(await rightOption("label-smoothing")).toBe(gaps[0]?.toFixed(2));
		const { options: choices } = (await question("label-smoothing")).mcq;
		expect(choices[0]?.why).toContain(`ln ${Math.round(right / wrong)}`);
		expect(choices[1]?.why).toContain(`ln ${Math.round(0.8 / (0.2 / 9))}`);
	});

	test("the smoothed loss splits into the plain loss and the mean loss over classes", () => {
		const output = softmax([2, 0.5, -1, 0, 0.3]);
		const plain = -Math.log(output[0] ?? 0);
		const average = mean(output.map((probability) => -Math.log(probability)));
		expect(crossEntropy(smoothed(5, 0.1), output)).toBeCloseTo(0.9 * plain + 0.1 * average, 12);
	});
});

describe("chain-of-thought", () => {
	const choose = (n: number, k: number) => product(range(k).map((step) => (n - step) / (step + 1)));
	const majority = (votes: number, right: number) =>
		sum(
			range(votes + 1)
				.filter((wins) => wins > votes / 2)
				.map((wins) => choose(votes, wins) * right ** wins * (1 - right) ** (votes - wins)),
		);

	test("a vote of five sharpens 60% and 40%", async () => {
		const text = await answer("chain-of-thought");
		expect(text).toContain(`a vote of five is right in ${(100 * majority(5, 0.6)).toFixed(1)}%`);
		expect(text).toContain(`at 40% it falls to ${(100 * majority(5, 0.4)).toFixed(1)}%`);
	});

	test("a majority of three samples, and the slips", async () => {
		const values = [1 - 0.3 ** 3, 0.7 ** 3, 0.7, majority(3, 0.7)];
		expect(await optionTexts("chain-of-thought")).toEqual(values.map((value) => `${Math.round(100 * value)}%`));
		expect(await rightOption("chain-of-thought")).toBe(`${Math.round(100 * majority(3, 0.7))}%`);
	});

	test("output tokens with 200 tokens of reasoning, once and five times", async () => {
		const factor = (200 + 5) / 5;
		expect(await answer("chain-of-thought")).toContain(
			`${factor} times the output tokens (${200 + 5} / 5); five samples make it ${5 * factor} times`,
		);
	});
});
