import { expect, test } from "vitest";
import { type Direction, readSpokenDate, readSpokenWeek } from "../../../src/core/calendar/spoken-dates.ts";

/** A Monday. */
const TODAY = "2026-11-30";

function read(text: string, direction: Direction = "ahead", today = TODAY): string | readonly string[] | null {
	const found = readSpokenDate(text, today, direction);
	return found?.type === "date" ? found.date : (found?.dates ?? null);
}

test.each([
	["2026-12-03", "2026-12-03"],
	["3 dec", "2026-12-03"],
	["3dec", "2026-12-03"],
	["Dec 3", "2026-12-03"],
	["December 3rd, 2026", "2026-12-03"],
	["3rd of December", "2026-12-03"],
	["on the 3rd of december 2026", "2026-12-03"],
	["Thursday 3 December", "2026-12-03"],
	["thursday morning", "2026-12-03"],
	["on thursday, in the afternoon", "2026-12-03"],
	["3 december at 10:30", "2026-12-03"],
	["Thursday 3 December, 2 pm", "2026-12-03"],
	["sept. 9", "2027-09-09"],
	["3 mar", "2027-03-03"],
	["30 nov", "2026-11-30"],
	["29 feb", "2028-02-29"],
	["3.12.", "2026-12-03"],
	["3.12.2026", "2026-12-03"],
	["2026/12/3", "2026-12-03"],
	["25/12", "2026-12-25"],
	["12/25/2026", "2026-12-25"],
	["3 dec 26", "2026-12-03"],
	["today", "2026-11-30"],
	["tomorrow", "2026-12-01"],
	["thursday", "2026-12-03"],
	["on Thursday", "2026-12-03"],
	["this thu", "2026-12-03"],
	["monday", "2026-12-07"],
	["in 3 days", "2026-12-03"],
	["in two weeks", "2026-12-14"],
	["a week from now", "2026-12-07"],
])("%s is %s", (text, date) => {
	expect(read(text)).toBe(date);
});

test("a date that means either of two days is neither", () => {
	expect(read("3/12")).toEqual(["2026-12-03", "2027-03-12"]);
	expect(read("12-03-2027")).toEqual(["2027-03-12", "2027-12-03"]);
	expect(read("next thursday")).toEqual(["2026-12-03", "2026-12-10"]);
	expect(read("Friday 3 December")).toEqual(["2026-12-03", "2026-12-04"]);
	expect(read("mon 2 december 2026")).toEqual(["2026-12-02", "2026-11-30"]);
	expect(read("5/5")).toBe("2027-05-05");
});

test("a date in the past is the last such date", () => {
	expect(read("3 dec", "past")).toBe("2025-12-03");
	expect(read("29 nov", "past")).toBe("2026-11-29");
	expect(read("sunday", "past")).toBe("2026-11-29");
});

test.each(["3 dec 20", "20", "3", "we", "dec", "31 feb", "hello", "daily", "3 of them", "weekdays", "30/30", ""])(
	"%j is no date",
	(text) => {
		expect(read(text)).toBeNull();
	},
);

test("the rest of a week, a weekend and the week after are runs of dates", () => {
	// A Wednesday.
	const today = "2027-03-10";
	expect(readSpokenWeek("this week", today)).toEqual(["2027-03-10", "2027-03-14"]);
	expect(readSpokenWeek("over the weekend", today)).toEqual(["2027-03-13", "2027-03-14"]);
	expect(readSpokenWeek("Next week", today)).toEqual(["2027-03-15", "2027-03-21"]);
	expect(readSpokenWeek("this weekend", "2027-03-14")).toEqual(["2027-03-14", "2027-03-14"]);
	for (const text of ["week", "last week", "next weekday", "wednesday"]) expect(readSpokenWeek(text, today)).toBeNull();
});
