import { randomQuestion, recordSeen } from "../../core/question/asking.ts";
import { button } from "../card.ts";
import { questionCard, questionData } from "../cards/question.ts";
import { defineCommand } from "../command.ts";
import { categoryOption, difficultyOption } from "../option.ts";

export const random = defineCommand({
	name: "random",
	summary: "A question that you have not seen lately",
	options: { category: categoryOption(), difficulty: difficultyOption() },
	example: "random transformers basic",
	async run(context, { category, difficulty }) {
		const filter = { categories: category ? [category] : [], difficulties: difficulty ? [difficulty] : [] };
		const question = await randomQuestion(context.services, context.asker, filter, context.now);
		await recordSeen(context.services, context.asker, question, context.now, "asked");
		const again = { ...(category ? { category } : {}), ...(difficulty ? { difficulty } : {}) };
		return {
			card: questionCard(question, [button("Another", "random", again)]),
			data: questionData(question),
		};
	},
});
