import type { Occurrence } from "../model.ts";
import type { LedgerEntry, MemberMarks, Store, StreakRow } from "../ports.ts";
import {
	type Fold,
	foldStreak,
	type MemberRecord,
	markAll,
	NO_STREAK,
	type StreakEvent,
	type StreakState,
} from "../streak.ts";

/** Most members settled in one transaction, so that an answer never waits long for a row. */
export const SETTLE_BATCH = 1000;

function recordOf(marks: MemberMarks, firstNumber: number): MemberRecord {
	return { firstNumber, attempted: new Set(marks.attempted), repaired: new Set(marks.repaired), away: marks.away };
}

function foldRow(row: StreakRow, occurrences: readonly Occurrence[], marks: MemberMarks, now: Date): Fold {
	const state: StreakState = { current: row.booked, longest: row.longest, freezes: row.freezes };
	const later = occurrences.filter((occurrence) => (occurrence.number ?? 0) > row.bookedTo);
	return foldStreak(state, row.bookedTo, markAll(later, recordOf(marks, row.firstNumber), now));
}

function rowAfter(row: StreakRow, fold: Fold): StreakRow {
	return {
		...row,
		current: fold.shown,
		longest: fold.booked.longest,
		freezes: fold.booked.freezes,
		booked: fold.booked.current,
		bookedTo: fold.bookedTo,
	};
}

/**
 * The ledger's lines of a fold. Their instants come from the occurrences, not from the time of folding,
 * so that a rebuilt ledger equals the first one.
 */
function ledgerLines(
	row: StreakRow,
	events: readonly StreakEvent[],
	occurrences: readonly Occurrence[],
): LedgerEntry[] {
	const byNumber = new Map(occurrences.map((occurrence) => [occurrence.number, occurrence]));
	return events.flatMap((event) => {
		const occurrence = byNumber.get(event.number);
		if (!occurrence || event.kind === "milestone") return [];
		const at = (event.kind === "freeze-earned" ? occurrence.deliveredAt : occurrence.closesAt) ?? occurrence.dueAt;
		const { memberId, scheduleId, workspaceId } = row;
		const { number, kind, freezes, current } = event;
		return [{ memberId, scheduleId, workspaceId, number, localDate: occurrence.localDate, kind, freezes, current, at }];
	});
}

/** Milestones of a fold that the member had not reached before. */
async function bookMilestones(
	store: Store,
	row: StreakRow,
	events: readonly StreakEvent[],
	now: Date,
): Promise<number[]> {
	const values = events.filter((event) => event.kind === "milestone").map((event) => event.current);
	return store.streaks.addMilestones(row.workspaceId, row.memberId, row.scheduleId, [...new Set(values)], now);
}

const emptyMarks = (memberId: number): MemberMarks => ({ memberId, attempted: [], repaired: [], away: [] });

/** What a change of a streak brought. */
export interface Booked {
	readonly row: StreakRow;
	readonly milestones: readonly number[];
}

/**
 * Folds a member's whole history in a schedule again: after a repair, after an answer that came behind a
 * settlement, or to mend. Runs inside a transaction.
 * @returns null when the member has no attempt there
 */
export async function refold(
	store: Store,
	workspaceId: number,
	memberId: number,
	scheduleId: number,
	now: Date,
): Promise<Booked | null> {
	await store.streaks.lock(memberId, scheduleId);
	const [marks = emptyMarks(memberId)] = await store.streaks.marks(scheduleId, [memberId], 0);
	if (marks.attempted.length === 0) return null;
	const firstNumber = Math.min(...marks.attempted);
	const occurrences = await store.streaks.occurrencesAfter(scheduleId, firstNumber - 1);
	const start: StreakRow = {
		memberId,
		scheduleId,
		workspaceId,
		firstNumber,
		answered: marks.attempted.length,
		current: 0,
		longest: NO_STREAK.longest,
		freezes: NO_STREAK.freezes,
		booked: NO_STREAK.current,
		bookedTo: firstNumber - 1,
	};
	const fold = foldRow(start, occurrences, marks, now);
	const row = rowAfter(start, fold);
	await store.streaks.save([row]);
	await store.streaks.clearLedger(memberId, scheduleId);
	await store.streaks.addLedger(ledgerLines(row, fold.events, occurrences));
	const milestones = await bookMilestones(store, row, fold.events, now);
	await store.streaks.refreshStandings([memberId]);
	return { row, milestones };
}

