/** Dates as people write them: "3 Dec", "December 3rd", "thursday", "in two weeks". */
import { numberOf } from "../text/number-words.ts";
import { addDays, type LocalDate, parseLocalDate, weekdayOf } from "./calendar.ts";
import { parseWeekdays } from "./weekdays.ts";

export type SpokenDate =
	| { readonly type: "date"; readonly date: LocalDate }
	/** The text means either date, so ask. */
	| { readonly type: "either"; readonly dates: readonly [LocalDate, LocalDate] };

/** Whether a date without a year is the next such date or the last one. */
export type Direction = "ahead" | "past";

const MONTHS = "january february march april may june july august september october november december".split(" ");
/** Shorter words, such as "we", are more likely to be others than weekdays. */
const MIN_WEEKDAY_LENGTH = 3;
/** Two digits below this are no year: such a date would be long past. */
const FIRST_SHORT_YEAR = 21;
/** From one leap year to the next, at most. */
const MAX_YEARS = 8;

const DAY = String.raw`(\d{1,2})(?:st|nd|rd|th)?`;
const MONTH = String.raw`([a-z]{3,9})\.?`;
const YEAR = String.raw`(?:[\s.,/-]+(\d{4}|'?\d{2}))?`;
const DAY_FIRST = new RegExp(`^${DAY}[\\s.-]*(?:of )?${MONTH}${YEAR}$`);
const MONTH_FIRST = new RegExp(`^${MONTH}[\\s.-]*(?:the )?${DAY}${YEAR}$`);

/** What follows a day and says nothing about its date: "in the morning", "at 10:30", "2 pm". */
const TIME_OF_DAY =
	/(?: (?:(?:in the )?(?:morning|afternoon|evening)|at noon|(?:at )?\d{1,2}(?:[:.]\d\d)? ?[ap]m|at \d{1,2}(?:[:.]\d\d)?))+$/;
/** Distances in days, to find the nearest date with a weekday. */
const NEAREST_FIRST = [1, -1, 2, -2, 3, -3];

const two = (value: number): string => String(value).padStart(2, "0");
const dateOf = (year: number, month: number, day: number): LocalDate | null =>
	parseLocalDate(`${year}-${two(month)}-${two(day)}`);

function monthNumber(word: string): number {
	if (word === "sept") return 9;
	return MONTHS.findIndex((name) => word === name || word === name.slice(0, 3)) + 1;
}

/** @returns null if it cannot be a year; undefined if none is given */
function yearOf(text: string | undefined): number | null | undefined {
	if (text === undefined) return undefined;
	const digits = text.replace("'", "");
	if (digits.length === 4) return Number(digits);
	return Number(digits) >= FIRST_SHORT_YEAR ? 2000 + Number(digits) : null;
}

/** The date, in the nearest year that has it if no year is given. */
function inYear(
	day: number,
	month: number,
	year: number | null | undefined,
	today: LocalDate,
	direction: Direction,
): LocalDate | null {
	if (year === null) return null;
	if (year !== undefined) return dateOf(year, month, day);
	const now = Number(today.slice(0, 4));
	for (let step = 0; step <= MAX_YEARS; step += 1) {
		const date = dateOf(direction === "ahead" ? now + step : now - step, month, day);
		if (date !== null && (direction === "ahead" ? date >= today : date <= today)) return date;
	}
	return null;
}

const found = (date: LocalDate | null): SpokenDate | null => (date === null ? null : { type: "date", date });

function named(text: string, today: LocalDate, direction: Direction): SpokenDate | null {
	const [, day, month = "", year] = DAY_FIRST.exec(text) ?? [];
	if (day !== undefined && monthNumber(month) > 0)
		return found(inYear(Number(day), monthNumber(month), yearOf(year), today, direction));
	const [, first = "", second, laterYear] = MONTH_FIRST.exec(text) ?? [];
	if (second === undefined || monthNumber(first) === 0) return null;
	return found(inYear(Number(second), monthNumber(first), yearOf(laterYear), today, direction));
}

