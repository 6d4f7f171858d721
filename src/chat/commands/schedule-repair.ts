import { repairMiss } from "../../core/daily/schedules.ts";
import { plain } from "../card.ts";
import { defineCommand } from "../command.ts";
import { memberMeant } from "../member-argument.ts";
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
	async run(context, { member: name, date, schedule: number }) {
		const schedule = await scheduleMeant(context, number);
		const member = await memberMeant(context, name, true);
		const { services, now } = context;
		const { current } = await repairMiss(services, schedule, member.id, date, now);
		return {
			card: {
				tone: "good",
				title: "Excused",
				blocks: [
					{
						type: "text",
						text: [
							"The miss of ",
							plain(member.name),
							` on ${date} is excused; the streak is ${current} now. Their ledger shows it.`,
						],
					},
				],
			},
			data: { member: member.name, date, current },
		};
	},
});
