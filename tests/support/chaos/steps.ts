import type { RootStore, Store } from "../../../src/core/ports/store.ts";

/**
 * Called before and after each statement, and around each COMMIT of a transaction that inserted an interaction's key.
 */
export interface Watcher {
	step(): void;
	commit?(when: "before" | "after"): void;
}

/** The same object, with a step before and after each call that returns a promise. */
export function stepped<T extends object>(target: T, step: () => void): T {
	return new Proxy(target, {
		get(object, name) {
			const value: unknown = Reflect.get(object, name, object);
			if (typeof value !== "function") return value;
			return async (...parameters: unknown[]) => {
				step();
				const result: unknown = await Reflect.apply(value, object, parameters);
				step();
				return result;
			};
		},
	});
}

/** The same parts, in which every statement is a step. */
function steppedParts<Parts extends object>(parts: Parts, step: () => void): Parts {
	const entries = Object.entries(parts).map(([name, part]) => [name, stepped(part, step)]);
	return { ...parts, ...Object.fromEntries(entries) };
}

/** A transaction's store that reports when an interaction's key is inserted. */
function noticing(store: Store, taken: () => void): Store {
	const { interactions } = store;
	const noticed = new Proxy(interactions, {
		get(object, name) {
			const value: unknown = Reflect.get(object, name, object);
			if (typeof value !== "function") return value;
			if (name === "handle") taken();
			return value.bind(object);
		},
	});
	return { ...store, interactions: noticed };
}

/** A store in which every statement is a step, also inside transactions. */
export function steppedStore({ transaction, ...parts }: RootStore, watcher: Watcher): RootStore {
	const step = () => watcher.step();
	return {
		...steppedParts(parts, step),
		transaction: async (work) => {
			step();
			let isEffect = false;
			const isTaken = () => {
				isEffect = true;
			};
			const result = await transaction(async (inner) => {
				const value = await work(steppedParts(noticing(inner, isTaken), step));
				if (isEffect) watcher.commit?.("before");
				return value;
			});
			if (isEffect) watcher.commit?.("after");
			step();
			return result;
		},
	};
}
