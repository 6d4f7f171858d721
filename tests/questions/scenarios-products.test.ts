import { describe, expect, test } from "vitest";
import { question } from "./bank.ts";
import { grouped, options, sum } from "./options.ts";

const percent = (share: number, digits = 0) => `${(100 * share).toFixed(digits)}%`;
const followUps = async (id: string) => (await question(id)).follow_ups.map(({ a }) => a).join("\n");

/** Two-sided p-value of a standard normal deviate (Abramowitz and Stegun 7.1.26, error below 2e-7). */
function twoSided(z: number): number {
	const x = z / Math.SQRT2;
	const t = 1 / (1 + 0.3275911 * x);
	const factors = [1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592];
	return factors.reduce((value, factor) => value * t + factor, 0) * t * Math.exp(-x * x);
}

describe("figures of the scenarios on products in use", () => {
	test("ab-test-llm-feature: the split is no chance, and the missing users could undo the gain", async () => {
		const { exhibit, answer, traps } = await question("ab-test-llm-feature");
		const [old, fresh] = [50_400, 48_900];
		expect(exhibit).toContain(`${grouped(old)}    ${grouped(fresh)}`);
		const expected = (old + fresh) / 2;
		const chi = (old - expected) ** 2 / expected + (fresh - expected) ** 2 / expected;
		expect(answer).toContain(`I expect ${grouped(expected)} users`);
		expect(answer).toContain(`chi-squared = ${chi.toFixed(1)}, p = 2e-6`);
		// One degree of freedom: the root of chi-squared is a normal deviate.
		const p = twoSided(Math.sqrt(chi));
		expect(p).toBeGreaterThan(1.5e-6);
		expect(p).toBeLessThan(2.5e-6);
		expect(traps[0]?.claim).toContain(`${grouped(old - fresh)} of ${grouped(old + fresh)}`);
		const solved = Math.round(0.629 * fresh);
		expect(answer).toContain(`${grouped(solved)} of ${grouped(old)} = ${percent(solved / old, 1)}`);
		expect(solved / old).toBeLessThan(0.612);
	});

	test("ab-test-llm-feature: sizes for one point, and the difference that 5,000 users show", async () => {
		const { answer } = await question("ab-test-llm-feature");
		const variance = 0.61 * 0.39;
		expect(answer).toContain(`that is ${grouped(Math.round((16 * variance) / 0.01 ** 2))}`);
		expect(await followUps("ab-test-llm-feature")).toContain(
			`${(100 * Math.sqrt((16 * variance) / 5000)).toFixed(1)} points`,
		);
	});

	test("ab-test-llm-feature: dependent messages make a third of the A/A tests significant", async () => {
		const { mcq } = await question("ab-test-llm-feature");
		const effect = 1 + (80_000 / 2_000 - 1) * 0.07;
		expect(mcq.explanation).toContain(`1 + 39 x 0.07 = ${effect.toFixed(1)}`);
		expect(mcq.explanation).toContain(`about ${percent(twoSided(1.96 / Math.sqrt(effect)))}`);
		const worth = 80_000 / (1 + 39 * 0.05);
		expect(mcq.options[1]?.text).toBe(`About ${Math.round(worth / 1000)},000`);
		expect(mcq.options[1]?.why).toContain(`80,000 / ${(1 + 39 * 0.05).toFixed(2)}`);
	});

	test("halve-llm-bill: dollars per route, the four savings and what remains", async () => {
		const { answer } = await question("halve-llm-bill");
		const dollars = (calls: number, tokensIn: number, tokensOut: number, [into, out]: readonly [number, number]) =>
			(calls * (tokensIn * into + tokensOut * out)) / 1e6;
		const large = [3, 15] as const;
		const small = [0.25, 1.25] as const;
		const chat = dollars(40_000, 6_000, 300, large);
		const classify = dollars(400_000, 900, 10, large);
		const summary = dollars(20_000, 12_000, 800, large);
		const tags = dollars(100_000, 1_500, 50, large);
		const total = chat + classify + summary + tags;
		expect(answer).toContain(
			`classify ${grouped(classify)}, summary ${summary}, chat ${chat}, nightly tags ${tags}; together ${grouped(total)} a day`,
		);
		expect(answer).toContain(`The target is ${grouped(Math.floor(total / 2))}`);
		const cheap = dollars(400_000, 900, 10, small);
		expect(answer).toContain(`${cheap} instead of ${grouped(classify)}`);
		const batch = tags / 2;
		expect(answer).toContain(`${Math.floor(batch)} less, the same model`);
		const [read, written] = [162, 18];
		expect([read + written, read / (read + written)]).toEqual([(40_000 * 4_500) / 1e6, 0.9]);
		const cached = read * (3 - 0.3) - written * (3.75 - 3);
		expect(answer).toContain(`${read}M tokens are read for 0.30 instead of 3.00 and ${written}M written for 3.75`);
		expect(answer).toContain(`${Math.round(cached)} less`);
		const shorter = (20_000 * 300 * 15) / 1e6;
		expect(answer).toContain(`${shorter} less, if readers agree`);
		const left = total - (classify - cheap) - batch - cached - shorter;
		expect(answer).toContain(`${grouped(Math.round(left))} a day, ${percent(left / total)} of the old bill`);
		const passedOn = classify / 10;
		const answers = await followUps("halve-llm-bill");
		expect(answers).toContain(
			`${cheap} + ${passedOn} = ${cheap + passedOn} a day, still ${classify - cheap - passedOn} less`,
		);
	});

	test("halve-llm-bill: shorter replies save most where output dominates", async () => {
		const { mcq } = await question("halve-llm-bill");
		const units = 2_000 + 800 * 5;
		const savings = [1_000 * 0.9 * 0.9, (units / 3) * 0.9, units / 2 / 2, (800 / 2) * 5];
		expect(savings.map(Math.round)).toEqual([810, 1_800, 1_500, 2_000]);
		expect(mcq.explanation).toContain(`${savings.slice(0, 3).map(grouped).join(", ")} and ${grouped(2_000)}`);
		expect(mcq.options.findIndex(({ correct }) => correct)).toBe(savings.indexOf(Math.max(...savings)));
	});

	test("model-retirement-migration: gains and losses behind a like average, and what agreement leaves open", async () => {
		const { answer } = await question("model-retirement-migration");
		expect(352 + 26 - 22).toBe(356);
		expect(answer).toContain("the old model passes 352 of 400 and the new one 356");
		const [right, agree] = [0.9, 0.88];
		const [least, most] = [right - (1 - agree), agree + Math.min(1 - right, 1 - agree)];
		expect((await options("model-retirement-migration")).right).toBe(`Between ${percent(least)} and ${percent(most)}`);
	});

	test("self-host-or-api: price at full load, break-even, nodes and months", async () => {
		const { answer, key_points } = await question("self-host-or-api");
		const perHour = 22_000 * 3600;
		const price = 10 / (perHour / 1e6);
		expect(answer).toContain(`${(perHour / 1e6).toFixed(1)}M tokens an hour, so $${price.toFixed(3)} per million`);
		expect(answer).toContain(`at a mean load of ${percent(price / 0.3)}`);
		const mean = 20e9 / (730 * 3600);
		expect(answer).toContain(
			`are ${grouped(Math.round(mean))} tokens a second on average and ${grouped(Math.round(3 * mean))}`,
		);
		const nodes = Math.ceil((3 * mean) / 22_000);
		expect(nodes).toBe(2);
		const [hosted, api] = [nodes * 10 * 730, 20_000 * 0.3];
		expect(answer).toContain(`$${grouped(hosted)} a month`);
		expect(answer).toContain(`The API costs $${grouped(api)}`);
		expect(key_points[3]?.label).toContain(`$${grouped(api)} vs $${grouped(hosted)}`);
		expect(answer).toContain(`$0.126 x 3 = $${(price * 3).toFixed(2)}`);
		expect(price * 3).toBeGreaterThan(0.3);
		expect(answer).toContain(`At a mean load of 60% a million costs $${(price / 0.6).toFixed(2)}`);
		expect(answer).toContain(`from ${Math.round(8_000 / (0.3 - price / 0.6) / 1e3)}B tokens a month on`);
		expect(await followUps("self-host-or-api")).toContain(`a million costs $${(price / 0.8).toFixed(2)} there`);
	});

	test("self-host-or-api: the rows of the load test agree with themselves", async () => {
		const { exhibit } = await question("self-host-or-api");
		const rows = [...(exhibit ?? "").matchAll(/^ +(\d+) +([\d,]+) +([\d.]+) s +(\d+) ms$/gm)];
		expect(rows).toHaveLength(4);
		for (const [, inFlight, rate, ttft, tpot] of rows) {
			// Little's law: mean time in the system, which is at most what the 95th percentiles add up to.
			const meanTime = (Number(inFlight) * 1_800) / Number(rate?.replace(",", ""));
			const slow = Number(ttft) + 0.3 * Number(tpot);
			expect(meanTime).toBeLessThan(slow);
			expect(meanTime).toBeGreaterThan(0.85 * slow);
		}
	});

	test("self-host-or-api: break-even load in the quick check", async () => {
		const worth = 36 * 0.4;
		expect((10_000 * 3600) / 1e6).toBe(36);
		const { right, wrong } = await options("self-host-or-api");
		expect(right).toBe(`Above ${percent(5 / worth)}`);
		expect(wrong).toEqual(
			[5 / 36, 5 / (15_000 * 0.0036 * 0.4), 1 - 5 / worth].map((share) => `Above ${percent(share)}`),
		);
	});

	test("rag-answer-not-in-documents: what a perfect search would repair", async () => {
		const [search, byHand, without] = [60, 90, 55];
		const { right, wrong } = await options("rag-answer-not-in-documents");
		expect(right).toBe(`By the search ${byHand - search}, by reading ${100 - byHand}`);
		expect(wrong[0]).toBe(`By the search ${search - without}, by reading ${byHand - without}`);
		expect(sum([byHand - search, 100 - byHand])).toBe(100 - search);
	});
});

