import { ownId } from "../../core/question/own.ts";
import { counted } from "../../core/text/counted.ts";
import { button, type Card, plain } from "../card.ts";
import { defineCommand } from "../command.ts";
import { choiceOption, numberOption, optional } from "../option.ts";

const PAGE = 10;
const OPENERS = 4;

export const questionsList = defineCommand({
	name: "questions list",
	summary: "This workspace's own questions",
	admin: true,
	groupDefault: true,
	replacesCard: "page",
	options: {
		state: optional(choiceOption("Which ones; the active ones if left out", ["active", "retired", "declined"])),
		page: optional(numberOption("Page, ten questions each", 1, 1_000)),
	},
	example: "questions list",
	async run({ services, workspace }, { state, page }) {
		const { own } = services.store;
		const which = state ?? "active";
		const [total, waiting] = await Promise.all([own.count(workspace.id, which), own.count(workspace.id, "waiting")]);
		const number = page ?? 1;
		const from = (number - 1) * PAGE;
		const found = await own.list(workspace.id, which, from, PAGE);
		const turn = (label: string, to: number) => button(label, "questions list", { state: which, page: String(to) });
		const open = found
			.slice(0, OPENERS)
			.map((question) => button(ownId(question.number), "questions show", { question: ownId(question.number) }));
		const card: Card = {
			tone: "plain",
			title: `${counted(total, which === "active" ? "question of your own" : `${which} question`, which === "active" ? "questions of your own" : `${which} questions`)}`,
			blocks: [
				...(found.length === 0
					? [
							{
								type: "text" as const,
								text: "`/nlpq questions add` adds one, `/nlpq questions import` many; members suggest them with `/nlpq suggest`.",
							},
						]
					: [
							{
								type: "list" as const,
								marker: "bullet" as const,
								items: found.map(({ number: each, content }) => [
									`\`${ownId(each)}\` `,
									plain(content.title),
									` (${content.category}, ${content.difficulty})`,
								]),
							},
						]),
				...(open.length > 0 ? [{ type: "actions" as const, buttons: open }] : []),
				{
					type: "actions",
					buttons: [
						...(from > 0 ? [turn("Newer", number - 1)] : []),
						...(from + PAGE < total ? [turn("Older", number + 1)] : []),
						...(waiting > 0 ? [button(`Suggestions: ${waiting}`, "questions waiting", {}, "primary")] : []),
						button("Add one", "questions add"),
					],
				},
			],
		};
		const questions = found.map(({ number: each, content, revision }) => ({
			question: ownId(each),
			title: content.title,
			revision,
		}));
		return { card, data: { total, waiting, questions } };
	},
});
