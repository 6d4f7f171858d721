import { filterSize, resumeSchedule } from "../../core/daily/schedules.ts";
import { defineCommand } from "../command.ts";
import { requirePostable, scheduleMeant, scheduleOption } from "../schedule-argument.ts";
import { changedSchedule, scheduleReply } from "../schedule-replies.ts";

export const scheduleResume = defineCommand({
	name: "schedule resume",
	summary: "Resume a paused daily question",
	admin: true,
	options: { schedule: scheduleOption() },
	example: "schedule resume 1",
	async run(context, { schedule: number }) {
		const schedule = await scheduleMeant(context, number);
		await filterSize(context.services, schedule.workspaceId, schedule);
		await requirePostable(context, schedule.channelId);
		const resumed = await resumeSchedule(context.services, schedule, context.now);
		return scheduleReply(context, resumed, "goes on");
	},
	async again(context, id) {
		const schedule = await changedSchedule(context, id);
		return schedule?.state === "active" ? scheduleReply(context, schedule, "goes on") : null;
	},
});
