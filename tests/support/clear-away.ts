import type { RootStore } from "../../src/core/ports/store.ts";
import { Bank } from "../../src/core/question/bank.ts";
import { chores } from "../../src/core/service/housekeeping.ts";
import { createServices } from "../../src/core/service/services.ts";
import { testRandom } from "./dice.ts";

/** Deletes everything that has expired at an instant. */
export async function clearAway(store: RootStore, now: Date): Promise<void> {
	const services = createServices(store, new Bank(new Map()), testRandom());
	for (const { step } of chores(services)) while ((await step(now)) > 0);
}

/** Late enough after a workspace's removal for it to be deleted. */
export const monthAfter = (at: Date): Date => new Date(at.getTime() + 31 * 24 * 60 * 60 * 1000);
