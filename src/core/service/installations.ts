import { enqueue } from "../daily/enqueue.ts";
import { skipWaiting } from "../daily/occurrences.ts";
import { MINUTE } from "../durations.ts";
import type { Workspace } from "../model.ts";
import type { Services } from "./services.ts";

/**
 * Milliseconds by which a use must be later than a removal to be one of another installation: as much as the instant of
 * the last use may be out of date, and the platform's clock may differ from ours.
 */
const LATER_USE = MINUTE;

/**
 * The platform says that an installation has ended: marks its data for deletion, and skips what waits to be posted.
 * Its schedules stay, and rest until it is back. Late news of a removal, after the workspace has used the bot again,
 * changes nothing. One transaction.
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

/**
 * Greets a workspace, or one of its channels, once: however often the platform tells of it, and after a return too. One
 * transaction.
 * @param name the workspace's; null when the platform did not say it
 */
export async function greet(
	services: Services,
	platform: string,
	{ externalId, name }: { readonly externalId: string; readonly name: string | null },
	channelId: string | null,
	now: Date,
): Promise<void> {
	await services.transaction(async (tx) => {
		const { people } = tx.store;
		const known = await people.findWorkspace(platform, externalId);
		const current = name ?? known?.name ?? externalId;
		const { id: workspaceId } = await people.ensureWorkspace(platform, externalId, current, now);
		await enqueue(tx, platform, { kind: "welcome", workspaceId, channelId }, now);
	});
}

/** The platform says that an installation stands: a removal is over, and its schedules go on as they were. */
export async function confirmInstallation({ store }: Services, platform: string, externalId: string): Promise<void> {
	const workspace = await store.people.findWorkspace(platform, externalId);
	if (workspace?.removedAt) await store.people.restoreWorkspace(workspace.id);
}
