/** Answers messages to the bot that are conversation rather than commands. */
import { UserError } from "../core/errors.ts";
import type { Bank } from "../core/question/bank.ts";
import { type Button, button, type Call, type Card, type Reply } from "./card.ts";
import type { Command } from "./command.ts";
import { isCommandLike, readCommand } from "./grammar.ts";
import { callWished } from "./plain-requests.ts";

const GREETING = /^(hi|hiya|hey|hello|hallo|howdy|good (morning|afternoon|evening))( there| nlpq| all)?$/;

/** A one-line greeting with buttons for the next steps. */
export function helloCard(): Card {
	return {
		tone: "plain",
		title: "Hi! One interview question a day, and practice whenever you like.",
		blocks: [
			{
				type: "actions",
				buttons: [
					button("Today's question", "today", {}, "primary"),
					button("Practise", "practice"),
					button("What I can do", "help"),
				],
			},
		],
	};
}

/** A button instead of a form that a message cannot open, or of a reply that others must not see. */
export function offerCard(title: string, call: Call, { label }: Pick<Button, "label">): Card {
	return { tone: "plain", title, blocks: [{ type: "actions", buttons: [{ label, call, style: "primary" }] }] };
}

/** A message without the bot's name in front and without the slash of a command. */
export const withoutAddress = (text: string): string =>
	text
		.replace(/^[\s,:;.!?-]+/, "")
		.replace(/^\/?nlpq\b[\s,:]*/i, "")
		.trim();

/**
 * The answer to a message that is not meant as a command; null when it should be read as one.
 * @param text the message without the mention of the bot
 */
export function answerToTalk(text: string, commands: readonly Command[], bank: Bank): Reply | null {
	const message = withoutAddress(text);
	const words = message.toLowerCase().replace(/[\s!.,?]+$/, "");
	const isMeant = isCommandLike(message, commands) || callWished(message, commands, bank) !== null;
	return words === "" || GREETING.test(words) || !isMeant ? { card: helloCard() } : null;
}

/**
 * Reads a command, or a plain wish such as "what is rope?".
 * @throws UserError for words that are neither
 */
export function readWords(text: string, commands: readonly Command[], bank: Bank): Call {
	try {
		return readCommand(text, commands);
	} catch (error) {
		const wished = error instanceof UserError && !isCommandLike(text, commands) && callWished(text, commands, bank);
		if (wished) return wished;
		throw error;
	}
}
