import { z } from "zod";
import type { Watcher } from "./steps.ts";

/** When a worker ends; null if its parent ends it. */
export const deathSchema = z
	.discriminatedUnion("at", [
		z.object({ at: z.literal("step"), nth: z.number() }),
		z.object({ at: z.literal("commit"), when: z.enum(["before", "after"]), nth: z.number() }),
	])
	.nullable();
export type Death = z.infer<typeof deathSchema>;

/** Ends the process at its moment of death, counted from when it is armed. */
export class Reaper implements Watcher {
	armed = false;
	readonly #death: Death;
	#steps = 0;
	#commits = 0;

	constructor(death: Death) {
		this.#death = death;
	}

	step(): void {
		if (!this.armed) return;
		this.#steps += 1;
		if (this.#death?.at === "step" && this.#death.nth === this.#steps) this.#die();
	}

	commit(when: "before" | "after"): void {
		if (!this.armed || this.#death?.at !== "commit" || this.#death.when !== when) return;
		this.#commits += 1;
		if (this.#death.nth === this.#commits) this.#die();
	}

	#die(): void {
		process.kill(process.pid, "SIGKILL");
	}
}
