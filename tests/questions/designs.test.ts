import { describe, expect, test } from "vitest";
import { question } from "./bank.ts";
import { at, grouped, options, sum } from "./options.ts";

const percent = (share: number, digits = 0) => `${(100 * share).toFixed(digits)}%`;
const followUps = async (id: string) => (await question(id)).follow_ups.map(({ a }) => a).join("\n");

describe("figures of first designs", () => {
	test("spam-filter-design: what each threshold costs in seconds", async () => {
		const { answer, mcq, traps } = await question("spam-filter-design");
		expect(5_000 * 0.4).toBe(2_000);
		expect(answer).toContain(`Of ${grouped(3_000)} good mails a day that is ${3_000 / 1_000} in quarantine`);
		const settings = [
			[0.95, 15],
			[0.9, 5],
			[0.8, 1],
			[0.6, 0],
		] as const;
		const missed = settings.map(([caught]) => Math.round(2_000 * (1 - caught)));
		const seconds = settings.map(([, lost], i) => at(missed, i) * 10 + lost * 3_600);
		expect(mcq.explanation).toContain(
			`${seconds.slice(0, 3).map(grouped).join(", ")} and ${grouped(at(seconds, 3))} seconds`,
		);
		expect(mcq.options.findIndex(({ correct }) => correct)).toBe(seconds.indexOf(Math.min(...seconds)));
		expect(mcq.options[0]?.why).toContain(`${(at(seconds, 0) / 3_600).toFixed(1)} hours`);
		expect(mcq.options[2]?.why).toContain(`${(at(seconds, 2) / 3_600).toFixed(1)} hours`);
		const errors = settings.map(([, lost], i) => at(missed, i) + lost);
		expect(mcq.explanation).toContain(
			`${at(errors, 0)} errors against ${errors.slice(1, 3).join(", ")} and ${at(errors, 3)}`,
		);
		expect(traps[0]?.correction).toContain(`as much as ${3_600 / 10} spams`);
	});

	test("manual-qa-design: the manual's tokens and the price of a question", async () => {
		const { answer } = await question("manual-qa-design");
		const tokens = 80 * 500;
		expect(answer).toContain(`are ${grouped(tokens)} tokens`);
		const cents = (price: number) => (100 * tokens * price) / 1e6;
		expect(answer).toContain(`a question costs ${cents(0.3).toFixed(1)} cents`);
		expect(await followUps("manual-qa-design")).toContain(`${cents(3)} cents`);
	});

	test("manual-qa-design: wrong answers among those that customers see", async () => {
		const [x, y] = [(2 + 8) / (38 + 2 + 8), (2 + 1) / (34 + 2 + 1)];
		const { right, wrong } = await options("manual-qa-design");
		expect(right).toBe(`With X ${percent(x)}, with Y ${percent(y)}`);
		expect(wrong).toEqual(
			[
				[2 / 40, 2 / 36],
				[10 / 50, 3 / 50],
				[8 / 10, 1 / 10],
			].map(([a = 0, b = 0]) => `With X ${percent(a)}, with Y ${percent(b)}`),
		);
		expect(sum([34, 2, 4])).toBe(40);
	});
});

/** Edits between two words: insertions, deletions, substitutions, and swaps of neighbors if they count as one. */
function edits(from: string, to: string, { swaps }: { swaps: boolean }): number {
	const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, j) => j)];
	for (let i = 1; i <= from.length; i += 1) {
		const row = [i];
		for (let j = 1; j <= to.length; j += 1) {
			const above = at(rows, i - 1);
			let best = Math.min(at(above, j) + 1, at(row, j - 1) + 1, at(above, j - 1) + Number(from[i - 1] !== to[j - 1]));
			if (swaps && i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1])
				best = Math.min(best, at(at(rows, i - 2), j - 2) + 1);
			row.push(best);
		}
		rows.push(row);
	}
	return at(at(rows, from.length), to.length);
}

/** All words at one edit from a word over 26 letters, swaps included. */
function neighbors(word: string): Set<string> {
	const letters = [..."abcdefghijklmnopqrstuvwxyz"];
	const found = new Set<string>();
	for (let i = 0; i <= word.length; i += 1) {
		const [head, tail] = [word.slice(0, i), word.slice(i)];
		for (const letter of letters) {
			found.add(head + letter + tail);
			if (tail) found.add(head + letter + tail.slice(1));
		}
		if (tail) found.add(head + tail.slice(1));
		if (tail.length > 1) found.add(head + at([...tail], 1) + at([...tail], 0) + tail.slice(2));
	}
	found.delete(word);
	return found;
}

