/** How a stored streak moves on: pure functions from a row and what has happened since to the row after it. */
import type { Occurrence } from "../model.ts";
import type { LedgerEntry, MemberMarks, StreakRow } from "../ports/streaks.ts";
import { foldStreak, markAll, type StreakEvent, type StreakState } from "./streak.ts";

/** What folding a streak on brought. */
export interface Advance {
	readonly row: StreakRow;
	/** New lines, oldest first. */
	readonly ledger: readonly LedgerEntry[];
	/** Milestone values that were passed, some perhaps not for the first time. */
	readonly milestones: readonly number[];
}

export const noMarks = (memberId: number): MemberMarks => ({ memberId, attempted: [], repaired: [], away: [] });

/** The row of a member in a schedule before the first attempt, whose number is given. */
export function rowBefore(
	whose: Pick<StreakRow, "memberId" | "scheduleId" | "workspaceId">,
	firstNumber: number,
): StreakRow {
	const { memberId, scheduleId, workspaceId } = whose;
	const counts = { current: 0, longest: 0, answered: 0, freezes: 0, booked: 0 };
	return { memberId, scheduleId, workspaceId, ...counts, bookedTo: firstNumber - 1, firstNumber, latestNumber: 0 };
}

/**
 * The instant at which to judge windows. What has been settled, or was booked as closed before, stays closed: also for
 * an answer that was received before and comes to be booked after, and for a clock that went back.
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

/** Instants of lines come from the occurrences, not from the time of folding: a rebuilt ledger equals the first one. */
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
 * Folds a row on by what has been answered or closed above its `bookedTo`.
 * @param occurrences the schedule's numbered ones; those up to `bookedTo` are passed over
 * @param booked a row that an earlier fold of the same history brought
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

/** A row with attempts that have just been recorded; their occurrences lie above its `bookedTo`. */
export function withAttempts(row: StreakRow, numbers: readonly number[]): StreakRow {
	const latestNumber = Math.max(row.latestNumber, ...numbers);
	return { ...row, answered: row.answered + numbers.length, latestNumber };
}

/**
 * Folds a member's whole history in a schedule.
 * @param occurrences all numbered ones from the first attempt on
 * @param booked as in `advance`
 * @returns null without an attempt
 */
export function replay(
	whose: Pick<StreakRow, "memberId" | "scheduleId" | "workspaceId">,
	occurrences: readonly Occurrence[],
	marks: MemberMarks,
	now: Date,
	booked: StreakRow | null = null,
): Advance | null {
	if (marks.attempted.length === 0) return null;
	const start = withAttempts(rowBefore(whose, Math.min(...marks.attempted)), marks.attempted);
	return advance(start, occurrences, marks, now, booked);
}
