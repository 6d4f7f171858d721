import { describe, expect, onTestFinished, test } from "vitest";
import type { Answer } from "../../src/core/model.ts";
import { OPTION_LETTERS, type OptionLetter, type Question, rightOption } from "../../src/core/question/question.ts";
import { question } from "./bank.ts";
import { Installation } from "./installation.ts";

async function open(...ids: string[]): Promise<{ installation: Installation; questions: Question[] }> {
	const questions = await Promise.all(ids.map(question));
	const installation = await Installation.open(questions);
	onTestFinished(installation.close);
	return { installation, questions };
}

const letterAfter = (letter: OptionLetter): OptionLetter =>
	OPTION_LETTERS[(OPTION_LETTERS.indexOf(letter) + 1) % OPTION_LETTERS.length] ?? "A";

const reworded = (entry: Question): Question => ({
	...entry,
	revision: entry.revision + 1,
	answer: "Another answer, which the second revision gives.",
});

/** A revision with the options in the same places, but another right one. */
const corrected = (entry: Question, right: OptionLetter): Question => ({
	...entry,
	revision: entry.revision + 1,
	mcq: {
		...entry.mcq,
		options: entry.mcq.options.map((option, index) => ({ ...option, correct: OPTION_LETTERS[index] === right })),
	},
});

/** A revision with the same right option, one place later. */
const reordered = (entry: Question): Question => ({
	...entry,
	revision: entry.revision + 1,
	mcq: { ...entry.mcq, options: [...entry.mcq.options.slice(-1), ...entry.mcq.options.slice(0, -1)] },
});

const verdictOf = ({ kind, option, correct, revision }: Answer) => ({ kind, option, correct, revision });

