import type { AwayDate } from "./streak.ts";

/** The limit of away dates per calendar year. */
export const AWAY_A_YEAR = 30;

/** Away dates that were not withdrawn, ascending. */
export function standingAwayDates(away: readonly AwayDate[]): string[] {
	return [...new Set(away.filter((entry) => entry.withdrawnAt === null).map((entry) => entry.date))].sort();
}

/** Dates in the past, which cannot excuse a miss. @param today the earliest local date of all schedules */
export const pastDates = (dates: readonly string[], today: string): string[] => dates.filter((date) => date < today);

/**
 * The years that would exceed the limit with the added dates, and how many dates each would have.
 * A date withdrawn after it began (in UTC) still counts: it may have excused a miss.
 */
export function overfullYears(away: readonly AwayDate[], added: readonly string[]): { year: string; dates: number }[] {
	const counting = away.filter(
		(entry) => entry.withdrawnAt === null || entry.withdrawnAt.toISOString().slice(0, 10) >= entry.date,
	);
	const all = new Set([...counting.map((entry) => entry.date), ...added]);
	const years = new Map<string, number>();
	for (const date of all) years.set(date.slice(0, 4), (years.get(date.slice(0, 4)) ?? 0) + 1);
	return [...years].flatMap(([year, dates]) => (dates > AWAY_A_YEAR ? [{ year, dates }] : []));
}
