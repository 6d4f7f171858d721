import type { Member, Workspace } from "../model.ts";
import type { Random } from "../ports/clock.ts";
import type { Reads } from "../ports/reads.ts";
import type { RootStore, Store } from "../ports/store.ts";
import type { Bank } from "../question/bank.ts";

/**
 * What the question service needs, as a command has it: it reads at any time, and writes inside a transaction alone. It
 * has no clock: every entry takes `now`.
 */
export interface ReadServices {
	readonly store: Reads;
	readonly bank: Bank;
	readonly random: Random;
	/**
	 * The one unit of work: commits when `work` ends, rolls back when it throws. `tx` is the same services bound to the
	 * transaction; inside, use nothing else. `tx.transaction` joins the one that is open.
	 * @param effectOf the row that records what was done, from which a lost reply can be made again
	 */
	transaction<T>(work: (tx: Services) => Promise<T>, effectOf?: (result: T) => number): Promise<T>;
}

/** The same with a store that writes: inside a transaction, and for the engine, whose statements stand alone. */
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

/** On whose behalf something is done. */
export interface Asker {
	readonly workspace: Workspace;
	readonly member: Member;
	/** The channel asked in; null in a direct message. */
	readonly channelId: string | null;
}
