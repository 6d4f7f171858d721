import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { loadQuestionFiles } from "../../src/adapters/files/bank.ts";
import { DIFFICULTIES, type Question } from "../../src/core/question/question.ts";
import { barsOf } from "../../tools/bank/bars.ts";
import { itemFaults } from "../../tools/bank/item-faults.ts";
import { lintBank } from "../../tools/bank/lint.ts";
import { brokenBars, brokenLine, heldFigures } from "../../tools/bank/ratchets.ts";
import { phrases } from "./phrases.ts";

const { questions, faults } = await loadQuestionFiles("questions");
const bank = [...questions.values()];

/** Every text in a value, at any depth. */
function textsOf(value: unknown): string[] {
	if (typeof value === "string") return [value];
	if (Array.isArray(value)) return value.flatMap(textsOf);
	return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

describe("the bank as a whole", () => {
	test("no question has a fault", () => {
		expect(faults).toEqual([]);
		expect(lintBank(questions)).toEqual([]);
		expect(bank.flatMap(itemFaults)).toEqual([]);
	});

	test("no figure of the bank is worse than before; `npm run questions -- ratchet` records better ones", () => {
		const bars = barsOf(bank);
		expect(brokenBars(bars, heldFigures(bars)).map(brokenLine)).toEqual([]);
	});

	test("each of the 54 sources is used exactly once", () => {
		const sources = bank.flatMap(({ source }) => source ?? []).sort((a, b) => a - b);
		expect(sources).toEqual(Array.from({ length: 54 }, (_, index) => index + 1));
	});

	test("no title occurs twice, so that each names one question", () => {
		const titles = bank.map((question) => question.title.toLowerCase());
		expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([]);
		expect(titles.filter((title) => questions.has(title))).toEqual([]);
	});

	test("questions only need easier or equal ones, and are reviewed in time", () => {
		const rank = (question: Question | undefined) => DIFFICULTIES.indexOf(question?.difficulty ?? "advanced");
		const harder = bank.flatMap((question) =>
			question.needs
				.filter((need) => rank(questions.get(need)) > rank(question))
				.map((need) => `${question.id} needs ${need}`),
		);
		expect(harder).toEqual([]);
		for (const { id, reviewed_on, review_by } of bank)
			if (review_by) expect(`${id} ${review_by > reviewed_on}`).toBe(`${id} true`);
	});
});

describe("every sentence is our own", () => {
	const reserved = new Set(readFileSync("tests/questions/reserved-phrases.txt", "utf8").trim().split("\n"));
	/** Names of works are not prose, wherever they are cited. */
	const named = new Set(
		bank.flatMap(({ references }) => references.flatMap(({ label }) => phrases(label))).map(({ run }) => run),
	);

	test("the list of fingerprints is complete, and a phrase on it would be found", () => {
		expect(reserved.size).toBeGreaterThan(8_000);
		for (const fingerprint of reserved) expect(fingerprint).toMatch(/^[0-9a-f]{12}$/);
		const [planted] = phrases("Seven words and one more make up a run");
		expect(planted?.run).toBe("seven words and one more make up a");
		expect(planted?.fingerprint).toMatch(/^[0-9a-f]{12}$/);
		expect(phrases("SEVEN words, *and* one more — make up: a")[0]?.fingerprint).toBe(planted?.fingerprint);
	});

	test("no run of eight words is one that others wrote", () => {
		const taken = bank.flatMap(({ references: _, ...question }) =>
			textsOf(question)
				.flatMap(phrases)
				.filter(({ run, fingerprint }) => reserved.has(fingerprint) && !named.has(run))
				.map(({ run }) => `${question.id}: ${run}`),
		);
		expect(taken).toEqual([]);
	});

	test("the texts that were compared are those in the bank", () => {
		for (const question of bank) {
			const { references: _, ...own } = { ...question, exhibit: "Eight words of prose that are only here" };
			const runs = textsOf(own).flatMap(phrases);
			expect(runs.length, question.id).toBeGreaterThan(100);
			expect(runs.map(({ run }) => run)).toContain("eight words of prose that are only here");
		}
	});
});
