import { EVERY_DAY } from "../../core/calendar/weekdays.ts";
import { addSchedule, filterSize } from "../../core/daily/schedules.ts";
import type { Form } from "../card.ts";
import { type Context, defineCommand, inField } from "../command.ts";
import {
	categoriesOption,
	channelOption,
	difficultiesOption,
	optional,
	timeOption,
	weekdaysOption,
	zoneOption,
} from "../option.ts";
import { channelMeant, requirePostable } from "../schedule-argument.ts";
import { changedSchedule, scheduleReply } from "../schedule-replies.ts";

/** The zone that goes without saying: the one of the workspace's newest schedule. */
async function usualZone(context: Context): Promise<string> {
	const schedules = await context.services.store.schedules.list(context.workspace.id, true);
	return schedules.at(-1)?.zone ?? "UTC";
}

/** Asks for what a daily question needs; categories and difficulties come with an edit. */
async function askForSchedule(context: Context): Promise<Form> {
	const { place } = context;
	return {
		title: "A daily question",
		call: { command: "schedule add", options: {} },
		fields: [
			{
				type: "channel",
				name: "channel",
				label: "Channel",
				required: true,
				...(place.kind === "direct" ? {} : { initial: place.channelId }),
			},
			{ type: "time", name: "time", label: "Time of day", required: true, initial: "09:00" },
			{
				type: "text",
				name: "zone",
				label: "Time zone",
				hint: "Such as Europe/Berlin or America/New_York.",
				long: false,
				required: true,
				longest: 64,
				initial: await usualZone(context),
			},
			{
				type: "choice",
				name: "weekdays",
				label: "Days",
				required: true,
				choices: [
					{ label: "Every day", value: "daily" },
					{ label: "Monday to Friday", value: "weekdays" },
					{ label: "Saturday and Sunday", value: "weekends" },
				],
				initial: "weekdays",
			},
		],
		submit: "Set it",
	};
}

export const scheduleAdd = defineCommand({
	name: "schedule add",
	summary: "A question of the day in this channel",
	admin: true,
	needsChannel: true,
	options: {
		time: timeOption("When, such as 09:00"),
		zone: optional(zoneOption("Time zone, such as Europe/Berlin; that of the last schedule, or UTC, if left out")),
		weekdays: optional(weekdaysOption("daily, weekdays, weekends or mon,wed,fri; daily if left out")),
		channel: optional(channelOption("Where; this channel if left out")),
		categories: categoriesOption(),
		difficulties: difficultiesOption(),
	},
	example: "schedule add 09:00 Europe/Berlin weekdays",
	form: {
		missing: "time",
		open: askForSchedule,
		check: {
			isNeeded: (_bank, { channel }) => channel !== null,
			look: (context, { channel }) =>
				inField("channel", requirePostable(context, channelMeant(context, channel).channelId)),
		},
	},
	async run(context, options) {
		const wish = {
			...channelMeant(context, options.channel),
			localTime: options.time,
			zone: options.zone ?? (await usualZone(context)),
			weekdays: options.weekdays ?? EVERY_DAY,
			categories: options.categories ?? [],
			difficulties: options.difficulties ?? [],
		};
		filterSize(context.services, wish);
		await requirePostable(context, wish.channelId);
		return scheduleReply(
			context,
			await addSchedule(context.services, context.workspace.id, wish, context.now),
			"is set",
		);
	},
	async again(context, id) {
		const schedule = await changedSchedule(context, id);
		return schedule && scheduleReply(context, schedule, "is set");
	},
});
