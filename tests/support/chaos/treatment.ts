import type { Dice } from "../dice.ts";
import type { Treatment } from "../local-platform.ts";

/** `all`: answers go missing; `told`: what the platform refuses it says. */
export type Faults = "all" | "told";

/** Milliseconds after which the platform acts upon a request at the latest, whether its sender still waits or not. */
export const LATEST_COMMIT = 1_000;

/** What becomes of the next request, by chance. */
export function treatment(dice: Dice, method: string, faults: Faults): Treatment {
	const throwOf = dice.next();
	if (method === "PATCH") return { type: "answer" };
	if (faults === "told") return throwOf < 0.85 ? { type: "answer" } : { type: "limit", retryAfter: dice.next() / 4 };
	if (throwOf < 0.55) return { type: "answer" };
	if (throwOf < 0.65) return { type: "limit", retryAfter: dice.next() / 4 };
	if (throwOf < 0.75) return { type: "late", after: dice.next() * LATEST_COMMIT };
	return { type: dice.pick(["drop", "fail", "hang"]), commit: method === "POST" && dice.chance(0.5) };
}
