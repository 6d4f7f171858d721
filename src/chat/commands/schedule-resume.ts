import { filterSize, resumeSchedule, upcoming } from "../../core/service/schedules.ts";
import { scheduleCard } from "../cards/schedule.ts";
import { defineCommand } from "../command.ts";
import { requirePostable, scheduleMeant, scheduleOption } from "../schedule-desk.ts";

export const scheduleResume = defineCommand({
	name: "schedule resume",
	summary: "Let a paused daily question go on",
	audience: "member",
	admin: true,
	options: { schedule: scheduleOption() },
	example: "schedule resume 1",
	async run(context, { schedule: number }) {
		const schedule = await scheduleMeant(context, number);
		const { services, now } = context;
		const size = filterSize(services, schedule);
		await requirePostable(context, schedule.channelId);
		const resumed = await resumeSchedule(services, schedule, now);
		return {
			audience: "member",
			card: scheduleCard(`Schedule #${schedule.id} goes on`, resumed, size, await upcoming(services, resumed, now)),
			data: { schedule: schedule.id, next: resumed.nextRunAt?.toISOString() ?? null },
		};
	},
});
