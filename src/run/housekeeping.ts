import { setTimeout as pause } from "node:timers/promises";
import type { Logger } from "pino";
import { describeError } from "../adapters/log.ts";
import { HOUR } from "../core/durations.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { Chore } from "../core/service/housekeeping.ts";

/** Longest rest after a step, in milliseconds. A shorter step rests as long as it took: members get half of the time. */
const MAX_PAUSE = 1_000;

export interface HousekeeperParts {
	readonly chores: readonly Chore[];
	/** Runs after the chores, such as the daily backup. */
	readonly backUp: () => Promise<unknown>;
	readonly clock: Clock;
	readonly log: Logger;
	/** Called after each chore and after the backup. */
	readonly done: (chore: string, outcome: "ended" | "failed") => void;
}

/** Deletes expired data and makes the daily backup, at start and every hour. */
export class Housekeeper {
	readonly #parts: HousekeeperParts;
	#timer: NodeJS.Timeout | undefined;
	#running: Promise<void> | null = null;
	#stopped = false;

	constructor(parts: HousekeeperParts) {
		this.#parts = parts;
	}

	start(): void {
		void this.run();
		this.#timer = setInterval(() => void this.run(), HOUR);
	}

	/** One round. A chore that fails is reported, does not stop the others, and runs again in the next round. */
	run(): Promise<void> {
		this.#running ??= this.#round().finally(() => {
			this.#running = null;
		});
		return this.#running;
	}

	async #round(): Promise<void> {
		for (const chore of this.#parts.chores) await this.#guarded(chore.name, () => this.#clear(chore));
		if (!this.#stopped) await this.#guarded("backup", this.#parts.backUp);
	}

	async #guarded(chore: string, work: () => Promise<unknown>): Promise<void> {
		const { log, done } = this.#parts;
		try {
			await work();
			done(chore, "ended");
		} catch (error) {
			done(chore, "failed");
			log.warn({ chore, ...describeError(error) }, "housekeeping failed; it will be retried in an hour");
		}
	}

	async #clear({ name, step }: Chore): Promise<void> {
		const { clock, log } = this.#parts;
		let rows = 0;
		while (!this.#stopped) {
			const startedAt = performance.now();
			const deleted = await step(clock.now());
			if (deleted === 0) break;
			rows += deleted;
			await pause(Math.min(MAX_PAUSE, performance.now() - startedAt));
		}
		if (rows > 0) log.info({ chore: name, rows }, "chore done");
	}

	/** Stops after the current step. */
	async stop(): Promise<void> {
		this.#stopped = true;
		clearInterval(this.#timer);
		await this.#running;
	}
}