describe("figures of designs for search and data", () => {
	test("typo-tolerant-search-design: neighbors, deletions and shared trigrams", async () => {
		const word = "microwave";
		expect(word).toHaveLength(9);
		const { answer, traps } = await question("typo-tolerant-search-design");
		expect(answer).toContain("9 letters has some 500 neighbors");
		expect(Math.round(neighbors(word).size / 100) * 100).toBe(500);
		expect(answer).toContain(`${word.length + 1} lookups at one edit`);
		const trigrams = (text: string) => new Set([...text].slice(2).map((_, i) => text.slice(i, i + 3)));
		const [a, b] = [trigrams("adaptor"), trigrams("adapter")];
		expect(await followUps("typo-tolerant-search-design")).toContain(
			`share ${[...a].filter((piece) => b.has(piece)).length} of ${new Set([...a, ...b]).size}`,
		);
		expect(traps[0]?.correction).toContain('"car", "hat" and "cot" in one and "dot", "hit" and "cup" in two');
		for (const far of ["dot", "hit", "cup"]) expect(edits("cat", far, { swaps: true })).toBe(2);
		for (const near of ["car", "hat", "cot"]) expect(edits("cat", near, { swaps: true })).toBe(1);
	});

	test("typo-tolerant-search-design: all typos are one edit away, one of them in the first three letters", async () => {
		const { mcq } = await question("typo-tolerant-search-design");
		expect(edits("refirgerator", "refrigerator", { swaps: false })).toBe(2);
		for (const { text, correct } of mcq.options) {
			const [typed = "", meant = ""] = text.split(", for ");
			expect(edits(typed, meant, { swaps: true })).toBe(1);
			expect(`${typed} ${typed.slice(0, 3) !== meant.slice(0, 3)}`).toBe(`${typed} ${correct ?? false}`);
		}
	});

	test("text-to-sql-design: tokens of the schema, three tables found, and the join that multiplies", async () => {
		const { answer } = await question("text-to-sql-design");
		expect(answer).toContain(`are ${grouped(800 * 40 * 10)} tokens`);
		expect(answer).toContain(`all are there in ${percent(0.95 ** 3)}`);
		const fees = new Map([
			[1, 50],
			[2, 60],
		]);
		const items = [1, 1, 1, 2];
		const joined = sum(items.map((order) => fees.get(order) ?? 0));
		expect((await options("text-to-sql-design")).right).toBe(`${joined}`);
		const { mcq } = await question("text-to-sql-design");
		expect(mcq.explanation).toContain(`the total should be ${sum([...fees.values()])}.`);
	});

	test("offline-billion-documents-design: node-hours, nodes and dollars", async () => {
		const { answer, exhibit } = await question("offline-billion-documents-design");
		const hours = (documents: number, rate: number) => documents / rate / 3_600;
		expect(answer).toContain(`are ${grouped(Math.round(hours(1e9, 60)))} node-hours`);
		const [sorted, unsorted] = [hours(0.7e9, 60), hours(0.7e9, 41)];
		const dollars = Math.round((sorted * 20) / 100) * 100;
		expect(answer).toContain(`${grouped(Math.round(sorted))} node-hours, $${grouped(dollars)}`);
		const nodes = sorted / 240;
		expect(answer).toContain(`that is ${nodes.toFixed(1)} nodes; I plan ${Math.ceil(nodes * 1.25)}`);
		expect(answer).toContain(`Unsorted it would be ${grouped(Math.round(unsorted))} node-hours`);
		expect(Math.round(((unsorted - sorted) * 20) / 1_000)).toBe(30);
		const failed = sum([31, 12, 2]) / 10_000;
		for (const count of [31, 12, 2]) expect(exhibit).toContain(` ${count} `);
		expect(answer).toContain(`${percent(failed, 2)} are more than 3 million documents`);
		expect(failed * 0.7e9).toBeGreaterThan(3e6);
	});

	test("offline-billion-documents-design: a batch price, and the work that spot nodes lose", async () => {
		const [tokensIn, tokensOut] = [0.7e9 * 800, 0.7e9 * 60];
		const [a, b] = [(tokensIn / 1e6) * 0.05, (tokensOut / 1e6) * 0.2];
		const answers = await followUps("offline-billion-documents-design");
		expect(answers).toContain(
			`${tokensIn / 1e9}B tokens in are $${grouped(a)}, ${tokensOut / 1e9}B out are $${grouped(b)}, together $${grouped(a + b)}`,
		);
		const lost = (minutes: number) => percent(minutes / 2 / 300);
		expect((await options("offline-billion-documents-design")).right).toBe(
			`About ${lost(60)} now, about ${lost(6)} then`,
		);
	});

	test("data-flywheel-design: votes, the audit's interval, and its size", async () => {
		const { answer } = await question("data-flywheel-design");
		expect(answer).toContain(`on 2% of the answers, ${grouped(100_000 * 0.02)} a day`);
		expect(answer).toContain(`give or take ${(196 * Math.sqrt((0.08 * 0.92) / 500)).toFixed(1)} points`);
		const audit = (16 * 0.065 * 0.935) / 0.03 ** 2;
		expect(await followUps("data-flywheel-design")).toContain(`= ${grouped(Math.round(audit / 10) * 10)} answers`);
	});

	test("data-flywheel-design: votes weighted by the chance of being cast", async () => {
		const { mcq } = await question("data-flywheel-design");
		const [bad, good] = [40 / 0.1, 60 / 0.01];
		expect((await options("data-flywheel-design")).right).toBe(`About ${percent(bad / (bad + good))}`);
		expect(mcq.explanation).toContain(
			`${bad} bad answers, 60 up-votes for ${grouped(good)} good ones, so ${percent(bad / (bad + good), 2)}`,
		);
		expect(mcq.options[3]?.text).toBe(`About ${percent((40 * 10) / (40 * 10 + 60))}`);
	});
});