/** `25/12`, `3.12.2026`. Between slashes or hyphens either number may be the month; before a dot it is the day. */
function numeric(text: string, today: LocalDate, direction: Direction): SpokenDate | null {
	const [, fullYear, laterMonth, laterDay] = /^(\d{4})[./-](\d{1,2})[./-](\d{1,2})$/.exec(text) ?? [];
	if (fullYear !== undefined) return found(dateOf(Number(fullYear), Number(laterMonth), Number(laterDay)));
	const [, one, sign, other, given] = /^(\d{1,2})([./-])(\d{1,2})(?:\2(\d{4}|\d{2})|\.)?$/.exec(text) ?? [];
	if (one === undefined || other === undefined) return null;
	const year = yearOf(given);
	const dayFirst = inYear(Number(one), Number(other), year, today, direction);
	const monthFirst = sign === "." ? null : inYear(Number(other), Number(one), year, today, direction);
	if (dayFirst !== null && monthFirst !== null && dayFirst !== monthFirst)
		return { type: "either", dates: [dayFirst, monthFirst] };
	return found(dayFirst ?? monthFirst);
}

/** The next such weekday, which is never today; or the last one. */
function weekdayNear(word: string, today: LocalDate, direction: Direction): LocalDate | null {
	const weekdays = word.length < MIN_WEEKDAY_LENGTH ? null : parseWeekdays(word);
	const week = [1, 2, 3, 4, 5, 6, 7].map((days) => addDays(today, direction === "ahead" ? days : -days));
	return week.find((date) => weekdays === 1 << weekdayOf(date)) ?? null;
}

const DAY_NAMES: Readonly<Record<string, number>> = { today: 0, tomorrow: 1, yesterday: -1, "day after tomorrow": 2 };

function relative(text: string, today: LocalDate, direction: Direction): SpokenDate | null {
	const days = DAY_NAMES[text];
	if (days !== undefined) return found(addDays(today, days));
	const [, amount = "", unit] = /^(?:in )?(\d{1,3}|[a-z]+) (day|week)s?(?: from (?:now|today))?$/.exec(text) ?? [];
	const count = /^an?$/.test(amount) ? 1 : numberOf(amount);
	if (unit !== undefined && count !== null && /^in | from /.test(text))
		return found(addDays(today, count * (unit === "week" ? 7 : 1)));
	const [, which, word = ""] = /^(?:(next|this|coming|last) )?([a-z]+)$/.exec(text) ?? [];
	const day = weekdayNear(word, today, which === "last" ? "past" : direction);
	if (day === null) return null;
	// "Next Thursday", said on a Monday, is this week's for some and next week's for others.
	return which === "next" ? { type: "either", dates: [day, addDays(day, 7)] } : found(day);
}

/** Reads a date. Null if the text is none. */
export function readSpokenDate(text: string, today: LocalDate, direction: Direction = "ahead"): SpokenDate | null {
	const plain = text
		.trim()
		.toLowerCase()
		.replace(/[\s,]+/g, " ")
		.trim()
		.replace(/^(?:(?:on|by|until|till|at|the) )+/, "");
	if (plain.length > 40) return null;
	return readPlain(plain.replace(TIME_OF_DAY, ""), today, direction);
}

const WEEK = /^(?:(?:all|for|of|on|over) )*(?:the|this|(next)) (week|weekend)$/;

/** Reads a week: `next week`, or the rest of `this week` or `this weekend`. @returns its first and last date */
export function readSpokenWeek(text: string, today: LocalDate): readonly [LocalDate, LocalDate] | null {
	const [, next, unit] = WEEK.exec(text.trim().toLowerCase()) ?? [];
	if (unit === undefined) return null;
	const monday = addDays(today, (next === undefined ? 0 : 7) - weekdayOf(today));
	const first = unit === "week" ? monday : addDays(monday, 5);
	return [first < today ? today : first, addDays(monday, 6)];
}

function readPlain(plain: string, today: LocalDate, direction: Direction): SpokenDate | null {
	const exact = parseLocalDate(plain);
	if (exact) return found(exact);
	const [, weekday = "", rest] = /^([a-z]{3,9}) (.*\d.*)$/.exec(plain) ?? [];
	const weekdays = rest === undefined ? null : parseWeekdays(weekday);
	const dated = rest !== undefined && weekdays !== null ? rest.replace(/^the /, "") : plain;
	const read = named(dated, today, direction) ?? numeric(dated, today, direction);
	if (read?.type !== "date" || weekdays === null) return read ?? relative(plain, today, direction);
	// "Friday 3 December", where that is a Thursday: one of them is wrong.
	if (weekdays & (1 << weekdayOf(read.date))) return read;
	const near = NEAREST_FIRST.map((days) => addDays(read.date, days));
	const other = near.find((date) => weekdays & (1 << weekdayOf(date)));
	return other === undefined ? read : { type: "either", dates: [read.date, other] };
}
