/** What goes wrong. `reset` comes before the call has an effect, `commit-then-drop` after it. */
export type FaultKind = "500" | "reset" | "commit-then-drop" | "hang" | "slow" | "ratelimited" | { error: string };

export interface FaultRule {
	/** A Web API method, `response_url` or `upload`; `*` for all. */
	method: string;
	kind: FaultKind;
	/** Selects calls by their arguments, without tokens. */
	when?: (args: Record<string, unknown>) => boolean;
	/** How often it happens; without it, until the rule is removed. */
	times?: number;
	/** The probability from 0 to 1 for each call that the rest of the rule selects; seeded. */
	probability?: number;
	/** For `slow`: milliseconds on the server's clock. */
	delayMs?: number;
	/** For `ratelimited`: seconds. */
	retryAfter?: number;
}

/** A small seeded generator (mulberry32): the same seed gives the same faults. */
export function seeded(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
}

/** The faults that a test has added. */
export class Faults {
	private rules: { rule: FaultRule; left: number }[] = [];
	private readonly random: () => number;
	/** The faults that have happened, in order. */
	readonly struck: { method: string; kind: FaultKind }[] = [];

	constructor(seed: number) {
		this.random = seeded(seed);
	}

	/** Adds a fault. Returns a function that removes it. */
	add(rule: FaultRule): () => void {
		const entry = { rule, left: rule.times ?? Number.POSITIVE_INFINITY };
		this.rules.push(entry);
		return () => {
			this.rules = this.rules.filter((other) => other !== entry);
		};
	}

	clear(): void {
		this.rules = [];
	}

	/** The fault that applies to this call, if any; counts it. */
	strike(method: string, args: Record<string, unknown>): FaultRule | undefined {
		const entry = this.rules.find(
			({ rule, left }) =>
				left > 0 &&
				(rule.method === "*" || rule.method === method) &&
				(rule.when?.(args) ?? true) &&
				(rule.probability === undefined || this.random() < rule.probability),
		);
		if (entry === undefined) return undefined;
		entry.left -= 1;
		this.struck.push({ method, kind: entry.rule.kind });
		return entry.rule;
	}
}
