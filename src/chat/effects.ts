import { isOutage } from "../core/errors.ts";
import type { HandledInteraction, InteractionRecord } from "../core/ports/interactions.ts";
import type { ReadServices, Services, Transaction } from "../core/service/services.ts";
import { pause } from "./deadlines.ts";

/** Milliseconds between attempts to resolve an unanswered COMMIT. After the last one, the member is told. */
const PAUSES = [100, 250, 500] as const;

/** The interaction took effect earlier, or was given up. This time nothing was changed. */
export class AlreadyHandled extends Error {
	readonly handled: HandledInteraction;

	constructor(handled: HandledInteraction) {
		super("this interaction was handled before");
		this.name = "AlreadyHandled";
		this.handled = handled;
	}
}

/** The database was lost during COMMIT, and it could not be determined in time whether the effect was saved. */
export class Unconfirmed extends Error {
	constructor(cause: unknown) {
		super("it is not known whether the effect was saved", { cause });
		this.name = "Unconfirmed";
	}
}

/** The finished work of a transaction. Its COMMIT may still fail. */
interface Finished<T> {
	readonly result: T;
	readonly effectId: number | null;
}

export interface EffectsParts {
	readonly services: Services;
	readonly interaction: InteractionRecord;
	/** Records that a reply is owed. Called before any change. */
	owe(): Promise<void>;
}

/**
 * Makes the effects of one interaction happen once, even if the platform delivers it again. A command's first transaction
 * takes the interaction's key, so that a repeat finds it and rolls back. A command that changes nothing writes no key.
 */
export class Effects {
	/** The services to hand to the command. */
	readonly services: ReadServices;
	readonly #parts: EffectsParts;
	#saved: { readonly effectId: number | null } | null = null;

	constructor(parts: EffectsParts) {
		this.#parts = parts;
		const { store, bank, random } = parts.services;
		this.services = { store, bank, random, transaction: (work, effectOf) => this.#transact(work, effectOf) };
	}

	/** The effect that this run has saved; null before its first COMMIT. */
	get saved(): { readonly effectId: number | null } | null {
		return this.#saved;
	}

	async #transact<T>(work: (tx: Transaction) => Promise<T>, effectOf?: (result: T) => number): Promise<T> {
		if (this.#saved) return this.#parts.services.transaction(work);
		// Sent before the transaction begins and awaited before its COMMIT, because an embedded database runs one at a time.
		const owed = this.#parts.owe();
		owed.catch(() => undefined);
		const { result, effectId } = await this.#commit(work, owed, effectOf);
		this.#saved = { effectId };
		return result;
	}

	/**
	 * Commits once. After an unanswered COMMIT, runs the same transaction again: taking the key waits until the first one
	 * has ended, and shows whether it was committed.
	 * @throws AlreadyHandled, Unconfirmed, and any error of the work
	 */
	async #commit<T>(
		work: (tx: Transaction) => Promise<T>,
		owed: Promise<void>,
		effectOf?: (result: T) => number,
	): Promise<Finished<T>> {
		let inDoubt: Finished<T> | null = null;
		for (const wait of [...PAUSES, null]) {
			const last: { finished: Finished<T> | null } = { finished: null };
			try {
				return await this.#once(work, owed, last, effectOf);
			} catch (error) {
				if (inDoubt && error instanceof AlreadyHandled && this.#isOurs(error.handled, inDoubt)) return inDoubt;
				// COMMIT is sent only after the work has ended.
				inDoubt = last.finished ?? inDoubt;
				if (!inDoubt || !isOutage(error)) throw error;
				if (wait === null) throw new Unconfirmed(error);
				await pause(wait);
			}
		}
		throw new Error("the last try either returns or throws");
	}

	/**
	 * Runs one transaction with few round trips, because each one holds a connection. The statement that takes the key is
	 * sent first, and the work's statements follow without waiting for its reply. The statement that names the effect is
	 * sent together with COMMIT.
	 */
	async #once<T>(
		work: (tx: Transaction) => Promise<T>,
		owed: Promise<void>,
		last: { finished: Finished<T> | null },
		effectOf?: (result: T) => number,
	): Promise<Finished<T>> {
		const { services, interaction } = this.#parts;
		let isTaken = false;
		try {
			return await services.transaction(async (tx) => {
				// Wait for all three even if one fails, so that no statement runs after the transaction has ended.
				const [key, done, noted] = await Promise.allSettled([
					tx.store.interactions.handle(interaction),
					work(tx),
					owed,
				]);
				isTaken = key.status === "fulfilled" && !key.value;
				if (isTaken) throw new Error("this interaction's key is taken");
				for (const each of [key, done, noted]) if (each.status === "rejected") throw each.reason;
				const { value: result } = done as PromiseFulfilledResult<T>;
				const effectId = effectOf?.(result) ?? null;
				if (effectId !== null) tx.withCommit(tx.store.interactions.nameEffect(interaction.key, effectId));
				last.finished = { result, effectId };
				return last.finished;
			});
		} catch (error) {
			if (!isTaken) throw error;
			const handled = await services.store.interactions.handled(interaction.key);
			throw handled ? new AlreadyHandled(handled) : new Error("an interaction's key has just been forgotten");
		}
	}

	#isOurs({ command, effectId }: HandledInteraction, inDoubt: Finished<unknown>): boolean {
		return command === this.#parts.interaction.command && effectId === inDoubt.effectId;
	}
}
