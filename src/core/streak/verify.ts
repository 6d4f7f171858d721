/** Recomputes streaks from attempts, occurrences, away dates and repairs, and compares them with the stored ones. */

import { groupBy } from "../group.ts";
import type { Occurrence } from "../model.ts";
import type { Pair } from "../ports/audit.ts";
import type { RootStore, Store } from "../ports/store.ts";
import type { LedgerEntry, MemberMarks, StreakRow } from "../ports/streaks.ts";
import { type Advance, advance, noMarks, replay } from "./booking.ts";
import { refold } from "./streaks.ts";

/** Members per batch. */
const BATCH = 500;

/** How many streaks were compared, and how many differ. */
export interface Verification {
	readonly members: number;
	readonly streaks: number;
	readonly wrongStreaks: number;
	readonly wrongLedgers: number;
	readonly wrongStandings: number;
}

export const differencesOf = (found: Verification): number =>
	found.wrongStreaks + found.wrongLedgers + found.wrongStandings;

const keyOf = ({ memberId, scheduleId }: Pick<Pair, "memberId" | "scheduleId">) => `${memberId} ${scheduleId}`;

const rowText = (row: StreakRow | null) => JSON.stringify(row && Object.entries(row).sort());

function ledgerText(lines: readonly LedgerEntry[]): string {
	const texts = lines.map(({ number, kind, localDate, freezes, current, at }) =>
		JSON.stringify([number, kind, localDate, freezes, current, at]),
	);
	return texts.sort().join("\n");
}

/**
 * Compares one member's stored streak in one schedule with the recomputed one.
 * @param advanced the stored row, folded forward to the same instant
 */
function compare(
	kept: StreakRow | null,
	ledger: readonly LedgerEntry[],
	recomputed: Advance | null,
	advanced: Advance | null,
) {
	return {
		row: rowText(advanced?.row ?? kept) === rowText(recomputed?.row ?? null),
		ledger: ledgerText([...ledger, ...(advanced?.ledger ?? [])]) === ledgerText(recomputed?.ledger ?? []),
	};
}

interface Wrong extends Pair {
	readonly row: boolean;
	readonly ledger: boolean;
	readonly attempted: boolean;
}

function compareSchedule(
	pairs: readonly Pair[],
	kept: ReadonlyMap<string, StreakRow>,
	ledger: ReadonlyMap<string, LedgerEntry[]>,
	occurrences: readonly Occurrence[],
	marks: readonly MemberMarks[],
	now: Date,
): Wrong[] {
	const marksOf = new Map(marks.map((entry) => [entry.memberId, entry]));
	return pairs.flatMap((pair) => {
		const own = marksOf.get(pair.memberId) ?? noMarks(pair.memberId);
		const row = kept.get(keyOf(pair)) ?? null;
		const first = Math.min(...own.attempted);
		const from = occurrences.filter((occurrence) => (occurrence.number ?? 0) >= first);
		const recomputed = replay(pair, from, own, now, row);
		const advanced = row && advance(row, occurrences, own, now);
		const same = compare(row, ledger.get(keyOf(pair)) ?? [], recomputed, advanced);
		if (same.row && same.ledger) return [];
		return [{ ...pair, row: !same.row, ledger: !same.ledger, attempted: recomputed !== null }];
	});
}

async function wrongStreaks(store: Store, memberIds: readonly number[], now: Date) {
	const rows = await store.streaks.ofMembers(memberIds);
	const pairs = [...(await store.audit.attemptedPairs(memberIds)), ...rows];
	const storedByKey = new Map(rows.map((row) => [keyOf(row), row]));
	const unique = [...new Map(pairs.map((pair) => [keyOf(pair), pair])).values()];
	const ledger = groupBy(await store.audit.ledgerOf(memberIds), keyOf);
	const wrong: Wrong[] = [];
	for (const [scheduleId, own] of groupBy(unique, (pair) => pair.scheduleId)) {
		const occurrences = await store.streaks.occurrencesAfter(scheduleId, 0);
		const ids = own.map((pair) => pair.memberId);
		const marks = await store.streaks.marks(scheduleId, ids, 0);
		wrong.push(...compareSchedule(own, storedByKey, ledger, occurrences, marks, now));
	}
	return { count: unique.length, wrong };
}

async function repairStreak(store: RootStore, { workspaceId, memberId, scheduleId, attempted }: Wrong, now: Date) {
	await store.transaction(async (transaction) => {
		await transaction.people.lockMember(memberId);
		if (attempted) await refold(transaction, workspaceId, memberId, scheduleId, now);
		else await transaction.audit.deleteStreak(memberId, scheduleId);
	});
}

async function repairStanding(store: RootStore, memberId: number, surplus: boolean): Promise<void> {
	await store.transaction(async (transaction) => {
		await transaction.people.lockMember(memberId);
		await transaction.streaks.refreshStandings([memberId]);
		if (surplus) await transaction.audit.deleteStanding(memberId);
		await transaction.audit.copyToBoards(memberId);
	});
}

/**
 * Recomputes every streak in batches and counts differences. Members may answer meanwhile: a difference counts only if
 * it is still there under the member's lock.
 * @param repair whether to correct differences
 */
export async function verifyStreaks(store: RootStore, now: Date, { repair = false } = {}): Promise<Verification> {
	const found = { members: 0, streaks: 0, wrongStreaks: 0, wrongLedgers: 0, wrongStandings: 0 };
	for (let after = 0; ; ) {
		const ids = await store.audit.membersAfter(after, BATCH);
		const last = ids.at(-1);
		if (last === undefined) break;
		after = last;
		const { count, wrong } = await wrongStreaks(store, ids, now);
		found.members += ids.length;
		found.streaks += count;
		for (const suspect of wrong) {
			const again = await recheckStreak(store, suspect, now);
			if (!again) continue;
			if (again.row) found.wrongStreaks += 1;
			if (again.ledger) found.wrongLedgers += 1;
			if (repair) await repairStreak(store, again, now);
		}
		for (const { memberId, surplus } of await store.audit.wrongStandings(ids)) {
			found.wrongStandings += 1;
			if (repair) await repairStanding(store, memberId, surplus);
		}
	}
	return found;
}

/** Checks a suspect streak again under the member's lock; null when it is right. */
async function recheckStreak(store: RootStore, suspect: Wrong, now: Date): Promise<Wrong | null> {
	return store.transaction(async (transaction) => {
		await transaction.people.lockMember(suspect.memberId);
		const { wrong } = await wrongStreaks(transaction, [suspect.memberId], now);
		return wrong.find((entry) => entry.scheduleId === suspect.scheduleId) ?? null;
	});
}
