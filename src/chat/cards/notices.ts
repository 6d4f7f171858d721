import type { Card } from "../card.ts";
import { button, plain } from "../card.ts";

/** A congratulation that comes by itself. */
export function milestoneCard(name: string | null, value: number): Card {
	return {
		tone: "good",
		title: `${value} in a row`,
		blocks: [
			{
				type: "text",
				text:
					name === null
						? "Your streak has reached a milestone. Well done!"
						: [{ type: "plain", text: name }, " has reached a milestone. Well done!"],
			},
			{ type: "actions", buttons: [button("My streak", "streak")] },
		],
	};
}

/** A private nudge before a window closes. */
export function reminderCard(title: string, questionId: string): Card {
	return {
		tone: "plain",
		title: "Today's question is still open",
		blocks: [
			{ type: "text", text: [{ type: "plain", text: title }] },
			{
				type: "actions",
				buttons: [
					button("Answer", "answer", { question: questionId }, "primary"),
					button("Quick check", "check", { question: questionId }, "primary"),
					button("No more reminders", "settings reminders", { hours: "0" }),
				],
			},
		],
	};
}

/** A member's own words in the question's thread: shown because the member asked for it. */
export function sharedCard(name: string, text: string): Card {
	return {
		tone: "plain",
		title: "A shared answer",
		blocks: [
			{ type: "text", text: [plain(name), " said:"] },
			{ type: "quote", text },
		],
	};
}
