import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Question } from "../../../src/core/question/question.ts";
import { type Bar, barsOf } from "../../../tools/bank/bars.ts";
import { itemFaults } from "../../../tools/bank/item-faults.ts";
import { lengthRatio, rankShares, reasonsGiven } from "../../../tools/bank/options.ts";
import {
	brokenBars,
	brokenLine,
	heldFigures,
	improved,
	parseRatchets,
	ratchetsText,
} from "../../../tools/bank/ratchets.ts";
import { makeBank, makeQuestion } from "../../support/question.ts";

const guessed = (now: number): Bar => ({ name: "guessed", better: "less", goal: 0.35, slack: 0.03, now });
const questions = (now: number): Bar => ({ name: "questions", better: "more", goal: 200, slack: 0, now });

describe("a ratchet", () => {
	test("records what has become better, with room for chance, and nothing that has become worse", () => {
		expect(improved(guessed(0.5), 0.68)).toBe(0.53);
		expect(improved(guessed(0.7), 0.68)).toBe(0.68);
		expect(improved(questions(120), 100)).toBe(120);
		expect(improved(questions(90), 100)).toBe(100);
	});

	test("asks for no more than the goal, and never gives up what was reached beyond it", () => {
		expect(improved(guessed(0.22), 0.6)).toBe(0.35);
		expect(improved(questions(230), 190)).toBe(200);
		expect(improved(guessed(0.22), 0.3)).toBe(0.3);
	});

	test("begins a new figure at the bank's current one", () => {
		expect(improved(questions(100), undefined)).toBe(100);
		expect(improved(guessed(0.64), undefined)).toBe(0.67);
	});

	test("is broken only by a worse figure", () => {
		const held = new Map([
			["guessed", 0.6],
			["questions", 100],
		]);
		expect(brokenBars([guessed(0.6), questions(100)], held)).toEqual([]);
		expect(brokenBars([guessed(0.629)], held)).toEqual([]);
		expect(brokenBars([guessed(0.631), questions(99)], held).map(brokenLine)).toEqual([
			"whole bank: guessed: 0.631, but it was at most 0.600 before",
			"whole bank: questions: 99, but it was at least 100 before",
		]);
	});

	test("leaves no room for chance once the goal is reached", () => {
		const held = new Map([["guessed", 0.35]]);
		expect(brokenBars([guessed(0.35)], held)).toEqual([]);
		expect(brokenBars([guessed(0.351)], held)).toHaveLength(1);
	});

	test("takes the better of two figures that a merge kept, and writes each once", () => {
		const bars = [guessed(0.6), questions(112)];
		const merged = "guessed = 0.61\nquestions = 110\nguessed = 0.66\nquestions = 112\nno such figure = 1\n";
		const held = parseRatchets(merged, bars);
		expect([...held]).toEqual([
			["guessed", 0.61],
			["questions", 112],
		]);
		expect(ratchetsText(bars, held)).toBe("guessed = 0.61\nquestions = 112\n");
		expect(parseRatchets(ratchetsText(bars, held), bars)).toEqual(held);
	});

	test("every bar of the bank is in the file, which git merges without a conflict", () => {
		const bars = barsOf([]);
		expect([...heldFigures(bars).keys()].sort()).toEqual(bars.map(({ name }) => name).sort());
		expect(readFileSync(".gitattributes", "utf8")).toContain("tools/bank/ratchets.txt merge=union\n");
	});
});

describe("the bars of a bank", () => {
	const nowOf = (name: string, all: Question[]) => barsOf(all).find((bar) => bar.name === name)?.now;
	const sized = (...lengths: number[]) =>
		makeQuestion({
			mcq: {
				stem: "Which?",
				options: lengths.map((length, index) => ({
					text: `${index}`.padEnd(length, "x"),
					correct: index === 0,
					why: "Why.",
				})),
				explanation: "Because.",
			},
		});

	test("count questions, levels, kinds and exhibits", () => {
		const figures = Object.fromEntries(barsOf([...makeBank(40).values()]).map(({ name, now }) => [name, now]));
		expect(figures).toMatchObject({
			questions: 40,
			"basic in transformers": 40,
			"basic in debugging": 0,
			"kind concept": 40,
			"with an exhibit": 0,
		});
		expect(nowOf("with an exhibit", [makeQuestion(), makeQuestion({ exhibit: "loss nan" })])).toBe(1);
	});

	test("measure how well the category predicts the difficulty", () => {
		const levels = [makeQuestion({ difficulty: "intermediate" }), makeQuestion(), makeQuestion(), makeQuestion()];
		expect(nowOf("difficulties named by category", levels)).toBe(0.75);
	});

	test("split ranks between options of the same length", () => {
		expect(rankShares(sized(40, 50, 60, 70))).toEqual([1, 0, 0, 0]);
		expect(rankShares(sized(50, 40, 50, 70))).toEqual([0, 0.5, 0.5, 0]);
		expect(rankShares(sized(50, 50, 50, 50))).toEqual([0.25, 0.25, 0.25, 0.25]);
		expect(nowOf("right at the likeliest length", [sized(40, 50, 60, 70), sized(70, 60, 50, 40)])).toBe(0.5);
		expect(nowOf("right at the rarest length", [sized(40, 50, 60, 70), sized(70, 60, 50, 40)])).toBe(0);
	});

	test("count options too short or long", () => {
		expect(lengthRatio(sized(86, 100, 100, 100))).toBeCloseTo(0.86, 10);
		expect(itemFaults(sized(86, 100, 100, 100)).map(({ kind }) => kind)).not.toContain("ratio");
		expect(itemFaults(sized(84, 100, 100, 100)).map(({ kind }) => kind)).toContain("ratio");
		expect(itemFaults(sized(116, 100, 100, 100)).map(({ kind }) => kind)).toContain("ratio");
		expect(nowOf("right option too short or long", [sized(84, 100, 100, 100), sized(90, 90, 90, 90)])).toBe(1);
	});

	test("count checks in which only some options give reasons", () => {
		const arguing = (...texts: string[]) =>
			makeQuestion({
				mcq: {
					stem: "Which?",
					options: texts.map((text, index) => ({ text, correct: index === 0, why: "Why." })),
					explanation: "Thus.",
				},
			});
		const some = arguing("It grows", "It shrinks because of x", "It stays, as it must", "It falls");
		const all = arguing("It grows, since a", "It shrinks because of x", "It stays, as it must", "It falls so that b");
		const comparing = arguing("As large as the first", "Such as the last", "Twice as fast", "The same as it was");
		expect([some, all, comparing].map(reasonsGiven)).toEqual([2, 4, 0]);
		expect(nowOf("reasons in some options alone", [some, all, comparing])).toBe(1);
	});

	test("ask for short basic answers, except for rapid-fire questions", () => {
		const kinds = (answer: string, category: "rapid-fire" | "transformers") =>
			itemFaults(makeQuestion({ answer, category })).map(({ kind }) => kind);
		expect(kinds("x".repeat(599), "transformers")).toContain("basic answer");
		expect(kinds("x".repeat(600), "transformers")).not.toContain("basic answer");
		expect(kinds("x".repeat(1001), "transformers")).toContain("basic answer");
		expect(kinds("x".repeat(300), "rapid-fire")).not.toContain("basic answer");
	});
});
