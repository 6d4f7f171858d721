/**
 * Which stored streaks stand at an instant. A settlement writes down what its closing did to every streak; until it has,
 * nearly all rows can be told by two numbers: how far a streak holds, and how far its schedule has closed.
 */
import type { OccurrenceState } from "../model.ts";
import type { StreakRow } from "../ports/streaks.ts";
import { holdsThrough, MOST_FREEZES } from "./streak.ts";

/** Where the windows of a schedule stand at an instant. */
export interface ScheduleWindows {
	readonly scheduleId: number;
	/** The newest number; 0: none. */
	readonly newest: number;
	/** The highest number that was delivered and has closed; 0: none. */
	readonly closedTo: number;
	/** Numbered occurrences that have not been settled, ascending. */
	readonly unsettled: readonly UnsettledOccurrence[];
}

export interface UnsettledOccurrence {
	readonly number: number;
	readonly localDate: string;
	readonly state: OccurrenceState;
	readonly isClosed: boolean;
}

/** Streaks of a schedule that hold through one of these numbers. */
export interface NumberRange {
	readonly scheduleId: number;
	readonly from: number;
	readonly to: number;
}

/** Closed and delivered, so that it was missed by those who did not attempt it, but not settled yet. */
const isPending = ({ state, isClosed }: UnsettledOccurrence): boolean => isClosed && state === "delivered";

/** Whether a closing waits to be settled, so that stored rows may be wrong. */
export const isBehind = ({ unsettled }: ScheduleWindows): boolean => unsettled.some(isPending);

/**
 * The rows whose stored value is right. While a closing waits these are the streaks that hold through all that has
 * closed; otherwise all rows.
 */
export function standingRange(windows: ScheduleWindows): NumberRange {
	const { scheduleId, newest, closedTo, unsettled } = windows;
	const open = unsettled.filter(({ isClosed }) => !isClosed).map(({ number }) => number - 1);
	const from = isBehind(windows) ? closedTo : Math.min(closedTo, ...open);
	return { scheduleId, from, to: newest + MOST_FREEZES };
}

/** Whether a stored row may say more than is so. */
export function isDoubtful(windows: ScheduleWindows, row: StreakRow): boolean {
	return isBehind(windows) && row.current > 0 && holdsThrough(row.bookedTo, row.freezes) < windows.closedTo;
}

/**
 * Local dates on which being away may have saved a doubtful streak. Null when more may have: an occurrence that nobody
 * can miss, or that is still open, lies between those that closed.
 */
export function savingDates({ closedTo, unsettled }: ScheduleWindows): readonly string[] | null {
	const below = unsettled.filter(({ number }) => number <= closedTo);
	return below.every(isPending) ? below.map(({ localDate }) => localDate) : null;
}
