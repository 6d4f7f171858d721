/** A set of weekdays as a bit mask: bit 0 is Monday, bit 6 is Sunday. A timetable needs at least one: 1 to 127. */
export type Weekdays = number;

export const EVERY_DAY: Weekdays = 0b1111111;
export const WORKING_DAYS: Weekdays = 0b0011111;
const WEEKEND: Weekdays = 0b1100000;

const NAMES = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;
const GROUPS: ReadonlyMap<string, Weekdays> = new Map([
	["daily", EVERY_DAY],
	["everyday", EVERY_DAY],
	["all", EVERY_DAY],
	["day", EVERY_DAY],
	["days", EVERY_DAY],
	["weekday", WORKING_DAYS],
	["weekdays", WORKING_DAYS],
	["weekend", WEEKEND],
	["weekends", WEEKEND],
]);

/** A weekday's number from its name, its plural, or at least its first two letters; null for anything else. */
function dayNumber(word: string): number | null {
	if (word.length < 2) return null;
	if (word === "weds") return 2;
	const index = NAMES.findIndex((name) => `${name.toLowerCase()}s`.startsWith(word));
	return index < 0 ? null : index;
}

/** `mon-fri`, `fri-mon` (over the weekend), both ends included. */
function rangeMask(from: string, to: string): Weekdays | null {
	const first = dayNumber(from);
	const last = dayNumber(to);
	if (first === null || last === null) return null;
	let mask = 1 << last;
	for (let day = first; day !== last; day = (day + 1) % 7) mask |= 1 << day;
	return mask;
}

function partMask(part: string): Weekdays | null {
	const group = GROUPS.get(part);
	if (group !== undefined) return group;
	const [from = "", to, ...more] = part.split("-");
	if (more.length > 0) return null;
	if (to !== undefined) return rangeMask(from, to);
	const day = dayNumber(from);
	return day === null ? null : 1 << day;
}

/**
 * Reads weekdays as people write them, in any case: "daily", "weekdays", "weekends", "mon,wed,fri", "Mon - Fri",
 * "every Tuesday and Thursday", "weekends, wed". Null when the text is empty or any part is unreadable.
 */
export function parseWeekdays(text: string): Weekdays | null {
	const parts = text
		.toLowerCase()
		.replace(/[–—]|\b(?:to|through|until)\b/g, "-")
		.replace(/ *- */g, "-")
		.replace(/\b(?:every|each|on|and)\b|[,;.&+/]/g, " ")
		.split(/\s+/)
		.filter((part) => part !== "");
	let mask: Weekdays = 0;
	for (const part of parts) {
		const days = partMask(part);
		if (days === null) return null;
		mask |= days;
	}
	return mask === 0 ? null : mask;
}

/** "every day", "on weekdays", "on weekends", "on Mondays, Wednesdays and Fridays"; an empty set is "on no day". */
export function weekdaysText(weekdays: Weekdays): string {
	if (weekdays === EVERY_DAY) return "every day";
	if (weekdays === WORKING_DAYS) return "on weekdays";
	if (weekdays === WEEKEND) return "on weekends";
	const days = NAMES.filter((_, day) => weekdays & (1 << day)).map((name) => `${name}s`);
	const last = days.pop();
	if (last === undefined) return "on no day";
	return days.length === 0 ? `on ${last}` : `on ${days.join(", ")} and ${last}`;
}

/** Weekdays as `parseWeekdays` reads them: "daily", "weekdays", "weekends", "mon,wed,fri". */
export function weekdayNames(weekdays: Weekdays): string {
	if (weekdays === EVERY_DAY) return "daily";
	if (weekdays === WORKING_DAYS) return "weekdays";
	if (weekdays === WEEKEND) return "weekends";
	return NAMES.filter((_, day) => weekdays & (1 << day))
		.map((name) => name.slice(0, 3).toLowerCase())
		.join(",");
}
