import { describe, expect, test } from "vitest";
import { question } from "./bank.ts";
import {
	answer,
	mean,
	optionTexts,
	product,
	range,
	rightOption,
	sum,
	thousands,
	type Vector,
} from "./transformers-arithmetic.ts";

describe("bert-vs-gpt", () => {
	test("prediction targets of a 512-token sequence", async () => {
		const bert = Math.round(0.15 * 512);
		const gpt = 512 - 1;
		expect(await answer("bert-vs-gpt")).toContain(`about ${bert} predictions (0.15 x 512), a GPT-type model ${gpt}`);
	});

	test("positions of 640 that are chosen, wrong or unchanged", async () => {
		const chosen = 0.2 * 640;
		const about = (positions: number) => `About ${Math.round(positions)}`;
		expect(await optionTexts("bert-vs-gpt")).toEqual([0.2 * chosen, 0.1 * chosen, chosen, 640 - chosen].map(about));
		expect(await rightOption("bert-vs-gpt")).toBe(about(0.1 * chosen));
	});
});

describe("rag-basics", () => {
	test("retrieval and use multiply", async () => {
		expect(await answer("rag-basics")).toContain(`about ${Math.round(100 * 0.8 * 0.9)}% of answers`);
	});

	test("what 15 more points of retrieval bring, and the slips", async () => {
		const right = (found: number) => 100 * (found * 0.84 + (1 - found) * 0.2);
		const points = (value: number) => `${value.toFixed(1)} points`;
		expect(await optionTexts("rag-basics")).toEqual([15, 15 * 0.84, 15 / 0.84, right(0.85) - right(0.7)].map(points));
		expect(await rightOption("rag-basics")).toBe(points(right(0.85) - right(0.7)));
		const { explanation } = (await question("rag-basics")).mcq;
		expect(explanation).toContain(`= ${right(0.7).toFixed(1)}% to`);
		expect(explanation).toContain(`= ${right(0.85).toFixed(1)}%.`);
	});
});

describe("vanishing-gradients", () => {
	test("ten sigmoid slopes, and a hundred factors of 0.9 and 1.1", async () => {
		const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
		const slopes = range(2001).map((step) => sigmoid((step - 1000) / 100) * (1 - sigmoid((step - 1000) / 100)));
		const steepest = Math.max(...slopes);
		const text = await answer("vanishing-gradients");
		expect(text).toContain(`at most ${steepest}^10, about ${(steepest ** 10).toExponential(1)}`);
		expect(text).toContain(`leaves ${(0.9 ** 100).toExponential(1)}`);
		expect(text).toContain(`gives ${thousands(Math.round(1.1 ** 100))}`);
	});

	test("the log falls by 0.56 a layer", async () => {
		const { exhibit, answer: text } = await question("vanishing-gradients");
		const norms = [...(exhibit ?? "").matchAll(/^ *(\d+) +(\S+e-\d+)/gm)].map(([, layer, norm]) => ({
			layer: Number(layer),
			norm: Number(norm),
		}));
		expect(norms).toHaveLength(5);
		const top = norms[0]?.norm ?? 0;
		const factor = ((norms[4]?.norm ?? 0) / top) ** (1 / 23);
		expect(text).toContain(`a factor of ${factor.toFixed(2)} per layer`);
		for (const { layer, norm } of norms) expect(Math.log(norm / (top * factor ** (24 - layer)))).toBeCloseTo(0, 1);
		expect(exhibit).toContain(`start ${Math.log(1000).toFixed(2)}`);
	});

	test("fp16 has no positive value below about 6e-8", async () => {
		const smallest = 2 ** -24;
		const followUps = (await question("vanishing-gradients")).follow_ups.map((item) => item.a).join("\n");
		expect(followUps).toContain(`below about ${smallest.toExponential(0)}`);
		const { explanation, options: choices } = (await question("vanishing-gradients")).mcq;
		expect(explanation).toContain(`smallest positive fp16 number is ${smallest.toExponential(0)}`);
		expect(choices[1]?.why).toContain(`below about ${(smallest / 2).toExponential(0)} to 0`);
		expect(choices[1]?.why).toContain(`few digits up to ${(2 ** -14).toExponential(0)}`);
	});
});

describe("perplexity", () => {
	const probabilities = [0.5, 0.25, 0.125];
	const perplexity = (of: Vector) => Math.exp(mean(of.map((probability) => -Math.log(probability))));

	test("the example is a geometric mean", async () => {
		const text = await answer("perplexity");
		const value = perplexity(probabilities);
		expect(value).toBeCloseTo(4, 12);
		expect(text).toContain(
			`ln ${value.toFixed(0)} = ${Math.log(value).toFixed(3)}, so the perplexity is ${value.toFixed(0)}`,
		);
		expect(text).toContain(
			`inverses, ${mean(probabilities.map((probability) => 1 / probability)).toFixed(2)}, would be wrong`,
		);
	});

	test("bits per byte reverse the order of the two models", async () => {
		const bitsPerByte = (value: number, bytes: number) => Math.log2(value) / bytes;
		const a = bitsPerByte(8, 3).toFixed(1);
		const b = bitsPerByte(16, 5).toFixed(1);
		const text = await answer("perplexity");
		expect(text).toContain(`needs 3 / 3 = ${a} bit per byte`);
		expect(text).toContain(`needs 4 / 5 = ${b}`);
	});

	test("bits per byte in the quick check, and the slips", async () => {
		const nats = 2.4 * 200;
		const values = [nats / Math.LN2 / 1000, nats / 1000, 2.4 / Math.LN2, (nats * Math.LN2) / 1000];
		expect(await optionTexts("perplexity")).toEqual(values.map((value) => value.toFixed(2)));
		expect(await rightOption("perplexity")).toBe(values[0]?.toFixed(2));
		const { explanation } = (await question("perplexity")).mcq;
		expect(explanation).toContain(`e^2.4 = ${Math.exp(2.4).toFixed(1)}`);
		expect(explanation).toContain(
			`${Math.exp(2).toFixed(1)}, and needs more: ${((250 * 2) / Math.LN2 / 1000).toFixed(2)} bits`,
		);
	});

	test("an even guess over 50,000 tokens has perplexity 50,000", async () => {
		const value = Math.round(perplexity([1 / 50_000, 1 / 50_000]));
		expect((await question("perplexity")).follow_ups[0]?.a).toMatch(new RegExp(`^${thousands(value)}:`));
	});
});

