import { skipWaiting } from "../daily/occurrences.ts";
import type { Workspace } from "../model.ts";
import type { Services } from "./services.ts";

/**
 * Milliseconds by which a use must be later than a removal to be one of another installation: as much as the instant of
 * the last use may be out of date, and the platform's clock may differ from ours.
 */
const LATER_USE = 60_000;

/**
 * The platform says that an installation has ended: its data is due for deletion, and what waits to be posted is
 * skipped. Its schedules stay as they are, and rest until it is back. A removal that is told late, when the workspace
 * has been used again, changes nothing. One transaction.
 * @param at when it was removed
 * @returns the workspace; null when nothing was changed
 */
export async function endInstallation(
	services: Services,
	platform: string,
	externalId: string,
	at: Date,
	now: Date,
): Promise<Workspace | null> {
	const known = await services.store.people.findWorkspace(platform, externalId);
	if (!known) return null;
	return services.transaction(async (tx) => {
		const { people, schedules } = tx.store;
		const locked = await people.lockWorkspace(known.id);
		if (!locked || locked.workspace.removedAt !== null) return null;
		if (locked.usedAt !== null && locked.usedAt.getTime() > at.getTime() + LATER_USE) return null;
		await people.removeWorkspace(known.id, at);
		for (const { id } of await schedules.list(known.id)) {
			const held = await schedules.lock(id, true);
			if (held) await skipWaiting(tx, held, "the bot was removed", now);
		}
		return locked.workspace;
	});
}

/** The platform says that an installation stands: a removal is over, and its schedules go on as they were. */
export async function confirmInstallation({ store }: Services, platform: string, externalId: string): Promise<void> {
	const workspace = await store.people.findWorkspace(platform, externalId);
	if (workspace?.removedAt) await store.people.restoreWorkspace(workspace.id);
}
