import { meet, questionOf, resolveQuestion } from "../../core/question/asking.ts";
import type { Question } from "../../core/question/question.ts";
import { recordReveal, wouldSpoil } from "../../core/service/revealing.ts";
import type { Reply } from "../card.ts";
import { questionData, revealedCard, revealQuestionCard } from "../cards/question.ts";
import { defineCommand } from "../command.ts";
import { flagOption, optional, questionOption } from "../option.ts";

const revealedReply = (question: Question, cost: boolean): Reply => ({
	card: revealedCard(question, cost),
	data: { ...questionData(question), revealed: true, cost },
});

export const reveal = defineCommand({
	name: "reveal",
	summary: "The answer, without an attempt: today's question then no longer counts",
	textOnly: true,
	showsAnswer: true,
	options: {
		question: questionOption("Its id, today or last"),
		ask: optional(flagOption("Whether to ask first when it costs today's question")),
	},
	example: "reveal today",
	async run(context, { question: reference, ask }) {
		const { asker } = context;
		const question = await resolveQuestion(context.services, asker, reference, context.now);
		if (ask && (await wouldSpoil(context.services, asker, question, context.now)))
			return {
				card: revealQuestionCard(question),
				data: { ...questionData(question), revealed: false },
			};
		const { cost } = await recordReveal(context.services, asker, question, context.now);
		await meet(context.services, asker, question, context.now, "shown");
		return revealedReply(question, cost);
	},
	async again({ services, member }, effectId) {
		if (effectId !== null && effectId < 0) {
			const kept = await services.store.practice.practiceReveal(member.id, -effectId);
			const question = kept && (await questionOf(services, kept.questionId, kept.revision));
			return question && revealedReply(question, false);
		}
		const occurrence = effectId === null ? null : await services.store.occurrences.get(effectId);
		if (!occurrence?.questionId) return null;
		const question = await questionOf(services, occurrence.questionId, occurrence.questionRevision);
		return question && revealedReply(question, true);
	},
});
