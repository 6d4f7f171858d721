import { UserError } from "../../core/errors.ts";
import { recordSeen, resolveQuestion } from "../../core/question/asking.ts";
import { hintCard, questionData } from "../cards/question.ts";
import { defineCommand } from "../command.ts";
import { questionOption } from "../option.ts";

export const hint = defineCommand({
	name: "hint",
	summary: "One hint for a question",
	wishedAs: ["hints", "clue", "tip", "no idea", "don't know", "dont know", "stuck"],
	textOnly: true,
	options: { question: questionOption("Its id, today or last") },
	example: "hint today",
	async run(context, options) {
		const question = await resolveQuestion(context.services, context.asker, options.question, context.now);
		if (question.hint === "")
			throw new UserError("This question has no hint.", `\`/nlpq answer ${question.id} <your answer>\` is the way on.`);
		await recordSeen(context.services, context.asker, question, context.now, "hinted");
		return { card: hintCard(question), data: questionData(question) };
	},
});
