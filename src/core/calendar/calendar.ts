/**
 * Local dates and times in IANA zones, and the instants of a timetable. Pure: callers pass every instant, and `Intl`
 * knows each zone's offsets.
 *
 * One rule gives a local time its instant: **the first instant at which the zone's clocks show that local time or a
 * later one**. A time in a spring gap maps to the first valid instant after the gap. A time that occurs twice maps to
 * the first. A local date that a zone skipped (Pacific/Apia, 2011-12-30) maps to the start of the next date.
 * So instants never decrease from one local date to the next; they are equal only where a zone skipped a whole date.
 */
import { DAY } from "../durations.ts";
import type { Weekdays } from "./weekdays.ts";
import { firstShowing, shownAt } from "./zone-clock.ts";

/** `YYYY-MM-DD`, a real date of the Gregorian calendar. */
export type LocalDate = string;
/** `HH:MM`, 00:00 to 23:59. */
export type LocalTime = string;

/** A recurring time: a local time in an IANA zone, on some weekdays. */
export interface Timetable {
	readonly localTime: LocalTime;
	readonly zone: string;
	readonly weekdays: Weekdays;
}

/** One local date of a timetable. `localDate` keeps the timetable's date even if a gap moves `dueAt` to the next day. */
export interface DueDate {
	readonly localDate: LocalDate;
	readonly dueAt: Date;
}

const WEEKDAY_NAMES = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;
const MONTH_NAMES = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;

const dateText = (shown: number): LocalDate => new Date(shown).toISOString().slice(0, 10);

/** Milliseconds of the UTC instant at which a UTC clock shows this local date and time. */
function readingOf(date: LocalDate, time: LocalTime): number {
	const reading = Date.parse(`${date}T${time}:00.000Z`);
	// Date.parse rolls 30 February and 24:00 over to a later day.
	if (Number.isNaN(reading) || new Date(reading).toISOString() !== `${date}T${time}:00.000Z`)
		throw new RangeError(`Not a local date and time: ${date} ${time}`);
	return reading;
}

/** Reads "9:00", "09:00", "9am", "9:30 pm"; null for anything that is not a time of day. */
export function parseLocalTime(text: string): LocalTime | null {
	const found = /^(\d{1,2})(?::(\d\d))?(?: ?([ap])\.?m\.?)?$/.exec(text.trim().toLowerCase());
	if (!found) return null;
	const [, hourText = "", minuteText, half] = found;
	if (half === undefined && minuteText === undefined) return null;
	const hour = Number(hourText);
	if (half !== undefined && (hour < 1 || hour > 12)) return null;
	const hourOfDay = half === undefined ? hour : (hour % 12) + (half === "p" ? 12 : 0);
	if (hourOfDay > 23 || Number(minuteText ?? 0) > 59) return null;
	return `${String(hourOfDay).padStart(2, "0")}:${minuteText ?? "00"}`;
}

/** Reads "2026-03-09"; null for anything that is not a real date. */
export function parseLocalDate(text: string): LocalDate | null {
	const date = text.trim();
	if (!/^\d{4}-\d\d-\d\d$/.test(date)) return null;
	const instant = new Date(`${date}T00:00:00.000Z`);
	return !Number.isNaN(instant.getTime()) && dateText(instant.getTime()) === date ? date : null;
}

/**
 * The instant of a local date and time: the end of the gap if it falls into one, the first if it occurs twice.
 * Throws RangeError for a bad date, time or zone.
 */
export function instantOf(date: LocalDate, time: LocalTime, zone: string): Date {
	return new Date(firstShowing(readingOf(date, time), zone));
}

/** The local date at an instant. Throws RangeError for an unknown zone, as every function here does. */
export function localDateOf(instant: Date, zone: string): LocalDate {
	return dateText(shownAt(instant.getTime(), zone));
}

/** The local time at an instant, truncated to the minute. */
export function localTimeOf(instant: Date, zone: string): LocalTime {
	return new Date(shownAt(instant.getTime(), zone)).toISOString().slice(11, 16);
}

/** 1 January 1970 was a Thursday. */
const weekdayOfReading = (reading: number): number => (((Math.floor(reading / DAY) + 3) % 7) + 7) % 7;

/** 0 for Monday to 6 for Sunday: the number of the bit in `Weekdays`. */
export function weekdayOf(date: LocalDate): number {
	return weekdayOfReading(readingOf(date, "00:00"));
}

/** The date `days` later, or earlier if negative. */
export function addDays(date: LocalDate, days: number): LocalDate {
	return dateText(readingOf(date, "00:00") + days * DAY);
}

/**
 * Where clocks show midnight twice, a period starts at the first midnight and continues through the repeated hour, so
 * periods never overlap.
 */
function startOfPeriod(current: LocalDate, next: LocalDate, instant: Date, zone: string): Date {
	const nextStart = instantOf(next, "00:00", zone);
	return nextStart <= instant ? nextStart : instantOf(current, "00:00", zone);
}

/** Start of the ISO week that contains an instant: Monday 00:00 in the zone. */
export function isoWeekStart(instant: Date, zone: string): Date {
	const date = localDateOf(instant, zone);
	const monday = addDays(date, -weekdayOf(date));
	return startOfPeriod(monday, addDays(monday, 7), instant, zone);
}

