import { describe, expect, test } from "vitest";
import { answerOf, cacheBytes, expectOptions, first, KIB, percent, softmax } from "./advanced-llm-arithmetic.ts";
import { question } from "./bank.ts";

describe("mixture-of-experts", () => {
	const layers = 32;
	const expert = 3 * 4096 * 14_336;
	const attention = layers * (2 * 4096 * 4096 + 2 * 4096 * 1024);
	const rest = attention + 2 * 32_000 * 4096 + layers * 4096 * 8;
	const total = layers * 8 * expert + rest;
	const active = layers * 2 * expert + rest;
	const billions = (count: number) => `${(count / 1e9).toFixed(1)}B`;

	test("Mixtral's parameters, total and active", async () => {
		const answer = await answerOf("mixture-of-experts");
		expect(answer).toContain(`= ${Math.round(expert / 1e6)}M weights`);
		expect(answer).toContain(`experts give ${billions(layers * 8 * expert)}`);
		expect(answer).toContain(`${billions(total)} in total, ${billions(active)} active`);
	});

	test("its weights in bf16", async () => {
		expect(await answerOf("mixture-of-experts")).toContain(`${Math.round((2 * total) / 1e9)} GB in bf16`);
	});

	test("experts that a batch of 8 tokens touches", async () => {
		const touched = 8 * (1 - (1 - 2 / 8) ** 8);
		expect(await answerOf("mixture-of-experts")).toContain(`${touched.toFixed(1)} of 8`);
	});

	test("parameters that a token uses, with 2 of 16 experts", async () => {
		await expectOptions(
			"mixture-of-experts",
			[36, (36 * 2) / 16, 4 + 32 / 16, 4 + (32 * 2) / 16].map((count) => `${count.toFixed(1)}B`),
			`${(4 + (32 * 2) / 16).toFixed(1)}B`,
		);
		expect((await question("mixture-of-experts")).mcq.explanation).toContain(`${36 * 2} GB in bf16`);
	});
});

describe("scaled-dot-product-attention", () => {
	const raw = softmax([16, 8, 0]);
	const scaled = softmax([16, 8, 0].map((score) => score / Math.sqrt(64)));

	test("softmax before and after scaling", async () => {
		const answer = await answerOf("scaled-dot-product-attention");
		expect(answer).toContain(`[${raw.map((weight) => weight.toFixed(4)).join(", ")}]`);
		expect(answer).toContain(`[${scaled.map((weight) => weight.toFixed(3)).join(", ")}]`);
	});

	test("the diagonal of the Jacobian", async () => {
		const slope = (p: number) => p * (1 - p);
		expect(await answerOf("scaled-dot-product-attention")).toContain(
			`p(1 - p) is ${slope(first(raw)).toFixed(4)} in the first case and ${slope(first(scaled)).toFixed(3)}`,
		);
	});

	test("standard deviation of scores for components of variance 1 and 1/4", async () => {
		expect(await answerOf("scaled-dot-product-attention")).toContain(`standard deviation ${Math.sqrt(64)}.`);
		const variance = 64 * (1 / 4) ** 2;
		await expectOptions(
			"scaled-dot-product-attention",
			[Math.sqrt(64), 64 / 4, Math.sqrt(variance), variance].map((value) => value.toFixed(1)),
			Math.sqrt(variance).toFixed(1),
		);
		const { mcq } = await question("scaled-dot-product-attention");
		expect(mcq.explanation).toContain(`shrink the scores to ${Math.sqrt(variance / 64)}`);
	});

	test("FLOPs of one head", async () => {
		const flops = 2 * 4096 * 4096 * (128 + 128);
		expect(await answerOf("scaled-dot-product-attention")).toContain(`${(flops / 1e9).toFixed(1)} GFLOPs`);
	});
});

describe("state-space-models", () => {
	test("decay for a small and a large step", async () => {
		const kept = (delta: number, steps = 1) => percent(Math.exp(-delta) ** steps);
		const answer = await answerOf("state-space-models");
		expect(answer).toContain(`keeps ${kept(0.01)} of the state (${kept(0.01, 100)} after 100 such steps)`);
		expect(answer).toContain(`Delta = 3 keeps ${kept(3)}`);
	});

	test("state of a layer in tokens of KV cache", async () => {
		const state = 8192 * 16;
		const perToken = cacheBytes(1, 8, 128, 1);
		const answer = await answerOf("state-space-models");
		expect(answer).toContain(`${state.toLocaleString("en-US")} numbers, as much as ${state / perToken} tokens`);
		expect(answer).toContain(`(${perToken.toLocaleString("en-US")} numbers per token)`);
		const times = (128 * KIB * perToken) / state;
		const thousands = Math.round(times / 1000) * 1000;
		expect(answer).toContain(`at 128k tokens about ${thousands.toLocaleString("en-US")} times`);
	});

	test("what a hybrid holds for a user, as a share of the full cache", async () => {
		const { mcq } = await question("state-space-models");
		const [length, perToken] = [32_768, cacheBytes(1, 8, 128, 1)];
		const full = 48 * perToken * length;
		const attention = 6 * perToken * length;
		const states = 42 * 131_072;
		expect(mcq.options.map(({ text }) => text)).toEqual([
			`About ${percent(states / full, 1)}`,
			`About ${percent((2 * attention + states) / full)}`,
			`About ${percent((attention + states) / full)}`,
			"About 100%",
		]);
		expect(mcq.options[3]?.why).toContain(`as large as ${131_072 / perToken} tokens`);
		expect(mcq.explanation).toContain(`= ${(full / 1e9).toFixed(1)} billion numbers`);
		expect(mcq.explanation).toContain(`= ${Math.round(attention / 1e6)} million, and 42 x 131,072`);
		expect(mcq.explanation).toContain(`= ${(states / 1e6).toFixed(1)} million for the states`);
	});
});
