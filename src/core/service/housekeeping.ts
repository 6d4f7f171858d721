import { DAY } from "../durations.ts";
import { isOutage } from "../errors.ts";
import type { Items } from "../ports/cleanup.ts";
import { makeMemories } from "../practice/projection.ts";
import { closeOutdated } from "../question/reports.ts";
import type { Services } from "./services.ts";

/** Days to keep a removed installation's data. */
const KEEP_REMOVED_DAYS = 30;
/** Days to keep an interaction's key: longer than any platform redelivers it, and longer than KEEP_OWED_DAYS. */
const KEEP_HANDLED_DAYS = 3;
/** Days for which a returning member still reads how their last command ended. */
const KEEP_OWED_DAYS = 2;
/** Days to confirm an import. */
const KEEP_IMPORTS_DAYS = 1;
/** Days to keep finished deliveries, for operators who investigate a fault. */
const KEEP_DELIVERIES_DAYS = 60;
/** The most rows that one step deletes. */
export const STEP_ROWS = 500;

/** One kind of background work, such as deleting expired rows. Any number of processes may run it at once. */
export interface Chore {
	readonly name: string;
	/** Runs one short transaction. @returns how many rows it handled; 0 when nothing is left to do */
	step(now: Date): Promise<number>;
}

const daysBefore = (now: Date, days: number) => new Date(now.getTime() - days * DAY);

/**
 * Begins the deletion of a workspace that was removed long ago. Checks again under the workspace's lock: a workspace
 * that has been used since then is restored instead.
 */
async function beginDeletion(tx: Services, now: Date, items: Items): Promise<number> {
	const { cleanup, people } = tx.store;
	const before = daysBefore(now, KEEP_REMOVED_DAYS);
	const id = await cleanup.removedWorkspace(before, items.failed);
	if (id !== null) items.begin(id);
	const locked = id === null ? null : await people.lockWorkspace(id);
	if (!locked?.workspace.removedAt || locked.workspace.removedAt >= before) return 0;
	const wasUsed = locked.usedAt !== null && locked.usedAt > locked.workspace.removedAt;
	if (wasUsed) await people.restoreWorkspace(locked.workspace.id);
	else await cleanup.beginDeletion(locked.workspace.id, now);
	return 1;
}

/** If more fail, the cause is not the individual item: the chore ends, and is retried later. */
const MAX_FAILED = 50;

/**
 * A chore with many items, such as workspaces: one that fails stops no other, and is reported after all others are done.
 * A step may handle several: the one begun last has failed, and the others are handled again.
 */
function itemChore(
	services: Services,
	name: string,
	step: (tx: Services, now: Date, items: Items) => Promise<number>,
): Chore {
	let failed: number[] = [];
	let errors: unknown[] = [];
	return {
		name,
		async step(now) {
			const chosen: number[] = [];
			const items = { failed, begin: (id: number) => void chosen.push(id) };
			try {
				const rows = await services.transaction((tx) => step(tx, now, items));
				if (rows > 0 || errors.length === 0) return rows;
			} catch (error) {
				const item = chosen.at(-1);
				if (item === undefined || isOutage(error)) throw error;
				failed.push(item);
				errors.push(error);
				if (failed.length < MAX_FAILED) return 1;
			}
			const [error] = errors;
			[failed, errors] = [[], []];
			throw error;
		},
	};
}

/** All background work, in bounded steps. It may stop after any step and continues later. */
export function chores(services: Services): readonly Chore[] {
	const chore = (name: string, step: (tx: Services, now: Date) => Promise<number>): Chore => ({
		name,
		step: (now) => services.transaction((tx) => step(tx, now)),
	});
	return [
		itemChore(services, "reports on older revisions", closeOutdated),
		chore("imports that nobody confirmed", ({ store: { own } }, now) =>
			own.forgetImports(daysBefore(now, KEEP_IMPORTS_DAYS), STEP_ROWS),
		),
		chore("owed replies", ({ store: { interactions } }, now) =>
			interactions.forgetOwedBefore(daysBefore(now, KEEP_OWED_DAYS), STEP_ROWS),
		),
		chore("handled interactions", ({ store: { interactions } }, now) =>
			interactions.forgetHandledBefore(daysBefore(now, KEEP_HANDLED_DAYS), STEP_ROWS),
		),
		chore("done deliveries", ({ store: { cleanup } }, now) =>
			cleanup.deliveries(daysBefore(now, KEEP_DELIVERIES_DAYS), STEP_ROWS),
		),
		itemChore(services, "memories of earlier answers", ({ store }, _now, items) => makeMemories(store, items)),
		itemChore(services, "removed workspaces", async (tx, now, items) => {
			const rows = await tx.store.cleanup.workspaceRows(STEP_ROWS, items);
			return rows > 0 ? rows : beginDeletion(tx, now, items);
		}),
	];
}
