import { createHash } from "node:crypto";
import { performance } from "node:perf_hooks";

/** How many requests fit into a window, and the window's length in milliseconds. */
export interface Limit {
	readonly limit: number;
	readonly windowMs: number;
}

export interface RateLimitOptions {
	/** Requests per second of the whole bot, without interaction endpoints; 50 by default. */
	readonly perSecond?: number;
	/** By "METHOD /template"; "*" stands for every other route. */
	readonly routes?: Readonly<Record<string, Limit>>;
}

interface Bucket {
	used: number;
	endsAt: number;
}

export interface Verdict {
	readonly headers: Readonly<Record<string, string>>;
	/** Seconds to wait, if the request is refused. */
	readonly retryAfter?: number;
	readonly global?: boolean;
}

/** As large as those that Discord's responses have shown. A bot must read limits from the headers. */
const DEFAULT_ROUTES: Readonly<Record<string, Limit>> = {
	"POST /channels/{channel}/messages": { limit: 5, windowMs: 5000 },
	"PATCH /channels/{channel}/messages/{message}": { limit: 5, windowMs: 5000 },
	"DELETE /channels/{channel}/messages/{message}": { limit: 5, windowMs: 1000 },
	"POST /channels/{channel}/messages/{message}/crosspost": { limit: 10, windowMs: 3_600_000 },
	"POST /webhooks/{application}/{token}": { limit: 5, windowMs: 2000 },
	"PATCH /webhooks/{application}/{token}/messages/@original": { limit: 5, windowMs: 2000 },
	"*": { limit: 50, windowMs: 1000 },
};

const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(3);

/** Discord's two kinds of limits. Windows follow real time, not the server's clock, since a client really waits. */
export class RateLimits {
	readonly #perSecond: number;
	readonly #routes: Readonly<Record<string, Limit>>;
	readonly #buckets = new Map<string, Bucket>();
	readonly #global: Bucket = { used: 0, endsAt: 0 };

	constructor(options: RateLimitOptions) {
		this.#perSecond = options.perSecond ?? 50;
		this.#routes = { ...DEFAULT_ROUTES, ...options.routes };
	}

	/** Counts a request. `major` is the channel, guild or webhook with a bucket of its own. */
	take(route: string, major: string, countsGlobally: boolean): Verdict {
		const now = performance.now();
		if (countsGlobally && !this.#use(this.#global, { limit: this.#perSecond, windowMs: 1000 }, now)) {
			const retryAfter = (this.#global.endsAt - now) / 1000;
			const headers = { "x-ratelimit-global": "true", "x-ratelimit-scope": "global" };
			return { headers: { ...headers, "retry-after": String(Math.ceil(retryAfter)) }, retryAfter, global: true };
		}
		const limit = this.#routes[route] ?? this.#routes["*"];
		if (!limit) return { headers: {} };
		const key = `${route} ${major}`;
		const bucket = this.#buckets.get(key) ?? { used: 0, endsAt: 0 };
		this.#buckets.set(key, bucket);
		const allowed = this.#use(bucket, limit, now);
		const remainingMs = bucket.endsAt - now;
		const headers = {
			"x-ratelimit-limit": String(limit.limit),
			"x-ratelimit-remaining": String(Math.max(0, limit.limit - bucket.used)),
			"x-ratelimit-reset": seconds(Date.now() + remainingMs),
			"x-ratelimit-reset-after": seconds(remainingMs),
			"x-ratelimit-bucket": createHash("sha256").update(route).digest("hex").slice(0, 32),
		};
		if (allowed) return { headers };
		const refusal = { "x-ratelimit-scope": "user", "retry-after": String(Math.ceil(remainingMs / 1000)) };
		return { headers: { ...headers, ...refusal }, retryAfter: remainingMs / 1000 };
	}

	#use(bucket: Bucket, limit: Limit, now: number): boolean {
		if (now >= bucket.endsAt) {
			bucket.used = 0;
			bucket.endsAt = now + limit.windowMs;
		}
		if (bucket.used >= limit.limit) return false;
		bucket.used += 1;
		return true;
	}
}

/** The body of a 429. */
export function rateLimitedBody(retryAfter: number, global: boolean): object {
	return { message: "You are being rate limited.", retry_after: Number(retryAfter.toFixed(3)), global };
}
