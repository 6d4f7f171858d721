import type { RootStore } from "../../src/core/ports/store.ts";
import { Bank } from "../../src/core/question/bank.ts";
import { createServices, type Services } from "../../src/core/service/services.ts";
import { testRandom } from "./dice.ts";
import { makeBank } from "./question.ts";

/** The questions of stores that two processes share. */
export const sharedBank = new Bank(makeBank(30));

export const servicesOf = (store: RootStore): Services => createServices(store, sharedBank, testRandom());

/** The store of the process whose turn it is. */
export function storeInTurn(stores: readonly RootStore[], turn: number): RootStore {
	const store = stores[turn % stores.length];
	if (!store) throw new Error("no store");
	return store;
}

/** Does the same work several times at once, in turn from one process and the other. */
export function together<Result>(
	stores: readonly RootStore[],
	times: number,
	work: (store: RootStore, index: number) => Promise<Result>,
): Promise<Result[]> {
	return Promise.all(Array.from({ length: times }, (_, index) => work(storeInTurn(stores, index), index)));
}
