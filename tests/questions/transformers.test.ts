import { describe, expect, test } from "vitest";
import { question } from "./bank.ts";

type Vector = readonly number[];
type Matrix = readonly Vector[];

const sum = (values: Vector) => values.reduce((total, value) => total + value, 0);
const mean = (values: Vector) => sum(values) / values.length;
const dot = (a: Vector, b: Vector) => sum(a.map((value, index) => value * (b[index] ?? 0)));
const range = (count: number) => Array.from({ length: count }, (_, index) => index);
const row = (matrix: Matrix, index: number): Vector => matrix[index] ?? [];
const thousands = (value: number) => value.toLocaleString("en-US");
const fixed = (values: Vector, digits: number) => values.map((value) => value.toFixed(digits)).join(", ");
const product = (values: Vector) => values.reduce((total, value) => total * value, 1);

const KIB = 1024;
const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

async function answer(id: string): Promise<string> {
	return (await question(id)).answer;
}

async function rightOption(id: string): Promise<string> {
	return (await question(id)).mcq.options.find((option) => option.correct)?.text ?? "";
}

async function optionTexts(id: string): Promise<string[]> {
	return (await question(id)).mcq.options.map((option) => option.text);
}

function softmax(logits: Vector): number[] {
	const powers = logits.map((logit) => Math.exp(logit - Math.max(...logits)));
	return powers.map((power) => power / sum(powers));
}

/** Each row of X times W, a matrix given by its columns. */
const project = (x: Matrix, columns: Matrix) => x.map((vector) => columns.map((column) => dot(vector, column)));

const scores = (queries: Matrix, keys: Matrix) => queries.map((query) => keys.map((key) => dot(query, key)));

/** Unmasked single-head attention, one output vector per position. */
function attention(x: Matrix, query: Matrix, key: Matrix, value: Matrix): number[][] {
	const values = project(x, value);
	return scores(project(x, query), project(x, key)).map((line) => {
		const weights = softmax(line.map((score) => score / Math.sqrt(query.length)));
		return range(value.length).map((column) =>
			sum(weights.map((weight, at) => weight * (row(values, at)[column] ?? 0))),
		);
	});
}

const DOG = [0.2, -1, 0.5];
const BITES = [1.1, 0.3, -0.4];
const MAN = [-0.7, 0.8, 0.9];
const W_QUERY = [
	[0.3, -0.2, 0.7],
	[0.9, 0.1, -0.5],
];
const W_KEY = [
	[-0.6, 0.4, 0.2],
	[0.5, 0.8, -0.1],
];
const W_VALUE = [
	[0.1, 0.9, -0.3],
	[0.7, -0.4, 0.6],
];

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

