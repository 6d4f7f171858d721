import { pause } from "../chat/deadlines.ts";
import { Unavailable, UserError } from "../core/errors.ts";

/**
 * What a fault at start calls for.
 * `refused`: an operator has to change something; the program ends when nothing else is left to serve.
 * `passing`: a network, a platform or a database that is away; the start is tried again.
 */
export type StartVerdict = "refused" | "passing";

/** The one rule for what ends the program at start: only what a person has worded as a mistake to correct. */
export function startVerdict(error: unknown): StartVerdict {
	return error instanceof UserError && !(error instanceof Unavailable) ? "refused" : "passing";
}

/** Milliseconds before the first retry, and the longest pause; each pause is twice the one before. */
const FIRST_PAUSE = 2_000;
const LONGEST_PAUSE = 60_000;

/** Milliseconds to wait after a number of failed tries, with jitter so that replicas do not ask together. */
export function pauseAfter(tries: number, random: () => number = Math.random): number {
	return Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** Math.min(tries - 1, 10)) * (0.75 + random() / 2);
}

/**
 * Does a piece of work that the start needs, again while it fails for a passing reason.
 * @param failed hears of each such failure
 * @throws what is refused
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
