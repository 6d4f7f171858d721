/** Memories as a projection: rebuilt from stored answers and reveals, and made for what an older version stored. */
import { groupBy } from "../group.ts";
import type { DatedEntry, MemoryHistory, PastEntry } from "../ports/practice.ts";
import type { RootStore, Store } from "../ports/store.ts";
import { localDateAt, type Memory, rebuildMemory } from "./memory.ts";

/** Members looked at together. */
const BATCH = 100;

/** What was looked at, and how much of it differs. */
export interface MemoryVerification {
	readonly memories: number;
	readonly wrongMemories: number;
}

const memoryText = (memory: Memory | null): string => JSON.stringify(memory && Object.entries(memory).sort());

const differs = (history: MemoryHistory): boolean =>
	memoryText(history.kept) !== memoryText(rebuildMemory(keyOf(history), history.reviews));

const keyOf = ({ workspaceId, memberId, questionId }: MemoryHistory) => ({ workspaceId, memberId, questionId });

/** Brings memories to what their answers and reveals lead to. The members must be held. */
async function rebuild(store: Store, histories: readonly MemoryHistory[]): Promise<void> {
	const rebuilt = histories.map((history) => ({ history, memory: rebuildMemory(keyOf(history), history.reviews) }));
	await store.practice.saveMemories(rebuilt.flatMap(({ memory }) => memory ?? []));
	for (const { history, memory } of rebuilt)
		if (memory === null) await store.practice.dropMemory(history.memberId, history.questionId);
}

/** A member's memories that are wrong, looked at while nobody changes them, and mended if asked for. */
async function heldMember(store: RootStore, memberId: number, mend: boolean): Promise<number> {
	return store.transaction(async (transaction) => {
		await transaction.people.lockMember(memberId);
		const wrong = (await transaction.practice.histories([memberId])).filter(differs);
		if (mend) await rebuild(transaction, wrong);
		return wrong.length;
	});
}

/**
 * Rebuilds every memory, batch by batch, and tells how many of those kept differ. Answers may go on meanwhile: what
 * differs is looked at again under the member's lock before it counts.
 */
export async function verifyMemories(store: RootStore, mend: boolean): Promise<MemoryVerification> {
	const found = { memories: 0, wrongMemories: 0 };
	for (let after = 0; ; ) {
		const ids = await store.audit.membersAfter(after, BATCH);
		const last = ids.at(-1);
		if (last === undefined) return found;
		after = last;
		const histories = await store.practice.histories(ids);
		found.memories += histories.filter(({ kept }) => kept !== null).length;
		const suspects = new Set(histories.filter(differs).map(({ memberId }) => memberId));
		for (const memberId of suspects) found.wrongMemories += await heldMember(store, memberId, mend);
	}
}

/**
 * Dates for the answers and reveals of an older version, and which of them book: the first of a question's local date
 * that has a grade, and a reveal where nothing was answered before it that day. Never after an entry that has its date.
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
 * Makes the memories of one member whose answers an older version stored. Runs inside a transaction; any number of
 * processes may do it at once.
 * @returns how many answers and reveals got their dates; 0 when nothing is left
 */
export async function makeMemories(tx: Store): Promise<number> {
	const found = await tx.practice.undatedMember();
	if (!found) return 0;
	const { memberId, workspaceId } = found;
	await tx.people.lockMember(memberId);
	const { zone } = await tx.practice.dates(workspaceId, memberId);
	const dated = datePast(await tx.practice.pastEntries(memberId), zone);
	await tx.practice.dateEntries(memberId, dated);
	await rebuild(tx, await tx.practice.histories([memberId]));
	return Math.max(1, dated.length);
}
