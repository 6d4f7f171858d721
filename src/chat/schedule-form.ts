import { weekdayNames, weekdaysText } from "../core/calendar/weekdays.ts";
import type { Schedule } from "../core/model.ts";
import type { FormField } from "./card.ts";
import { has } from "./features.ts";
import type { Platform } from "./platform.ts";

const USUAL_DAYS = [
	{ label: "Every day", value: "daily" },
	{ label: "Monday to Friday", value: "weekdays" },
	{ label: "Saturday and Sunday", value: "weekends" },
] as const;

/** The initial values of a schedule's form. */
export type ScheduleDraft = Pick<Schedule, "localTime" | "zone" | "weekdays"> & { readonly channelId: string | null };

/** The usual choices of days, plus the current ones if they are different. */
function daysField(weekdays: number): FormField {
	const initial = weekdayNames(weekdays);
	const known = USUAL_DAYS.some(({ value }) => value === initial);
	const text = weekdaysText(weekdays).replace(/^on /, "");
	const own = known ? [] : [{ label: text, value: initial }];
	return { type: "choice", name: "weekdays", label: "Days", required: true, choices: [...own, ...USUAL_DAYS], initial };
}

/** Channel, time, zone and days. */
export function timetableFields(draft: ScheduleDraft): FormField[] {
	return [
		{
			type: "channel",
			name: "channel",
			label: "Channel",
			required: true,
			...(draft.channelId === null ? {} : { initial: draft.channelId }),
		},
		{ type: "time", name: "time", label: "Time of day", required: true, initial: draft.localTime },
		{
			type: "text",
			name: "zone",
			label: "Time zone",
			hint: "Such as Europe/Berlin or America/New_York.",
			long: false,
			required: true,
			longest: 64,
			initial: draft.zone,
		},
		daysField(draft.weekdays),
	];
}

const listField = (name: string, label: string, values: readonly string[]): FormField => ({
	type: "text",
	name,
	label,
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
					label: "Role to notify",
					required: false,
					...(roleId === null ? {} : { initial: roleId }),
				},
			]
		: [];

const yesOrNo = (name: string, label: string, initial: boolean): FormField => ({
	type: "choice",
	name,
	label,
	required: true,
	choices: [
		{ label: "Yes", value: "yes" },
		{ label: "No", value: "no" },
	],
	initial: initial ? "yes" : "no",
});

/** Source of the questions, recap and, where the platform has it, publishing. */
export const furtherFields = (platform: Platform, { source, recapAt, publish }: Schedule): FormField[] => [
	{
		type: "choice",
		name: "source",
		label: "Questions from",
		required: true,
		choices: [
			{ label: "The bank and your own", value: "both" },
			{ label: "The bank", value: "bank" },
			{ label: "Your own", value: "ours" },
		],
		initial: source,
	},
	yesOrNo("recap", "A recap of the week each Monday", recapAt !== null),
	...(has(platform, "publishing") ? [yesOrNo("publish", "Publish to those who follow the channel", publish)] : []),
];

/** The filter: categories and difficulties. */
export const filterFields = ({ categories, difficulties }: Schedule): FormField[] => [
	listField("categories", "Categories", categories),
	listField("difficulties", "Difficulties", difficulties),
];
