/** Executions after which a statement is worth preparing on its connection. */
const WORTH_PREPARING = 3;
/** Statements remembered; texts that vary with the number of their parameters would fill any memory. */
const MOST_STATEMENTS = 500;

/**
 * Counts how often each statement's text has run, forgetting the oldest. The query builder hands over plain texts, which
 * the driver would parse and describe each time: one more round trip and one more plan a statement.
 */
export class StatementCounter {
	readonly #runs = new Map<string, number>();

	/** Counts a run. @returns whether the statement is worth preparing */
	isFrequent(text: string): boolean {
		const runs = (this.#runs.get(text) ?? 0) + 1;
		if (runs === 1 && this.#runs.size >= MOST_STATEMENTS) {
			const [oldest] = this.#runs.keys();
			if (oldest !== undefined) this.#runs.delete(oldest);
		}
		this.#runs.set(text, runs);
		return runs > WORTH_PREPARING;
	}
}
