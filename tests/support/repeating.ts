import type { Db } from "../../src/adapters/postgres/db.ts";

/** Undoes a transaction that has done its work. */
class Undone extends Error {}

/**
 * A database on which the work of each transaction is done twice, the first time for nothing, as after a conflict. What
 * a piece of work keeps outside of the database and does not begin again shows itself.
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
