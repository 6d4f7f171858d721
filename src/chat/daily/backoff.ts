import { HOUR } from "../../core/durations.ts";
import { isOutage } from "../../core/errors.ts";
import type { Random } from "../../core/ports/clock.ts";

/** Milliseconds until the first retry, with jitter of 25%. Each further pause is twice as long. */
const FIRST_PAUSE = 30_000;
const MAX_PAUSE = HOUR;
/** The most failures to remember. If more fail, the cause is not the individual schedule or member. */
const MAX_FAILURES = 1_000;

interface Failure {
	readonly at: Date;
	readonly pause: number;
}

/**
 * Sets aside failing items, such as schedules or members, by id: an item that always fails neither delays the others nor
 * fills the log. Known only to this process, because another process may succeed.
 */
export class Backoff {
	readonly #failures = new Map<number, Failure>();
	readonly #random: Random;
	readonly #onFault: (error: unknown) => void;
	readonly #counted: (failing: number) => void;

	/**
	 * @param told called with the first failure of each item
	 * @param counted called with the number of items set aside, whenever it changes
	 */
	constructor(random: Random, told: (error: unknown) => void, counted: (failing: number) => void) {
		this.#random = random;
		this.#onFault = told;
		this.#counted = counted;
	}

	/** Ids to skip at an instant. */
	resting(now: Date): number[] {
		const before = this.#failures.size;
		// Nobody retried it long after its pause: there is nothing left to do for it.
		for (const [id, failure] of this.#failures) if (sinceEnd(failure, now) > MAX_PAUSE) this.#failures.delete(id);
		if (this.#failures.size !== before) this.#counted(this.#failures.size);
		return [...this.#failures].flatMap(([id, failure]) => (sinceEnd(failure, now) < 0 ? [id] : []));
	}

	isResting(id: number, now: Date): boolean {
		const failure = this.#failures.get(id);
		return failure !== undefined && sinceEnd(failure, now) < 0;
	}

	/** Runs work for one item. @returns null when it failed @throws Outage, which is not the item's failure */
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

	/** Clears an item's failure after it succeeded, alone or in a batch. */
	succeeded(id: number): void {
		if (this.#failures.delete(id)) this.#counted(this.#failures.size);
	}

	#fail(id: number, now: Date, error: unknown): void {
		const before = this.#failures.get(id);
		const [oldest] = this.#failures.keys();
		if (!before && this.#failures.size >= MAX_FAILURES && oldest !== undefined) this.#failures.delete(oldest);
		const pause = before ? Math.min(MAX_PAUSE, 2 * before.pause) : FIRST_PAUSE * (0.75 + this.#random() / 2);
		this.#failures.set(id, { at: now, pause });
		if (!before) this.#onFault(error);
		this.#counted(this.#failures.size);
	}
}

/** Milliseconds since a pause ended; negative during it. Setting the clock back ends the pause. */
function sinceEnd({ at, pause }: Failure, now: Date): number {
	const passed = now.getTime() - at.getTime();
	return passed < 0 ? 0 : passed - pause;
}