/** Books an attempt that has just been recorded; a few rows, however long the history. Runs inside a transaction. */
export async function bookAttempt(
	store: Store,
	memberId: number,
	occurrence: Occurrence,
	now: Date,
): Promise<Booked | null> {
	const { workspaceId, scheduleId } = occurrence;
	const before = await store.streaks.lock(memberId, scheduleId);
	const isBehind = before === null || occurrence.number === null || occurrence.number <= before.bookedTo;
	if (isBehind) return refold(store, workspaceId, memberId, scheduleId, now);
	const occurrences = await store.streaks.occurrencesAfter(scheduleId, before.bookedTo);
	const [marks = emptyMarks(memberId)] = await store.streaks.marks(scheduleId, [memberId], before.bookedTo);
	const fold = foldRow(before, occurrences, marks, now);
	const row = { ...rowAfter(before, fold), answered: before.answered + 1 };
	await store.streaks.save([row]);
	await store.streaks.addLedger(ledgerLines(row, fold.events, occurrences));
	const milestones = await bookMilestones(store, row, fold.events, now);
	await store.streaks.refreshStandings([memberId]);
	return { row, milestones };
}

/** A streak as it stands at an instant, whatever has been settled: a dead one never shows as alive. */
export async function evaluateStreak(store: Store, row: StreakRow, now: Date): Promise<StreakRow> {
	const occurrences = await store.streaks.occurrencesAfter(row.scheduleId, row.bookedTo);
	const [marks = emptyMarks(row.memberId)] = await store.streaks.marks(row.scheduleId, [row.memberId], row.bookedTo);
	return rowAfter(row, foldRow(row, occurrences, marks, now));
}

/** Milestones that a settlement brought, for congratulation. */
export interface SettledMilestone {
	readonly workspaceId: number;
	readonly memberId: number;
	readonly scheduleId: number;
	readonly value: number;
}

/**
 * Settles one batch of members after an occurrence has closed: misses, freezes, away dates, repairs.
 * Goes on where the last batch stopped, so a killed settlement loses nothing. Runs inside a transaction.
 */
export async function settleBatch(
	store: Store,
	occurrence: Occurrence,
	now: Date,
): Promise<{ done: boolean; milestones: SettledMilestone[] }> {
	const { scheduleId } = occurrence;
	const rows = await store.streaks.lockForSettling(scheduleId, occurrence.settledThrough ?? 0, SETTLE_BATCH);
	const behind = rows.filter((row) => row.bookedTo < (occurrence.number ?? 0));
	const from = Math.min(...behind.map((row) => row.bookedTo), occurrence.number ?? 0);
	const occurrences = await store.streaks.occurrencesAfter(scheduleId, from);
	const marks = await store.streaks.marks(
		scheduleId,
		behind.map((row) => row.memberId),
		from,
	);
	const marksOf = new Map(marks.map((entry) => [entry.memberId, entry]));
	const folded = behind.map((row) => {
		const fold = foldRow(row, occurrences, marksOf.get(row.memberId) ?? emptyMarks(row.memberId), now);
		return { row: rowAfter(row, fold), fold };
	});
	await store.streaks.save(folded.map((entry) => entry.row));
	await store.streaks.addLedger(folded.flatMap((entry) => ledgerLines(entry.row, entry.fold.events, occurrences)));
	const milestones: SettledMilestone[] = [];
	for (const { row, fold } of folded)
		for (const value of await bookMilestones(store, row, fold.events, now))
			milestones.push({ workspaceId: row.workspaceId, memberId: row.memberId, scheduleId, value });
	await store.streaks.refreshStandings(behind.map((row) => row.memberId));
	const done = rows.length < SETTLE_BATCH;
	const settledThrough = rows.at(-1)?.memberId ?? occurrence.settledThrough;
	await store.occurrences.change(occurrence.id, done ? { settledAt: now } : { settledThrough });
	return { done, milestones };
}