describe("a bank that changes in a running installation", () => {
	test("a start with the same files changes nothing", async () => {
		const { installation, questions } = await open("bleu-score", "stop-words");
		await installation.nextDay();
		await installation.check("ana", "today", "A");
		const before = await installation.answersOf("ana");
		expect(await installation.restart(questions)).toEqual({ added: 0, revised: 0, retired: 0 });
		expect(await installation.answersOf("ana")).toEqual(before);
	});

	test("a new answer: earlier attempts are still shown with the answer they were compared with", async () => {
		const { installation, questions } = await open("bleu-score");
		const [bleu] = questions as [Question];
		await installation.nextDay();
		await installation.answer("ana", "today", "Clipped precisions and a penalty for brevity.");
		const before = await installation.answersOf("ana");
		const second = reworded(bleu);
		expect(await installation.restart([second])).toEqual({ added: 0, revised: 1, retired: 0 });

		expect(await installation.answersOf("ana")).toEqual(before);
		const old = await installation.historyText("ana", 1);
		expect(old).toContain("Clipped precisions and a penalty for brevity.");
		expect(old).toContain(bleu.answer.slice(0, 100));
		expect(old).not.toContain(second.answer);

		await installation.answer("ana", "bleu-score", "Said after the change.");
		expect(await installation.historyText("ana", 1)).toContain(second.answer);
		expect(await installation.historyText("ana", 2)).toBe(old);
		expect((await installation.answersOf("ana")).map(({ revision }) => revision)).toEqual([
			bleu.revision + 1,
			bleu.revision,
		]);
	});

	test("a corrected option: the former and the new right option both count for members who answered before", async () => {
		const { installation, questions } = await open("bleu-score");
		const [bleu] = questions as [Question];
		const formerRight = rightOption(bleu);
		const newRight = letterAfter(formerRight);
		const neverRight = letterAfter(newRight);
		await installation.nextDay();
		await installation.check("ana", "today", formerRight);
		await installation.check("ben", "today", newRight);
		await installation.check("cleo", "today", neverRight);
		expect((await installation.answersOf("ben"))[0]?.correct).toBe(false);
		await installation.restart([corrected(bleu, newRight)]);

		const revision = bleu.revision;
		expect((await installation.answersOf("ana")).map(verdictOf)).toEqual([
			{ kind: "check", option: formerRight, correct: true, revision },
		]);
		expect((await installation.answersOf("ben")).map(verdictOf)).toEqual([
			{ kind: "check", option: newRight, correct: true, revision },
		]);
		expect((await installation.answersOf("cleo")).map(verdictOf)).toEqual([
			{ kind: "check", option: neverRight, correct: false, revision },
		]);
		for (const name of ["ana", "ben", "cleo"]) expect(await installation.currentStreak(name)).toBe(1);

		expect((await installation.check("dan", "today", formerRight)).correct).toBe(false);
		expect((await installation.check("eva", "today", newRight)).correct).toBe(true);
	});

	test("options in another order are no correction", async () => {
		const { installation, questions } = await open("bleu-score");
		const [bleu] = questions as [Question];
		const right = rightOption(bleu);
		await installation.nextDay();
		await installation.check("ana", "today", right);
		await installation.check("ben", "today", letterAfter(right));
		const second = reordered(bleu);
		expect(rightOption(second)).toBe(letterAfter(right));
		await installation.restart([second]);

		expect((await installation.answersOf("ana"))[0]?.correct).toBe(true);
		expect((await installation.answersOf("ben"))[0]?.correct).toBe(false);
	});

	test("reordered and corrected later: the option counts, not its current letter", async () => {
		const { installation, questions } = await open("bleu-score");
		const [bleu] = questions as [Question];
		const later = letterAfter(letterAfter(rightOption(bleu)));
		const second = reordered(bleu);
		await installation.nextDay();
		await installation.check("ana", "today", later);
		await installation.check("ben", "today", letterAfter(later));
		await installation.restart([second]);
		// In the new order, ana's option has the place that ben's had.
		await installation.restart([corrected(second, letterAfter(later))]);

		expect((await installation.answersOf("ana"))[0]?.correct).toBe(true);
		expect((await installation.answersOf("ben"))[0]?.correct).toBe(false);
	});

	test("retired: never drawn again, still answerable while it is open, and kept in the history", async () => {
		const { installation, questions } = await open("bleu-score", "stop-words", "edit-distance", "zipfs-law");
		const occurrence = await installation.nextDay();
		const removed = questions.find((entry) => entry.id === occurrence.questionId);
		if (!removed) throw new Error("the daily question is not in the bank");
		const remaining = questions.filter((entry) => entry !== removed);
		await installation.answer("ana", "today", "Said while it was in the bank.");
		expect(await installation.restart(remaining)).toEqual({ added: 0, revised: 0, retired: 1 });

		expect((await installation.check("ben", "today", rightOption(removed))).correct).toBe(true);
		expect(await installation.check("cleo", removed.id, rightOption(removed))).toMatchObject({ counted: true });
		for (const name of ["ana", "ben", "cleo"]) expect(await installation.currentStreak(name)).toBe(1);

		const drawn: (string | null)[] = [];
		for (let day = 0; day < 9; day += 1) drawn.push((await installation.nextDay()).questionId);
		expect([...new Set(drawn)].sort()).toEqual(remaining.map((entry) => entry.id).sort());
		const text = await installation.historyText("ana", 1);
		expect(text).toContain(removed.title);
		expect(text).toContain("Said while it was in the bank.");
		expect(text).toContain(removed.answer.slice(0, 100));
		await expect(installation.answer("ana", removed.id, "Too late.")).rejects.toThrow(
			"There is no question with that name.",
		);
	});

	test("brought back: it is asked again, and its history continues", async () => {
		const { installation, questions } = await open("bleu-score", "stop-words");
		const [bleu, words] = questions as [Question, Question];
		await installation.check("ana", bleu.id, "A");
		await installation.restart([words]);
		expect(await installation.restart(questions)).toEqual({ added: 0, revised: 1, retired: 0 });
		await installation.check("ana", bleu.id, "B");
		expect((await installation.answersOf("ana")).map(({ option }) => option)).toEqual(["B", "A"]);
		const drawn = [await installation.nextDay(), await installation.nextDay()].map(({ questionId }) => questionId);
		expect(drawn).toContain(bleu.id);
	});

	test("added: it is drawn before any question repeats, and nothing else changes", async () => {
		const { installation, questions } = await open(
			"bleu-score",
			"stop-words",
			"edit-distance",
			"rouge-score",
			"bm25-ranking",
		);
		const first = await installation.nextDay();
		await installation.answer("ana", "today", "Said before there was a sixth.");
		const before = await installation.answersOf("ana");
		const zipf = await question("zipfs-law");
		expect(await installation.restart([...questions, zipf])).toEqual({ added: 1, revised: 0, retired: 0 });

		expect(await installation.answersOf("ana")).toEqual(before);
		expect(await installation.answer("ben", "today", "The same question is open.")).toMatchObject({ counted: true });
		expect(await installation.store.occurrences.get(first.id)).toMatchObject({
			questionId: first.questionId,
			number: 1,
		});
		const drawn = [first.questionId];
		for (let day = 0; day < 5; day += 1) drawn.push((await installation.nextDay()).questionId);
		expect([...drawn].sort()).toEqual([...questions, zipf].map((entry) => entry.id).sort());
	});
});
