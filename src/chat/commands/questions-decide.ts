import { UserError } from "../../core/errors.ts";
import { ownId } from "../../core/question/own.ts";
import { decideSuggestion } from "../../core/service/own-questions.ts";
import type { Reply } from "../card.ts";
import { changedCard } from "../cards/own.ts";
import { type Context, defineCommand } from "../command.ts";
import { textOption } from "../option.ts";
import { numberMeant, ownOption } from "../own-draft.ts";

const MAX_REASON_LENGTH = 500;

async function decide(context: Context, reference: string, reason: string | null): Promise<Reply> {
	const { services, asker, now } = context;
	const question = await decideSuggestion(services, asker, numberMeant(reference), reason, now);
	context.daily.wake();
	const title = reason === null ? "Accepted" : "Declined";
	return { card: changedCard(question, title), data: { question: ownId(question.number), state: question.state } };
}

const again = (title: string) => async (context: Context, number: number | null) => {
	const question = number === null ? null : await context.services.store.own.get(context.workspace.id, number);
	return question && { card: changedCard(question, title) };
};

export const questionsAccept = defineCommand({
	name: "questions accept",
	summary: "Accept a suggestion: it is asked here from now on",
	admin: true,
	textOnly: true,
	replacesCard: true,
	options: { question: ownOption() },
	example: "questions accept 12",
	run: (context, { question }) => decide(context, question, null),
	again: again("Accepted"),
});

export const questionsDecline = defineCommand({
	name: "questions decline",
	summary: "Decline a suggestion and tell its author why",
	admin: true,
	textOnly: true,
	replacesCard: true,
	options: { question: ownOption(), reason: textOption("Why; the author reads it", MAX_REASON_LENGTH, "reason") },
	example: "questions decline 12 The bank has this one: kv-cache.",
	form: {
		missing: "reason",
		open: async (_context, { question }) => ({
			title: "Decline a suggestion",
			call: { command: "questions decline", options: { question: question ?? "" } },
			fields: [
				{
					type: "text",
					name: "reason",
					label: "Why?",
					hint: "The author reads this.",
					long: true,
					required: true,
					longest: MAX_REASON_LENGTH,
				},
			],
			submit: "Decline",
		}),
	},
	run(context, { question, reason }) {
		const why = reason.trim();
		if (why === "" || why.length > MAX_REASON_LENGTH)
			throw new UserError(
				`A reason has 1 to ${MAX_REASON_LENGTH} characters, here ${why.length}. Nothing was changed.`,
				"Say in a sentence or two what speaks against it.",
			);
		return decide(context, question, why);
	},
	again: again("Declined"),
});
