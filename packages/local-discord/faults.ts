import type { ApiRequest } from "./http.ts";

/**
 * What goes wrong with a request:
 * `status` responds without doing it; `rate-limit` responds with 429 and `seconds` to wait; `reset` cuts the connection
 * before anything is done (a TCP reset, which discord.js retries); `commit-then-drop` does it, then resets;
 * `commit-then-status` does it, then reports failure, as a proxy does; `hang` never responds and does nothing; `slow`
 * waits, then responds as usual.
 */
export type Fault =
	| { readonly kind: "status"; readonly status: number }
	| { readonly kind: "rate-limit"; readonly seconds: number; readonly global?: boolean }
	| { readonly kind: "reset" }
	| { readonly kind: "commit-then-drop" }
	| { readonly kind: "commit-then-status"; readonly status: number }
	| { readonly kind: "hang" }
	| { readonly kind: "slow"; readonly milliseconds: number };

export interface FaultRule {
	readonly fault: Fault;
	/** Which requests it applies to; all if missing. */
	readonly when?: (request: ApiRequest) => boolean;
	/** How often it happens; without limit if missing. */
	readonly times?: number;
	/** The probability from 0 to 1 for each request it applies to; always if missing. */
	readonly probability?: number;
	/** Makes `probability` repeatable. Default 1. */
	readonly seed?: number;
}

export interface FaultHandle {
	/** How often it has happened. */
	readonly hits: number;
	remove(): void;
}

/** A small generator of repeatable numbers in [0, 1): a seed repeats a failing run. */
function seededRandom(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x9e3779b9) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
		mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
		return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
	};
}

interface ActiveRule {
	readonly rule: FaultRule;
	readonly random: () => number;
	hits: number;
}

/** The active faults. The first rule that matches a request decides. */
export class Faults {
	readonly #active = new Set<ActiveRule>();

	add(rule: FaultRule): FaultHandle {
		const active: ActiveRule = { rule, random: seededRandom(rule.seed ?? 1), hits: 0 };
		this.#active.add(active);
		return {
			get hits() {
				return active.hits;
			},
			remove: () => this.#active.delete(active),
		};
	}

	clear(): void {
		this.#active.clear();
	}

	take(request: ApiRequest): Fault | undefined {
		for (const active of this.#active) {
			const { rule } = active;
			if (rule.when && !rule.when(request)) continue;
			if (active.hits >= (rule.times ?? Number.POSITIVE_INFINITY)) continue;
			if (active.random() >= (rule.probability ?? 1)) continue;
			active.hits += 1;
			return rule.fault;
		}
		return undefined;
	}
}
