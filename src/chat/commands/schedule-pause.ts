import { localDateOf } from "../../core/calendar/calendar.ts";
import { dateText } from "../../core/calendar/date-words.ts";
import { pauseSchedule, upcoming } from "../../core/daily/schedules.ts";
import type { Schedule } from "../../core/model.ts";
import { button, type Reply } from "../card.ts";
import { scheduleWords, upcomingBlock } from "../cards/schedule.ts";
import { type Context, defineCommand } from "../command.ts";
import { optional } from "../option.ts";
import { scheduleMeant, scheduleOption } from "../schedule-argument.ts";
import { changedSchedule } from "../schedule-replies.ts";
import { dateOption } from "../time-options.ts";

async function pausedReply({ services, now }: Context, paused: Schedule): Promise<Reply> {
	const { number, pausedUntil, zone } = paused;
	const lasting =
		pausedUntil === null
			? "No streak suffers: what is not delivered cannot be missed."
			: `It starts again by itself on ${dateText(localDateOf(pausedUntil, zone), localDateOf(now, zone))}; no streak suffers until then.`;
	const next = await upcoming(services, paused, now);
	return {
		card: {
			tone: "good",
			title: `Schedule #${number} is paused`,
			blocks: [
				{ type: "text", text: scheduleWords(paused) },
				{ type: "text", text: lasting },
				...(next.length > 0 ? [{ type: "heading" as const, text: "The next five after the pause" }] : []),
				upcomingBlock(paused, next),
				{ type: "actions", buttons: [button("Resume", "schedule resume", { schedule: String(number) }, "primary")] },
			],
		},
		data: { schedule: number, until: pausedUntil?.toISOString() ?? null },
	};
}

export const schedulePause = defineCommand({
	name: "schedule pause",
	summary: "Pause a daily question, until a date or until it is resumed",
	admin: true,
	options: {
		schedule: scheduleOption(),
		until: optional(dateOption("The date on which it goes on, such as 2027-01-07")),
	},
	example: "schedule pause 1 until:2027-01-07",
	async run(context, { schedule: number, until }) {
		const schedule = await scheduleMeant(context, number);
		const on = until?.(localDateOf(context.now, schedule.zone)) ?? null;
		return pausedReply(context, await pauseSchedule(context.services, schedule, on, context.now));
	},
	async again(context, id) {
		const schedule = await changedSchedule(context, id);
		return schedule?.state === "paused" ? pausedReply(context, schedule) : null;
	},
});
