import type { Answer } from "../../core/model.ts";
import type { Question } from "../../core/question/question.ts";
import { questionAt } from "../../core/question/workspace-bank.ts";
import { type Block, button, type Card, instant, plain, strong } from "../card.ts";
import { type Context, defineCommand } from "../command.ts";
import { numberOption, optional } from "../option.ts";

/** Answers a page: each comes with its model answer. */
const PAGE = 3;

function entryBlocks(answer: Answer, attempt: boolean, question: Question | null): Block[] {
	const verdict = answer.correct === null ? "" : answer.correct ? ", right" : ", wrong";
	const grade = answer.grade === null ? "" : `, ${answer.grade}`;
	return [
		{
			type: "text",
			text: [
				strong(question?.title ?? answer.questionId),
				" · ",
				instant(answer.at, "UTC"),
				` · ${attempt ? "attempt" : "practice"}${verdict}${grade}`,
			],
		},
		answer.kind === "text"
			? { type: "quote", text: answer.text ?? "" }
			: { type: "text", text: `Quick check: you chose ${answer.option}.` },
		{ type: "text", text: question ? question.answer : [plain("The question is gone from the bank.")] },
	];
}

const questionAnswered = ({ services, workspace }: Context, { questionId, revision }: Answer) =>
	questionAt(services, workspace.id, questionId, revision);

export const history = defineCommand({
	name: "history",
	summary: "Your answers, newest first, with the model answers",
	replacesCard: "page",
	options: { page: optional(numberOption("Page, three answers each", 1, 10_000)) },
	example: "history",
	async run(context, { page }) {
		const { answers } = context.services.store;
		const total = await answers.historyLength(context.member.id);
		const from = ((page ?? 1) - 1) * PAGE;
		const entries = await answers.history(context.member.id, from, PAGE);
		const blocks: Block[] = [];
		for (const { answer, attempt } of entries)
			blocks.push(...entryBlocks(answer, attempt, await questionAnswered(context, answer)));
		const turn = (label: string, to: number) => button(label, "history", { page: String(to) });
		if (total === 0)
			blocks.push({ type: "text", text: "Your first answer will stand here: `/nlpq today` or `/nlpq random`." });
		const buttons = [
			...(from > 0 ? [turn("Newer", (page ?? 1) - 1)] : []),
			...(from + PAGE < total ? [turn("Older", (page ?? 1) + 1)] : []),
		];
		if (buttons.length > 0) blocks.push({ type: "actions", buttons });
		const card: Card = { tone: "plain", title: `Your answers: ${total}`, blocks };
		const data = {
			total,
			answers: entries.map(({ answer, attempt }) => ({
				id: answer.questionId,
				at: answer.at.toISOString(),
				kind: answer.kind,
				correct: answer.correct,
				grade: answer.grade,
				counted: attempt,
			})),
		};
		return { card, data };
	},
});
