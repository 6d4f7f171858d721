import { UserError } from "../core/errors.ts";
import { resolveQuestion } from "../core/question/asking.ts";
import { UnknownQuestion } from "../core/question/bank.ts";
import type { Question } from "../core/question/question.ts";
import type { Context } from "./command.ts";
import { inQuotes } from "./in-quotes.ts";
import { Refusal } from "./refused-command.ts";

interface Typed {
	readonly question: string;
	readonly text: string;
}

/**
 * The question of a command that takes a question and a text. In `answer because …` the first word names none: the whole
 * text then comes back in a form for the question shown last, or today's.
 * @throws Refusal
 */
export async function questionBefore(context: Context, command: string, { question, text }: Typed): Promise<Question> {
	const { services, asker, now } = context;
	const resolved = (reference: string) => resolveQuestion(services, asker, reference, now);
	try {
		return await resolved(question);
	} catch (error) {
		if (!(error instanceof UnknownQuestion)) throw error;
		const atHand = await resolved("last")
			.catch(() => resolved("today"))
			.catch(() => null);
		if (atHand === null) throw error;
		const refusal = new UserError(
			`No question is called ${inQuotes(question)}. Nothing was recorded.`,
			`If that begins your text on “${atHand.title}”, the button sends it, after a look. ${error.remedy}`,
		);
		throw new Refusal(refusal, [], { command, options: { question: atHand.id, text: `${question} ${text}` } });
	}
}
