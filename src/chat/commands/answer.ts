import { meet, questionOf, resolveQuestion } from "../../core/question/asking.ts";
import type { Question } from "../../core/question/question.ts";
import { type Recorded, recordAnswer, recordedAnswer } from "../../core/service/answering.ts";
import type { Reply } from "../card.ts";
import { answeredCard, answerForm, questionData } from "../cards/question.ts";
import { defineCommand } from "../command.ts";
import { questionOption, textOption } from "../option.ts";

const answeredReply = (question: Question, recorded: Recorded): Reply => ({
	card: answeredCard(question, recorded, recorded.counted),
	data: { ...questionData(question), counted: recorded.counted, streak: recorded.streak?.current ?? null },
});

export const answer = defineCommand({
	name: "answer",
	summary: "Answer a question in your own words",
	textOnly: true,
	showsAnswer: true,
	options: { question: questionOption("Its id, today or last"), text: textOption("Your answer") },
	example: "answer today Attention weighs every token against every other.",
	form: {
		missing: "text",
		async open(context, options) {
			return answerForm(
				await resolveQuestion(context.services, context.asker, options.question ?? "today", context.now),
			);
		},
	},
	async run(context, options) {
		const { services, asker, now } = context;
		const question = await resolveQuestion(services, asker, options.question, now);
		const recorded = await recordAnswer(services, asker, question, { kind: "text", text: options.text }, now);
		await meet(services, asker, question, now, "shown");
		context.daily.wake();
		return answeredReply(question, recorded);
	},
	async again(context, answerId) {
		const kept =
			answerId === null ? null : await recordedAnswer(context.services, context.asker, answerId, context.now);
		const question = kept && (await questionOf(context.services, kept.answer.questionId, kept.answer.revision));
		return question && answeredReply(question, kept.recorded);
	},
});
