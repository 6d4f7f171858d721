import { recordReveal, wouldSpoil } from "../../core/service/answering.ts";
import { meet, resolveQuestion } from "../../core/service/questions.ts";
import { askerOf } from "../asker.ts";
import { questionData, revealedCard, revealQuestionCard } from "../cards/question.ts";
import { defineCommand } from "../command.ts";
import { flagOption, optional, questionOption } from "../option.ts";

export const reveal = defineCommand({
	name: "reveal",
	summary: "The answer, without an attempt: today's question then no longer counts",
	audience: "member",
	textOnly: true,
	options: {
		question: questionOption("Its id, today or last"),
		ask: optional(flagOption("Whether to ask first when it costs today's question")),
	},
	example: "reveal today",
	async run(context, { question: reference, ask }) {
		const asker = askerOf(context);
		const question = await resolveQuestion(context.services, asker, reference, context.now);
		if (ask && (await wouldSpoil(context.services, asker, question, context.now)))
			return {
				audience: "member",
				card: revealQuestionCard(question),
				data: { ...questionData(question), revealed: false },
			};
		const cost = await recordReveal(context.services, asker, question, context.now);
		await meet(context.services, asker, question, context.now);
		return {
			audience: "member",
			card: revealedCard(question, cost),
			data: { ...questionData(question), revealed: true, cost },
		};
	},
});
