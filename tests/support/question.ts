import type { z } from "zod";
import { type Question, questionSchema } from "../../src/core/question/question.ts";

/** A record as in a file, before the schema has read it. */
export type QuestionRecord = z.input<typeof questionSchema>;

/** Four options of similar length, with the right one at the given place (0 to 3). */
export function makeOptions(right = 0): QuestionRecord["mcq"]["options"] {
	// All of the same length, so that none gives itself away.
	const texts = [
		"It weighs each token by its likeness to the others",
		"It reads the tokens in turn, from the left to right",
		"It drops tokens by chance, so the others can adapt",
		"It counts how frequent a token was in its training",
	].map((text) => text.padEnd(51, "."));
	return texts.map((text, index) => ({
		text,
		correct: index === right,
		why: `Reason number ${index + 1} of the four.`,
	}));
}

/** A record that breaks no rule, with the given fields replaced. */
export function makeRecord(changes: Partial<QuestionRecord> = {}): QuestionRecord {
	const id = changes.id ?? "sample-question";
	return {
		id,
		revision: 1,
		reviewed_on: "2026-11-23",
		category: "transformers",
		difficulty: "basic",
		kind: "concept",
		tags: ["attention", "architecture"],
		minutes: 5,
		title: `Title of ${id}`,
		prompt: `What would you say about ${id} in an interview?`,
		hint: `Think of what ${id} is named after.`,
		answer: `The first sentence of ${id} says what it is. The second sentence says why it matters.`,
		key_points: [
			{ label: `Point one of ${id}`, must: true },
			{ label: `Point two of ${id}` },
			{ label: `Point three of ${id}` },
			{ label: `Point four of ${id}` },
			{ label: `Point five of ${id}` },
		],
		mcq: {
			stem: `Which of these fits ${id}?`,
			options: makeOptions(),
			explanation: `The explanation of ${id} goes further than its options.`,
		},
		traps: [
			{ claim: `Claim one about ${id}.`, correction: `Correction one of ${id}.` },
			{ claim: `Claim two about ${id}.`, correction: `Correction two of ${id}.` },
		],
		follow_ups: [
			{ q: `Follow-up one of ${id}?`, a: `Reply one of ${id}.` },
			{ q: `Follow-up two of ${id}?`, a: `Reply two of ${id}.` },
		],
		references: [{ label: "A book on the matter", kind: "book" }],
		...changes,
	};
}

/** A valid question. Throws if the given fields make it invalid. */
export function makeQuestion(changes: Partial<QuestionRecord> = {}): Question {
	return questionSchema.parse(makeRecord(changes));
}

/** A rubric that breaks no rule, for behavioral questions. */
export function makeRubric(): NonNullable<QuestionRecord["rubric"]> {
	return [1, 2, 3, 4].map((number) => ({
		criterion: `Criterion ${number}`,
		strong: `What a strong answer shows, ${number}`,
		weak: `What a weak answer shows, ${number}`,
	}));
}

/** A bank of `size` valid questions, `question-1` and so on, with right options in different places. */
export function makeBank(size: number, changes: Partial<QuestionRecord> = {}): Map<string, Question> {
	const questions = Array.from({ length: size }, (_, index) =>
		makeQuestion({
			id: `question-${index + 1}`,
			...changes,
			mcq: {
				stem: `Which fits number ${index + 1}?`,
				options: makeOptions(index % 4),
				explanation: `Number ${index + 1} explained.`,
			},
		}),
	);
	return new Map(questions.map((question) => [question.id, question]));
}