describe("positional-encoding", () => {
	test("attention without mask or positions is equivariant, so pooled vectors are equal", async () => {
		const one = attention([DOG, BITES, MAN], W_QUERY, W_KEY, W_VALUE);
		const other = attention([MAN, BITES, DOG], W_QUERY, W_KEY, W_VALUE);
		const pooled = (rows: Matrix) => range(2).map((column) => mean(rows.map((vector) => vector[column] ?? 0)));
		for (const column of range(2)) {
			expect(row(one, 0)[column]).toBeCloseTo(row(other, 2)[column] ?? Number.NaN, 12);
			expect(pooled(one)[column]).toBeCloseTo(pooled(other)[column] ?? Number.NaN, 12);
		}
		expect(Math.abs((row(one, 0)[0] ?? 0) - (row(other, 0)[0] ?? 0))).toBeGreaterThan(0.01);
		expect(await answer("positional-encoding")).toContain("get the same pooled vector");
	});

	test("ALiBi's factor at slope 1/2 and distance 10", async () => {
		const penalty = 0.5 * 10;
		expect(await answer("positional-encoding")).toContain(
			`loses ${penalty} logits, so its weight is multiplied by e^-${penalty} = ${Math.exp(-penalty).toFixed(4)}`,
		);
	});

	test("ALiBi weights at distances 4 and 12, and the slips", async () => {
		const gap = (12 - 4) / 4;
		const values = [12 / 4, Math.exp(gap), gap, (12 / 4) ** (1 / 4)];
		expect(await optionTexts("positional-encoding")).toEqual(values.map((value) => `${value.toFixed(1)} times`));
		expect(await rightOption("positional-encoding")).toBe(`${Math.exp(gap).toFixed(1)} times`);
	});

	test("a rotated dot product depends on the offset alone", async () => {
		const turned = (position: number) => [Math.cos(0.5 * position), Math.sin(0.5 * position)];
		const near = dot(turned(2), turned(5));
		const far = dot(turned(102), turned(105));
		expect(far).toBeCloseTo(near, 12);
		expect(await answer("positional-encoding")).toContain(
			`positions 2 and 5 give cos(${0.5 * (5 - 2)}) = ${near.toFixed(4)}, and so do 102 and 105`,
		);
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

describe("rope-mechanics", () => {
	const period = (base: number, size: number, pair: number) => 2 * Math.PI * base ** ((2 * pair) / size);

	test("period of the slowest pair at two bases", async () => {
		const text = await answer("rope-mechanics");
		expect(text).toContain(`needs ${thousands(Math.round(period(10_000, 128, 63)))} tokens for one turn`);
		expect(text).toContain(`with base 500,000 about ${(period(500_000, 128, 63) / 1e6).toFixed(2)} million`);
	});

	test("pairs that complete a turn within 4,096 tokens", async () => {
		const complete = range(64).filter((pair) => period(10_000, 128, pair) <= 4096).length;
		const text = await answer("rope-mechanics");
		expect(text).toContain(`in 4,096 tokens, ${complete} of the 64 pairs`);
		expect(text).toContain(`The other ${64 - complete} have covered part of the circle`);
	});

	test("YaRN keeps a pair of 100 turns and stretches one of a fifth of a turn", async () => {
		const stretched = (turn: number) => {
			const turns = 2048 / turn;
			const kept = Math.min(1, Math.max(0, (turns - 1) / (32 - 1)));
			return 1 / (kept / turn + (1 - kept) / (4 * turn));
		};
		expect(await rightOption("rope-mechanics")).toBe(`${stretched(20)} and ${thousands(stretched(10_000))}`);
		expect(Math.round(2048 / 20 / 10)).toBe(10);
		expect(2048 / 10_000).toBeCloseTo(1 / 5, 1);
	});

	test("the NTK-aware base for a stretch by 8, and what it does to the ends", async () => {
		const base = 10_000 * 8 ** (128 / 126);
		expect(period(base, 128, 63) / period(10_000, 128, 63)).toBeCloseTo(8, 9);
		expect(period(base, 128, 0)).toBe(period(10_000, 128, 0));
		expect(await answer("rope-mechanics")).toContain(`here ${thousands(Math.round(base))}`);
	});

	test("position interpolation maps 32,000 to 4,000", async () => {
		expect(await answer("rope-mechanics")).toContain(`so 32,000 acts like ${thousands(32_000 / (32_768 / 4096))}`);
	});

	test("bf16 is exact for integers up to 256", async () => {
		const significantBits = 8;
		expect((await question("rope-mechanics")).follow_ups[1]?.a).toContain(
			`integers above ${2 ** significantBits} are no longer exact`,
		);
	});
});

describe("norm-placement-rmsnorm", () => {
	const x = [1, 2, 3, 4];
	const rms = (values: Vector) => Math.sqrt(mean(values.map((value) => value ** 2)));
	const rmsNorm = (values: Vector) => values.map((value) => value / rms(values));
	const layerNorm = (values: Vector) => {
		const centered = values.map((value) => value - mean(values));
		return centered.map((value) => value / rms(centered));
	};

	test("the two norms of (1, 2, 3, 4)", async () => {
		expect(await answer("norm-placement-rmsnorm")).toContain(
			`LayerNorm gives (${fixed(layerNorm(x), 3)}), RMSNorm (${fixed(rmsNorm(x), 3)})`,
		);
	});

	test("adding 10 leaves LayerNorm alone and changes RMSNorm", async () => {
		const shifted = x.map((value) => value + 10);
		expect(fixed(layerNorm(shifted), 9)).toBe(fixed(layerNorm(x), 9));
		expect(await answer("norm-placement-rmsnorm")).toContain(`RMSNorm's becomes (${fixed(rmsNorm(shifted), 3)})`);
	});

	test("a vector of +c and -c comes out alike, a constant one as zeros and ones", async () => {
		const even = [3, -3, -3, 3];
		expect(rmsNorm(even)).toEqual([1, -1, -1, 1]);
		expect(layerNorm(even)).toEqual([1, -1, -1, 1]);
		expect(await rightOption("norm-placement-rmsnorm")).toBe("LayerNorm ±1, RMSNorm ±1");
		const flat = [3, 3, 3, 3];
		expect(rmsNorm(flat)).toEqual([1, 1, 1, 1]);
		expect(flat.map((value) => value - mean(flat))).toEqual([0, 0, 0, 0]);
	});

	test("scaling leaves the outputs of both alone", () => {
		const scaled = x.map((value) => 7 * value);
		expect(fixed(rmsNorm(scaled), 9)).toBe(fixed(rmsNorm(x), 9));
		expect(fixed(layerNorm(scaled), 9)).toBe(fixed(layerNorm(x), 9));
	});

	test("the square of 256 exceeds fp16's largest value", async () => {
		const largest = (2 - 2 ** -10) * 2 ** 15;
		const entry = Math.ceil(Math.sqrt(largest));
		expect(await answer("norm-placement-rmsnorm")).toContain(`exceeds ${entry} or so`);
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
