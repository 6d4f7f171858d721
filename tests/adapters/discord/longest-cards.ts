import { button, type Card } from "../../../src/chat/card.ts";
import * as after from "../../../src/chat/cards/answer.ts";
import { gradedCard } from "../../../src/chat/cards/grades.ts";
import { reminderCard } from "../../../src/chat/cards/notices.ts";
import * as cards from "../../../src/chat/cards/question.ts";
import { reportCard } from "../../../src/chat/cards/reports.ts";
import { OPTION_LETTERS, QUESTION_LIMITS, type Question } from "../../../src/core/question/question.ts";
import type { Recorded } from "../../../src/core/service/answering.ts";
import { makeQuestion } from "../../support/question.ts";
import { unbookedRating } from "../../support/ratings.ts";

export const RECORDED: Recorded = {
	answerId: 1,
	correct: true,
	counted: true,
	reason: null,
	streak: {
		memberId: 1,
		scheduleId: 1,
		workspaceId: 1,
		current: 365,
		longest: 365,
		answered: 365,
		freezes: 2,
		booked: 365,
		bookedTo: 365,
		firstNumber: 1,
		latestNumber: 365,
	},
	milestones: [7, 30, 365],
	memory: null,
	books: false,
	hinted: false,
	day: { today: "2027-03-08", interviewOn: null },
	run: null,
};

/** Every card about a question. */
export function cardsOf(question: Question): Card[] {
	return [
		cards.questionCard(question, [
			button("Another", "random", { category: question.category, difficulty: question.difficulty }),
		]),
		cards.dailyCard(question, 9999, 100_000),
		cards.checkCard(question),
		cards.hintCard(question),
		after.answeredCard(question, RECORDED, "It *keeps* <@1> keys.\n".repeat(90), { share: true, ticked: [1] }),
		...after.PARTS.map((part) => after.partCard(question, part, { id: 7, text: "Mine.", kind: "text" })),
		...OPTION_LETTERS.map((letter) => after.checkedCard(question, letter, RECORDED)),
		cards.revealQuestionCard(question),
		after.revealedCard(question, { cost: true }),
		after.publicAnswerCard(question, 9999),
		gradedCard(question, { ...unbookedRating, grade: "hard", ticked: 3, missed: ["It *keeps* keys."] }, []),
		reminderCard(question.title, question.id),
		reportCard({ id: 1, questionId: question.id, text: "x".repeat(1000) }, question),
	];
}

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
