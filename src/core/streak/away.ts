import type { AwayDate } from "./streak.ts";

/** So many dates of a calendar year can excuse a miss. */
export const AWAY_A_YEAR = 30;

/** Away dates that count, withdrawn ones left out, ascending. */
export function standingAwayDates(away: readonly AwayDate[]): string[] {
	return [...new Set(away.filter((entry) => entry.withdrawnAt === null).map((entry) => entry.date))].sort();
}

/** Dates that are over, so that they can excuse nothing any more. @param today the earliest local date that matters */
export const pastDates = (dates: readonly string[], today: string): string[] => dates.filter((date) => date < today);

/**
 * The years that new dates would overfill, with how many dates they would hold.
 * Dates withdrawn after they had begun still count: they may have excused a miss.
 */
export function overfullYears(away: readonly AwayDate[], added: readonly string[]): { year: string; dates: number }[] {
	const spent = away.filter(
		(entry) => entry.withdrawnAt === null || entry.withdrawnAt.toISOString().slice(0, 10) >= entry.date,
	);
	const all = new Set([...spent.map((entry) => entry.date), ...added]);
	const years = new Map<string, number>();
	for (const date of all) years.set(date.slice(0, 4), (years.get(date.slice(0, 4)) ?? 0) + 1);
	return [...years].flatMap(([year, dates]) => (dates > AWAY_A_YEAR ? [{ year, dates }] : []));
}