/** Start of the month that contains an instant: the 1st, 00:00 in the zone. */
export function monthStart(instant: Date, zone: string): Date {
	const first = `${localDateOf(instant, zone).slice(0, 7)}-01`;
	return startOfPeriod(first, `${addDays(first, 31).slice(0, 7)}-01`, instant, zone);
}

/** Start of the calendar quarter that contains an instant, 00:00 in the zone. */
export function seasonStart(instant: Date, zone: string): Date {
	const [year = "", month = ""] = localDateOf(instant, zone).split("-");
	const first = `${year}-${String(Math.floor((Number(month) - 1) / 3) * 3 + 1).padStart(2, "0")}-01`;
	return startOfPeriod(first, `${addDays(first, 95).slice(0, 7)}-01`, instant, zone);
}

function requireDays(weekdays: Weekdays): void {
	if (!Number.isInteger(weekdays) || weekdays < 1 || weekdays > 127)
		throw new RangeError(`Not a set of weekdays: ${weekdays}`);
}

/**
 * The first instant of a timetable strictly after `after`. Where a zone skipped a whole date, two dates of a timetable
 * share one instant: this function returns it once, and `dueDates` returns both dates.
 * Throws RangeError for a timetable with a bad time, an unknown zone or no weekday.
 */
export function nextInstant(timetable: Timetable, after: Date): Date {
	const { localTime, zone, weekdays } = timetable;
	requireDays(weekdays);
	// Every earlier date is past: the clocks already show a later one.
	const today = localDateOf(after, zone);
	for (let reading = readingOf(today, localTime); ; reading += DAY) {
		if (!(weekdays & (1 << weekdayOfReading(reading)))) continue;
		const instant = firstShowing(reading, zone);
		if (instant > after.getTime()) return new Date(instant);
	}
}

/**
 * The next `count` dates of a timetable strictly after `after` that are not `used`. Their instants strictly increase.
 * Throws RangeError as `nextInstant` does.
 */
export function nextDueDates(
	timetable: Timetable,
	after: Date,
	count: number,
	used: ReadonlySet<LocalDate> = new Set(),
): DueDate[] {
	const { localTime, zone, weekdays } = timetable;
	requireDays(weekdays);
	const found: DueDate[] = [];
	let last = after.getTime();
	for (let reading = readingOf(localDateOf(after, zone), localTime); found.length < count; reading += DAY) {
		const localDate = dateText(reading);
		if (!(weekdays & (1 << weekdayOfReading(reading))) || used.has(localDate)) continue;
		const instant = firstShowing(reading, zone);
		if (instant <= last) continue;
		found.push({ localDate, dueAt: new Date(instant) });
		last = instant;
	}
	return found;
}

/** The next `count` instants of a timetable after `after`, strictly increasing. */
export function nextInstants(timetable: Timetable, after: Date, count: number): Date[] {
	return nextDueDates(timetable, after, count).map(({ dueAt }) => dueAt);
}

/**
 * The dates of a timetable that fall due after `afterExclusive` and at or before `untilInclusive`, in order.
 * `most` keeps only the latest ones; the cost grows with their number, not with the span.
 * Throws RangeError as `nextInstant` does.
 */
export function dueDates(timetable: Timetable, afterExclusive: Date, untilInclusive: Date, most = Infinity): DueDate[] {
	const { localTime, zone, weekdays } = timetable;
	requireDays(weekdays);
	const found: DueDate[] = [];
	// After clocks go back over midnight, they show the old date again although the next one has begun.
	const last = addDays(localDateOf(untilInclusive, zone), 1);
	for (let reading = readingOf(last, localTime); found.length < most; reading -= DAY) {
		if (!(weekdays & (1 << weekdayOfReading(reading)))) continue;
		const instant = firstShowing(reading, zone);
		if (instant <= afterExclusive.getTime()) break;
		if (instant <= untilInclusive.getTime()) found.push({ localDate: dateText(reading), dueAt: new Date(instant) });
	}
	return found.reverse();
}

function dayInWords(date: LocalDate, today: LocalDate | null): string {
	if (today === date) return "today";
	if (today !== null && addDays(today, 1) === date) return "tomorrow";
	if (today !== null && addDays(today, -1) === date) return "yesterday";
	const [year = "", month, day] = date.split("-");
	const words = `${WEEKDAY_NAMES[weekdayOf(date)]} ${Number(day)} ${MONTH_NAMES[Number(month) - 1]}`;
	return today?.startsWith(`${year}-`) ? words : `${words} ${year}`;
}

/**
 * An instant in words, in its zone: "Mon 9 Mar 2026, 09:00 (Europe/Berlin)".
 * `now` allows a shorter form: "today, 09:00 (…)", or "Mon 9 Mar, 09:00 (…)" within the same year.
 */
export function describeInstant(instant: Date, zone: string, now?: Date): string {
	const today = now ? localDateOf(now, zone) : null;
	return `${dayInWords(localDateOf(instant, zone), today)}, ${localTimeOf(instant, zone)} (${zone})`;
}
