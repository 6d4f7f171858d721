import { meet, todaysQuestion } from "../../core/question/asking.ts";
import { wouldSpoil } from "../../core/service/revealing.ts";
import { questionCard, questionData } from "../cards/question.ts";
import { defineCommand } from "../command.ts";

export const today = defineCommand({
	name: "today",
	summary: "The newest open daily question",
	options: {},
	example: "today",
	async run(context) {
		const { occurrence, question } = await todaysQuestion(context.services, context.asker, context.now);
		const isPut = await wouldSpoil(context.services, context.asker, question, context.now);
		await meet(context.services, context.asker, question, context.now, isPut ? "put" : "shown");
		const card = questionCard(question);
		return {
			card: { ...card, title: `Today's question #${occurrence.number}: ${question.title}` },
			data: { ...questionData(question), number: occurrence.number },
		};
	},
});
