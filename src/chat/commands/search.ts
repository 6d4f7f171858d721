import { DIFFICULTIES } from "../../core/question/question.ts";
import { bankOf } from "../../core/question/workspace-bank.ts";
import { counted } from "../../core/text/counted.ts";
import { button, type Card } from "../card.ts";
import { questionData } from "../cards/question.ts";
import { defineCommand } from "../command.ts";
import { categoryOption, choiceOption, numberOption, optional, wordsOption } from "../option.ts";

const PAGE = 10;

export const search = defineCommand({
	name: "search",
	summary: "Questions by what they are about",
	replacesCard: "page",
	options: {
		words: wordsOption("What it is about, such as key value cache"),
		category: categoryOption(),
		// Exact words alone: "hard" may be one that is searched for.
		difficulty: optional(choiceOption("How difficult", DIFFICULTIES)),
		page: optional(numberOption("Page, ten matches each", 1, 100)),
	},
	example: "search key value cache",
	async run(context, { words, category, difficulty, page }) {
		const filter = { categories: category ? [category] : [], difficulties: difficulty ? [difficulty] : [] };
		const bank = await bankOf(context.services, context.workspace.id);
		const found = bank.search(words, filter);
		const from = ((page ?? 1) - 1) * PAGE;
		const shown = found.slice(from, from + PAGE);
		const again = { words, ...(category ? { category } : {}), ...(difficulty ? { difficulty } : {}) };
		const turn = (label: string, to: number) => button(label, "search", { ...again, page: String(to) });
		const card: Card =
			shown.length === 0
				? {
						tone: "plain",
						title: "Nothing found",
						blocks: [
							{
								type: "text",
								text: "Try fewer or other words, or leave out the category; `/nlpq random` surprises you.",
							},
						],
					}
				: {
						tone: "plain",
						title: `${counted(found.length, "question")}${found.length > 1 ? ", best match first" : ""}`,
						blocks: [
							{
								type: "list",
								marker: "number",
								items: shown.map(
									(question) => `${question.title} (${question.category}, ${question.difficulty}): \`${question.id}\``,
								),
							},
							{ type: "note", text: "A number opens one, and so does `/nlpq show <id>`." },
							{
								type: "actions",
								buttons: [
									...shown.map(({ id }, index) => button(String(index + 1), "show", { question: id })),
									...(from > 0 ? [turn("Back", (page ?? 1) - 1)] : []),
									...(from + PAGE < found.length ? [turn("More", (page ?? 1) + 1)] : []),
								],
							},
						],
					};
		return { card, data: { total: found.length, questions: shown.map(questionData) } };
	},
});
