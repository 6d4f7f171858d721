import { questionOf, recordSeen, resolveQuestion } from "../../core/question/asking.ts";
import type { Question } from "../../core/question/question.ts";
import { type Revealed, recordReveal, wouldSpoil } from "../../core/service/revealing.ts";
import type { Reply } from "../card.ts";
import { partCard, revealedCard } from "../cards/answer.ts";
import { questionData, revealQuestionCard } from "../cards/question.ts";
import { defineCommand } from "../command.ts";
import { flagOption, optional, questionOption } from "../option.ts";
import { bookingData, withReveal } from "../practice-replies.ts";

function revealedReply(question: Question, revealed: Revealed): Reply {
	const { cost, memory, interviewOn, answer } = revealed;
	const day = memory?.state && { today: memory.state.on, interviewOn };
	const booked = memory && day ? bookingData(question, { memory, books: true, day }) : {};
	return {
		card: withReveal(
			answer && !cost ? partCard(question, "strong", answer) : revealedCard(question, { cost }),
			question,
			revealed,
		),
		data: { ...questionData(question), revealed: true, cost, ...booked },
	};
}

/** A reveal as far as it can be rebuilt later. */
const rebuiltReveal = ({ cost }: { readonly cost: boolean }): Revealed => ({
	cost,
	memory: null,
	interviewOn: null,
	run: null,
	answer: null,
});

export const reveal = defineCommand({
	name: "reveal",
	summary: "The answer, without an attempt: today's question then no longer counts",
	wishedAs: ["answer", "solution"],
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
		const revealed = await recordReveal(context.services, asker, question, context.now);
		await recordSeen(context.services, asker, question, context.now, "shown");
		return revealedReply(question, revealed);
	},
	async again({ services, workspace, member }, effectId) {
		if (effectId !== null && effectId < 0) {
			const reveal = await services.store.practice.practiceReveal(member.id, -effectId);
			const question = reveal && (await questionOf(services, workspace.id, reveal.questionId, reveal.revision));
			return question && revealedReply(question, rebuiltReveal({ cost: false }));
		}
		const occurrence = effectId === null ? null : await services.store.occurrences.get(effectId);
		if (!occurrence?.questionId) return null;
		const question = await questionOf(services, workspace.id, occurrence.questionId, occurrence.questionRevision);
		return question && revealedReply(question, rebuiltReveal({ cost: true }));
	},
});
