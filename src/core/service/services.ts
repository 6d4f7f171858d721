import type { Bank } from "../bank.ts";
import type { Member, Workspace } from "../model.ts";
import type { Random, RootStore, Store } from "../ports.ts";

/** What the question service needs. It has no clock: every entry takes `now`. */
export interface Services {
	readonly store: Store;
	readonly bank: Bank;
	readonly random: Random;
	/**
	 * The one unit of work: commits when `work` ends, rolls back when it throws. `tx` is the same services bound to the
	 * transaction; inside, use nothing else. `tx.transaction` joins the one that is open.
	 */
	transaction<T>(work: (tx: Services) => Promise<T>): Promise<T>;
}

export function createServices(store: RootStore, bank: Bank, random: Random): Services {
	const boundTo = (inner: Store): Services => {
		const tx: Services = { store: inner, bank, random, transaction: (work) => work(tx) };
		return tx;
	};
	return { store, bank, random, transaction: (work) => store.transaction((inner) => work(boundTo(inner))) };
}

/** On whose behalf something is done. */
export interface Asker {
	readonly workspace: Workspace;
	readonly member: Member;
	/** The channel asked in; null in a direct message. */
	readonly channelId: string | null;
}
