import { meet, todaysQuestion } from "../../core/question/asking.ts";
import { askerOf } from "../asker.ts";
import { questionCard, questionData } from "../cards/question.ts";
import { defineCommand } from "../command.ts";

export const today = defineCommand({
	name: "today",
	summary: "The newest open daily question",
	audience: "member",
	options: {},
	example: "today",
	async run(context) {
		const { occurrence, question } = await todaysQuestion(context.services, askerOf(context), context.now);
		await meet(context.services, askerOf(context), question, context.now);
		const card = questionCard(question);
		return {
			audience: "member",
			card: { ...card, title: `Today's question #${occurrence.number}: ${question.title}` },
			data: { ...questionData(question), number: occurrence.number },
		};
	},
});
