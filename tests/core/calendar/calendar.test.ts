import { describe, expect, test } from "vitest";
import {
	addDays,
	describeInstant,
	dueDates,
	instantOf,
	isoWeekStart,
	localDateOf,
	localTimeOf,
	monthStart,
	nextInstant,
	nextInstants,
	parseLocalDate,
	parseLocalTime,
	weekdayOf,
} from "../../../src/core/calendar/calendar.ts";
import { EVERY_DAY } from "../../../src/core/calendar/weekdays.ts";

const at = (text: string): Date => new Date(text);
const utc = (date: string, time: string, zone: string): string =>
	instantOf(date, time, zone).toISOString().replace(":00.000Z", "Z");

describe("instantOf, zone by zone", () => {
	test("is the plain local time on an ordinary day", () => {
		expect(utc("2026-01-15", "09:00", "Europe/Berlin")).toBe("2026-01-15T08:00Z");
		expect(utc("2026-07-15", "09:00", "Europe/Berlin")).toBe("2026-07-15T07:00Z");
		expect(utc("2026-07-15", "09:00", "Asia/Kathmandu")).toBe("2026-07-15T03:15Z");
		expect(utc("2026-07-15", "09:00", "UTC")).toBe("2026-07-15T09:00Z");
	});

	test("Europe/Berlin: after the spring gap, and the first of two in autumn", () => {
		expect(utc("2026-03-29", "01:59", "Europe/Berlin")).toBe("2026-03-29T00:59Z");
		expect(utc("2026-03-29", "02:00", "Europe/Berlin")).toBe("2026-03-29T01:00Z");
		expect(utc("2026-03-29", "02:30", "Europe/Berlin")).toBe("2026-03-29T01:00Z");
		expect(utc("2026-03-29", "03:00", "Europe/Berlin")).toBe("2026-03-29T01:00Z");
		expect(utc("2026-03-29", "03:01", "Europe/Berlin")).toBe("2026-03-29T01:01Z");
		expect(utc("2026-10-25", "02:00", "Europe/Berlin")).toBe("2026-10-25T00:00Z");
		expect(utc("2026-10-25", "02:59", "Europe/Berlin")).toBe("2026-10-25T00:59Z");
		expect(utc("2026-10-25", "03:00", "Europe/Berlin")).toBe("2026-10-25T02:00Z");
	});

	test("America/New_York: west of Greenwich too", () => {
		expect(utc("2026-03-08", "02:30", "America/New_York")).toBe("2026-03-08T07:00Z");
		expect(utc("2026-11-01", "01:30", "America/New_York")).toBe("2026-11-01T05:30Z");
		expect(utc("2026-11-01", "02:00", "America/New_York")).toBe("2026-11-01T07:00Z");
	});

	test("Australia/Lord_Howe: half an hour of daylight saving", () => {
		expect(utc("2026-10-04", "02:15", "Australia/Lord_Howe")).toBe("2026-10-03T15:30Z");
		expect(utc("2026-10-04", "02:30", "Australia/Lord_Howe")).toBe("2026-10-03T15:30Z");
		expect(utc("2026-04-05", "01:45", "Australia/Lord_Howe")).toBe("2026-04-04T14:45Z");
		expect(utc("2026-04-05", "02:00", "Australia/Lord_Howe")).toBe("2026-04-04T15:30Z");
	});

	test("Pacific/Chatham: quarters of an hour, daylight saving over the new year", () => {
		expect(utc("2026-04-05", "03:00", "Pacific/Chatham")).toBe("2026-04-04T13:15Z");
		expect(utc("2026-09-27", "03:00", "Pacific/Chatham")).toBe("2026-09-26T14:00Z");
	});

	test("Antarctica/Troll: two hours of daylight saving", () => {
		expect(utc("2026-03-29", "01:30", "Antarctica/Troll")).toBe("2026-03-29T01:00Z");
		expect(utc("2026-03-29", "02:59", "Antarctica/Troll")).toBe("2026-03-29T01:00Z");
		expect(utc("2026-10-25", "01:30", "Antarctica/Troll")).toBe("2026-10-24T23:30Z");
		expect(utc("2026-10-25", "03:00", "Antarctica/Troll")).toBe("2026-10-25T03:00Z");
	});

	test("Africa/Casablanca: the clocks go back for Ramadan and forward after it", () => {
		expect(utc("2026-02-15", "02:30", "Africa/Casablanca")).toBe("2026-02-15T01:30Z");
		expect(utc("2026-02-16", "02:30", "Africa/Casablanca")).toBe("2026-02-16T02:30Z");
		expect(utc("2026-03-22", "02:30", "Africa/Casablanca")).toBe("2026-03-22T02:00Z");
	});

	test("Africa/Cairo, Asia/Beirut, America/Sao_Paulo: midnight itself is missing, or repeated", () => {
		expect(utc("2026-04-24", "00:30", "Africa/Cairo")).toBe("2026-04-23T22:00Z");
		expect(utc("2026-10-29", "23:30", "Africa/Cairo")).toBe("2026-10-29T20:30Z");
		expect(utc("2026-10-30", "00:00", "Africa/Cairo")).toBe("2026-10-29T22:00Z");
		expect(utc("2026-03-29", "00:00", "Asia/Beirut")).toBe("2026-03-28T22:00Z");
		expect(utc("2026-10-24", "23:30", "Asia/Beirut")).toBe("2026-10-24T20:30Z");
		expect(utc("2018-11-04", "00:00", "America/Sao_Paulo")).toBe("2018-11-04T03:00Z");
		expect(utc("2019-02-16", "23:30", "America/Sao_Paulo")).toBe("2019-02-17T01:30Z");
		expect(utc("2019-02-17", "00:00", "America/Sao_Paulo")).toBe("2019-02-17T03:00Z");
	});

	test("Pacific/Apia and Pacific/Kwajalein: a skipped date happens when the next one begins", () => {
		expect(utc("2011-12-29", "09:00", "Pacific/Apia")).toBe("2011-12-29T19:00Z");
		expect(utc("2011-12-30", "00:00", "Pacific/Apia")).toBe("2011-12-30T10:00Z");
		expect(utc("2011-12-30", "23:59", "Pacific/Apia")).toBe("2011-12-30T10:00Z");
		expect(utc("2011-12-31", "09:00", "Pacific/Apia")).toBe("2011-12-30T19:00Z");
		expect(utc("1993-08-21", "09:00", "Pacific/Kwajalein")).toBe("1993-08-21T12:00Z");
		expect(utc("1993-08-22", "09:00", "Pacific/Kwajalein")).toBe("1993-08-21T21:00Z");
	});

	test("Pacific/Kwajalein: a repeated date happens the first time", () => {
		expect(utc("1969-09-30", "09:00", "Pacific/Kwajalein")).toBe("1969-09-29T22:00Z");
		expect(utc("1969-10-01", "09:00", "Pacific/Kwajalein")).toBe("1969-10-01T21:00Z");
	});

	test.each([
		["2026-02-30", "09:00", "UTC"],
		["2026-2-3", "09:00", "UTC"],
		["2026-02-03", "9:00", "UTC"],
		["2026-02-03", "24:00", "UTC"],
		["2026-02-03", "09:60", "UTC"],
		["", "", "UTC"],
		["2026-02-03", "09:00", "Mars/Olympus"],
	])("refuses %s %s %s", (date, time, zone) => {
		expect(() => instantOf(date, time, zone)).toThrow(RangeError);
	});
});

