import {
	addDays,
	dueDates,
	instantOf,
	type LocalDate,
	localDateOf,
	localTimeOf,
	nextInstant,
	nextInstants,
} from "../../src/core/calendar/calendar.ts";
import { EVERY_DAY } from "../../src/core/calendar/weekdays.ts";
import { ZONE_NAMES } from "../../src/core/calendar/zone-names.ts";
import { changeDates, DAY, firstShown, HOUR, midnight, walk, wantedTimes } from "./calendar-oracle.ts";

/** A prime, so that samples fall on every minute of the hour. */
const SAMPLE_INTERVAL = 37;

/** The first and last local dates, inclusive, and how many days without a change to try in each zone. */
export interface SweepRange {
	readonly from: LocalDate;
	readonly until: LocalDate;
	readonly quietDays: number;
}

export interface SweepResult {
	readonly zones: number;
	readonly changes: number;
	readonly zoneDays: number;
	readonly checks: number;
	readonly mismatches: readonly string[];
}

/** Every zone name that this Node accepts: the listed ones, their links, and the fixed ones. */
export function everyZone(): string[] {
	const fixed = Array.from({ length: 27 }, (_, index) => `Etc/GMT${index > 14 ? "+" : "-"}${Math.abs(index - 14)}`);
	const named = ZONE_NAMES.flatMap(({ zone, links }) => [zone, ...links.split(" ").filter((name) => name !== "")]);
	return [...new Set([...Intl.supportedValuesOf("timeZone"), ...named, ...fixed])].sort();
}

function quietDates(range: SweepRange, offset: number): LocalDate[] {
	const days = (midnight(range.until) - midnight(range.from)) / DAY;
	return Array.from({ length: range.quietDays }, (_, index) =>
		addDays(range.from, (offset * SAMPLE_INTERVAL + Math.floor((index * days) / range.quietDays)) % days),
	);
}

class Checker {
	checks = 0;
	readonly mismatches: string[] = [];

	same(what: string, got: string, wanted: string): void {
		this.checks += 1;
		if (got !== wanted) this.mismatches.push(`${what}: got ${got}, the oracle says ${wanted}`);
	}
}

const text = (instants: readonly number[]): string =>
	instants.map((instant) => new Date(instant).toISOString()).join(" ");

function checkTimetable(zone: string, dates: readonly LocalDate[], time: string, instants: number[], checker: Checker) {
	const timetable = { zone, localTime: time, weekdays: EVERY_DAY };
	const [first = 0, , last = 0] = instants;
	const distinct = [...new Set(instants)];
	const what = `${zone} ${dates[0]} ${time}`;
	const next = nextInstants(timetable, new Date(first - 1), distinct.length);
	checker.same(`${what} nextInstants`, text(next.map(Number)), text(distinct));
	for (const instant of distinct) {
		const just = nextInstant(timetable, new Date(instant - 1));
		checker.same(`${what} nextInstant`, text([just.getTime()]), text([instant]));
	}
	const due = dueDates(timetable, new Date(first - 1), new Date(last));
	checker.same(`${what} dueDates`, text(due.map(({ dueAt }) => dueAt.getTime())), text(instants));
	checker.same(`${what} localDates`, due.map(({ localDate }) => localDate).join(" "), dates.join(" "));
}

/** Checks one local date with the days before and after it. The checker counts. */
export function checkAround(zone: string, date: LocalDate, checker: Checker): void {
	const minutes = walk(zone, date);
	const shownTimes = wantedTimes(minutes, date);
	const oracle = firstShown(minutes, shownTimes);
	for (const shown of shownTimes) {
		const [day = "", time = ""] = shown.split(" ");
		const instant = instantOf(day, time, zone).getTime();
		checker.same(`${zone} ${shown} instantOf`, text([instant]), text([oracle.get(shown) ?? 0]));
	}
	for (let index = 0; index < minutes.length; index += SAMPLE_INTERVAL) {
		const { instant, shown } = minutes[index] ?? { instant: 0, shown: "" };
		const at = new Date(instant);
		checker.same(`${zone} ${at.toISOString()} local`, `${localDateOf(at, zone)} ${localTimeOf(at, zone)}`, shown);
	}
	const dates = [-1, 0, 1].map((days) => addDays(date, days));
	const times = new Set(shownTimes.map((shown) => shown.slice(11)).filter((_, index) => index % 5 === 0));
	for (const time of times) {
		const instants = dates.map((day) => oracle.get(`${day} ${time}`));
		const walked = instants.filter((instant) => instant !== undefined);
		if (walked.length === dates.length) checkTimetable(zone, dates, time, walked, checker);
	}
}

export function newChecker(): Checker {
	return new Checker();
}

/** Checks the zones around each of their changes, and on some days without one. */
export function sweep(zones: readonly string[], range: SweepRange): SweepResult {
	const checker = new Checker();
	let changes = 0;
	let zoneDays = 0;
	zones.forEach((zone, index) => {
		const changing = changeDates(zone, range.from, range.until);
		changes += changing.length;
		for (const date of [...changing, ...quietDates(range, index)]) {
			checkAround(zone, date, checker);
			zoneDays += 3;
		}
	});
	return { zones: zones.length, changes, zoneDays, checks: checker.checks, mismatches: checker.mismatches };
}

/** The CPU time of one `nextInstant`, in microseconds, over an hourly walk through a year with its two changes. */
export function nextInstantCost(zone: string): number {
	const timetable = { zone, localTime: "09:00", weekdays: 0b0011111 };
	const start = Date.UTC(2026, 0, 1);
	const walkYear = (): void => {
		for (let hour = 0; hour < 8760; hour += 1) nextInstant(timetable, new Date(start + hour * HOUR));
	};
	walkYear();
	const before = process.cpuUsage();
	walkYear();
	return process.cpuUsage(before).user / 8760;
}
