import { describe, expect, test } from "vitest";
import { parseWeekdays, weekdaysText } from "../../../src/core/calendar/weekdays.ts";

const [MON, TUE, WED, THU, FRI, SAT, SUN] = [1, 2, 4, 8, 16, 32, 64];

describe("parseWeekdays", () => {
	test.each([
		["daily", 127],
		["every day", 127],
		["Everyday", 127],
		["weekdays", 31],
		["every weekday", 31],
		["WEEKENDS", SAT + SUN],
		["weekends, wed", SAT + SUN + WED],
		["mon,wed,fri", MON + WED + FRI],
		["Monday Wednesday & Friday", MON + WED + FRI],
		["on Mondays, Wednesdays and Fridays", MON + WED + FRI],
		["mon-fri", 31],
		["Mon – Fri", 31],
		["monday to friday", 31],
		["fri-mon", FRI + SAT + SUN + MON],
		["mon-mon", MON],
		["tue-thu, sat", TUE + WED + THU + SAT],
		["tues;thurs", TUE + THU],
		["weds", WED],
		["mo tu", MON + TUE],
		["sun.", SUN],
		["mon,mon", MON],
	])("reads %s", (text, mask) => {
		expect(parseWeekdays(text)).toBe(mask);
	});

	test.each([
		"",
		" , ",
		"m",
		"t",
		"s",
		"mon,xyz",
		"mon-",
		"-mon",
		"mon-wed-fri",
		"weekdays-sun",
		"mondayish",
		"fortnightly",
		"127",
	])("has nothing for %j", (text) => {
		expect(parseWeekdays(text)).toBeNull();
	});

	test("reads what weekdaysText writes, for every set", () => {
		for (let mask = 1; mask <= 127; mask += 1) expect(parseWeekdays(weekdaysText(mask))).toBe(mask);
	});
});

describe("weekdaysText", () => {
	test.each([
		[127, "every day"],
		[31, "on weekdays"],
		[SAT + SUN, "on weekends"],
		[MON, "on Mondays"],
		[SAT + MON, "on Mondays and Saturdays"],
		[MON + WED + FRI, "on Mondays, Wednesdays and Fridays"],
		[0, "on no day"],
	])("writes %d", (mask, text) => {
		expect(weekdaysText(mask)).toBe(text);
	});
});
