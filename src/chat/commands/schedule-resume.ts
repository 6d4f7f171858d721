import { filterSize, resumeSchedule } from "../../core/daily/schedules.ts";
import { UserError } from "../../core/errors.ts";
import { button } from "../card.ts";
import { defineCommand } from "../command.ts";
import { Refusal } from "../refused-command.ts";
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
		await requirePostable(context, schedule.channelId).catch((error: unknown) => {
			if (!(error instanceof UserError)) throw error;
			const options = { schedule: String(schedule.number) };
			throw new Refusal(error, [
				button("Resume", "schedule resume", options, "primary"),
				button("Choose another channel", "schedule edit", options),
			]);
		});
		const resumed = await resumeSchedule(context.services, schedule, context.now);
		return scheduleReply(context, resumed, schedule.state === "active" ? "was running already" : "is running again");
	},
	async again(context, id) {
		const schedule = await changedSchedule(context, id);
		return schedule?.state === "active" ? scheduleReply(context, schedule, "is running again") : null;
	},
});
