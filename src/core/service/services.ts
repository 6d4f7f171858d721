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
	transaction<T>(work: (tx: Services) => Promise<T>, effectOf?: (result: T) => number): Promise<T>;
}

/** The same with a store that writes: inside a transaction, and for the engine, which also runs single statements. */
export interface Services extends ReadServices {
	readonly store: Store;
}

export function createServices(store: RootStore, bank: Bank, random: Random): Services {
	const boundTo = (inner: Store): Services => {
		const tx: Services = { store: inner, bank, random, transaction: (work) => work(tx) };
		return tx;
	};
	return { store, bank, random, transaction: (work) => store.transaction((inner) => work(boundTo(inner))) };
}

/** The member on whose behalf something happens. */
export interface Asker {
	readonly workspace: Workspace;
	readonly member: Member;
	/** The channel of the request; null in a direct message. */
	readonly channelId: string | null;
}
