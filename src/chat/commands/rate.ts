import { rateAnswer } from "../../core/service/answering.ts";
import { resolveQuestion } from "../../core/service/questions.ts";
import { askerOf } from "../asker.ts";
import { questionData, ratedCard } from "../cards/question.ts";
import { defineCommand } from "../command.ts";
import { pointsOption, questionOption } from "../option.ts";

export const rate = defineCommand({
	name: "rate",
	summary: "Tick the key points that your answer had",
	audience: "member",
	textOnly: true,
	options: {
		question: questionOption("Its id, today or last"),
		points: pointsOption("Numbers of key points, such as 1,3,4; 0 for none"),
	},
	example: "rate today 1,3,4",
	async run(context, { question: reference, points }) {
		const question = await resolveQuestion(context.services, askerOf(context), reference, context.now);
		const { grade } = await rateAnswer(context.services, askerOf(context), question, points);
		const ticked = new Set(points).size;
		return {
			audience: "member",
			card: ratedCard(question, grade, ticked),
			data: { ...questionData(question), grade, ticked },
		};
	},
});
