import { editSchedule } from "../../core/daily/schedules.ts";
import type { Schedule } from "../../core/model.ts";
import type { FormField } from "../card.ts";
import { type Context, defineCommand } from "../command.ts";
import {
	categoriesOption,
	channelOption,
	difficultiesOption,
	flagOption,
	fromForm,
	optional,
	publishOption,
	recapOption,
	roleOption,
	sourceOption,
} from "../option.ts";
import {
	channelMeant,
	checkChannel,
	requirePostable,
	roleMeant,
	scheduleMeant,
	scheduleOption,
} from "../schedule-argument.ts";
import { filterFields, furtherFields, roleFields, SCHEDULE_LABELS, timetableFields } from "../schedule-form.ts";
import { changedSchedule, scheduleReply } from "../schedule-replies.ts";
import { timeOption, weekdaysOption, zoneOption } from "../time-options.ts";

const OPTIONS = {
	schedule: scheduleOption(),
	time: optional(timeOption("When, such as 10:00")),
	zone: optional(zoneOption("Time zone, such as America/New_York")),
	weekdays: optional(weekdaysOption("daily, weekdays, weekends or mon,wed,fri")),
	channel: optional(channelOption("Where")),
	categories: categoriesOption(),
	difficulties: difficultiesOption(),
	source: sourceOption(),
	recap: recapOption(),
	role: optional(roleOption("A role to notify")),
	publish: publishOption(),
	more: fromForm(optional(flagOption("yes asks for the filter and the rest in a form of its own"))),
};
/** The options that an edit can change. The form opens when none of them is given. */
const CHANGEABLE = (Object.keys(OPTIONS) as (keyof typeof OPTIONS)[]).filter(
	(name) => name !== "schedule" && name !== "more",
);

/** Discord, which has roles, allows five fields in a form: with `more`, a second form asks for the filter and the rest. */
function fieldsOf({ platform }: Context, schedule: Schedule, more: boolean): FormField[] {
	const role = roleFields(platform, schedule.roleId);
	const rest = [...filterFields(schedule), ...furtherFields(platform, schedule)];
	if (more) return rest;
	return [...timetableFields(schedule), ...(role.length === 0 ? rest : role)];
}

export const scheduleEdit = defineCommand({
	name: "schedule edit",
	summary: "Change the time, zone, days, channel or filter of a daily question",
	admin: true,
	options: OPTIONS,
	example: "schedule edit 1 time:20:00",
	form: {
		missing: CHANGEABLE,
		check: checkChannel,
		labels: SCHEDULE_LABELS,
		async open(context, { schedule: number, more }) {
			const schedule = await scheduleMeant(context, number ?? null);
			const options = { schedule: String(schedule.number), ...(more ? { more: "yes" } : {}) };
			return {
				title: `Schedule #${schedule.number}`,
				call: { command: "schedule edit", options },
				fields: fieldsOf(context, schedule, more ?? false),
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
			...(options.role === null ? {} : { roleId: roleMeant(options.role) }),
			...(options.publish === null ? {} : { publish: options.publish }),
		};
		const draft = { ...schedule, ...changes };
		const asksMore = options.channel !== null || draft.roleId !== schedule.roleId || draft.publish !== schedule.publish;
		if (asksMore) await requirePostable(context, draft.channelId, draft);
		const edited = await editSchedule(context.services, schedule, changes, context.now);
		return scheduleReply(context, edited, "is changed");
	},
	async again(context, id) {
		const schedule = await changedSchedule(context, id);
		return schedule && scheduleReply(context, schedule, "is changed");
	},
});
