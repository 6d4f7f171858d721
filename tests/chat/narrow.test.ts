import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { renderCard } from "../../src/adapters/terminal/layout/render.ts";
import { questionCard } from "../../src/chat/cards/question.ts";
import { narrowed } from "../../src/chat/narrow.ts";
import { realQuestions } from "../support/bank.ts";

const PHONE = 28;
const exhibits = [...(await realQuestions()).values()].flatMap((question) => question.exhibit ?? []);
const words = (text: string) => new Set(text.split(/\s+/).filter((word) => !/^-*$/.test(word)));
const widthOf = (text: string) => Math.max(...text.split("\n").map((line) => line.length));

const LOG = `
step   reward   judge:   KL to   tokens
       model    wins     SFT     mean
   0    0.1     50%        0       210
1000    3.7     41%       41       910

KL to SFT: over the whole reply, not a token
`.trim();

describe("tables on a phone", () => {
	test("columns that do not fit come below each other, each part with the first one", () => {
		expect(narrowed(LOG, PHONE)).toBe(
			[
				"step  reward  judge:  KL to",
				"      model   wins    SFT",
				"   0   0.1    50%       0",
				"1000   3.7    41%      41",
				"",
				"step  tokens",
				"      mean",
				"   0    210",
				"1000    910",
				"",
				"KL to SFT: over the whole reply, not a token",
			].join("\n"),
		);
	});

	test("wide names come above their rows; blank lines, rules and sums stay in the table", () => {
		const table = `
window in use:
  system prompt and tools     9,000
  replies and reasoning      14,500
  tool results, all steps       500
                             ------
                             24,000

  not used                  176,000
`;
		expect(narrowed(table.trim(), PHONE)).toBe(
			[
				"window in use:",
				"system prompt and tools",
				"    9,000",
				"replies and reasoning",
				"   14,500",
				"tool results, all steps",
				"      500",
				"   ------",
				"   24,000",
				"",
				"not used",
				"  176,000",
			].join("\n"),
		);
	});

	test("a table that fits with fewer blanks stays one; one that fits, code and sentences stay as they are", () => {
		const row = (name: string, value: string) => `${name.padEnd(20)}${value.padStart(16)}`;
		const table = [row("route", "calls"), row("chat", "40,000"), row("all", "41,000")].join("\n");
		expect(narrowed(table, PHONE)).toBe("route   calls\nchat   40,000\nall    41,000");
		expect(narrowed(table, 40)).toBe(table);
		const code = "def attend(q, k, v):\n    B, H, T, D = q.shape\n    s = q @ k.transpose(-2, -1) / D ** 0.5  # scores";
		expect(narrowed(code, PHONE)).toBe(code);
	});

	test("no exhibit of the bank loses or gains a word, and of its tables only cells wider than a phone stay wider", () => {
		expect(exhibits.length).toBeGreaterThan(30);
		for (const exhibit of exhibits) expect(words(narrowed(exhibit, PHONE))).toEqual(words(exhibit));
		const wide = exhibits.filter((exhibit) => widthOf(exhibit) > 40);
		expect(wide.length).toBeGreaterThan(30);
		expect(wide.filter((exhibit) => narrowed(exhibit, PHONE) !== exhibit).length).toBeGreaterThan(wide.length / 2);
	});

	test("any text keeps its words, and never grows to more than twice its length", () => {
		const line = fc.array(fc.constantFrom("a", "12", "b c", "   ", "  ", " ", "-----", "wide-word"), { maxLength: 12 });
		const text = fc.array(line, { maxLength: 12 }).map((lines) => lines.map((parts) => parts.join("")).join("\n"));
		fc.assert(
			fc.property(text, fc.integer({ min: 4, max: 40 }), (given, most) => {
				const result = narrowed(given, most);
				expect(words(result)).toEqual(words(given));
				expect(result.length).toBeLessThanOrEqual(2 * given.length);
			}),
		);
	});

	test("the terminal shows an exhibit as its author laid it out", async () => {
		const question = (await realQuestions()).get("reward-hacking") ?? expect.fail("no such question");
		const shown = renderCard(questionCard(question), { columns: 80, hasColours: false });
		for (const line of question.exhibit?.split("\n") ?? []) expect(shown).toContain(line.trimEnd());
	});
});
