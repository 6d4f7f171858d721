import { enqueue } from "../../core/daily/enqueue.ts";
import { UserError } from "../../core/errors.ts";
import type { Answer } from "../../core/model.ts";
import { resolveQuestion } from "../../core/question/asking.ts";
import { hasCheck } from "../../core/question/question.ts";
import { button, type Card } from "../card.ts";
import { questionData } from "../cards/question.ts";
import { defineCommand } from "../command.ts";
import { flagOption, numberOption, optional, questionOption } from "../option.ts";

/** The options that name one answer of a question. */
const optionsOf = ({ id, questionId }: Answer) => ({ question: questionId, answer: String(id) });

const sharedCard = (answer: Answer): Card => ({
	tone: "good",
	title: "Shared",
	blocks: [
		{ type: "text", text: "Your answer goes into the question's thread, with your name." },
		{
			type: "actions",
			buttons: [
				button("Back to your answer", "compare", optionsOf(answer), "primary"),
				button("Next question", "random"),
			],
		},
	],
});

function askCard(answer: Answer, text: string): Card {
	return {
		tone: "plain",
		title: "Post this into the question's thread?",
		blocks: [
			{ type: "text", text: "Everybody there sees your words, with your name. They are posted once." },
			{ type: "quote", text: text },
			{
				type: "actions",
				buttons: [
					button("Post it", "share", optionsOf(answer), "primary"),
					button("Back", "compare", optionsOf(answer)),
				],
			},
		],
	};
}

export const share = defineCommand({
	name: "share",
	summary: "Post your own answer into the question's thread, once",
	textOnly: true,
	label: "Share",
	replacesCard: true,
	options: {
		question: questionOption("Its id, today or last"),
		ask: optional(flagOption("Whether to ask first")),
		answer: optional(numberOption("Which of your answers; the latest that counted if left out", 1, 999_999_999)),
	},
	example: "share today",
	async run(context, options) {
		const { store } = context.services;
		const question = await resolveQuestion(context.services, context.asker, options.question, context.now);
		const chosen = options.answer === null ? null : await store.answers.answer(context.member.id, options.answer);
		const answer =
			chosen?.questionId === question.id ? chosen : await store.answers.latestAttempt(context.member.id, question.id);
		const occurrence = answer && (await store.answers.occurrenceOf(answer.id));
		if (!answer?.text || !occurrence?.messageId)
			throw new UserError(
				"There is no answer of yours to share: only free text to a daily question goes into its thread.",
				`\`/nlpq answer today <text>\` first${hasCheck(question) ? "; a quick check has no words to show" : ""}.`,
			);
		if (options.ask) return { card: askCard(answer, answer.text), data: { ...questionData(question), shared: false } };
		await context.services.transaction(
			async (tx) => {
				if (!(await tx.store.answers.setShared(answer.id, context.now)))
					throw new UserError(
						"You have shared this answer already.",
						"It is in the question's thread; an answer is shared once.",
					);
				const { workspace, member, now } = context;
				const shared = { workspaceId: workspace.id, memberId: member.id, occurrenceId: occurrence.id };
				await enqueue(tx, workspace.platform, { kind: "share", ...shared, answerId: answer.id }, now);
				return answer.id;
			},
			(id) => id,
		);
		context.daily.wake();
		return { card: sharedCard(answer), data: { ...questionData(question), shared: true } };
	},
	async again({ services, member }, answerId) {
		const answer = answerId === null ? null : await services.store.answers.answer(member.id, answerId);
		return answer && { card: sharedCard(answer) };
	},
});
