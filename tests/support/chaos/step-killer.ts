import { z } from "zod";
import type { Watcher } from "./steps.ts";

/** When a worker kills itself; null if its parent kills it. */
export const killPlanSchema = z
	.discriminatedUnion("at", [
		z.object({ at: z.literal("step"), nth: z.number() }),
		z.object({ at: z.literal("commit"), when: z.enum(["before", "after"]), nth: z.number() }),
	])
	.nullable();
export type KillPlan = z.infer<typeof killPlanSchema>;

/** Kills the process at the planned step or commit, counted from when it is armed. */
export class StepKiller implements Watcher {
	armed = false;
	readonly #plan: KillPlan;
	#steps = 0;
	#commits = 0;

	constructor(plan: KillPlan) {
		this.#plan = plan;
	}

	step(): void {
		if (!this.armed) return;
		this.#steps += 1;
		if (this.#plan?.at === "step" && this.#plan.nth === this.#steps) this.#kill();
	}

	commit(when: "before" | "after"): void {
		if (!this.armed || this.#plan?.at !== "commit" || this.#plan.when !== when) return;
		this.#commits += 1;
		if (this.#plan.nth === this.#commits) this.#kill();
	}

	#kill(): void {
		process.kill(process.pid, "SIGKILL");
	}
}
