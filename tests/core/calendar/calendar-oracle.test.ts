import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
	addDays,
	dueDates,
	instantOf,
	isoWeekStart,
	localDateOf,
	localTimeOf,
	monthStart,
	nextInstant,
	weekdayOf,
} from "../../../src/core/calendar/calendar.ts";
import { firstShown, type WalkedMinute } from "../../support/calendar-oracle.ts";
import { checkAround, everyZone, newChecker, nextInstantCost, sweep } from "../../support/calendar-sweep.ts";
import { byEffort } from "../../support/effort.ts";

/** Zones with every kind of rule that is or was in force somewhere; the bench tries all zones. */
const ODD_ZONES = [
	"Africa/Cairo",
	"Africa/Casablanca",
	"Africa/El_Aaiun",
	"Africa/Juba",
	"America/Asuncion",
	"America/Chihuahua",
	"America/Havana",
	"America/Los_Angeles",
	"America/Mexico_City",
	"America/New_York",
	"America/Nuuk",
	"America/Santiago",
	"America/Sao_Paulo",
	"America/Scoresbysund",
	"America/St_Johns",
	"America/Whitehorse",
	"Antarctica/Casey",
	"Antarctica/Macquarie",
	"Antarctica/Troll",
	"Asia/Almaty",
	"Asia/Amman",
	"Asia/Beirut",
	"Asia/Gaza",
	"Asia/Jerusalem",
	"Asia/Kathmandu",
	"Asia/Kolkata",
	"Asia/Tehran",
	"Asia/Tokyo",
	"Atlantic/Azores",
	"Australia/Adelaide",
	"Australia/Eucla",
	"Australia/Lord_Howe",
	"Europe/Berlin",
	"Europe/Chisinau",
	"Europe/Dublin",
	"Europe/London",
	"Europe/Volgograd",
	"Pacific/Apia",
	"Pacific/Chatham",
	"Pacific/Easter",
	"Pacific/Fiji",
	"Pacific/Kiritimati",
	"Pacific/Norfolk",
	"UTC",
];

/** Dates left out or repeated, and repeated midnights: zone and date. */
const HISTORY = [
	["Pacific/Apia", "2011-12-30"],
	["Pacific/Fakaofo", "2011-12-30"],
	["Pacific/Kiritimati", "1994-12-31"],
	["Pacific/Kwajalein", "1993-08-21"],
	["Pacific/Kwajalein", "1969-09-30"],
	["America/St_Johns", "2006-10-29"],
	["America/Sao_Paulo", "2018-11-04"],
	["America/Sao_Paulo", "2019-02-17"],
	["Asia/Pyongyang", "2018-05-05"],
	["America/Caracas", "2016-05-01"],
] as const;

const FIRST_YEAR = byEffort({ test: 2026, ci: 2023, full: 2010 });

describe("compared with an oracle that walks the clocks minute by minute", () => {
	test("agrees in zones of every kind around every change of several years", () => {
		const result = sweep(ODD_ZONES, { from: `${FIRST_YEAR}-01-01`, until: "2026-12-31", quietDays: 2027 - FIRST_YEAR });
		expect(result.mismatches.slice(0, 10)).toEqual([]);
		const years = 2027 - FIRST_YEAR;
		expect(result.changes).toBeGreaterThanOrEqual(50 * years);
		expect(result.checks).toBeGreaterThan(50_000 * years);
	});

	test.each(HISTORY)("agrees in %s around %s", (zone, date) => {
		const checker = newChecker();
		checkAround(zone, date, checker);
		expect(checker.mismatches.slice(0, 10)).toEqual([]);
		expect(checker.checks).toBeGreaterThan(400);
	});

	test("the oracle sees gaps and overlaps", () => {
		const walked = (shown: readonly string[]): WalkedMinute[] =>
			shown.map((text, instant) => ({ instant, shown: `2026-01-01 ${text}` }));
		const first = (minutes: WalkedMinute[], time: string) =>
			firstShown(minutes, [`2026-01-01 ${time}`]).get(`2026-01-01 ${time}`);
		expect(first(walked(["01:58", "01:59", "03:00", "03:01"]), "02:30")).toBe(2);
		expect(first(walked(["02:58", "02:59", "02:00", "02:58", "02:59", "03:00"]), "02:59")).toBe(1);
		expect(first(walked(["02:58", "02:59", "02:00", "02:58", "02:59", "03:00"]), "03:00")).toBe(5);
	});

	test("knows the zones that Node lists, and their links", () => {
		expect(everyZone().length).toBeGreaterThan(550);
		expect(everyZone()).toEqual(expect.arrayContaining(["Asia/Kolkata", "Asia/Calcutta", "US/Pacific", "UTC"]));
	});

	test("computes a next instant in well under 100 microseconds", () => {
		expect(nextInstantCost("Europe/Berlin")).toBeLessThan(100);
	});
});

