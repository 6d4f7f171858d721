import type { Clock } from "../core/ports/clock.ts";

export const systemClock: Clock = { now: () => new Date() };

/** A clock that keeps its time until it is moved, forward or back. */
export class ManualClock implements Clock {
	#now: Date;

	constructor(start: Date) {
		this.#now = start;
	}

	now(): Date {
		return new Date(this.#now);
	}

	moveTo(instant: Date): void {
		this.#now = instant;
	}
}
