/** Local dates in words. */
import { addDays, type LocalDate, weekdayOf } from "./calendar.ts";

const MONTHS = [
	"January",
	"February",
	"March",
	"April",
	"May",
	"June",
	"July",
	"August",
	"September",
	"October",
	"November",
	"December",
] as const;

export const monthName = (date: LocalDate): string => MONTHS[Number(date.slice(5, 7)) - 1] ?? "";

/** "22 March", with the year if it is not the current one. */
export function dateText(date: LocalDate, today: LocalDate): string {
	const year = date.slice(0, 4) === today.slice(0, 4) ? "" : ` ${date.slice(0, 4)}`;
	return `${Number(date.slice(8))} ${monthName(date)}${year}`;
}

const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;

/** "Thursday, 3 December". */
export const weekdayText = (date: LocalDate, today: LocalDate): string =>
	`${WEEKDAYS[weekdayOf(date)]}, ${dateText(date, today)}`;

/** Dates, with runs as ranges: "22 March, 25 March to 28 March". */
export function datesText(dates: readonly LocalDate[], today: LocalDate): string {
	const runs: [LocalDate, LocalDate][] = [];
	for (const date of [...dates].sort()) {
		const last = runs.at(-1);
		if (last && addDays(last[1], 1) === date) last[1] = date;
		else runs.push([date, date]);
	}
	const words = (date: LocalDate) => dateText(date, today);
	return runs.map(([from, to]) => (from === to ? words(from) : `${words(from)} to ${words(to)}`)).join(", ");
}

/** "today" (also for past dates), "tomorrow, 9 March", "on 22 March". */
export function whenText(date: LocalDate, today: LocalDate): string {
	if (date <= today) return "today";
	const day = dateText(date, today);
	return date === addDays(today, 1) ? `tomorrow, ${day}` : `on ${day}`;
}
