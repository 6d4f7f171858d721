import { enqueue } from "../daily/enqueue.ts";
import { skipWaiting } from "../daily/occurrences.ts";
import { MINUTE } from "../durations.ts";
import type { Workspace } from "../model.ts";
import type { Services } from "./services.ts";

/**
 * A use counts as one after a reinstallation only if it is later than the removal by more than this, in milliseconds.
 * Covers a stale instant of last use and the difference between the platform's clock and ours.
 */
const LATER_USE = MINUTE;

/**
 * Handles the removal of an installation: marks its data for deletion and skips waiting posts. Its schedules do not
 * change, but post nothing until the bot is back. Ignores a late notice of a removal if the workspace has used the bot
 * since. One transaction.
 * @param at when it was removed
 * @returns the workspace; null if nothing changed
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
			const locked = await schedules.lock(id);
			if (locked) await skipWaiting(tx, locked, "the bot was removed", now);
		}
		return locked.workspace;
	});
}

/**
 * Greets a workspace or one of its channels once, even if the platform reports it several times or the bot returns
 * later. One transaction.
 * @param name the workspace's name; null if the platform did not give it
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

/** Handles the platform's word that the bot is installed: ends a removal, so that the schedules continue unchanged. */
export async function confirmInstallation({ store }: Services, platform: string, externalId: string): Promise<void> {
	const workspace = await store.people.findWorkspace(platform, externalId);
	if (workspace?.removedAt) await store.people.restoreWorkspace(workspace.id);
}
