import { meet, resolveQuestion } from "../../core/question/asking.ts";
import { askerOf } from "../asker.ts";
import { questionCard, questionData } from "../cards/question.ts";
import { defineCommand } from "../command.ts";
import { wordsOption } from "../option.ts";

export const show = defineCommand({
	name: "show",
	summary: "One question by its id or title",
	audience: "member",
	options: { question: { ...wordsOption("Its id or title; today and last work too"), kind: "question" as const } },
	example: "show kv-cache",
	async run(context, options) {
		const question = await resolveQuestion(context.services, askerOf(context), options.question, context.now);
		await meet(context.services, askerOf(context), question, context.now);
		return { audience: "member", card: questionCard(question), data: questionData(question) };
	},
});
