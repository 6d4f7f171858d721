import { describe, expect, test } from "vitest";
import type { Question } from "../../../src/core/question/question.ts";
import { randomFrom } from "../../../tools/bank/guess/boosted-trees.ts";
import { CUES, measureCues } from "../../../tools/bank/guess/cues.ts";
import { GUESSERS, guessBank } from "../../../tools/bank/guess/guesser.ts";
import { isQuickRun } from "../../support/effort.ts";
import { makeBank, makeQuestion } from "../../support/question.ts";

const WORDS = "vector query token layer score weight batch cache index prompt model label chunk step beam rank".split(
	" ",
);

/** Checks whose options are drawn at random: words, lengths, commas, numbers. */
function drawn(size: number, seed: number): Question[] {
	const random = randomFrom(seed);
	const word = () => `${WORDS[Math.floor(random() * WORDS.length)]}${random() < 0.1 ? "," : ""}`;
	const text = (option: number) =>
		[`option${option}`, ...Array.from({ length: 4 + Math.floor(random() * 9) }, word), Math.floor(random() * 50)].join(
			" ",
		);
	return [...makeBank(size).values()].map((question) => {
		const options = [0, 1, 2, 3].map((option) => ({ text: text(option), correct: option === 0, why: "Why." }));
		return { ...question, mcq: { ...question.mcq, options } };
	});
}

const bank = drawn(80, 11);

/** The question with another of its options as the right one. */
function withRight(question: Question, right: number): Question {
	const options = question.mcq.options.map((option, index) => ({ ...option, correct: index === right }));
	return { ...question, mcq: { ...question.mcq, options } };
}

/** The same texts, with the right option where the rule puts it. */
const keyedBy = (rule: (question: Question) => number) => bank.map((question) => withRight(question, rule(question)));

const extremeAt = (values: readonly number[], extreme: number) => values.indexOf(extreme);

function cueOf(question: Question, name: string): readonly number[] {
	return measureCues(question)[CUES.findIndex((cue) => cue.name === name)] ?? [];
}

describe("the guessers", () => {
	test("find nothing if there is nothing to find: right options drawn at random", () => {
		const random = randomFrom(7);
		const { accuracy, cues } = guessBank(keyedBy(() => Math.floor(random() * 4)));
		for (const guesser of GUESSERS) expect(accuracy[guesser]).toBeLessThan(0.36);
		expect(cues[0]?.most).toBeLessThan(0.4);
	});

	test.skipIf(isQuickRun)("find a habit of lengths", () => {
		const shortest = keyedBy((question) => {
			const lengths = cueOf(question, "length");
			return extremeAt(lengths, Math.min(...lengths));
		});
		const { accuracy, cues } = guessBank(shortest);
		for (const guesser of GUESSERS) expect(accuracy[guesser]).toBeGreaterThan(0.8);
		expect(cues[0]).toMatchObject({ name: "length" });
		expect(cues[0]?.least).toBeGreaterThan(0.9);
	});

	test.skipIf(isQuickRun)("find a habit that takes two cues: trees see the option in the middle", () => {
		const middle = keyedBy((question) => {
			const sorted = [...cueOf(question, "length")].sort((a, b) => a - b);
			return extremeAt(cueOf(question, "length"), sorted[2] ?? 0);
		});
		expect(guessBank(middle).accuracy.trees).toBeGreaterThan(0.5);
	});

	test("find a word that right options use, which no other cue shows", () => {
		const random = randomFrom(3);
		const options = (right: number): Question["mcq"]["options"] =>
			["alpha rises", "gamma falls", "delta halts", "omega turns"].map((text, index) => ({
				text: `${text} ${index === right ? "cedar" : "maple"} ${index}`,
				correct: index === right,
				why: "Why.",
			}));
		const cedars = [...makeBank(60).values()].map((question) => ({
			...question,
			mcq: { ...question.mcq, options: options(Math.floor(random() * 4)) },
		}));
		expect(guessBank(cedars).accuracy.words).toBeGreaterThan(0.95);
	});

	test("gain nothing from identical options", () => {
		const alike = [...makeBank(40).values()].map((question) => {
			const options = ["alpha", "gamma", "delta", "omega"].map((text, index) => ({
				text,
				correct: index === 2,
				why: "Why.",
			}));
			return { ...question, mcq: { ...question.mcq, options } };
		});
		const moved = alike.map((question, index) => withRight(question, index % 4));
		const { accuracy, cues } = guessBank(moved);
		for (const guesser of GUESSERS) expect(accuracy[guesser]).toBeLessThanOrEqual(0.25);
		for (const { name, most, least } of cues) expect([name, most, least]).toEqual([name, 0.25, 0.25]);
	});

	test.skipIf(isQuickRun)("give the same result each time, and name the cues that gave a check away", () => {
		const shortest = keyedBy((question) => {
			const lengths = cueOf(question, "length");
			return extremeAt(lengths, Math.min(...lengths));
		});
		const first = guessBank(shortest);
		expect(guessBank(shortest)).toEqual(first);
		const hits = first.guesses.filter(({ guessers }) => guessers.cues.hit);
		expect(hits.filter(({ cues }) => cues.includes("less: length")).length).toBeGreaterThan(hits.length * 0.8);
	});

	test("can handle a bank of none, one and two", () => {
		for (const size of [0, 1, 2]) expect(guessBank([...makeBank(size).values()]).guesses).toHaveLength(size);
	});
});

describe("cues", () => {
	const check = (stem: string, ...texts: string[]) =>
		makeQuestion({
			title: "Caching of prompts",
			hint: "Look at prefixes.",
			mcq: {
				stem,
				options: texts.map((text, index) => ({ text, correct: index === 0, why: "Why." })),
				explanation: "So it is.",
			},
		});

	test.each<[name: string, numbers: number[]]>([
		["reasons", [1, 1, 0, 0]],
		["to with a verb", [0, 0, 1, 0]],
		["absolutes", [0, 0, 1, 0]],
		["hedges", [0, 0, 0, 1]],
		["negations", [0, 0, 0, 1]],
		["numbers", [2, 0, 0, 0]],
		["commas", [1, 0, 0, 0]],
		["semicolons", [0, 1, 0, 0]],
		["parentheses", [0, 0, 1, 0]],
		["colons", [0, 0, 0, 1]],
		["words of the stem", [1, 0, 0, 0]],
		["words of the title in this option alone", [0, 1, 0, 0]],
		["words of the hint", [0, 0, 1, 0]],
		["stands at C", [0, 0, 1, 0]],
	])("%s", (name, numbers) => {
		const question = check(
			"Why do the lookups miss?",
			"Lookups take 3.5 ms at 40 GB, because keys differ",
			"Caches are cold; as it restarts they are emptied",
			"Every prefix (all of it) is rehashed to fit",
			"Entries might expire: they are not pinned",
		);
		const got = cueOf(question, name);
		expect(got.map((value) => (name === "absolutes" ? Math.min(value, 1) : value))).toEqual(numbers);
	});
});
