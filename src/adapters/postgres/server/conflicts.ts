import { setTimeout as wait } from "node:timers/promises";
import { codeOf } from "../../network-errors.ts";

/** How a retry waits; tests pass their own, so that no real time passes. */
export interface Pacing {
	random(): number;
	sleep(milliseconds: number): Promise<unknown>;
}

export const realPacing: Pacing = { random: Math.random, sleep: (milliseconds) => wait(milliseconds) };

/** How often a piece of work is tried at most. */
export const MAX_ATTEMPTS = 8;
const BASE_PAUSE_MS = 10;
const MAX_PAUSE_MS = 500;

/** Serialization failure and deadlock: nothing was done, and a retry may succeed. */
const CONFLICTS = ["40001", "40P01"];
/** A prepared statement that the server does not know, already knows, or can no longer plan: nothing was done. */
const LOST_STATEMENTS = ["26000", "42P05"];
const STALE_PLAN = { code: "0A000", routine: "RevalidateCachedQuery" };

const causesOf = (error: unknown): unknown[] => (error instanceof Error ? [error, ...causesOf(error.cause)] : []);

/** A connection that seemed exclusive belongs to a pooler, so the transaction restarts in pooler mode. */
export class PoolerNoticed extends Error {}

/** Whether an error shows that a pooler moves our session between server connections. */
export function showsPooler(error: unknown): boolean {
	return causesOf(error).some((each) => each instanceof PoolerNoticed || LOST_STATEMENTS.includes(codeOf(each)));
}

const isStalePlan = (error: unknown): boolean =>
	codeOf(error) === STALE_PLAN.code &&
	error instanceof Error &&
	"routine" in error &&
	error.routine === STALE_PLAN.routine;

/** Whether the work was rolled back for a reason that a retry may avoid. */
export function isConflict(error: unknown): boolean {
	return showsPooler(error) || causesOf(error).some((each) => CONFLICTS.includes(codeOf(each)) || isStalePlan(each));
}

/** Retries work after conflicts, with backoff and jitter so that colliding workers spread out. */
export async function repeatOnConflict<Result>(work: () => Promise<Result>, pacing: Pacing): Promise<Result> {
	for (let attempt = 1; ; attempt += 1)
		try {
			return await work();
		} catch (error) {
			if (attempt === MAX_ATTEMPTS || !isConflict(error)) throw error;
			await pacing.sleep(pacing.random() * Math.min(MAX_PAUSE_MS, BASE_PAUSE_MS * 2 ** attempt));
		}
}
