import { weekdayNames, weekdaysText } from "../core/calendar/weekdays.ts";
import type { Schedule } from "../core/model.ts";
import type { FieldLabels, FormField } from "./card.ts";
import { has } from "./features.ts";
import type { Platform } from "./platform.ts";

const USUAL_DAYS = [
	{ label: "Every day", value: "daily" },
	{ label: "Monday to Friday", value: "weekdays" },
	{ label: "Saturday and Sunday", value: "weekends" },
] as const;

const YES_OR_NO = [
	{ label: "Yes", value: "yes" },
	{ label: "No", value: "no" },
] as const;

const LABELS = {
	channel: { label: "Channel" },
	time: { label: "Time of day" },
	zone: { label: "Time zone" },
	weekdays: { label: "Days", choices: USUAL_DAYS },
	role: { label: "Role to notify" },
	categories: { label: "Categories" },
	difficulties: { label: "Difficulties" },
	source: {
		label: "Questions from",
		choices: [
			{ label: "The bank and your own", value: "both" },
			{ label: "The bank", value: "bank" },
			{ label: "Your own", value: "ours" },
		],
	},
	recap: { label: "A recap of the week each Monday", choices: YES_OR_NO },
	publish: { label: "Publish to those who follow the channel", choices: YES_OR_NO },
} as const satisfies Readonly<Record<string, FieldLabels>>;
/** The labels of a schedule's forms, by option. */
export const SCHEDULE_LABELS: Readonly<Record<string, FieldLabels>> = LABELS;

/** The initial values of a schedule's form. */
export type ScheduleDraft = Pick<Schedule, "localTime" | "zone" | "weekdays"> & { readonly channelId: string | null };

/** The usual choices of days, plus the current ones if they are different. */
function daysField(weekdays: number): FormField {
	const initial = weekdayNames(weekdays);
	const known = USUAL_DAYS.some(({ value }) => value === initial);
	const text = weekdaysText(weekdays).replace(/^on /, "");
	const own = known ? [] : [{ label: text, value: initial }];
	const choices = [...own, ...USUAL_DAYS];
	return { type: "choice", name: "weekdays", label: LABELS.weekdays.label, required: true, choices, initial };
}

/** Channel, time, zone and days. */
export function timetableFields(draft: ScheduleDraft): FormField[] {
	return [
		{
			type: "channel",
			name: "channel",
			...LABELS.channel,
			required: true,
			...(draft.channelId === null ? {} : { initial: draft.channelId }),
		},
		{ type: "time", name: "time", ...LABELS.time, required: true, initial: draft.localTime },
		{
			type: "text",
			name: "zone",
			...LABELS.zone,
			hint: "Such as Europe/Berlin or America/New_York.",
			long: false,
			required: true,
			longest: 64,
			initial: draft.zone,
		},
		daysField(draft.weekdays),
	];
}

const listField = (name: "categories" | "difficulties", values: readonly string[]): FormField => ({
	type: "text",
	name,
	...LABELS[name],
	hint: "Joined by commas, or: all",
	long: false,
	required: true,
	longest: 300,
	initial: values.length === 0 ? "all" : values.join(","),
});

/** The role that the post mentions, on platforms with roles. */
export const roleFields = (platform: Platform, roleId: string | null): FormField[] =>
	has(platform, "roles")
		? [
				{
					type: "role",
					name: "role",
					...LABELS.role,
					required: false,
					...(roleId === null ? {} : { initial: roleId }),
				},
			]
		: [];

const yesOrNo = (name: "recap" | "publish", initial: boolean): FormField => ({
	type: "choice",
	name,
	...LABELS[name],
	required: true,
	initial: initial ? "yes" : "no",
});

/** Source of the questions, recap and, where the platform has it, publishing. */
export const furtherFields = (platform: Platform, { source, recapAt, publish }: Schedule): FormField[] => [
	{
		type: "choice",
		name: "source",
		...LABELS.source,
		required: true,
		initial: source,
	},
	yesOrNo("recap", recapAt !== null),
	...(has(platform, "publishing") ? [yesOrNo("publish", publish)] : []),
];

/** The filter: categories and difficulties. */
export const filterFields = ({ categories, difficulties }: Schedule): FormField[] => [
	listField("categories", categories),
	listField("difficulties", difficulties),
];
