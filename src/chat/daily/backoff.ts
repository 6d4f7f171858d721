import { HOUR } from "../../core/durations.ts";
import { isOutage } from "../../core/errors.ts";
import type { Random } from "../../core/ports/clock.ts";

/** Milliseconds until something that failed is tried again; each pause is twice the one before. */
const FIRST_PAUSE = 30_000;
const LONGEST_PAUSE = HOUR;
/** Failures that are remembered: where more fail, each of them is not the trouble. */
const MOST = 1_000;

interface Failure {
	readonly at: Date;
	readonly pause: number;
}

/**
 * Sets aside what fails, such as a schedule or a member, by id: one that always fails neither holds up the others nor
 * fills the log. Kept in this process alone, as another may succeed.
 */
export class Backoff {
	readonly #failures = new Map<number, Failure>();
	readonly #random: Random;
	readonly #told: (error: unknown) => void;
	readonly #counted: (failing: number) => void;

	/**
	 * @param told hears of the first failure of each
	 * @param counted hears how many are set aside, whenever that changes
	 */
	constructor(random: Random, told: (error: unknown) => void, counted: (failing: number) => void) {
		this.#random = random;
		this.#told = told;
		this.#counted = counted;
	}

	/** Those that are to be left alone at an instant. */
	resting(now: Date): number[] {
		const before = this.#failures.size;
		// Not even tried again in all that time: there is nothing left to do for it.
		for (const [id, failure] of this.#failures) if (sinceEnd(failure, now) > LONGEST_PAUSE) this.#failures.delete(id);
		if (this.#failures.size !== before) this.#counted(this.#failures.size);
		return [...this.#failures].flatMap(([id, failure]) => (sinceEnd(failure, now) < 0 ? [id] : []));
	}

	isResting(id: number, now: Date): boolean {
		const failure = this.#failures.get(id);
		return failure !== undefined && sinceEnd(failure, now) < 0;
	}

	/** Does work for one. @returns null when it failed @throws Outage, which is no failure of this one */
	async attempt<Result>(id: number, now: Date, work: () => Promise<Result>): Promise<Result | null> {
		try {
			const result = await work();
			this.succeeded(id);
			return result;
		} catch (error) {
			if (isOutage(error)) throw error;
			this.#fail(id, now, error);
			return null;
		}
	}

	/** One is no longer set aside, as it went well, alone or among others. */
	succeeded(id: number): void {
		if (this.#failures.delete(id)) this.#counted(this.#failures.size);
	}

	#fail(id: number, now: Date, error: unknown): void {
		const before = this.#failures.get(id);
		const [oldest] = this.#failures.keys();
		if (!before && this.#failures.size >= MOST && oldest !== undefined) this.#failures.delete(oldest);
		const pause = before ? Math.min(LONGEST_PAUSE, 2 * before.pause) : FIRST_PAUSE * (0.75 + this.#random() / 2);
		this.#failures.set(id, { at: now, pause });
		if (!before) this.#told(error);
		this.#counted(this.#failures.size);
	}
}

/** Milliseconds since a pause ended; below 0 while it lasts. A clock that was set back ends it. */
function sinceEnd({ at, pause }: Failure, now: Date): number {
	const passed = now.getTime() - at.getTime();
	return passed < 0 ? 0 : passed - pause;
}
