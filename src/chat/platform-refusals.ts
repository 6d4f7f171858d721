import { LRUCache } from "lru-cache";
import { MINUTE } from "../core/durations.ts";

/** Milliseconds before a refused operation is tried again. */
const LIFETIME = 10 * MINUTE;
const MAX_REMEMBERED = 10_000;

/**
 * Remembers what a platform recently refused and why, such as threads in a channel, so that the bot does not ask again
 * right away. Each process learns this on its own and forgets it after ten minutes.
 */
export class Refusals {
	readonly #reasons: LRUCache<string, string>;

	/** @param now the clock for forgetting, in milliseconds */
	constructor(now: () => number = () => performance.now()) {
		// Zero resolution: read the clock each time, because tests move it by hand.
		this.#reasons = new LRUCache({ max: MAX_REMEMBERED, ttl: LIFETIME, ttlResolution: 0, perf: { now } });
	}

	remember(key: string, reason: string): void {
		this.#reasons.set(key, reason);
	}

	/** Why it was refused; null if it was not refused recently. */
	reason(key: string): string | null {
		return this.#reasons.get(key) ?? null;
	}

	/** Call it when the cause of the refusal is gone. */
	forget(key: string): void {
		this.#reasons.delete(key);
	}
}
