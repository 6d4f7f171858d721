import type { Dice } from "../dice.ts";
import type { PlatformBehaviour } from "../local-platform.ts";

/** `all`: the platform also loses answers; `refusals`: it only refuses, and says so. */
export type Faults = "all" | "refusals";

/** How late the platform may still act on a request, in milliseconds, even if its sender no longer waits. */
export const MAX_COMMIT_DELAY = 1_000;

/** Decides by chance what happens to the next request. */
export function chooseBehaviour(dice: Dice, method: string, faults: Faults): PlatformBehaviour {
	const chance = dice.next();
	if (method === "PATCH") return { type: "answer" };
	if (faults === "refusals") return chance < 0.85 ? { type: "answer" } : { type: "limit", retryAfter: dice.next() / 4 };
	if (chance < 0.55) return { type: "answer" };
	if (chance < 0.65) return { type: "limit", retryAfter: dice.next() / 4 };
	if (chance < 0.75) return { type: "late", after: dice.next() * MAX_COMMIT_DELAY };
	return { type: dice.pick(["drop", "fail", "hang"]), commit: method === "POST" && dice.chance(0.5) };
}
