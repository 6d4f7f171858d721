import { suggestQuestion } from "../../core/service/own-questions.ts";
import { ownForm, suggestedCard } from "../cards/own.ts";
import { defineCommand } from "../command.ts";
import { contentTyped, draftOptions, faultsTyped, typedParts } from "../own-draft.ts";

export const suggest = defineCommand({
	name: "suggest",
	summary: "Suggest a question of your own for this workspace",
	options: draftOptions(),
	example: "suggest",
	form: {
		missing: "prompt",
		faults: faultsTyped,
		open: async (_context, typed) =>
			ownForm("Suggest a question", { command: "suggest", options: {} }, typedParts(typed), "Suggest"),
	},
	async run(context, values) {
		const content = contentTyped(values);
		const question = await suggestQuestion(context.services, context.asker, content, context.now);
		context.daily.wake();
		return { card: suggestedCard(question), data: { question: question.number } };
	},
	async again({ services, workspace }, number) {
		const question = number === null ? null : await services.store.own.get(workspace.id, number);
		return question && { card: suggestedCard(question) };
	},
});
