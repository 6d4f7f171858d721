/** Messages that are addressed to the bot: what is said instead of typed as a command. */
import { type Button, button, type Call, type Card, type Reply } from "./card.ts";
import type { Command } from "./command.ts";
import { isCommandLike } from "./grammar.ts";

const GREETING = /^(hi|hiya|hey|hello|hallo|howdy|good (morning|afternoon|evening))( there| nlpq| all)?$/;

/** One line, and where to go from here. */
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

/** A button in the place of what a message cannot open, or must not show to others. */
export function offerCard(title: string, call: Call, { label }: Pick<Button, "label">): Card {
	return { tone: "plain", title, blocks: [{ type: "actions", buttons: [{ label, call, style: "primary" }] }] };
}

/** What a message says without its address: the bot's name in front, and the slash of a command. */
export const withoutAddress = (text: string): string =>
	text
		.replace(/^[\s,:;.!?-]+/, "")
		.replace(/^\/?nlpq\b[\s,:]*/i, "")
		.trim();

/**
 * The answer to a message that is no command; null when it is to be read as one, right or wrong.
 * @param text without the mention of the bot
 */
export function answerToTalk(text: string, commands: readonly Command[]): Reply | null {
	const said = withoutAddress(text);
	const words = said.toLowerCase().replace(/[\s!.,?]+$/, "");
	const isTalk = words === "" || GREETING.test(words) || !isCommandLike(said, commands);
	return isTalk ? { card: helloCard() } : null;
}
