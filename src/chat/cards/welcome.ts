import { type Block, button, type Card } from "../card.ts";

/** The one step to the first question: its form asks where and when. */
export const FIRST_SCHEDULE = button("Set the daily question", "schedule add", {}, "primary");

const NEXT: Block = {
	type: "actions",
	buttons: [FIRST_SCHEDULE, button("Try a question", "random"), button("What I can do", "help")],
};

/** The first thing that the bot says. @param inChannel whether it was invited to the channel it says it in */
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