const zones = fc.constantFrom(...ODD_ZONES);
const times = fc
	.record({ hour: fc.nat(23), minute: fc.nat(59) })
	.map(({ hour, minute }) => `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`);
const instants = fc.date({ min: new Date("2005-01-01"), max: new Date("2040-01-01"), noInvalidDate: true });
const timetables = fc.record({ zone: zones, localTime: times, weekdays: fc.integer({ min: 1, max: 127 }) });
const DAY = 86_400_000;

describe("properties", () => {
	test("instants never decrease from date to date, and are never before the local time", () => {
		fc.assert(
			fc.property(zones, times, instants, (zone, time, instant) => {
				const date = localDateOf(instant, zone);
				const [here, next] = [instantOf(date, time, zone), instantOf(addDays(date, 1), time, zone)];
				expect(here.getTime()).toBeLessThanOrEqual(next.getTime());
				expect(`${localDateOf(here, zone)} ${localTimeOf(here, zone)}` >= `${date} ${time}`).toBe(true);
			}),
		);
	});

	test("a local date and time is read back, unless it repeats an earlier one", () => {
		fc.assert(
			fc.property(zones, instants, (zone, instant) => {
				const [date, time] = [localDateOf(instant, zone), localTimeOf(instant, zone)];
				const back = instantOf(date, time, zone);
				expect([localDateOf(back, zone), localTimeOf(back, zone)]).toEqual([date, time]);
				expect(back.getTime()).toBeLessThanOrEqual(instant.getTime());
			}),
		);
	});

	test("the next instant is later, at most eight days and a gap away, and nothing is due in between", () => {
		fc.assert(
			fc.property(timetables, instants, (timetable, after) => {
				const next = nextInstant(timetable, after);
				expect(next.getTime()).toBeGreaterThan(after.getTime());
				expect(next.getTime() - after.getTime()).toBeLessThanOrEqual(9 * DAY);
				expect(dueDates(timetable, after, new Date(next.getTime() - 1))).toEqual([]);
				expect(dueDates(timetable, after, next).map(({ dueAt }) => dueAt)).toContainEqual(next);
			}),
		);
	});

	test("what is due equals all dates, filtered", () => {
		fc.assert(
			fc.property(timetables, instants, fc.nat(60 * DAY), fc.nat(70), (timetable, after, span, most) => {
				const until = new Date(after.getTime() + span);
				const start = addDays(after.toISOString().slice(0, 10), -3);
				const all = Array.from({ length: 68 }, (_, days) => addDays(start, days))
					.filter((date) => (timetable.weekdays >> weekdayOf(date)) & 1)
					.map((localDate) => ({ localDate, dueAt: instantOf(localDate, timetable.localTime, timetable.zone) }))
					.filter(({ dueAt }) => dueAt > after && dueAt <= until);
				expect(dueDates(timetable, after, until)).toEqual(all);
				expect(dueDates(timetable, after, until, most)).toEqual(most === 0 ? [] : all.slice(-most));
			}),
		);
	});

	test("weeks and months divide time into consecutive spans", () => {
		fc.assert(
			fc.property(zones, instants, fc.constantFrom(isoWeekStart, monthStart), (zone, instant, startOf) => {
				const start = startOf(instant, zone);
				expect(start.getTime()).toBeLessThanOrEqual(instant.getTime());
				expect(startOf(start, zone)).toEqual(start);
				const before = startOf(new Date(start.getTime() - 1), zone);
				expect(before.getTime()).toBeLessThan(start.getTime());
				expect(start.getTime() - before.getTime()).toBeLessThanOrEqual(32 * DAY);
			}),
		);
	});
});
