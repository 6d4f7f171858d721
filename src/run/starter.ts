import type { Logger } from "pino";
import { describeError } from "../adapters/log.ts";
import type { Dispatcher } from "../chat/dispatch.ts";
import { UserError } from "../core/errors.ts";
import type { ChatAdapter } from "./platforms.ts";

/** Milliseconds until a platform that could not be connected is tried again; each pause is twice the one before. */
const FIRST_PAUSE = 2_000;
const LONGEST_PAUSE = 5 * 60_000;

/**
 * Starts each adapter by itself: a fault of one never stops another. While one serves, the others are tried again until
 * they stand, so that nobody has to look after a platform that was away for an hour.
 */
export class Starter {
	readonly #dispatcherOf: (adapter: ChatAdapter) => Dispatcher;
	readonly #log: Logger;
	readonly #pauses = new Set<NodeJS.Timeout>();
	readonly #trying = new Set<Promise<void>>();
	#stopped = false;

	constructor(dispatcherOf: (adapter: ChatAdapter) => Dispatcher, log: Logger) {
		this.#dispatcherOf = dispatcherOf;
		this.#log = log;
	}

	/** Settles when each was tried once. @throws what the first met, when none could start */
	async start(adapters: readonly ChatAdapter[]): Promise<void> {
		const failed: ChatAdapter[] = [];
		const faults: unknown[] = [];
		for (const adapter of adapters) {
			const fault = await this.#try(adapter);
			if (fault === null) continue;
			failed.push(adapter);
			faults.push(fault);
		}
		if (faults.length === adapters.length) throw faults[0];
		for (const adapter of failed) this.#later(adapter, FIRST_PAUSE);
	}

	/** What went wrong; null when it stands. */
	async #try(adapter: ChatAdapter): Promise<unknown> {
		const platform = adapter.platform.name;
		try {
			await adapter.start(this.#dispatcherOf(adapter));
			this.#log.info({ platform }, "connected");
			return null;
		} catch (error) {
			if (error instanceof UserError) this.#log.error({ platform, remedy: error.remedy }, error.message);
			else this.#log.error({ platform, ...describeError(error) }, "could not start");
			return error;
		}
	}

	#later(adapter: ChatAdapter, pause: number): void {
		if (this.#stopped) return;
		const timer = setTimeout(() => {
			this.#pauses.delete(timer);
			const trying = this.#again(adapter, pause).finally(() => this.#trying.delete(trying));
			this.#trying.add(trying);
		}, pause);
		this.#pauses.add(timer);
	}

	async #again(adapter: ChatAdapter, pause: number): Promise<void> {
		if ((await this.#try(adapter)) !== null) this.#later(adapter, Math.min(2 * pause, LONGEST_PAUSE));
	}

	/** Tries nothing more; settles when no try is under way. */
	async stop(): Promise<void> {
		this.#stopped = true;
		for (const timer of this.#pauses) clearTimeout(timer);
		await Promise.all(this.#trying);
	}
}
