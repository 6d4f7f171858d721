import { isOutage } from "../core/errors.ts";
import type { HandledInteraction, InteractionRecord } from "../core/ports/interactions.ts";
import type { ReadServices, Services } from "../core/service/services.ts";
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

	async #transact<T>(work: (tx: Services) => Promise<T>, effectOf?: (result: T) => number): Promise<T> {
		if (this.#saved) return this.#parts.services.transaction(work);
		await this.#parts.owe();
		const { result, effectId } = await this.#commit(work, effectOf);
		this.#saved = { effectId };
		return result;
	}

	/**
	 * Commits once. After an unanswered COMMIT, runs the same transaction again: taking the key waits until the first one
	 * has ended, and shows whether it was committed.
	 * @throws AlreadyHandled, Unconfirmed, and any error of the work
	 */
	async #commit<T>(work: (tx: Services) => Promise<T>, effectOf?: (result: T) => number): Promise<Finished<T>> {
		let inDoubt: Finished<T> | null = null;
		for (const wait of [...PAUSES, null]) {
			const last: { finished: Finished<T> | null } = { finished: null };
			try {
				return await this.#parts.services.transaction(async (tx) => {
					await this.#takeKey(tx);
					last.finished = await this.#finish(tx, await work(tx), effectOf);
					return last.finished;
				});
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

	async #takeKey({ store: { interactions } }: Services): Promise<void> {
		const { interaction } = this.#parts;
		if (await interactions.handle(interaction)) return;
		const handled = await interactions.handled(interaction.key);
		throw handled ? new AlreadyHandled(handled) : new Error("an interaction's key has just been forgotten");
	}

	async #finish<T>(tx: Services, result: T, effectOf?: (result: T) => number): Promise<Finished<T>> {
		const effectId = effectOf?.(result) ?? null;
		if (effectId !== null) await tx.store.interactions.nameEffect(this.#parts.interaction.key, effectId);
		return { result, effectId };
	}

	#isOurs({ command, effectId }: HandledInteraction, inDoubt: Finished<unknown>): boolean {
		return command === this.#parts.interaction.command && effectId === inDoubt.effectId;
	}
}
