import { LRUCache } from "lru-cache";
import { MINUTE } from "../core/durations.ts";

/** A rate limit: how many commands one key may send at once, and how many a minute on average. */
export interface Pace {
	readonly burst: number;
	readonly perMinute: number;
}

export const MEMBER_PACE: Pace = { burst: 20, perMinute: 30 };
export const WORKSPACE_PACE: Pace = { burst: 300, perMinute: 1200 };
/** The most keys to keep. The oldest are dropped first, which at worst allows another burst. */
const MAX_KEYS = 50_000;

/** A token bucket per key. Times are milliseconds of any monotonic clock. */
export class Pacer {
	readonly #pace: Pace;
	readonly #buckets = new LRUCache<string, { tokens: number; at: number }>({ max: MAX_KEYS });

	constructor(pace: Pace) {
		this.#pace = pace;
	}

	/** @returns 0 when the command may run, otherwise seconds to wait */
	take(key: string, now: number): number {
		const { burst, perMinute } = this.#pace;
		const before = this.#buckets.get(key) ?? { tokens: burst, at: now };
		const earned = (Math.max(0, now - before.at) / MINUTE) * perMinute;
		const tokens = Math.min(burst, before.tokens + earned);
		this.#buckets.set(key, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now });
		return tokens >= 1 ? 0 : Math.ceil(((1 - tokens) / perMinute) * 60);
	}
}
