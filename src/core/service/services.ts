import { isOutage } from "../errors.ts";
import type { Member, Workspace } from "../model.ts";
import type { Random } from "../ports/clock.ts";
import type { Reads } from "../ports/reads.ts";
import type { RootStore, Store } from "../ports/store.ts";
import type { Bank } from "../question/bank.ts";

/**
 * The services as a command has them: it may read at any time, but write only inside a transaction. They have no clock:
 * every function takes `now`.
 */
export interface ReadServices {
	readonly store: Reads;
	readonly bank: Bank;
	readonly random: Random;
	/**
	 * The unit of work: commits when `work` returns, rolls back when it throws. `tx` is the same services bound to the
	 * transaction; use nothing else inside. `tx.transaction` joins the open transaction.
	 * @param effectOf the id of the row that records the effect, from which a lost reply can be rebuilt
	 */
	transaction<T>(work: (tx: Transaction) => Promise<T>, effectOf?: (result: T) => number): Promise<T>;
}

/** The same with a store that writes: inside a transaction, and for the engine, which also runs single statements. */
export interface Services extends ReadServices {
	readonly store: Store;
}

/** The services inside a transaction. */
export interface Transaction extends Services {
	/**
	 * Lets a write travel with COMMIT instead of waiting for its reply, which saves a round trip. If the write fails, the
	 * transaction is rolled back and throws. The write's statements must not depend on each other's replies: those would
	 * come after COMMIT.
	 */
	withCommit(write: Promise<unknown>): void;
}

export function createServices(store: RootStore, bank: Bank, random: Random): Services {
	const transaction = async <T>(work: (tx: Transaction) => Promise<T>): Promise<T> => {
		let writes: Promise<unknown>[] = [];
		const committing = store.transaction(async (inner) => {
			// A conflict repeats the work.
			writes = [];
			const withCommit = (write: Promise<unknown>) => {
				// Reported below, or by the transaction itself.
				write.catch(() => undefined);
				writes.push(write);
			};
			const tx: Transaction = { store: inner, bank, random, withCommit, transaction: (joined) => joined(tx) };
			try {
				return await work(tx);
			} finally {
				// A write that leaves after COMMIT or ROLLBACK would run outside the transaction.
				if (writes.length > 0) await store.sent();
			}
		});
		try {
			const result = await committing;
			await Promise.all(writes);
			return result;
		} catch (error) {
			// A refused COMMIT says less than the write that failed before it.
			if (!isOutage(error)) await Promise.all(writes);
			throw error;
		}
	};
	return { store, bank, random, transaction };
}

/** The member on whose behalf something happens. */
export interface Asker {
	readonly workspace: Workspace;
	readonly member: Member;
	/** The channel of the request; null in a direct message. */
	readonly channelId: string | null;
}
