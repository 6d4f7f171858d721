import { DAY } from "../durations.ts";
import { makeMemories } from "../practice/projection.ts";
import { closeOutdated } from "../question/reports.ts";
import type { Services } from "./services.ts";

/** Days for which a removed installation's data is kept. */
const REMOVED_KEPT = 30;
/** Days for which an interaction's key is kept: longer than any platform delivers it again, and than a reply is owed. */
const HANDLED_KEPT = 3;
/** Days within which a member who comes back reads how their last command ended. */
const OWED_KEPT = 2;
/** Days within which an import can be confirmed. */
const IMPORTS_KEPT = 1;
/** Days for which a delivery that is done is kept, for those who look into a fault. */
const DELIVERIES_KEPT = 60;
/** Rows that one step deletes at most. */
export const STEP_ROWS = 500;

/** Work on one kind of thing, such as deleting what is no longer to be kept. Any number of processes may do it at once. */
export interface Chore {
	readonly name: string;
	/** One short transaction. @returns how many rows went; 0 when nothing is left to do */
	step(now: Date): Promise<number>;
}

const daysBefore = (now: Date, days: number) => new Date(now.getTime() - days * DAY);

/**
 * Begins the deletion of a workspace that was removed long ago. What was decided then is looked at again now, under the
 * workspace's lock: one that has been used since is kept.
 */
async function beginDeletion(tx: Services, now: Date): Promise<number> {
	const { cleanup, people } = tx.store;
	const before = daysBefore(now, REMOVED_KEPT);
	const id = await cleanup.removedWorkspace(before);
	const held = id === null ? null : await people.lockWorkspace(id);
	if (!held?.workspace.removedAt || held.workspace.removedAt >= before) return 0;
	const wasUsed = held.usedAt !== null && held.usedAt > held.workspace.removedAt;
	if (wasUsed) await people.restoreWorkspace(held.workspace.id);
	else await cleanup.beginDeletion(held.workspace.id, now);
	return 1;
}

/** What is deleted or made up for in the course of time, in bounded steps: each may be stopped after any step, and goes on later. */
export function chores(services: Services): readonly Chore[] {
	const chore = (name: string, step: (tx: Services, now: Date) => Promise<number>): Chore => ({
		name,
		step: (now) => services.transaction((tx) => step(tx, now)),
	});
	return [
		chore("reports on older revisions", closeOutdated),
		chore("imports that nobody confirmed", ({ store: { own } }, now) =>
			own.forgetImports(daysBefore(now, IMPORTS_KEPT)),
		),
		chore("owed replies", ({ store: { interactions } }, now) =>
			interactions.forgetOwedBefore(daysBefore(now, OWED_KEPT), STEP_ROWS),
		),
		chore("handled interactions", ({ store: { interactions } }, now) =>
			interactions.forgetHandledBefore(daysBefore(now, HANDLED_KEPT), STEP_ROWS),
		),
		chore("done deliveries", ({ store: { cleanup } }, now) =>
			cleanup.deliveries(daysBefore(now, DELIVERIES_KEPT), STEP_ROWS),
		),
		chore("memories of earlier answers", ({ store }) => makeMemories(store)),
		chore("removed workspaces", async (tx, now) => {
			const rows = await tx.store.cleanup.workspaceRows(STEP_ROWS);
			return rows > 0 ? rows : beginDeletion(tx, now);
		}),
	];
}
