import type postgres from "postgres";

/** Executions after which a statement is worth preparing on its connection. */
const WORTH_PREPARING = 3;
/** Statements remembered; texts that vary with the number of their parameters would fill any memory. */
const MOST_STATEMENTS = 500;

/** Counts how often each statement's text has run, forgetting the oldest. */
class Habits {
	readonly #runs = new Map<string, number>();

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

type Statements = Pick<postgres.Sql, "unsafe">;

function preparing<Client extends Statements>(client: Client, habits: Habits): Client {
	const unsafe = client.unsafe.bind(client);
	client.unsafe = ((text: string, parameters?: never[], options?: postgres.UnsafeQueryOptions) =>
		unsafe(text, parameters, {
			...options,
			prepare: (parameters?.length ?? 0) > 0 && habits.isFrequent(text),
		})) as Client["unsafe"];
	return client;
}

/**
 * Lets a client prepare the statements that it runs often. The query builder hands over plain texts, which the driver
 * would parse and describe anew each time: one more round trip and one more plan a statement.
 * Behind a pooler that gives every transaction another connection, `?prepare=false` in the address turns it off.
 */
export function withPreparedStatements(client: postgres.Sql): postgres.Sql {
	const habits = new Habits();
	const begin = client.begin.bind(client);
	const inTransaction = (work: (transaction: postgres.TransactionSql) => unknown) => (sql: postgres.TransactionSql) =>
		work(preparing(sql, habits));
	client.begin = ((
		...given: [string, (sql: postgres.TransactionSql) => unknown] | [(sql: postgres.TransactionSql) => unknown]
	) =>
		given.length === 1
			? begin(inTransaction(given[0]))
			: begin(given[0], inTransaction(given[1]))) as postgres.Sql["begin"];
	return preparing(client, habits);
}
