import type { Answer } from "../../core/model.ts";
import { checklistOf, type Question } from "../../core/question/question.ts";
import { questionAt, questionById } from "../../core/question/workspace-bank.ts";
import { canShare } from "../../core/service/answering.ts";
import { wouldSpoil } from "../../core/service/revealing.ts";
import { type Block, type Button, button, type Card, type Inline, instant, plain, type Reply } from "../card.ts";
import { afterButtons } from "../cards/answer.ts";
import { type Context, defineCommand } from "../command.ts";
import { numberOption, optional } from "../option.ts";

const PAGE = 10;

interface Entry {
	readonly answer: Answer;
	/** Whether it counted for a daily question. */
	readonly attempt: boolean;
}

/** The question at the revision that was answered; null if it no longer exists. */
const questionAnswered = ({ services, workspace }: Context, { questionId, revision }: Answer) =>
	questionAt(services, workspace.id, questionId, revision);

/** One answer in a line: title, verdict and date. */
function entryLine({ answer, attempt }: Entry, question: Question | null): Inline[] {
	const verdict =
		answer.correct === null
			? answer.grade === null
				? "in your words"
				: `graded ${answer.grade}`
			: answer.correct
				? "right"
				: "wrong";
	const kind = attempt ? "daily question" : "practice";
	return [plain(question?.title ?? answer.questionId), ` · ${kind}, ${verdict} · `, instant(answer.at, "UTC")];
}

/** What follows the member's own words: the ticks and the model answer of the revision that was answered. */
function modelBlocks({ points }: Answer, question: Question | null): Block[] {
	if (!question) return [{ type: "text", text: "The question is gone from the bank." }];
	const items = (points ? checklistOf(question) : []).map(
		({ label }, index) => `${points?.includes(index + 1) ? "✓" : "–"} ${label}`,
	);
	return [
		...(items.length > 0 ? [{ type: "list" as const, marker: "bullet" as const, items }] : []),
		{ type: "heading", text: "A strong answer" },
		{ type: "text", text: question.answer },
	];
}

function entryCard(entry: Entry, question: Question | null, model: readonly Block[], buttons: readonly Button[]): Card {
	const { answer } = entry;
	const answerBlock: Block =
		answer.kind === "text"
			? { type: "quote", text: answer.text ?? "" }
			: { type: "text", text: `Quick check: you chose ${answer.option}.` };
	return {
		tone: "plain",
		title: "Your answer",
		blocks: [{ type: "text", text: entryLine(entry, question) }, answerBlock, ...model, { type: "actions", buttons }],
	};
}

/** The buttons below an opened answer; none once its question is retired, as they would be refused. */
async function moreOf({ services }: Context, answer: Answer, current: Question | undefined): Promise<Button[]> {
	if (!current) return [];
	return afterButtons(current, { own: answer, share: await canShare(services, answer), without: "strong" });
}

const ASKED_NOW: Block = {
	type: "note",
	text: "This is an open daily question: its strong answer is shown once you have answered it.",
};

async function entryReply(context: Context, number: number, total: number): Promise<Reply> {
	const { services, asker, member, workspace, now } = context;
	const place = Math.min(number, total) - 1;
	const [entry] = await services.store.answers.history(member.id, place, 1);
	const back = button("All my answers", "history", { page: String(Math.floor(place / PAGE) + 1) });
	if (!entry) return listReply(context, 1, total);
	const { answer } = entry;
	const question = await questionAnswered(context, answer);
	const current = await questionById(services, workspace.id, answer.questionId);
	const data = factsOf(entry);
	if (current && (await wouldSpoil(services, asker, current, now))) {
		const buttons = [button("Answer", "answer", { question: current.id }, "primary"), back];
		return { card: entryCard(entry, question, [ASKED_NOW], buttons), data };
	}
	const buttons = [...(await moreOf(context, answer, current)), back];
	return { card: entryCard(entry, question, modelBlocks(answer, question), buttons), data };
}

const factsOf = ({ answer, attempt }: Entry) => ({
	id: answer.questionId,
	at: answer.at.toISOString(),
	kind: answer.kind,
	correct: answer.correct,
	grade: answer.grade,
	counted: attempt,
});

/** @param page a number past the last page shows the last */
async function listReply(context: Context, page: number, total: number): Promise<Reply> {
	const pages = Math.max(1, Math.ceil(total / PAGE));
	const shown = Math.min(page, pages);
	const from = (shown - 1) * PAGE;
	const entries = await context.services.store.answers.history(context.member.id, from, PAGE);
	const items = await Promise.all(
		entries.map(async (entry) => entryLine(entry, await questionAnswered(context, entry.answer))),
	);
	const turn = (label: string, to: number) => button(label, "history", { page: String(to) });
	const blocks: Block[] =
		total === 0
			? [{ type: "text", text: "Your first answer will appear here: `/nlpq today` or `/nlpq random`." }]
			: [
					...(page > pages ? [{ type: "note" as const, text: `Page ${pages} is the last one.` }] : []),
					{ type: "list", marker: "number", items },
					{ type: "note", text: "A number opens one, with its model answer." },
					{
						type: "actions",
						buttons: [
							...items.map((_, index) => button(String(index + 1), "history", { answer: String(from + index + 1) })),
							...(shown > 1 ? [turn("Newer", shown - 1)] : []),
							...(shown < pages ? [turn("Older", shown + 1)] : []),
						],
					},
				];
	return {
		card: { tone: "plain", title: `Your answers: ${total}`, blocks },
		data: { total, answers: entries.map(factsOf) },
	};
}

export const history = defineCommand({
	name: "history",
	summary: "Your answers, newest first; one opens with its model answer",
	wishedAs: ["answers", "answered"],
	replacesCard: "page",
	options: {
		page: optional(numberOption("Page, ten answers each", 1, 10_000)),
		answer: optional(numberOption("One of them, counted from the newest", 1, 100_000)),
	},
	example: "history",
	async run(context, { page, answer }) {
		const total = await context.services.store.answers.historyLength(context.member.id);
		return answer === null ? listReply(context, page ?? 1, total) : entryReply(context, answer, total);
	},
});
