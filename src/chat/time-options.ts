/** Options for times, zones, weekdays and dates. */
import { addDays, type LocalDate, parseLocalTime } from "../core/calendar/calendar.ts";
import { dateText, weekdayText } from "../core/calendar/date-words.ts";
import { type Direction, readSpokenDate, readSpokenWeek } from "../core/calendar/spoken-dates.ts";
import { parseWeekdays } from "../core/calendar/weekdays.ts";
import { resolveZone } from "../core/calendar/zones.ts";
import { UserError } from "../core/errors.ts";
import { CATEGORIES, DIFFICULTIES } from "../core/question/question.ts";
import { editDistance } from "../core/text/edit-distance.ts";
import { nearest } from "../core/text/nearest.ts";
import { suggestWeekdays, suggestZoneNames } from "./autocomplete.ts";
import { inQuotes } from "./in-quotes.ts";
import { bounded, make, type Option } from "./option.ts";

export const timeOption = (description: string): Option<string> =>
	make(
		"time",
		{ description },
		(text) => {
			const time = parseLocalTime(text);
			if (time) return time;
			throw new UserError(
				`${inQuotes(text)} is not a time of day.`,
				"Write hours and minutes from 00:00 to 23:59, such as 09:00.",
			);
		},
		{ accepts: (text) => /^\d{1,2}(:|\.|h|am|pm|$)/i.test(text) },
	);

/** Whether a word lists categories or difficulties, so that it cannot be a zone. */
const isFilter = (text: string): boolean =>
	text
		.toLowerCase()
		.split(",")
		.every((part) => [...CATEGORIES, ...DIFFICULTIES].some((name) => name === part.trim()));

export const zoneOption = (description: string): Option<string> =>
	make(
		"zone",
		{ description },
		(text) => {
			const answer = resolveZone(bounded(text, "zone"));
			if ("zone" in answer) return answer.zone;
			const near = answer.suggestions.slice(0, 5);
			if (answer.isAbbreviation)
				throw new UserError(
					`${inQuotes(text)} does not say whether clocks change there. Nothing was changed.`,
					`Name a place instead: ${near.join(", ")}.`,
				);
			throw new UserError(
				`${inQuotes(text)} is not a time zone that I know.`,
				near.length > 0
					? `Did you mean ${near.join(", ")}?`
					: "Write an IANA name such as Europe/Berlin or America/New_York.",
			);
		},
		{
			accepts: (text) => !/^[#\d]/.test(text) && parseWeekdays(text) === null && !isFilter(text),
			suggest: suggestZoneNames,
		},
	);

export const weekdaysOption = (description: string): Option<number> =>
	make(
		"weekdays",
		{ description },
		(text) => {
			const weekdays = parseWeekdays(text);
			if (weekdays !== null) return weekdays;
			throw new UserError(
				`${inQuotes(text)} does not name weekdays.`,
				"Write daily, weekdays, weekends, or days such as mon,wed,fri.",
			);
		},
		{ suggest: suggestWeekdays },
	);

/** Any date, to see whether a text names one at all. */
const SOME_DAY = "2027-01-01";

const isDate = (text: string): boolean => readSpokenDate(text, SOME_DAY) !== null;
const NAMED_DAYS = "monday tuesday wednesday thursday friday saturday sunday today tomorrow".split(" ");
/** The most dates in one range. */
const MAX_RUN = 31;

function dateRemedy(text: string): string {
	const word = text.trim().toLowerCase();
	const near = /^[a-z]{5,10}$/.test(word) ? nearest(word, NAMED_DAYS) : undefined;
	const general = "Write a day such as 24 Dec or 2026-12-24.";
	return near === undefined || editDistance(word, near) > 2
		? general
		: `Did you mean \`${near}\`? Or write a day such as 24 Dec.`;
}

/**
 * A date that a text names by itself or from today on.
 * @throws UserError for no date, or one of two
 */
function dateMeant(text: string, today: LocalDate, direction: Direction = "ahead"): LocalDate {
	const found = readSpokenDate(text, today, direction);
	if (found?.type === "date") return found.date;
	if (!found) throw new UserError(`${inQuotes(text)} is not a date.`, dateRemedy(text));
	const [one, other] = found.dates;
	throw new UserError(
		`${inQuotes(text)} could be ${weekdayText(one, today)} or ${weekdayText(other, today)}. Nothing was changed.`,
		`Write \`${one}\` or \`${other}\`.`,
	);
}

/** A date as it was said: "tomorrow" is a date only in the zone whose today is known. Throws UserError for no date. */
export type SaidDate = (today: LocalDate) => LocalDate;

/** Any day, for what is wrong with a date on every day. */
const dayOf = (now: Date): LocalDate => now.toISOString().slice(0, 10);

/** A date such as 2026-12-24, 24 Dec or thursday. @param direction which year or week it means without one */
export const dateOption = (description: string, direction: Direction = "ahead"): Option<SaidDate> =>
	make(
		"date",
		{ description },
		(text, now) => {
			dateMeant(text, dayOf(now), direction);
			return (today) => dateMeant(text, today, direction);
		},
		{ accepts: isDate },
	);

/** The two ends of `24 dec..31 dec`, `24 Dec to 31 Dec`, `24-31 Dec`; one date is one end. */
function rangeOf(part: string): string[] {
	const text = part.trim().replace(/^from\s+/i, "");
	const [, day, last, month] =
		/^(\d{1,2})\s*(?:\.\.|-|–|to)\s*(\d{1,2})((?:st|nd|rd|th)?\s+[a-z].*)$/i.exec(text) ?? [];
	if (day !== undefined) return [`${day}${month}`, `${last}${month}`];
	return text.split(/\.\.|\s+(?:to|until|till|through|-|–)\s+/i);
}

/** The first and the last date of a part as it was written; one date is one end. */
const endsOf = (part: string, today: LocalDate): readonly string[] =>
	(readSpokenWeek(part, today) ?? rangeOf(part)).slice(0, 2);

/** One date or a run of dates, each as YYYY-MM-DD. */
function runOf(part: string, today: LocalDate): LocalDate[] {
	const [from = "", to = from] = endsOf(part, today);
	const first = dateMeant(from, today);
	const ahead = dateMeant(to, today);
	// In "24 Dec to 3 Jan" the second date is the one after the first.
	const last = ahead < first ? dateMeant(to, first) : ahead;
	const run: LocalDate[] = [];
	for (let day = first; day <= last && run.length <= MAX_RUN; day = addDays(day, 1)) run.push(day);
	if (run.length === 0)
		throw new UserError(
			`${dateText(last, today)} is before ${dateText(first, today)}.`,
			"Write the earlier date first.",
		);
	if (run.length > MAX_RUN)
		throw new UserError(
			`${dateText(first, today)} to ${dateText(last, today)} is more than ${MAX_RUN} dates.`,
			"Name a shorter run; 30 dates a calendar year can excuse misses.",
		);
	return run;
}

const runsOf = (text: string, today: LocalDate): LocalDate[] =>
	[...new Set(text.split(",").flatMap((part) => runOf(part, today)))].sort();

/**
 * Dates such as `2026-12-24`, `tomorrow`, `2026-12-24..2026-12-31`, `next week`, or several joined by commas. Gives each
 * as YYYY-MM-DD, once today is known.
 */
export const datesOption = (description: string): Option<(today: LocalDate) => LocalDate[]> =>
	make(
		"dates",
		{ description },
		(text, now) => {
			runsOf(text, dayOf(now));
			return (today) => runsOf(text, today);
		},
		{ accepts: (text) => text.split(",").every((part) => endsOf(part, SOME_DAY).every(isDate)) },
	);
