import { QUESTION_LIMITS, type Question } from "../../../src/core/question/question.ts";
import { makeQuestion } from "../../support/question.ts";

/** The longest exhibit that the bank allows, nearly all of it fences, which grow when they are broken up. */
const LONGEST_EXHIBIT = `x1${"`".repeat(57)}\n`.repeat(QUESTION_LIMITS.exhibit / 60).trimEnd();

/** A question in which every text is as long as the bank allows. */
export function longestQuestion(): Question {
	const limit = QUESTION_LIMITS;
	const fill = (longest: number, salt = "word") =>
		`${`${salt} ${"lorem_ipsum * ".repeat(longest)}`.slice(0, longest - 1).trimEnd()}x`;
	const key = { label: fill(limit.keyPoint) };
	return makeQuestion({
		id: "q".repeat(45),
		category: "behavioral",
		kind: "behavioral",
		title: fill(limit.title),
		prompt: fill(limit.prompt),
		exhibit: LONGEST_EXHIBIT,
		hint: fill(limit.hint),
		answer: fill(limit.answer),
		key_points: Array.from({ length: 8 }, (_, index) => ({ ...key, must: index === 0 })),
		mcq: {
			stem: fill(limit.stem),
			options: Array.from({ length: 4 }, (_, index) => ({
				text: fill(limit.option, `option ${index}`),
				correct: index === 2,
				why: fill(limit.optionWhy),
			})),
			explanation: fill(limit.explanation),
		},
		traps: Array.from({ length: 3 }, () => ({ claim: fill(limit.trapClaim), correction: fill(limit.trapCorrection) })),
		follow_ups: Array.from({ length: 4 }, () => ({ q: fill(limit.followUpQuestion), a: fill(limit.followUpAnswer) })),
		references: Array.from({ length: 3 }, (_, index) => ({
			label: fill(limit.referenceLabel),
			url: `https://example.org/${index}/${"p".repeat(300)}`,
			kind: "paper" as const,
		})),
		rubric: Array.from({ length: 6 }, () => ({
			criterion: fill(limit.criterion),
			strong: fill(limit.rubricText),
			weak: fill(limit.rubricText),
		})),
	});
}
