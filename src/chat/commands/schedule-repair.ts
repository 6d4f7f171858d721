import { localDateOf } from "../../core/calendar/calendar.ts";
import { dateText } from "../../core/calendar/date-words.ts";
import { repairMiss } from "../../core/daily/schedules.ts";
import { button, plain } from "../card.ts";
import { defineCommand } from "../command.ts";
import { memberNamed } from "../member-argument.ts";
import { memberOption } from "../option.ts";
import { scheduleMeant, scheduleOption } from "../schedule-argument.ts";
import { dateOption } from "../time-options.ts";

export const scheduleRepair = defineCommand({
	name: "schedule repair",
	summary: "Excuse one miss of a member; the streak is counted again",
	admin: true,
	options: {
		member: memberOption("Whose miss"),
		date: dateOption("The date that was missed, such as 2026-12-30", "past"),
		schedule: scheduleOption(),
	},
	example: "schedule repair ana 2026-12-30",
	async run(context, { member: name, date: said, schedule: number }) {
		const schedule = await scheduleMeant(context, number);
		const member = await memberNamed(context, name, { hiddenToo: true });
		const { services, now } = context;
		const today = localDateOf(now, schedule.zone);
		const date = said(today);
		const { current } = await repairMiss(services, schedule, member.id, date, now);
		return {
			card: {
				tone: "good",
				title: "The miss is excused",
				blocks: [
					{
						type: "text",
						text: [
							plain(member.name),
							` no longer has a miss on ${dateText(date, today)}. The streak is ${current} now, and its page says why.`,
						],
					},
					{
						type: "actions",
						buttons: [
							button("Show the streak", "streak", { member: member.externalId }, "primary"),
							button("All schedules", "schedule list"),
						],
					},
				],
			},
			data: { member: member.name, date, current },
		};
	},
});