describe("timetables", () => {
	const weekdays = { localTime: "09:00", zone: "Europe/Berlin", weekdays: 0b0011111 };

	test("is strictly later, and skips days that are not wanted", () => {
		expect(nextInstant(weekdays, at("2026-03-26T08:00Z"))).toEqual(at("2026-03-27T08:00Z"));
		expect(nextInstant(weekdays, at("2026-03-26T07:59:59.999Z"))).toEqual(at("2026-03-26T08:00Z"));
		expect(nextInstant(weekdays, at("2026-03-27T08:00Z"))).toEqual(at("2026-03-30T07:00Z"));
	});

	test("keeps one weekday through a year of changes", () => {
		const sundays = { localTime: "02:30", zone: "Europe/Berlin", weekdays: 1 << 6 };
		const instants = nextInstants(sundays, at("2026-01-01T00:00Z"), 52);
		expect(new Set(instants.map((instant) => localDateOf(instant, "Europe/Berlin"))).size).toBe(52);
		expect(instants[12]).toEqual(at("2026-03-29T01:00Z"));
		expect(instants[51]).toEqual(at("2026-12-27T01:30Z"));
	});

	test("does not happen again when the clocks go back", () => {
		const nightly = { localTime: "02:30", zone: "Europe/Berlin", weekdays: EVERY_DAY };
		expect(nextInstant(nightly, at("2026-10-25T00:30Z"))).toEqual(at("2026-10-26T01:30Z"));
		expect(nextInstant(nightly, at("2026-10-25T01:15Z"))).toEqual(at("2026-10-26T01:30Z"));
	});

	test("keeps the timetable's date if a gap moves the instant into the next", () => {
		const late = { localTime: "23:30", zone: "Pacific/Apia", weekdays: EVERY_DAY };
		expect(dueDates(late, at("2011-12-30T09:59Z"), at("2011-12-31T12:00Z"))).toEqual([
			{ localDate: "2011-12-30", dueAt: at("2011-12-30T10:00Z") },
			{ localDate: "2011-12-31", dueAt: at("2011-12-31T09:30Z") },
		]);
	});

	test("two dates that share an instant have one next instant, and are both due", () => {
		const midnight = { localTime: "00:00", zone: "Pacific/Apia", weekdays: EVERY_DAY };
		const shared = at("2011-12-30T10:00Z");
		expect(nextInstants(midnight, at("2011-12-30T09:00Z"), 2)).toEqual([shared, at("2011-12-31T10:00Z")]);
		expect(dueDates(midnight, at("2011-12-30T09:59Z"), shared)).toEqual([
			{ localDate: "2011-12-30", dueAt: shared },
			{ localDate: "2011-12-31", dueAt: shared },
		]);
		expect(dueDates(midnight, shared, at("2011-12-31T09:59Z"))).toEqual([]);
	});

	test("does not lose a date that began before the clocks went back over midnight (America/St_Johns, 2006)", () => {
		const midnight = { localTime: "00:00", zone: "America/St_Johns", weekdays: EVERY_DAY };
		const again = at("2006-10-29T03:00Z");
		expect(localDateOf(again, midnight.zone)).toBe("2006-10-28");
		expect(dueDates(midnight, at("2006-10-29T00:00Z"), again)).toEqual([
			{ localDate: "2006-10-29", dueAt: at("2006-10-29T02:30Z") },
		]);
		expect(nextInstant(midnight, again)).toEqual(at("2006-10-30T03:30Z"));
	});

	test("excludes the start, includes the end, and is empty for a span that runs backwards", () => {
		const [first, second] = [at("2026-03-26T08:00Z"), at("2026-03-27T08:00Z")];
		expect(dueDates(weekdays, first, second)).toEqual([{ localDate: "2026-03-27", dueAt: second }]);
		expect(dueDates(weekdays, first, first)).toEqual([]);
		expect(dueDates(weekdays, second, first)).toEqual([]);
		expect(dueDates(weekdays, first, second, 0)).toEqual([]);
	});

	test("returns the latest of many years without walking through them", () => {
		const before = process.cpuUsage();
		const due = dueDates(weekdays, at("1971-01-01T00:00Z"), at("2026-03-28T00:00Z"), 2);
		expect(due.map(({ localDate }) => localDate)).toEqual(["2026-03-26", "2026-03-27"]);
		expect(process.cpuUsage(before).user / 1_000).toBeLessThan(50);
	});

	test.each([0, 128, -1, 1.5, Number.NaN])("refuses the weekdays %d instead of searching for ever", (bits) => {
		expect(() => nextInstant({ ...weekdays, weekdays: bits }, at("2026-01-01T00:00Z"))).toThrow(RangeError);
		expect(() => dueDates({ ...weekdays, weekdays: bits }, at("2026-01-01T00:00Z"), at("2026-02-01T00:00Z"))).toThrow(
			RangeError,
		);
	});

	test("refuses an invalid instant", () => {
		expect(() => nextInstant(weekdays, at("nonsense"))).toThrow(RangeError);
	});
});

