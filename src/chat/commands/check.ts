import { recordAnswer } from "../../core/service/answering.ts";
import { meet, resolveQuestion } from "../../core/service/questions.ts";
import { askerOf } from "../asker.ts";
import { checkCard, checkedCard, questionData } from "../cards/question.ts";
import { defineCommand } from "../command.ts";
import { letterOption, optional, questionOption } from "../option.ts";

export const check = defineCommand({
	name: "check",
	summary: "A quick check: one of four options",
	audience: "member",
	textOnly: true,
	options: {
		question: questionOption("Its id, today or last"),
		option: optional(letterOption("A, B, C or D; the options are shown without it")),
	},
	example: "check today B",
	async run(context, { question: reference, option }) {
		const asker = askerOf(context);
		const question = await resolveQuestion(context.services, asker, reference, context.now);
		await meet(context.services, asker, question, context.now);
		if (option === null) return { audience: "member", card: checkCard(question), data: questionData(question) };
		const recorded = await recordAnswer(context.services, asker, question, { kind: "check", option }, context.now);
		context.daily.wake();
		return {
			audience: "member",
			card: checkedCard(question, option, recorded),
			data: {
				...questionData(question),
				correct: recorded.correct,
				counted: recorded.counted,
				streak: recorded.streak?.current ?? null,
			},
		};
	},
});
