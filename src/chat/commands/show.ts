import { meet, resolveQuestion } from "../../core/question/asking.ts";
import { questionCard, questionData } from "../cards/question.ts";
import { defineCommand } from "../command.ts";
import { questionOption } from "../option.ts";

export const show = defineCommand({
	name: "show",
	summary: "One question by its id or title",
	options: { question: questionOption("Its id or title; today and last work too") },
	example: "show kv-cache",
	async run(context, options) {
		const question = await resolveQuestion(context.services, context.asker, options.question, context.now);
		await meet(context.services, context.asker, question, context.now, "shown");
		return { card: questionCard(question), data: questionData(question) };
	},
});
