import { pauseSchedule, upcoming } from "../../core/service/schedules.ts";
import { button } from "../card.ts";
import { scheduleWords, upcomingBlock } from "../cards/schedule.ts";
import { defineCommand } from "../command.ts";
import { dateOption, optional } from "../option.ts";
import { scheduleMeant, scheduleOption } from "../schedule-desk.ts";

export const schedulePause = defineCommand({
	name: "schedule pause",
	summary: "Pause a daily question, until a date or until it is resumed",
	audience: "member",
	admin: true,
	options: {
		schedule: scheduleOption(),
		until: optional(dateOption("The date on which it goes on, such as 2027-01-07")),
	},
	example: "schedule pause 1 until:2027-01-07",
	async run(context, { schedule: number, until }) {
		const { services, now } = context;
		const schedule = await scheduleMeant(context, number);
		const paused = await pauseSchedule(services, schedule, until, now);
		return {
			audience: "member",
			card: {
				tone: "good",
				title: `Schedule #${schedule.id} is paused`,
				blocks: [
					{ type: "text", text: scheduleWords(paused) },
					{
						type: "text",
						text:
							until === null
								? "No streak suffers: what is not delivered cannot be missed."
								: `It goes on by itself on ${until}; no streak suffers until then.`,
					},
					upcomingBlock(paused, await upcoming(services, paused, now)),
					{
						type: "actions",
						buttons: [button("Resume", "schedule resume", { schedule: String(schedule.id) }, "primary")],
					},
				],
			},
			data: { schedule: schedule.id, until: paused.pausedUntil?.toISOString() ?? null },
		};
	},
});
