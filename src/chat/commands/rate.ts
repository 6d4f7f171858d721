import type { Grade } from "../../core/model.ts";
import { questionOf, resolveQuestion } from "../../core/question/asking.ts";
import type { Question } from "../../core/question/question.ts";
import { rateAnswer } from "../../core/service/rating.ts";
import type { Reply } from "../card.ts";
import { questionData, ratedCard } from "../cards/question.ts";
import { defineCommand } from "../command.ts";
import { pointsOption, questionOption } from "../option.ts";

const ratedReply = (question: Question, grade: Grade, ticked: number): Reply => ({
	card: ratedCard(question, grade, ticked),
	data: { ...questionData(question), grade, ticked },
});

export const rate = defineCommand({
	name: "rate",
	summary: "Tick the key points that your answer had",
	textOnly: true,
	options: {
		question: questionOption("Its id, today or last"),
		points: pointsOption("Numbers of key points, such as 1,3,4; 0 for none"),
	},
	example: "rate today 1,3,4",
	async run(context, { question: reference, points }) {
		const question = await resolveQuestion(context.services, context.asker, reference, context.now);
		const { grade } = await rateAnswer(context.services, context.asker, question, { points });
		return ratedReply(question, grade, new Set(points).size);
	},
	async again({ services, member }, answerId) {
		const answer = answerId === null ? null : await services.store.answers.answer(member.id, answerId);
		const question = answer && (await questionOf(services, answer.questionId, answer.revision));
		return question && answer.grade && answer.points ? ratedReply(question, answer.grade, answer.points.length) : null;
	},
});
