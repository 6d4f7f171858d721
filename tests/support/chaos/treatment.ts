import type { Dice } from "../dice.ts";
import type { Treatment } from "../local-platform.ts";

/** `all`: answers get lost; `told`: the platform refuses, and says so. */
export type Faults = "all" | "told";

/** The platform acts on a request after this many milliseconds at the latest, even if its sender no longer waits. */
export const LATEST_COMMIT = 1_000;

/** Decides by chance what happens to the next request. */
export function treatment(dice: Dice, method: string, faults: Faults): Treatment {
	const throwOf = dice.next();
	if (method === "PATCH") return { type: "answer" };
	if (faults === "told") return throwOf < 0.85 ? { type: "answer" } : { type: "limit", retryAfter: dice.next() / 4 };
	if (throwOf < 0.55) return { type: "answer" };
	if (throwOf < 0.65) return { type: "limit", retryAfter: dice.next() / 4 };
	if (throwOf < 0.75) return { type: "late", after: dice.next() * LATEST_COMMIT };
	return { type: dice.pick(["drop", "fail", "hang"]), commit: method === "POST" && dice.chance(0.5) };
}
