import { editSchedule } from "../../core/daily/schedules.ts";
import { defineCommand } from "../command.ts";
import {
	categoriesOption,
	channelOption,
	difficultiesOption,
	optional,
	recapOption,
	sourceOption,
	timeOption,
	weekdaysOption,
	zoneOption,
} from "../option.ts";
import { channelMeant, requirePostable, scheduleMeant, scheduleOption } from "../schedule-argument.ts";
import { filterFields, timetableFields } from "../schedule-form.ts";
import { changedSchedule, scheduleReply } from "../schedule-replies.ts";

export const scheduleEdit = defineCommand({
	name: "schedule edit",
	summary: "Change the time, zone, days, channel or filter of a daily question",
	admin: true,
	options: {
		schedule: scheduleOption(),
		time: optional(timeOption("When, such as 10:00")),
		zone: optional(zoneOption("Time zone, such as America/New_York")),
		weekdays: optional(weekdaysOption("daily, weekdays, weekends or mon,wed,fri")),
		channel: optional(channelOption("Where")),
		categories: categoriesOption(),
		difficulties: difficultiesOption(),
		source: sourceOption(),
		recap: recapOption(),
	},
	example: "schedule edit 1 time:20:00",
	form: {
		missing: ["time", "zone", "weekdays", "channel", "categories", "difficulties"],
		async open(context, { schedule: number }) {
			const schedule = await scheduleMeant(context, number ?? null);
			return {
				title: `Schedule #${schedule.number}`,
				call: { command: "schedule edit", options: { schedule: String(schedule.number) } },
				fields: [...timetableFields(schedule), ...filterFields(schedule)],
				submit: "Change it",
			};
		},
	},
	async run(context, options) {
		const schedule = await scheduleMeant(context, options.schedule);
		const changes = {
			...(options.time === null ? {} : { localTime: options.time }),
			...(options.zone === null ? {} : { zone: options.zone }),
			...(options.weekdays === null ? {} : { weekdays: options.weekdays }),
			...(options.channel === null ? {} : channelMeant(context, options.channel)),
			...(options.categories === null ? {} : { categories: options.categories }),
			...(options.difficulties === null ? {} : { difficulties: options.difficulties }),
			...(options.source === null ? {} : { source: options.source }),
			...(options.recap === null ? {} : { recap: options.recap }),
		};
		if (options.channel !== null) await requirePostable(context, channelMeant(context, options.channel).channelId);
		const edited = await editSchedule(context.services, schedule, changes, context.now);
		return scheduleReply(context, edited, "is changed");
	},
	async again(context, id) {
		const schedule = await changedSchedule(context, id);
		return schedule && scheduleReply(context, schedule, "is changed");
	},
});
