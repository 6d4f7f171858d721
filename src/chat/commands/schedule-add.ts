import { EVERY_DAY, WORKING_DAYS, weekdayNames, weekdaysText } from "../../core/calendar/weekdays.ts";
import { addSchedule, EqualSchedule, filterSize } from "../../core/daily/schedules.ts";
import type { Schedule } from "../../core/model.ts";
import { button, type Form, type Reply } from "../card.ts";
import { type Context, defineCommand } from "../command.ts";
import {
	categoriesOption,
	channelOption,
	difficultiesOption,
	flagOption,
	optional,
	publishOption,
	recapOption,
	roleOption,
	sourceOption,
} from "../option.ts";
import { channelMeant, checkChannel, requirePostable, roleMeant } from "../schedule-argument.ts";
import { roleFields, SCHEDULE_LABELS, timetableFields } from "../schedule-form.ts";
import { changedSchedule, scheduleReply } from "../schedule-replies.ts";
import { timeOption, weekdaysOption, zoneOption } from "../time-options.ts";

/** The default zone: that of the workspace's newest schedule, or else the asker's own, or else UTC. */
async function usualZone(context: Context): Promise<string> {
	const schedules = await context.services.store.schedules.list(context.workspace.id, { withRemoved: true });
	return schedules.at(-1)?.zone ?? context.zone ?? "UTC";
}

/** The form for a new daily question. `schedule edit` asks for categories and difficulties. */
async function askForSchedule(context: Context): Promise<Form> {
	const { place } = context;
	const channelId = place.kind === "direct" ? null : place.channelId;
	const zone = await usualZone(context);
	return {
		title: "A daily question",
		call: { command: "schedule add", options: {} },
		fields: [
			...timetableFields({ channelId, localTime: "09:00", zone, weekdays: WORKING_DAYS }),
			...roleFields(context.platform, null),
		],
		submit: "Set it",
	};
}

/**
 * Asks for confirmation before adding a second schedule with the same channel and time.
 * @param isPlain whether the admin gave only channel and timetable: a button cannot carry more
 */
function askAboutEqual(schedule: Schedule, isPlain: boolean): Reply {
	const { number, localTime, zone, weekdays, channelId, channelName } = schedule;
	const another = isPlain ? "" : " To add a second one all the same, give the command again with `second:yes`.";
	const again = { time: localTime, zone, weekdays: weekdayNames(weekdays), channel: channelId };
	return {
		card: {
			tone: "warning",
			title: `Schedule #${number} does that already`,
			blocks: [
				{
					type: "text",
					text: [
						"In ",
						{ type: "channel", id: channelId, name: channelName },
						`, at ${localTime} (${zone}), ${weekdaysText(weekdays)}. Nothing was added: two would post two questions at once.${another}`,
					],
				},
				{
					type: "actions",
					buttons: [
						button("Change that one", "schedule edit", { schedule: String(number) }, "primary"),
						...(isPlain ? [button("Add a second one", "schedule add", { ...again, second: "yes" })] : []),
						button("Schedules", "schedule list"),
					],
				},
			],
		},
		data: { schedule: null, equals: number },
	};
}

const isPlain = ({ categories, difficulties, source, recap, role, publish }: Readonly<Record<string, unknown>>) =>
	[categories, difficulties, source, recap, role, publish].every((value) => value === null);

export const scheduleAdd = defineCommand({
	name: "schedule add",
	summary: "A question of the day in this channel",
	admin: true,
	needsChannel: true,
	options: {
		time: timeOption("When, such as 09:00"),
		zone: optional(zoneOption("Time zone, such as Europe/Berlin; that of the last schedule or yours if left out")),
		weekdays: optional(weekdaysOption("daily, weekdays, weekends or mon,wed,fri; daily if left out")),
		channel: optional(channelOption("Where; this channel if left out")),
		categories: categoriesOption(),
		difficulties: difficultiesOption(),
		source: sourceOption(),
		recap: recapOption(),
		role: optional(roleOption("A role to notify")),
		publish: publishOption(),
		second: optional(flagOption("yes adds one also where another posts at that time")),
	},
	example: "schedule add 09:00 Europe/Berlin weekdays",
	form: {
		missing: "time",
		open: askForSchedule,
		labels: SCHEDULE_LABELS,
		check: checkChannel,
	},
	async run(context, options) {
		const input = {
			...channelMeant(context, options.channel),
			localTime: options.time,
			zone: options.zone ?? (await usualZone(context)),
			weekdays: options.weekdays ?? EVERY_DAY,
			categories: options.categories ?? [],
			difficulties: options.difficulties ?? [],
			source: options.source ?? "both",
			recap: options.recap ?? false,
			roleId: options.role === null ? null : roleMeant(options.role),
			publish: options.publish ?? false,
		};
		await filterSize(context.services, context.workspace.id, input);
		await requirePostable(context, input.channelId, input);
		try {
			const added = await addSchedule(
				context.services,
				context.workspace.id,
				input,
				context.now,
				options.second ?? false,
			);
			return scheduleReply(context, added, "is set");
		} catch (error) {
			if (error instanceof EqualSchedule) return askAboutEqual(error.schedule, isPlain(options));
			throw error;
		}
	},
	async again(context, id) {
		const schedule = await changedSchedule(context, id);
		return schedule && scheduleReply(context, schedule, "is set");
	},
});
