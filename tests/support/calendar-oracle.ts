/**
 * Finds out when a local time happens in the plainest way: it walks a zone's clocks minute by minute. It shares no code
 * with the calendar that it checks, not even the way to ask `Intl`.
 */
import type { LocalDate } from "../../src/core/calendar/calendar.ts";

const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** One minute of a walk: the instant, and what the clocks show, as `YYYY-MM-DD HH:MM`. */
export interface WalkedMinute {
	readonly instant: number;
	readonly shown: string;
}

/** Swedish dates sort in time order: "2026-03-29 01:59". */
function clockOf(zone: string): Intl.DateTimeFormat {
	return new Intl.DateTimeFormat("sv-SE", {
		timeZone: zone,
		hourCycle: "h23",
		year: "numeric",
		month: "2-digit",
		day: "2-digit",
		hour: "2-digit",
		minute: "2-digit",
	});
}

/** A date's midnight, read as UTC. */
export const midnight = (date: LocalDate): number => Date.parse(`${date}T00:00Z`);
const dateOf = (reading: number): LocalDate => new Date(reading).toISOString().slice(0, 10);
const shownText = (reading: number): string => new Date(reading).toISOString().slice(0, 16).replace("T", " ");
const readingOf = (shown: string): number => Date.parse(`${shown.replace(" ", "T")}Z`);

/** Every minute of a zone's clocks around one local date, from before the day before until after the day after. */
export function walk(zone: string, date: LocalDate): WalkedMinute[] {
	const clock = clockOf(zone);
	const minutes: WalkedMinute[] = [];
	const end = midnight(date) + 2 * DAY + 14 * HOUR;
	for (let instant = midnight(date) - DAY - 16 * HOUR; instant < end; instant += MINUTE)
		minutes.push({ instant, shown: clock.format(instant) });
	return minutes;
}

/** The oracle: for each local time, the first walked minute that shows it or a later one. */
export function firstShown(minutes: readonly WalkedMinute[], wanted: readonly string[]): Map<string, number> {
	const left = [...wanted].sort();
	const found = new Map<string, number>();
	let index = 0;
	for (const { instant, shown } of minutes)
		for (let next = left[index]; next !== undefined && next <= shown; next = left[index]) {
			found.set(next, instant);
			index += 1;
		}
	return found;
}

/** The local times of three dates to try: every quarter of an hour, and every minute in and around a gap or overlap. */
export function wantedTimes(minutes: readonly WalkedMinute[], date: LocalDate): string[] {
	const start = midnight(date) - DAY;
	const end = start + 3 * DAY;
	const times = new Set<string>();
	for (let reading = start; reading < end; reading += 15 * MINUTE) times.add(shownText(reading));
	minutes.forEach(({ shown }, index) => {
		const previous = minutes[index - 1];
		if (!previous || readingOf(shown) - readingOf(previous.shown) === MINUTE) return;
		const [low = 0, high = 0] = [readingOf(shown), readingOf(previous.shown)].sort((a, b) => a - b);
		for (let reading = low - 3 * MINUTE; reading <= high + 3 * MINUTE; reading += MINUTE)
			if (reading >= start && reading < end) times.add(shownText(reading));
	});
	return [...times];
}

/** The UTC dates on which a zone's offset changes, found by looking four times a day. */
export function changeDates(zone: string, from: LocalDate, until: LocalDate): LocalDate[] {
	const clock = clockOf(zone);
	const dates: LocalDate[] = [];
	let before: number | null = null;
	for (let instant = midnight(from); instant <= midnight(until) + DAY; instant += 6 * HOUR) {
		const distance = readingOf(clock.format(instant)) - instant;
		if (before !== null && distance !== before) dates.push(dateOf(instant - 3 * HOUR));
		before = distance;
	}
	return dates;
}
