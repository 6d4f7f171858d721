import { UserError } from "../../core/errors.ts";
import { recordSeen, resolveQuestion } from "../../core/question/asking.ts";
import { closeTo } from "../../core/question/bank.ts";
import { bankOf } from "../../core/question/workspace-bank.ts";
import { type Button, button } from "../card.ts";
import { questionCard, questionData } from "../cards/question.ts";
import { type Context, defineCommand } from "../command.ts";
import { questionOption } from "../option.ts";
import { Refusal } from "../refused-command.ts";

const MAX_PROPOSED = 3;

/** Buttons for questions that the member may have meant. */
async function nearest({ services, workspace }: Context, reference: string): Promise<Button[]> {
	const bank = await bankOf(services, workspace.id);
	const found = closeTo(bank, reference).slice(0, MAX_PROPOSED);
	return found.map(({ id, title }) => button(title, "show", { question: id }));
}

export const show = defineCommand({
	name: "show",
	summary: "One question by its id or title",
	options: { question: questionOption("Its id or title; today and last work too") },
	example: "show kv-cache",
	async run(context, options) {
		const question = await resolveQuestion(context.services, context.asker, options.question, context.now).catch(
			async (error: unknown) => {
				throw error instanceof UserError ? new Refusal(error, await nearest(context, options.question)) : error;
			},
		);
		await recordSeen(context.services, context.asker, question, context.now, "shown");
		return { card: questionCard(question), data: questionData(question) };
	},
});