describe("local dates", () => {
	test("counts days over months, leap years and centuries", () => {
		expect(addDays("2024-02-28", 1)).toBe("2024-02-29");
		expect(addDays("2100-02-28", 1)).toBe("2100-03-01");
		expect(addDays("2026-01-01", -1)).toBe("2025-12-31");
	});

	test("knows weekdays, before 1970 too", () => {
		expect(weekdayOf("2026-03-09")).toBe(0);
		expect(weekdayOf("2026-03-15")).toBe(6);
		expect(weekdayOf("1969-12-31")).toBe(2);
	});

	test("returns date and time of an instant", () => {
		expect(localDateOf(at("2026-03-29T22:30:59Z"), "Europe/Berlin")).toBe("2026-03-30");
		expect(localTimeOf(at("2026-03-29T22:30:59Z"), "Europe/Berlin")).toBe("00:30");
	});
});

describe("weeks and months", () => {
	test("begin at local midnight", () => {
		expect(isoWeekStart(at("2026-03-30T00:00Z"), "Europe/Berlin")).toEqual(at("2026-03-29T22:00Z"));
		expect(isoWeekStart(at("2026-03-29T21:59Z"), "Europe/Berlin")).toEqual(at("2026-03-22T23:00Z"));
		expect(isoWeekStart(at("2027-01-03T12:00Z"), "UTC")).toEqual(at("2026-12-28T00:00Z"));
		expect(monthStart(at("2026-03-31T22:00Z"), "Europe/Berlin")).toEqual(at("2026-03-31T22:00Z"));
		expect(monthStart(at("2026-03-31T21:59Z"), "Europe/Berlin")).toEqual(at("2026-02-28T23:00Z"));
		expect(monthStart(at("2026-12-31T23:59Z"), "UTC")).toEqual(at("2026-12-01T00:00Z"));
	});

	test("begin when the clocks allow it, if midnight does not exist", () => {
		expect(monthStart(at("1995-01-15T00:00Z"), "Pacific/Kiritimati")).toEqual(at("1994-12-31T10:00Z"));
	});

	test("do not end again when midnight is repeated (America/St_Johns, 1 November 2009)", () => {
		const began = at("2009-11-01T02:30Z");
		expect(monthStart(began, "America/St_Johns")).toEqual(began);
		expect(localDateOf(at("2009-11-01T03:00Z"), "America/St_Johns")).toBe("2009-10-31");
		expect(monthStart(at("2009-11-01T03:00Z"), "America/St_Johns")).toEqual(began);
	});
});

