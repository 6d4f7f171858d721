import { type Block, button, type Card } from "../card.ts";

/** Opens the form that sets up the first daily question. */
export const FIRST_SCHEDULE = button("Set the daily question", "schedule add", {}, "primary");

const NEXT: Block = {
	type: "actions",
	buttons: [FIRST_SCHEDULE, button("Try a question", "random"), button("What I can do", "help")],
};

/** The bot's greeting. @param inChannel whether it is in a channel that invited the bot */
export function welcomeCard(inChannel: boolean): Card {
	const where = inChannel ? "here" : "in a channel of your choice";
	return {
		tone: "plain",
		title: "Hi, I'm nlpq",
		blocks: [
			{
				type: "text",
				text: `I post one NLP interview question a day ${where}. Answer in a few minutes, compare with a strong answer, keep a streak.`,
			},
			{ type: "text", text: "An admin sets the day's question in half a minute. Anybody can try one right away." },
			NEXT,
		],
	};
}
