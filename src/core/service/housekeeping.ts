import type { Store } from "../ports.ts";

const DAY = 24 * 60 * 60 * 1000;
/** A removed installation's data goes after so many days. */
export const REMOVED_KEPT_DAYS = 30;
/** Longer than any platform delivers an interaction again, and than a reply is owed. */
const HANDLED_KEPT_DAYS = 3;
/** A member who comes back within these days reads how their last command ended. */
const OWED_KEPT_DAYS = 2;
/** Rows deleted at a time, so that no statement takes long. */
const STEP = 5_000;
/** Deliveries that are done stay for so many days, for those who look into a fault. */
const DELIVERIES_KEPT_DAYS = 60;

async function inSteps(forget: (limit: number) => Promise<number>): Promise<void> {
	while ((await forget(STEP)) === STEP);
}

/** Deletes what is no longer to be kept. Any number of processes may run it at once. */
export async function keepHouse(store: Store, now: Date): Promise<{ workspaces: number }> {
	const before = (days: number) => new Date(now.getTime() - days * DAY);
	await inSteps((limit) => store.interactions.forgetOwedBefore(before(OWED_KEPT_DAYS), limit));
	await inSteps((limit) => store.interactions.forgetHandledBefore(before(HANDLED_KEPT_DAYS), limit));
	await store.deliveries.forgetDoneBefore(before(DELIVERIES_KEPT_DAYS));
	return { workspaces: await store.people.deleteRemovedWorkspaces(before(REMOVED_KEPT_DAYS)) };
}
