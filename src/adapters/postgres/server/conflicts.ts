import { setTimeout as wait } from "node:timers/promises";
import { codeOf } from "../../network-errors.ts";

/** How a repetition waits; tests give their own, so that no real time passes. */
export interface Pacing {
	random(): number;
	sleep(milliseconds: number): Promise<unknown>;
}

export const realPacing: Pacing = { random: Math.random, sleep: (milliseconds) => wait(milliseconds) };

/** How often a piece of work is done at most. */
export const MOST_ATTEMPTS = 8;
const FIRST_PAUSE = 10;
const LONGEST_PAUSE = 500;

/** Serialization failure and deadlock: nothing was done, and another attempt may succeed. */
const CONFLICTS = ["40001", "40P01"];
/** A prepared statement that the server does not know, knows already, or can no longer plan: nothing was done. */
const LOST_STATEMENTS = ["26000", "42P05"];
const STALE_PLAN = { code: "0A000", routine: "RevalidateCachedQuery" };

const causesOf = (error: unknown): unknown[] => (error instanceof Error ? [error, ...causesOf(error.cause)] : []);

/** A connection that seemed to be ours alone belongs to a pooler: the transaction has to begin again as behind one. */
export class PoolerNoticed extends Error {}

/** Whether an error shows that somebody gives what is ours to other server connections. */
export function showsPooler(error: unknown): boolean {
	return causesOf(error).some((each) => each instanceof PoolerNoticed || LOST_STATEMENTS.includes(codeOf(each)));
}

const isStalePlan = (error: unknown): boolean =>
	codeOf(error) === STALE_PLAN.code &&
	error instanceof Error &&
	"routine" in error &&
	error.routine === STALE_PLAN.routine;

/** Whether the work was undone for a reason that another attempt may not meet. */
export function isConflict(error: unknown): boolean {
	return showsPooler(error) || causesOf(error).some((each) => CONFLICTS.includes(codeOf(each)) || isStalePlan(each));
}

/** Does work again while it meets conflicts, at growing random intervals, so that those who collided come apart. */
export async function repeatOnConflict<Result>(work: () => Promise<Result>, pacing: Pacing): Promise<Result> {
	for (let attempt = 1; ; attempt += 1)
		try {
			return await work();
		} catch (error) {
			if (attempt === MOST_ATTEMPTS || !isConflict(error)) throw error;
			await pacing.sleep(pacing.random() * Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** attempt));
		}
}
