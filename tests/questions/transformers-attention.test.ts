import { describe, expect, test } from "vitest";
import { question } from "./bank.ts";
import { answer, fixed, optionTexts, range, rightOption, softmax, sum, thousands } from "./transformers-arithmetic.ts";

const KIB = 1024;
const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

describe("self-attention", () => {
	test("scaled scores give a soft mix, undivided ones nearly a single key", async () => {
		const raw = [16, 8, 0];
		const scale = Math.sqrt(64);
		const text = await answer("self-attention");
		expect(text).toContain(`they become ${raw.map((score) => score / scale).join(", ")}, and softmax gives`);
		expect(text).toContain(fixed(softmax(raw.map((score) => score / scale)), 3));
		expect(text).toContain(`would take ${softmax(raw)[0]?.toFixed(4)}`);
	});

	test("four square projections at width 768", async () => {
		expect(await answer("self-attention")).toContain(`4 x 768^2 = ${thousands(4 * 768 ** 2)} weights`);
		expect(12 * 64).toBe(768);
	});

	test("the head's output in the quick check, and three slips", async () => {
		const output = (divisor: number) => (8 * (softmax([(2 * Math.log(3)) / divisor, 0])[0] ?? 0)).toFixed(1);
		expect(await optionTexts("self-attention")).toEqual([output(2), output(1), output(4), output(1e-3)]);
		expect(await rightOption("self-attention")).toBe(output(Math.sqrt(4)));
	});
});

describe("kv-cache", () => {
	const perToken = (layers: number, heads: number, size: number, bytes: number) => 2 * layers * heads * size * bytes;

	test("token passes with and without the cache", async () => {
		const without = sum(range(1000).map((step) => step + 1));
		expect(await answer("kv-cache")).toContain(
			`need 1,000 token passes with the cache and ${thousands(without)} without`,
		);
	});

	test("cache of Llama 3 8B per token and at 8,192 tokens, with 8 and with 32 KV heads", async () => {
		const bytes = perToken(32, 8, 128, 2);
		const text = await answer("kv-cache");
		expect(text).toContain(
			`${thousands(bytes)} bytes, ${bytes / KIB} KiB per token, so ${(bytes * 8192) / GIB} GiB for 8,192 tokens`,
		);
		expect(text).toContain(`With 32 KV heads instead of 8 it would be ${(perToken(32, 32, 128, 2) * 8192) / GIB} GiB`);
	});

	test("the bandwidth floor of a decode step", async () => {
		const milliseconds = (16e9 / 2e12) * 1000;
		expect(await answer("kv-cache")).toContain(
			`at least ${milliseconds} ms, so one sequence gets at most ${1000 / milliseconds} tokens per second`,
		);
	});

	test("tokens that fit into 40 GB, and the slips", async () => {
		const fits = (bytes: number) => 40e9 / bytes;
		const bytes = perToken(80, 8, 128, 1);
		const about = (tokens: number) => `${thousands(Math.floor(tokens / 500) * 500)} tokens`;
		expect(await optionTexts("kv-cache")).toEqual([bytes / 2, 2 * bytes, 8 * bytes, bytes].map(fits).map(about));
		expect(await rightOption("kv-cache")).toBe(about(fits(bytes)));
		const right = (await question("kv-cache")).mcq.options[3]?.why;
		expect(right).toContain(`= ${thousands(bytes)} bytes per token; 40e9 / ${thousands(bytes)}`);
		expect(right).toContain(`= ${thousands(Math.round(fits(bytes)))}`);
		expect((await question("kv-cache")).mcq.explanation).toContain(
			`${Math.floor(fits(bytes) / 8192)} sequences of 8,192`,
		);
	});
});

describe("gqa-mqa-mla", () => {
	const numbers = { mha: 2 * 128 * 128, gqa: 2 * 8 * 128, mqa: 2 * 128, mla: 512 + 64 };

	test("numbers cached per token and layer", async () => {
		expect(await answer("gqa-mqa-mla")).toContain(
			`MHA ${thousands(numbers.mha)}, GQA with 8 groups ${thousands(numbers.gqa)}, MQA ${numbers.mqa}, MLA ${numbers.mla}`,
		);
	});

	test("MLA against MHA and as a count of GQA groups", async () => {
		expect(await answer("gqa-mqa-mla")).toContain(
			`${Math.round(numbers.mha / numbers.mla)} times smaller than MHA's, the size of a GQA with ${numbers.mla / (2 * 128)} groups`,
		);
	});

	test("cache per token over 60 layers in 16 bits", async () => {
		const kib = (numbers.mla * 60 * 2) / KIB;
		const mib = (numbers.mha * 60 * 2) / MIB;
		expect(await answer("gqa-mqa-mla")).toContain(`${kib} KiB per token against ${mib} MiB`);
	});

	test("copies of 4 KV heads on 16 GPUs", async () => {
		const held = 16 * Math.max(1, 4 / 16);
		expect(await rightOption("gqa-mqa-mla")).toBe(`${(held / 4).toFixed(1)} times`);
	});
});

describe("encoder-decoder-cross-attention", () => {
	test("key-value pairs that six decoder layers hold, and the slips", async () => {
		const pairs = (count: number) => `${thousands(count)} pairs`;
		expect(await optionTexts("encoder-decoder-cross-attention")).toEqual(
			[6 * (300 + 40), 6 * 300, 300 + 40, 2 * 300 + 40].map(pairs),
		);
		expect(await rightOption("encoder-decoder-cross-attention")).toBe(pairs(6 * (300 + 40)));
	});

	test("T5's span corruption of 568 tokens", async () => {
		const dropped = Math.round(0.15 * 568);
		const spans = Math.round(dropped / 3);
		const text = await answer("encoder-decoder-cross-attention");
		expect(text).toContain(`From 568 tokens ${dropped} are dropped in ${spans} spans`);
		expect(text).toContain(`568 - ${dropped} + ${spans} + 1 = ${568 - dropped + spans + 1}`);
		expect(text).toContain(`${dropped} + ${spans} + 1 = ${dropped + spans + 1}`);
	});

	test("the corrupted sentence and its target restore the original", async () => {
		const corrupted = "The museum <X> at nine <Y>";
		const target = "<X> opens <Y> on Sundays";
		const spans = new Map(
			[...target.matchAll(/<([XY])> ([^<]+)/g)].map(([, sentinel, span]) => [sentinel, span?.trim()]),
		);
		const restored = corrupted.replace(/<([XY])>/g, (_, sentinel: string) => spans.get(sentinel) ?? "");
		const text = await answer("encoder-decoder-cross-attention");
		expect(text).toContain(`"${restored}" becomes \`${corrupted}\` with target \`${target}\``);
	});
});
