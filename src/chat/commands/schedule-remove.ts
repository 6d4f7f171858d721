import { removeSchedule } from "../../core/daily/schedules.ts";
import type { Schedule } from "../../core/model.ts";
import { button, type Reply } from "../card.ts";
import { scheduleWords } from "../cards/schedule.ts";
import { defineCommand } from "../command.ts";
import { flagOption, optional } from "../option.ts";
import { scheduleMeant, scheduleOption } from "../schedule-argument.ts";

const endedReply = ({ number }: Pick<Schedule, "number">): Reply => ({
	card: {
		tone: "good",
		title: `Schedule #${number} has ended`,
		blocks: [
			{
				type: "text",
				text: "The question that is open stays so until a day after its post. `/nlpq schedule add` begins a new one.",
			},
		],
	},
	data: { schedule: number, removed: true },
});

export const scheduleRemove = defineCommand({
	name: "schedule remove",
	summary: "End a daily question; its longest streaks stay as records",
	admin: true,
	options: { schedule: scheduleOption(), confirm: optional(flagOption("yes to do it without being asked")) },
	example: "schedule remove 1 confirm:yes",
	async run(context, { schedule: number, confirm }) {
		const schedule = await scheduleMeant(context, number);
		const options = { schedule: String(schedule.number) };
		if (!confirm)
			return {
				card: {
					tone: "warning",
					title: `End schedule #${schedule.number}?`,
					blocks: [
						{ type: "text", text: scheduleWords(schedule) },
						{
							type: "text",
							text: "Its running streaks end with it; the longest ones stay as records. A pause keeps both.",
						},
						{
							type: "actions",
							buttons: [
								button("Pause instead", "schedule pause", options, "primary"),
								button("End it", "schedule remove", { ...options, confirm: "yes" }, "danger"),
							],
						},
					],
				},
				data: { schedule: schedule.number, removed: false },
			};
		await removeSchedule(context.services, schedule, context.now);
		return endedReply(schedule);
	},
	async again({ services, workspace }, id) {
		const schedule = id === null ? null : await services.store.schedules.get(workspace.id, id);
		return schedule && endedReply(schedule);
	},
});