describe("figures of the scenarios on evaluation and languages", () => {
	test("precision-or-recall-at-k: means over two kinds of queries move apart", async () => {
		const { answer } = await question("precision-or-recall-at-k");
		const [a, b] = [
			[0.6, 8],
			[0.9, 6],
		].map(([look = 0, topic = 0]) => ({
			recall: [look / 1, topic / 12] as const,
			precision: [look / 10, topic / 10] as const,
		}));
		if (!a || !b) throw new Error("two retrievers");
		const two = (value: number) => value.toFixed(2);
		expect(answer).toContain(
			`Lookups: recall ${two(a.recall[0])} to ${two(b.recall[0])}, precision ${two(a.precision[0])} to ${two(b.precision[0])}`,
		);
		expect(answer).toContain(
			`Topics: recall ${two(a.recall[1])} to ${two(b.recall[1])}, precision ${two(a.precision[1])} to ${two(b.precision[1])}`,
		);
		const mean = (pair: readonly number[]) => sum(pair) / 2;
		expect(answer).toContain(`recall ${two(mean(a.recall))} to ${two(mean(b.recall))}`);
		expect(answer).toContain(`precision ${two(mean(a.precision))} to ${mean(b.precision).toFixed(3)}`);
	});

	test("precision-or-recall-at-k: the price of the additional documents found", async () => {
		const { right, wrong } = await options("precision-or-recall-at-k");
		const [a, b] = [400 * 10, 1_000 * 10];
		const from = (euros: number) => `Above ${Math.round(euros)} euros`;
		expect(right).toBe(from((b - a) / (95 - 80)));
		expect(wrong).toEqual([b / (100 - 80), b / 95, a / 80].map(from));
		expect((await question("precision-or-recall-at-k")).mcq.explanation).toContain(
			`15 of 600 = ${percent(15 / 600, 1)}`,
		);
	});

	test("saturated-evaluation-set: interval, failures, and the sizes for three points", async () => {
		const { answer } = await question("saturated-evaluation-set");
		const error = Math.sqrt((0.965 * 0.035) / 300);
		expect(answer).toContain(`the 95% interval is ${(196 * error).toFixed(1)} points either way`);
		expect(300 * 0.01).toBe(3);
		expect(Math.floor(300 * 0.035)).toBe(10);
		const answers = await followUps("saturated-evaluation-set");
		expect(answers).toContain(`= ${grouped(Math.round((16 * 0.7 * 0.3) / 0.03 ** 2))} items per model`);
		expect(answers).toContain(`about ${Math.round((8 * 0.1) / 0.03 ** 2 / 10) * 10} will do`);
	});

	test("saturated-evaluation-set: repaired requests against broken ones", async () => {
		const { mcq } = await question("saturated-evaluation-set");
		expect(mcq.options.map(({ text }) => text)).toEqual(
			[28 / 920, 52 / 1_000, 80 / 1_000, 28 / 80].map((share) => `Above about ${percent(share)}`),
		);
		expect(mcq.options[0]?.correct).toBe(true);
		expect(mcq.options[2]?.why).toContain(`${Math.round(0.08 * 920)} more`);
	});

	test("multilingual-support-bot: the weighted mean hides the weakest, and a detector costs its errors", async () => {
		const { answer, mcq } = await question("multilingual-support-bot");
		expect(answer).toContain(`Together that is ${percent(0.6 * 0.93 + 0.3 * 0.91 + 0.1 * 0.67)}`);
		expect((await options("multilingual-support-bot")).right).toBe(
			`${percent(0.96 * 0.92)} right with six bots, 89% with one model`,
		);
		expect(mcq.options[1]?.text).toContain(`${percent(0.96 * 0.89)} with one model`);
		expect(0.98 * 0.92 - 0.89).toBeCloseTo(0.01, 1);
	});
});