describe("figures of designs that answer at once", () => {
	test("voice-assistant-design: today's trace and the budget", async () => {
		const { answer, exhibit, traps } = await question("voice-assistant-design");
		const times = [...(exhibit ?? "").matchAll(/^ *([\d,]+) {3}\S/gm)].map(([, ms]) => Number(ms?.replace(",", "")));
		expect(times).toEqual([0, 700, 790, 1_190, 1_430, 1_600, 1_660]);
		expect(at(times, 4) - at(times, 3)).toBe(12 * 20);
		expect(answer).toContain(`${at(times, 1)} of ${grouped(at(times, 6))} ms of silence`);
		const budget = [...answer.matchAll(/^- [a-z ]+ (\d+)/gm)].map(([, ms]) => Number(ms));
		expect(budget).toEqual([250, 40, 250, 100]);
		expect(answer).toContain("TTS 120, network 60");
		expect(answer).toContain(`Together ${sum(budget) + 120 + 60} ms`);
		expect(answer).toContain(`${100 / 20} tokens at 20 ms`);
		expect(traps[0]?.correction).toContain(`${at(times, 3) - at(times, 2)} ms to the first token`);
		expect(await followUps("voice-assistant-design")).toContain(`writes ${2_000 / 20} tokens`);
		const { mcq } = await question("voice-assistant-design");
		const sentences = [12, 15, 9, 20, 14, 10];
		const tokens = (count: number, more = 0) => `${sum(sentences.slice(0, count)) + more} tokens`;
		expect(mcq.options.map(({ text }) => text)).toEqual([tokens(6), tokens(4), tokens(2, 4), tokens(0)]);
	});

	test("code-completion-design: the budget, the load, and what a stricter threshold does", async () => {
		const { answer, mcq } = await question("code-completion-design");
		const budget = [75, 30, 45, 16 * 6];
		expect(answer).toContain(`16 tokens at 6 ms are ${budget[3]}: ${sum(budget)} ms`);
		expect(answer).toContain(`that is ${5_000 / 10} a second`);
		const [before, after] = [60 * 0.25 * 20, 40 * 0.3 * 30];
		expect((await options("code-completion-design")).right).toBe(`They rise by ${percent(after / before - 1)}`);
		expect(mcq.options[0]?.text).toBe(`They fall by ${percent(1 - 40 / 60)}`);
		expect(mcq.options[1]?.text).toBe(`They rise by ${percent((0.3 / 0.25) * (30 / 20) - 1)}`);
	});

	test("refund-agent-design: clean runs for a bound of half a percent", async () => {
		const answers = await followUps("refund-agent-design");
		expect(answers).toContain("about 3/n, so 600 clean runs");
		expect(1 - 0.05 ** (1 / 600)).toBeCloseTo(0.005, 4);
	});
});
