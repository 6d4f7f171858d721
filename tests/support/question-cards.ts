import { button, type Card } from "../../src/chat/card.ts";
import * as after from "../../src/chat/cards/answer.ts";
import { gradedCard } from "../../src/chat/cards/grades.ts";
import { reminderCard } from "../../src/chat/cards/notices.ts";
import * as cards from "../../src/chat/cards/question.ts";
import { reportCard } from "../../src/chat/cards/reports.ts";
import { OPTION_LETTERS, type Question } from "../../src/core/question/question.ts";
import type { Recorded } from "../../src/core/service/answering.ts";
import { unbookedRating } from "./ratings.ts";

/** A counted answer with the longest streak and milestones. */
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
		cards.dailyCard(question, 12_345, 100_000),
		cards.checkCard(question),
		cards.hintCard(question),
		after.answeredCard(question, RECORDED, "It *keeps* <@1> keys.\n".repeat(90), { share: true, ticked: [1] }),
		...after.PARTS.map((part) => after.partCard(question, part, { id: 7, text: "Mine.", kind: "text" })),
		...OPTION_LETTERS.map((letter) => after.checkedCard(question, letter, RECORDED)),
		cards.revealQuestionCard(question),
		after.revealedCard(question, { cost: true }),
		after.publicAnswerCard(question, 12_345),
		gradedCard(question, { ...unbookedRating, grade: "hard", ticked: 3, missed: ["It *keeps* keys."] }, []),
		reminderCard(question.title, question.id),
		reportCard({ id: 1, questionId: question.id, text: "x".repeat(1000) }, question),
	];
}
