import { LRUCache } from "lru-cache";

/** Executions after which a statement is worth preparing on its connection. */
const WORTH_PREPARING = 3;
/** Statements remembered; texts that vary with the number of their parameters would fill any memory. */
const MOST_STATEMENTS = 500;

/**
 * Counts how often each statement's text has run, forgetting those that have not run for longest. The query builder hands over plain texts, which
 * the driver would parse and describe each time: one more round trip and one more plan a statement.
 */
export class StatementCounter {
	readonly #runs = new LRUCache<string, number>({ max: MOST_STATEMENTS });

	/** Counts a run. @returns whether the statement is worth preparing */
	isFrequent(text: string): boolean {
		const runs = (this.#runs.get(text) ?? 0) + 1;
		this.#runs.set(text, runs);
		return runs > WORTH_PREPARING;
	}
}