describe("reading times and dates", () => {
	test.each([
		["9:00", "09:00"],
		["09:00", "09:00"],
		[" 23:59 ", "23:59"],
		["0:05", "00:05"],
		["9am", "09:00"],
		["9 PM", "21:00"],
		["9:30 p.m.", "21:30"],
		["12am", "00:00"],
		["12pm", "12:00"],
	])("reads %s", (text, time) => {
		expect(parseLocalTime(text)).toBe(time);
	});

	test.each(["", "9", "25:00", "24:00", "9:60", "13pm", "0am", "9:5", "09:00:00", "noonish", "-1:00", "٩:٠٠"])(
		"reads no time from %j",
		(text) => {
			expect(parseLocalTime(text)).toBeNull();
		},
	);

	test("reads only real dates", () => {
		expect(parseLocalDate(" 2024-02-29 ")).toBe("2024-02-29");
		for (const text of ["2023-02-29", "2026-13-01", "2026-00-10", "2026-1-1", "26-01-01", "tomorrow", ""])
			expect(parseLocalDate(text)).toBeNull();
	});
});

describe("describeInstant", () => {
	const nine = at("2026-03-09T08:00Z");
	test("returns day, date, time and zone", () => {
		expect(describeInstant(nine, "Europe/Berlin")).toBe("Mon 9 Mar 2026, 09:00 (Europe/Berlin)");
		expect(describeInstant(nine, "Pacific/Auckland")).toBe("Mon 9 Mar 2026, 21:00 (Pacific/Auckland)");
	});

	test.each([
		["2026-03-09T00:00Z", "today, 09:00 (Europe/Berlin)"],
		["2026-03-08T10:00Z", "tomorrow, 09:00 (Europe/Berlin)"],
		["2026-03-10T10:00Z", "yesterday, 09:00 (Europe/Berlin)"],
		["2026-03-07T10:00Z", "Mon 9 Mar, 09:00 (Europe/Berlin)"],
		["2025-12-31T10:00Z", "Mon 9 Mar 2026, 09:00 (Europe/Berlin)"],
		// Already the new year in Berlin.
		["2025-12-31T23:30Z", "Mon 9 Mar, 09:00 (Europe/Berlin)"],
	])("is shorter where %s makes it clear", (now, words) => {
		expect(describeInstant(nine, "Europe/Berlin", at(now))).toBe(words);
	});
});
