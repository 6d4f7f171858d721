import { pause } from "../chat/deadlines.ts";
import { MINUTE } from "../core/durations.ts";
import { Unavailable, UserError } from "../core/errors.ts";

/**
 * What to do about a fault at the start.
 * `refused`: the operator must change something; the program ends if no other platform is left.
 * `passing`: the network, a platform or the database is down; try again.
 */
export type StartVerdict = "refused" | "passing";

/** The only rule that ends the program at the start: the fault is a mistake that the operator must correct. */
export function startVerdict(error: unknown): StartVerdict {
	return error instanceof UserError && !(error instanceof Unavailable) ? "refused" : "passing";
}

/** Milliseconds before the first retry, and the longest pause; each pause doubles the one before. */
const FIRST_PAUSE = 2_000;
const MAX_PAUSE = MINUTE;

/** Milliseconds to wait after a number of failed tries, with jitter so that replicas do not retry together. */
export function pauseAfter(tries: number, random: () => number = Math.random): number {
	return Math.min(MAX_PAUSE, FIRST_PAUSE * 2 ** Math.min(tries - 1, 10)) * (0.75 + random() / 2);
}

/**
 * Repeats work that the start needs until it succeeds.
 * @param failed called for each passing failure
 * @throws a refusal
 */
export async function untilItPasses<Result>(
	work: () => Promise<Result>,
	failed: (error: unknown) => void,
): Promise<Result> {
	for (let tries = 1; ; tries += 1) {
		try {
			return await work();
		} catch (error) {
			if (startVerdict(error) === "refused") throw error;
			failed(error);
			await pause(pauseAfter(tries));
		}
	}
}
