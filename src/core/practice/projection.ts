/** Rebuilds memories from stored answers and reveals, and creates those that an older version did not keep. */
import { groupBy } from "../group.ts";
import type { Items } from "../ports/cleanup.ts";
import type { DatedEntry, MemoryHistory, PastEntry } from "../ports/practice.ts";
import type { RootStore, Store } from "../ports/store.ts";
import { localDateAt, type Memory, rebuildMemory } from "./memory.ts";

/** Members per query. */
const BATCH = 100;

/** How many memories were checked, and how many of them were wrong. */
export interface MemoryVerification {
	readonly memories: number;
	readonly wrongMemories: number;
}

const memoryText = (memory: Memory | null): string => JSON.stringify(memory && Object.entries(memory).sort());

const differs = (history: MemoryHistory): boolean =>
	memoryText(history.kept) !== memoryText(rebuildMemory(keyOf(history), history.reviews));

const keyOf = ({ workspaceId, memberId, questionId }: MemoryHistory) => ({ workspaceId, memberId, questionId });

/** Replaces memories with rebuilt ones. The caller must hold the members' locks. */
async function rebuild(store: Store, histories: readonly MemoryHistory[]): Promise<void> {
	const rebuilt = histories.map((history) => ({ history, memory: rebuildMemory(keyOf(history), history.reviews) }));
	await store.practice.saveMemories(rebuilt.flatMap(({ memory }) => memory ?? []));
	for (const { history, memory } of rebuilt)
		if (memory === null) await store.practice.dropMemory(history.memberId, history.questionId);
}

/** Counts a member's wrong memories under the member's lock, and repairs them if `repair` is set. */
async function recheckMember(store: RootStore, memberId: number, repair: boolean): Promise<number> {
	return store.transaction(async (transaction) => {
		await transaction.people.lockMember(memberId);
		const wrong = (await transaction.practice.histories([memberId])).filter(differs);
		if (repair) await rebuild(transaction, wrong);
		return wrong.length;
	});
}

/**
 * Rebuilds every memory, batch by batch, and counts the stored ones that differ. Members may answer meanwhile: a
 * difference counts only if it is still there under the member's lock.
 */
export async function verifyMemories(store: RootStore, { repair = false } = {}): Promise<MemoryVerification> {
	const found = { memories: 0, wrongMemories: 0 };
	for (let after = 0; ; ) {
		const ids = await store.audit.membersAfter(after, BATCH);
		const last = ids.at(-1);
		if (last === undefined) return found;
		after = last;
		const histories = await store.practice.histories(ids);
		found.memories += histories.filter(({ kept }) => kept !== null).length;
		const suspects = new Set(histories.filter(differs).map(({ memberId }) => memberId));
		for (const memberId of suspects) found.wrongMemories += await recheckMember(store, memberId, repair);
	}
}

/**
 * Dates for the answers and reveals that an older version stored, and which of them book: the first graded answer of a
 * question's local date, or a reveal that comes first that day. No new date is later than the earliest existing one.
 */
export function datePast(entries: readonly PastEntry[], zone: string | null): DatedEntry[] {
	const known = entries.flatMap(({ localDate }) => localDate ?? []).sort();
	const [earliest] = known;
	let latest: string | null = null;
	const dated = entries.flatMap((entry) => {
		if (entry.localDate !== null) return [];
		const own = localDateAt(entry.at, zone, latest);
		latest = earliest !== undefined && own > earliest ? earliest : own;
		return [{ ...entry, localDate: latest }];
	});
	return [...groupBy(dated, ({ questionId, localDate }) => `${questionId} ${localDate}`).values()].flatMap((day) => {
		const first = day.findIndex(({ kind, grade }, index) => grade !== null || (kind === "reveal" && index === 0));
		return day.map(({ kind, id, localDate }, index) => ({ kind, id, localDate, books: index === first }));
	});
}

/**
 * Creates the memories of one member whose answers an older version stored. Runs inside a transaction, and in any number
 * of processes at once.
 * @returns how many answers and reveals got dates; 0 when there is no such member
 */
export async function makeMemories(tx: Store, items?: Items): Promise<number> {
	const found = await tx.practice.undatedMember(items?.failed);
	if (!found) return 0;
	const { memberId, workspaceId } = found;
	items?.begin(memberId);
	await tx.people.lockMember(memberId);
	const { zone } = await tx.practice.dates(workspaceId, memberId);
	const dated = datePast(await tx.practice.pastEntries(memberId), zone);
	await tx.practice.dateEntries(memberId, dated);
	await rebuild(tx, await tx.practice.histories([memberId]));
	return Math.max(1, dated.length);
}
