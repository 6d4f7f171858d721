import { allDone } from "../all-done.ts";
import { groupBy } from "../group.ts";
import type { Occurrence } from "../model.ts";
import type { StreakInput } from "../ports/answers.ts";
import type { Reads } from "../ports/reads.ts";
import type { Store } from "../ports/store.ts";
import type { LedgerEntry, StreakRow } from "../ports/streaks.ts";
import type { Transaction } from "../service/services.ts";
import { type Advance, advance, noMarks, replay, rowBefore, withAttempts } from "./booking.ts";

/** Members per settlement transaction. Small, so that an answer never waits long for a lock. */
export const SETTLE_BATCH = 250;

/** A streak after a change. */
export interface Booked {
	readonly row: StreakRow;
	/** Milestones reached for the first time. */
	readonly milestones: readonly number[];
}

interface StoreOptions {
	/** Whether the ledger was rebuilt, and replaces the stored one. */
	readonly isRebuilt: boolean;
	/** Takes the writes that need not be waited for; null to wait for all. */
	readonly withCommit: Transaction["withCommit"] | null;
}

/** Stores an advance. Runs inside a transaction that locks the member. */
async function storeAdvance(
	{ streaks }: Store,
	{ row, ledger, milestones }: Advance,
	now: Date,
	{ isRebuilt, withCommit }: StoreOptions,
): Promise<Booked> {
	const { workspaceId, memberId, scheduleId } = row;
	const stored = allDone(
		streaks.save([row]),
		isRebuilt ? streaks.clearLedger(memberId, scheduleId) : null,
		streaks.addLedger(ledger),
	);
	withCommit?.(stored);
	const reached = streaks.addMilestones(workspaceId, memberId, scheduleId, milestones, now);
	if (withCommit) return { row, milestones: await reached };
	const [, newlyReached] = await allDone(stored, reached);
	return { row, milestones: newlyReached };
}

/**
 * Folds a member's whole history in a schedule again: after a repair, after an answer to an occurrence that is already
 * booked, or to correct a row. Runs inside a transaction that locks the member.
 * @returns null when the member has no attempt there
 */
export async function refold(
	store: Store,
	workspaceId: number,
	memberId: number,
	scheduleId: number,
	now: Date,
	withCommit: Transaction["withCommit"] | null = null,
): Promise<Booked | null> {
	const before = await store.streaks.get(memberId, scheduleId);
	const [marks = noMarks(memberId)] = await store.streaks.marks(scheduleId, [memberId], 0);
	if (marks.attempted.length === 0) return null;
	const occurrences = await store.streaks.occurrencesAfter(scheduleId, Math.min(...marks.attempted) - 1);
	const key = { memberId, scheduleId, workspaceId };
	const rebuilt = replay(key, occurrences, marks, now, before);
	return rebuilt && storeAdvance(store, rebuilt, now, { isRebuilt: true, withCommit });
}

/** The input for a schedule in which the member has no attempt yet. */
function newStreak(memberId: number, attempted: readonly Occurrence[]): StreakInput | null {
	const [first] = attempted.toSorted((a, b) => (a.number ?? 0) - (b.number ?? 0));
	if (!first || first.number === null) return null;
	const { scheduleId, workspaceId } = first;
	const row = rowBefore({ memberId, scheduleId, workspaceId }, first.number);
	return { row, occurrences: attempted, marks: noMarks(memberId) };
}

/**
 * Books newly recorded attempts in one schedule. Touches only a few rows, however long the history.
 * Runs inside a transaction that locks the member.
 * @param input the member's streak before these attempts; null before the first
 */
export async function bookAttempts(
	{ store, withCommit }: Transaction,
	memberId: number,
	attempted: readonly Occurrence[],
	input: StreakInput | null,
	now: Date,
): Promise<Booked | null> {
	const from = input ?? newStreak(memberId, attempted);
	if (!from) return null;
	const { row, occurrences, marks } = from;
	const numbers = attempted.flatMap((occurrence) => occurrence.number ?? []);
	if (numbers.some((number) => number <= row.bookedTo))
		return refold(store, row.workspaceId, memberId, row.scheduleId, now, withCommit);
	const all = { ...marks, attempted: [...marks.attempted, ...numbers] };
	const advanced = advance(withAttempts(row, numbers), occurrences, all, now);
	return storeAdvance(store, advanced, now, { isRebuilt: false, withCommit });
}

/** A streak at an instant, with the ledger lines that its next booking will add. */
export interface Evaluated {
	readonly row: StreakRow;
	readonly ledger: readonly LedgerEntry[];
}

/** Folds streaks of one schedule forward over occurrences that they have not booked. */
async function advanceAll(
	store: Reads,
	scheduleId: number,
	rows: readonly StreakRow[],
	now: Date,
): Promise<readonly Advance[]> {
	if (rows.length === 0) return [];
	const from = Math.min(...rows.map((row) => row.bookedTo));
	const [occurrences, found] = await Promise.all([
		store.streaks.occurrencesAfter(scheduleId, from),
		store.streaks.marks(
			scheduleId,
			rows.map((row) => row.memberId),
			from,
		),
	]);
	const marks = new Map(found.map((entry) => [entry.memberId, entry]));
	return rows.map((row) => advance(row, occurrences, marks.get(row.memberId) ?? noMarks(row.memberId), now));
}

/**
 * Streaks at an instant, settled or not: a lost streak never shows as alive.
 * @returns them in the order of `rows`
 */
export async function evaluateStreaks(store: Reads, rows: readonly StreakRow[], now: Date): Promise<Evaluated[]> {
	const key = ({ memberId, scheduleId }: StreakRow) => `${memberId} ${scheduleId}`;
	const bySchedule = [...groupBy(rows, (row) => row.scheduleId)];
	const advances = await Promise.all(bySchedule.map(([scheduleId, own]) => advanceAll(store, scheduleId, own, now)));
	const evaluated = new Map(advances.flat().map((entry) => [key(entry.row), entry]));
	return rows.flatMap((row) => evaluated.get(key(row)) ?? []);
}

/** A milestone that a member reached through a settlement. The bot congratulates on it. */
export interface SettledMilestone {
	readonly workspaceId: number;
	readonly memberId: number;
	readonly scheduleId: number;
	readonly value: number;
}

/**
 * Settles one batch of members after an occurrence closes: misses, freezes, away dates, repairs. Continues where the
 * last batch stopped, so a killed settlement loses nothing. Runs inside a transaction.
 */
export async function settleBatch(
	store: Store,
	occurrence: Occurrence,
	now: Date,
): Promise<{ done: boolean; milestones: SettledMilestone[] }> {
	const { id, workspaceId, scheduleId } = occurrence;
	const after = occurrence.settledThrough ?? 0;
	const locked = await store.streaks.holdLiving(scheduleId, after, SETTLE_BATCH, occurrence.number ?? 0);
	const folded = await advanceAll(store, scheduleId, locked.rows, now);
	await store.streaks.save(folded.map((entry) => entry.row));
	await store.streaks.addLedger(folded.flatMap((entry) => entry.ledger));
	const milestones: SettledMilestone[] = [];
	for (const { row, milestones: values } of folded) {
		const { memberId } = row;
		for (const value of await store.streaks.addMilestones(workspaceId, memberId, scheduleId, values, now))
			milestones.push({ workspaceId, memberId, scheduleId, value });
	}
	await store.occurrences.change(id, locked.last ? { settledAt: now } : { settledThrough: locked.through });
	return { done: locked.last, milestones };
}