describe("beam-search-vs-sampling", () => {
	const peaked = [0.5, 0.2, 0.15, 0.1, 0.05];
	const flat = range(10).map(() => 0.1);
	const topP = (probabilities: Vector, p: number) =>
		1 + range(probabilities.length).filter((count) => sum(probabilities.slice(0, count + 1)) < p - 1e-9).length;
	const minP = (probabilities: Vector, share: number) =>
		probabilities.filter((probability) => probability >= share * Math.max(...probabilities) - 1e-9).length;

	test("tokens kept in the quick check", async () => {
		const step = [0.42, 0.3, 0.16, 0.08, 0.04];
		expect(await rightOption("beam-search-vs-sampling")).toBe(`4, ${topP(step, 0.7)} and ${minP(step, 0.2)} tokens`);
		const { explanation } = (await question("beam-search-vs-sampling")).mcq;
		const kept = step.slice(0, topP(step, 0.7));
		expect(explanation).toContain(kept.map((value) => (value / sum(kept)).toFixed(2)).join(" and "));
	});

	test("beam 2 finds what greedy misses", async () => {
		const best = { A: [0.5, 0.4], B: [0.4, 0.9] };
		const text = await answer("beam-search-vs-sampling");
		expect(product(best.B)).toBeGreaterThan(product(best.A));
		expect(text).toContain(
			`Greedy ends with ${best.A.join(" x ")} = ${product(best.A).toFixed(2)}, beam 2 finds B with ${best.B.join(" x ")} = ${product(best.B).toFixed(2)}`,
		);
	});

	test("tokens kept on the peaked step", async () => {
		const text = await answer("beam-search-vs-sampling");
		const nucleus = topP(peaked, 0.8);
		expect(text).toContain(`reaches 0.8: ${nucleus} tokens (${sum(peaked.slice(0, nucleus)).toFixed(2)})`);
		expect(text).toContain(
			`0.25 x ${Math.max(...peaked)} = ${0.25 * Math.max(...peaked)}: ${minP(peaked, 0.25)} tokens`,
		);
	});

	test("tokens kept on the flat step", async () => {
		const kept = [2, topP(flat, 0.8), minP(flat, 0.25)];
		expect(await answer("beam-search-vs-sampling")).toContain(
			`10 tokens of 0.1 they keep ${kept[0]}, ${kept[1]} and ${kept[2]}`,
		);
	});
});

describe("byte-level-tokenization", () => {
	const bytes = (text: string) => new TextEncoder().encode(text).length;

	test("vocabulary of GPT-2", async () => {
		expect(await answer("byte-level-tokenization")).toContain(`= ${thousands(256 + 50_000 + 1)}`);
	});

	test("bytes and code points of the examples", async () => {
		const text = await answer("byte-level-tokenization");
		const hindi = "नमस्ते";
		expect(text).toContain(`"hello" has ${bytes("hello")} bytes`);
		expect(text).toContain(`${hindi} has ${[...hindi].length} code points and ${bytes(hindi)} bytes`);
		expect(text).toContain(`é has ${bytes("é")} bytes, 한 ${bytes("한")}, 🙂 ${bytes("🙂")}`);
	});

	test("embedding tables of 256 bytes and 250,000 subwords", async () => {
		expect(await answer("byte-level-tokenization")).toContain(
			`256 rows at width 768 are ${thousands(256 * 768)} weights, 250,000 subwords ${(250_000 * 768) / 1e6} million`,
		);
	});

	test("four times the length is sixteen times the scores", async () => {
		expect(await answer("byte-level-tokenization")).toContain(`so ${4 ** 2} times the attention scores`);
	});

	test("bytes of the check's Korean text and emoji, and the slips", async () => {
		const count = (of: number) => `${of} tokens`;
		const text = "한글🙂";
		expect(await optionTexts("byte-level-tokenization")).toEqual(
			[[...text].length, 3 * 2, bytes(text), 3 * 4].map(count),
		);
		expect(await rightOption("byte-level-tokenization")).toBe(count(bytes(text)));
	});

	test("byte values that valid UTF-8 cannot contain", async () => {
		const seen = new Set<number>();
		const isSurrogate = (code: number) => code >= 0xd800 && code <= 0xdfff;
		for (let code = 0; code <= 0x10ffff; code += 1)
			if (!isSurrogate(code)) for (const byte of new TextEncoder().encode(String.fromCodePoint(code))) seen.add(byte);
		const missing = range(256).filter((byte) => !seen.has(byte));
		expect(missing).toEqual([0xc0, 0xc1, ...range(11).map((step) => 0xf5 + step)]);
		expect((await question("byte-level-tokenization")).follow_ups[0]?.a).toContain(
			`${missing.length} of them cannot: 0xC0, 0xC1 and 0xF5 to 0xFF`,
		);
	});
});
