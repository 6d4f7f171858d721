import { localDateOf } from "../../core/calendar/calendar.ts";
import { dateText } from "../../core/calendar/date-words.ts";
import { SIGHTS, type Sight, settleUnknown } from "../../core/daily/settle-unknown.ts";
import type { Reply } from "../card.ts";
import { type Context, defineCommand } from "../command.ts";
import { choiceOption, numberOption } from "../option.ts";
import { fateReply } from "../posting-replies.ts";
import { scheduleMeant } from "../schedule-argument.ts";
import { dateOption } from "../time-options.ts";

function thereReply(date: string): Reply {
	return {
		card: {
			tone: "good",
			title: `The question of ${dateText(date, date)} is there`,
			blocks: [{ type: "text", text: "It counts like any other. The answers given so far are kept." }],
		},
		data: { date, outcome: "there" satisfies Sight },
	};
}

/** The outcome of a settled occurrence: that it is there, or the current state of its new post. */
async function settledReply(context: Context, occurrenceId: number): Promise<Reply | null> {
	const occurrence = await context.services.store.occurrences.get(occurrenceId);
	if (occurrence?.workspaceId !== context.workspace.id) return null;
	if (occurrence.state === "delivered" && occurrence.messageId === null) return thereReply(occurrence.localDate);
	return fateReply(context, occurrence.scheduleId, { outcome: "posted", occurrenceId });
}

export const scheduleSettle = defineCommand({
	name: "schedule settle",
	summary: "Say whether a doubtful post arrived, or post it now",
	admin: true,
	textOnly: true,
	label: "It is there, Post it now",
	options: {
		schedule: numberOption("Number of the schedule, from the list", 1, 9_999),
		date: dateOption("The question's date, such as 2027-01-01"),
		seen: choiceOption("there, or post when it is not", SIGHTS),
	},
	example: "schedule settle 1 2027-01-01 there",
	async run(context, { schedule: number, date, seen }) {
		const schedule = await scheduleMeant(context, number);
		const id = await settleUnknown(
			context.services,
			schedule,
			date(localDateOf(context.now, schedule.zone)),
			seen,
			context.now,
		);
		if (seen === "post") await context.daily.deliverSoon();
		const reply = await settledReply(context, id);
		if (!reply) throw new Error("a schedule was deleted while its question was settled");
		return reply;
	},
	again: (context, id) => (id === null ? Promise.resolve(null) : settledReply(context, id)),
});
