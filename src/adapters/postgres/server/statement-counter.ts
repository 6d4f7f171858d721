import { LRUCache } from "lru-cache";

/** After this many runs a statement is worth preparing on its connection. */
const WORTH_PREPARING = 3;
/** How many statements are remembered: texts that vary with the number of their parameters would fill any memory. */
const MAX_STATEMENTS = 500;

/**
 * Counts how often each statement's text has run, forgetting the least recent ones. The query builder passes plain
 * texts, which the driver would parse and describe every time: one more round trip and one more plan per statement.
 */
export class StatementCounter {
	readonly #runs = new LRUCache<string, number>({ max: MAX_STATEMENTS });

	/** Counts a run. @returns whether the statement is worth preparing */
	isFrequent(text: string): boolean {
		const runs = (this.#runs.get(text) ?? 0) + 1;
		this.#runs.set(text, runs);
		return runs > WORTH_PREPARING;
	}
}
