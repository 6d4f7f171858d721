/**
 * Decides which stored streaks are still alive at an instant. After a window closes, a settlement updates each streak.
 * Before that, two numbers decide for nearly every row: how far its streak holds, and how far its schedule has closed.
 */
import type { OccurrenceState } from "../model.ts";
import type { StreakRow } from "../ports/streaks.ts";
import { holdsThrough, MAX_FREEZES } from "./streak.ts";

/** The state of a schedule's windows at an instant. */
export interface ScheduleWindows {
	readonly scheduleId: number;
	/** The newest question number; 0: none. */
	readonly newest: number;
	/** The highest number of a delivered question whose window has closed; 0: none. */
	readonly closedTo: number;
	/** Numbered, unsettled occurrences, ascending. */
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

/** Delivered and closed, but not settled: members without an attempt have missed it. */
const isPending = ({ state, isClosed }: UnsettledOccurrence): boolean => isClosed && state === "delivered";

/** Whether a closed window is unsettled, so that stored rows may be wrong. */
export const isBehind = ({ unsettled }: ScheduleWindows): boolean => unsettled.some(isPending);

/** The range of streaks whose stored value is right: all, or only those that survive an unsettled closing. */
export function standingRange(windows: ScheduleWindows): NumberRange {
	const { scheduleId, newest, closedTo, unsettled } = windows;
	const open = unsettled.filter(({ isClosed }) => !isClosed).map(({ number }) => number - 1);
	const from = isBehind(windows) ? closedTo : Math.min(closedTo, ...open);
	return { scheduleId, from, to: newest + MAX_FREEZES };
}

/** Whether a stored row may be too high. */
export function isDoubtful(windows: ScheduleWindows, row: StreakRow): boolean {
	return isBehind(windows) && row.current > 0 && holdsThrough(row.bookedTo, row.freezes) < windows.closedTo;
}

/**
 * Local dates on which an away date may have saved a doubtful streak. Null when something else may have saved it: an
 * open occurrence between the closed ones, or one that nobody can miss.
 */
export function savingDates({ closedTo, unsettled }: ScheduleWindows): readonly string[] | null {
	const below = unsettled.filter(({ number }) => number <= closedTo);
	return below.every(isPending) ? below.map(({ localDate }) => localDate) : null;
}
