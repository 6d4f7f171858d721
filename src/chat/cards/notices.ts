import type { Card } from "../card.ts";
import { button, plain } from "../card.ts";

type Facts = Readonly<Record<string, string | number>>;

/** A notice to the admins; the facts come from the delivery's row. */
export function alertCard(facts: Facts): Card {
	const channel = String(facts.channel ?? "");
	const schedule = String(facts.schedule ?? "");
	const list = { type: "actions" as const, buttons: [button("Schedules", "schedule list")] };
	switch (facts.alert) {
		case "paused":
			return {
				tone: "warning",
				title: `The daily question of ${channel} is paused`.slice(0, 150),
				blocks: [
					{ type: "text", text: [{ type: "plain", text: `${facts.fault ?? ""}. ${facts.remedy ?? ""}` }] },
					{
						type: "text",
						text: `Its settings are kept, and no streak suffers. When it is mended: \`/nlpq schedule resume ${schedule}\`.`,
					},
					list,
				],
			};
		case "unknown":
			return {
				tone: "warning",
				title: `It cannot be told whether a daily question arrived (${facts.date ?? ""})`,
				blocks: [
					{
						type: "text",
						text: "The platform took it and gave no answer. It is not sent again, so that nothing comes twice. Those who answered it keep it; for nobody else it is a miss.",
					},
					list,
				],
			};
		case "low-bag":
			return {
				tone: "plain",
				title: `${facts.left ?? 0} questions left before ${channel} starts over`.slice(0, 150),
				blocks: [
					{
						type: "text",
						text: `The filter of schedule ${schedule} admits few questions. When they are used up, they come again in another order; a wider filter brings new ones: \`/nlpq schedule edit ${schedule} categories:all\`.`,
					},
					list,
				],
			};
		default:
			return {
				tone: "warning",
				title: `No question fits the filter of ${channel}`.slice(0, 150),
				blocks: [
					{
						type: "text",
						text: `Today's question was left out, and no streak suffers. Widen the filter: \`/nlpq schedule edit ${schedule} categories:all difficulties:all\`.`,
					},
					list,
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

/** A member's report, for those who look after the bank; who sent it stays between them and the database. */
export function reportCard(questionId: string, text: string): Card {
	return {
		tone: "warning",
		title: `Reported: ${questionId}`,
		blocks: [
			{ type: "text", text: "A member says that this is wrong or outdated, because:" },
			{ type: "quote", text },
			{ type: "actions", buttons: [button("Show the question", "show", { question: questionId })] },
		],
	};
}
