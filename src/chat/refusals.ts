import { LRUCache } from "lru-cache";
import { MINUTE } from "../core/durations.ts";

/** Milliseconds after which what was refused is tried again. */
const LIFE = 10 * MINUTE;
const MOST = 10_000;

/**
 * What a platform has refused lately, such as threads in a channel, with the reason: it is not asked for again at once.
 * Each process finds out by itself, and forgets it after ten minutes, so none goes without for ever.
 */
export class Refusals {
	readonly #reasons: LRUCache<string, string>;

	/** @param now milliseconds of the clock by which they are forgotten */
	constructor(now: () => number = () => performance.now()) {
		// Zero resolution: a clock that is moved by hand is looked at each time.
		this.#reasons = new LRUCache({ max: MOST, ttl: LIFE, ttlResolution: 0, perf: { now } });
	}

	remember(key: string, reason: string): void {
		this.#reasons.set(key, reason);
	}

	/** Why it was refused; null when it was not, or long ago. */
	reason(key: string): string | null {
		return this.#reasons.get(key) ?? null;
	}

	/** What stood in the way is gone. */
	forget(key: string): void {
		this.#reasons.delete(key);
	}
}
