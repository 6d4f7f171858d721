import { meet, resolveQuestion } from "../../core/question/asking.ts";
import { askerOf } from "../asker.ts";
import { hintCard, questionData } from "../cards/question.ts";
import { defineCommand } from "../command.ts";
import { questionOption } from "../option.ts";

export const hint = defineCommand({
	name: "hint",
	summary: "One hint for a question",
	audience: "member",
	textOnly: true,
	options: { question: questionOption("Its id, today or last") },
	example: "hint today",
	async run(context, options) {
		const question = await resolveQuestion(context.services, askerOf(context), options.question, context.now);
		await meet(context.services, askerOf(context), question, context.now, true);
		return { audience: "member", card: hintCard(question), data: questionData(question) };
	},
});
