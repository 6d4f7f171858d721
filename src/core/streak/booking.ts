/** Moves a stored streak forward: from a row and later occurrences to the next row. Pure. */
import type { Occurrence } from "../model.ts";
import type { LedgerEntry, MemberMarks, StreakRow } from "../ports/streaks.ts";
import { foldStreak, markAll, type StreakEvent, type StreakState } from "./streak.ts";

/** The result of folding a streak forward. */
export interface Advance {
	readonly row: StreakRow;
	/** New lines, oldest first. */
	readonly ledger: readonly LedgerEntry[];
	/** Milestones reached, possibly not for the first time. */
	readonly milestones: readonly number[];
}

export const noMarks = (memberId: number): MemberMarks => ({ memberId, attempted: [], repaired: [], away: [] });

/** A member's row in a schedule before the first attempt. @param firstNumber the question number of that attempt */
export function rowBefore(
	key: Pick<StreakRow, "memberId" | "scheduleId" | "workspaceId">,
	firstNumber: number,
): StreakRow {
	const { memberId, scheduleId, workspaceId } = key;
	const counts = { current: 0, longest: 0, answered: 0, freezes: 0, booked: 0 };
	return { memberId, scheduleId, workspaceId, ...counts, bookedTo: firstNumber - 1, firstNumber, latestNumber: 0 };
}

/**
 * The instant at which to judge windows. A window that is settled or booked as closed stays closed, even after the clock
 * was set back or when an answer received earlier is booked later.
 */
function judgedAt(occurrences: readonly Occurrence[], booked: StreakRow | null, marks: MemberMarks, now: Date): Date {
	const attempted = new Set(marks.attempted);
	const wasBooked = (number: number | null) =>
		booked !== null && number !== null && number >= booked.firstNumber && number <= booked.bookedTo;
	const closed = occurrences.filter(
		({ number, settledAt }) => settledAt !== null || (wasBooked(number) && !attempted.has(number ?? 0)),
	);
	return new Date(Math.max(now.getTime(), ...closed.map((occurrence) => occurrence.closesAt?.getTime() ?? 0)));
}

/** Lines take their instants from the occurrences, not from the clock, so that a rebuilt ledger equals the original. */
function ledgerLines(row: StreakRow, events: readonly StreakEvent[], occurrences: readonly Occurrence[]) {
	const byNumber = new Map(occurrences.map((occurrence) => [occurrence.number, occurrence]));
	return events.flatMap((event): LedgerEntry[] => {
		const occurrence = byNumber.get(event.number);
		if (!occurrence || event.kind === "milestone") return [];
		const at = (event.kind === "freeze-earned" ? occurrence.deliveredAt : occurrence.closesAt) ?? occurrence.dueAt;
		const { memberId, scheduleId, workspaceId } = row;
		const { number, kind, freezes, current } = event;
		return [{ memberId, scheduleId, workspaceId, number, localDate: occurrence.localDate, kind, freezes, current, at }];
	});
}

/**
 * Folds a row forward over the occurrences above its `bookedTo`.
 * @param occurrences the schedule's numbered occurrences; ignores those up to `bookedTo`
 * @param booked a row from an earlier fold of the same history, whose closings must stay closed
 */
export function advance(
	row: StreakRow,
	occurrences: readonly Occurrence[],
	marks: MemberMarks,
	now: Date,
	booked: StreakRow | null = null,
): Advance {
	const state: StreakState = { current: row.booked, longest: row.longest, freezes: row.freezes };
	const later = occurrences.filter((occurrence) => (occurrence.number ?? 0) > row.bookedTo);
	const record = {
		firstNumber: row.firstNumber,
		attempted: new Set(marks.attempted),
		repaired: new Set(marks.repaired),
		away: marks.away,
	};
	const fold = foldStreak(state, row.bookedTo, markAll(later, record, judgedAt(occurrences, booked, marks, now)));
	const { current, longest, freezes } = fold.booked;
	const milestones = fold.events.filter((event) => event.kind === "milestone").map((event) => event.current);
	return {
		row: { ...row, longest, freezes, current: fold.shown, booked: current, bookedTo: fold.bookedTo },
		ledger: ledgerLines(row, fold.events, occurrences),
		milestones: [...new Set(milestones)],
	};
}

/** A row with newly recorded attempts, all above its `bookedTo`. */
export function withAttempts(row: StreakRow, numbers: readonly number[]): StreakRow {
	const latestNumber = Math.max(row.latestNumber, ...numbers);
	return { ...row, answered: row.answered + numbers.length, latestNumber };
}

/**
 * Folds a member's whole history in a schedule.
 * @param occurrences all numbered occurrences since the first attempt
 * @param booked as in `advance`
 * @returns null when there is no attempt
 */
export function replay(
	key: Pick<StreakRow, "memberId" | "scheduleId" | "workspaceId">,
	occurrences: readonly Occurrence[],
	marks: MemberMarks,
	now: Date,
	booked: StreakRow | null = null,
): Advance | null {
	if (marks.attempted.length === 0) return null;
	const start = withAttempts(rowBefore(key, Math.min(...marks.attempted)), marks.attempted);
	return advance(start, occurrences, marks, now, booked);
}
