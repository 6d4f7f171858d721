import type { Alert } from "../../core/daily/alerts.ts";
import { counted } from "../../core/text/counted.ts";
import type { Card } from "../card.ts";
import { button, plain } from "../card.ts";

const LIST = { type: "actions" as const, buttons: [button("Schedules", "schedule list")] };

/** A notice whose kind this version does not know, as another one has planned it. */
const UNKNOWN_ALERT: Card = {
	tone: "warning",
	title: "A daily question needs a look",
	blocks: [{ type: "text", text: "The list of schedules says how each of them is." }, LIST],
};

/** A notice to the admins. @param alert null for one of an unknown kind */
export function alertCard(alert: Alert | null): Card {
	if (!alert) return UNKNOWN_ALERT;
	const { schedule } = alert;
	switch (alert.alert) {
		case "paused":
			return {
				tone: "warning",
				title: `The daily question of ${alert.channel} is paused`,
				blocks: [
					{ type: "text", text: [{ type: "plain", text: `${alert.fault}. ${alert.remedy}` }] },
					{
						type: "text",
						text: `Its settings are kept, and no streak suffers. When it is mended: \`/nlpq schedule resume ${schedule}\`.`,
					},
					LIST,
				],
			};
		case "unknown":
			return {
				tone: "warning",
				title: `It cannot be told whether a daily question arrived (${alert.date})`,
				blocks: [
					{
						type: "text",
						text: "The platform took it and gave no answer. It is not sent again, so that nothing comes twice. Those who answered it keep it; for nobody else it is a miss.",
					},
					LIST,
				],
			};
		case "low-bag":
			return {
				tone: "plain",
				title: `${counted(alert.left, "question")} left before ${alert.channel} starts over`,
				blocks: [
					{
						type: "text",
						text: `The filter of schedule ${schedule} admits few questions. When they are used up, they come again in another order; a wider filter brings new ones: \`/nlpq schedule edit ${schedule} categories:all\`.`,
					},
					LIST,
				],
			};
		case "empty-filter":
			return {
				tone: "warning",
				title: `No question fits the filter of ${alert.channel}`,
				blocks: [
					{
						type: "text",
						text: `Today's question was left out, and no streak suffers. Widen the filter: \`/nlpq schedule edit ${schedule} categories:all difficulties:all\`.`,
					},
					LIST,
				],
			};
	}
}

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
