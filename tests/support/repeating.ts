import type { Db } from "../../src/adapters/postgres/db.ts";

/** Rolls a transaction back after its work is done. */
class Undone extends Error {}

/**
 * A database that runs each transaction's work twice and rolls the first run back, as after a conflict. It exposes work
 * that keeps state outside of the database without starting again.
 */
export function repeating(db: Db): Db {
	const once = db.transaction.bind(db);
	const twice: Db["transaction"] = async (work, settings) => {
		const undone = once(async (inside) => {
			await work(inside);
			throw new Undone();
		}, settings);
		await undone.catch((error: unknown) => {
			if (!(error instanceof Undone)) throw error;
		});
		return once(work, settings);
	};
	db.transaction = twice;
	return db;
}
