import type { Store } from "../ports.ts";

const DAY = 24 * 60 * 60 * 1000;
/** A removed installation's data goes after so many days. */
export const REMOVED_KEPT_DAYS = 30;
/** Interactions are remembered for so many days, so that a second sight of one does nothing. */
const SIGHTS_KEPT_DAYS = 1;
/** Deliveries that are done stay for so many days, for those who look into a fault. */
const DELIVERIES_KEPT_DAYS = 60;

/** Deletes what is no longer to be kept. Any number of processes may run it at once. */
export async function keepHouse(store: Store, now: Date): Promise<{ workspaces: number }> {
	const before = (days: number) => new Date(now.getTime() - days * DAY);
	await store.running.forgetSightsBefore(before(SIGHTS_KEPT_DAYS));
	await store.deliveries.forgetDoneBefore(before(DELIVERIES_KEPT_DAYS));
	return { workspaces: await store.people.deleteRemovedWorkspaces(before(REMOVED_KEPT_DAYS)) };
}
