import type { Card } from "../card.ts";
import { button, plain } from "../card.ts";

/** A congratulation. @param name the member's name, if it is public; null if it is private */
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

const LAST_REMINDER =
	"This is the fifth reminder without an answer, so I stop them here. `/nlpq settings reminders 3` starts them again.";

/** A private reminder before a window closes. @param due number of questions due for practice */
export function reminderCard(title: string, questionId: string, due = 0, isLast = false): Card {
	return {
		tone: "plain",
		title: "Today's question is still open",
		blocks: [
			{ type: "text", text: [{ type: "plain", text: title }] },
			...(due > 0 ? [{ type: "text" as const, text: `And ${due} ${due === 1 ? "is" : "are"} due for practice.` }] : []),
			...(isLast ? [{ type: "note" as const, text: LAST_REMINDER }] : []),
			{
				type: "actions",
				buttons: [
					button("Answer", "answer", { question: questionId }, "primary"),
					button("Quick check", "check", { question: questionId }, "primary"),
					...(due > 0 ? [button("Practise", "practice", {})] : []),
					...(isLast ? [] : [button("No more reminders", "settings reminders", { hours: "0" })]),
				],
			},
		],
	};
}

/** A member's own words in the question's thread, because the member chose to share them. */
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
