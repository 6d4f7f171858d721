import { recordAnswer } from "../../core/service/answering.ts";
import { meet, resolveQuestion } from "../../core/service/questions.ts";
import { askerOf } from "../asker.ts";
import { answeredCard, answerForm, questionData } from "../cards/question.ts";
import { defineCommand } from "../command.ts";
import { questionOption, textOption } from "../option.ts";

export const answer = defineCommand({
	name: "answer",
	summary: "Answer a question in your own words",
	audience: "member",
	textOnly: true,
	options: { question: questionOption("Its id, today or last"), text: textOption("Your answer") },
	example: "answer today Attention weighs every token against every other.",
	form: {
		missing: "text",
		async open(context, options) {
			return answerForm(
				await resolveQuestion(context.services, askerOf(context), options.question ?? "today", context.now),
			);
		},
	},
	async run(context, options) {
		const asker = askerOf(context);
		const question = await resolveQuestion(context.services, asker, options.question, context.now);
		const recorded = await recordAnswer(
			context.services,
			asker,
			question,
			{ kind: "text", text: options.text },
			context.now,
		);
		await meet(context.services, asker, question, context.now);
		context.daily.wake();
		return {
			audience: "member",
			card: answeredCard(question, recorded, recorded.counted),
			data: { ...questionData(question), counted: recorded.counted, streak: recorded.streak?.current ?? null },
		};
	},
});
