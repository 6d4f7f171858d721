import type { Logger } from "pino";
import { describeError } from "../adapters/log.ts";
import { withDeadline } from "../chat/deadlines.ts";
import type { Dispatcher } from "../chat/dispatch.ts";
import { UserError } from "../core/errors.ts";
import type { ChatAdapter } from "./chat-adapter.ts";
import { pauseAfter, startVerdict } from "./start-verdict.ts";

/** Milliseconds that the program waits for first connections before it reports ready. */
const PATIENCE = 20_000;

/** Logs a failed start in one line, in words where there are any. */
export function sayFault(log: Logger, platform: string, error: unknown): void {
	if (error instanceof UserError) log.error({ platform, remedy: error.remedy }, error.message);
	else log.error({ platform, ...describeError(error) }, "could not start");
}

/**
 * Starts each adapter by itself, so that a fault of one never stops another, and retries those that cannot connect.
 * When every platform refuses for a reason that waiting does not fix, nothing is left to do.
 */
export class Starter {
	readonly #dispatcherOf: (adapter: ChatAdapter) => Dispatcher;
	readonly #log: Logger;
	readonly #pauses = new Set<NodeJS.Timeout>();
	readonly #trying = new Set<Promise<void>>();
	readonly #refusals = new Map<ChatAdapter, unknown>();
	#adapters: readonly ChatAdapter[] = [];
	#isStarting = true;
	#stopped = false;
	#exhaust: () => void = () => undefined;
	/** Settles when no platform is left that serves, or may later. */
	readonly exhausted: Promise<void>;

	constructor(dispatcherOf: (adapter: ChatAdapter) => Dispatcher, log: Logger) {
		this.#dispatcherOf = dispatcherOf;
		this.#log = log;
		this.exhausted = new Promise((resolve) => {
			this.#exhaust = resolve;
		});
	}

	/**
	 * Settles when each was tried once, or after a while with those that still try.
	 * @throws UserError when every platform refuses; the only platform's own one unlogged, so that it is said once
	 */
	async start(adapters: readonly ChatAdapter[]): Promise<void> {
		this.#adapters = adapters;
		for (const adapter of adapters) this.#watch(adapter);
		const tries = adapters.map((adapter) => this.#track(this.#try(adapter, 1)));
		await withDeadline(Promise.all(tries), PATIENCE, undefined);
		this.#isStarting = false;
		if (this.#refusals.size < adapters.length) return;
		const [only] = this.#refusals.values();
		throw adapters.length === 1
			? only
			: new UserError("Every platform refuses to be connected.", "The lines above say why, and what to do.");
	}

	/** Treats a connection that ends for good as a refusal. */
	#watch(adapter: ChatAdapter): void {
		void adapter.failed?.then((error) => {
			sayFault(this.#log, adapter.platform.name, error);
			this.#refused(adapter, error);
		});
	}

	#track(trying: Promise<void>): Promise<void> {
		this.#trying.add(trying);
		return trying.finally(() => this.#trying.delete(trying));
	}

	async #try(adapter: ChatAdapter, tries: number): Promise<void> {
		const platform = adapter.platform.name;
		try {
			await adapter.start(this.#dispatcherOf(adapter));
			this.#refusals.delete(adapter);
			this.#log.info({ platform }, "connected");
		} catch (error) {
			const refused = startVerdict(error) === "refused";
			const ends = refused && this.#adapters.length === 1 && this.#isStarting;
			if (refused) this.#refused(adapter, error);
			else this.#refusals.delete(adapter);
			if (ends) return;
			sayFault(this.#log, platform, error);
			this.#later(adapter, tries);
		}
	}

	#refused(adapter: ChatAdapter, error: unknown): void {
		this.#refusals.set(adapter, error);
		if (this.#refusals.size === this.#adapters.length) this.#exhaust();
	}

	#later(adapter: ChatAdapter, tries: number): void {
		if (this.#stopped) return;
		const timer = setTimeout(() => {
			this.#pauses.delete(timer);
			void this.#track(this.#try(adapter, tries + 1));
		}, pauseAfter(tries));
		this.#pauses.add(timer);
	}

	/** Stops retrying; settles when no try is running. */
	async stop(): Promise<void> {
		this.#stopped = true;
		for (const timer of this.#pauses) clearTimeout(timer);
		await Promise.all(this.#trying);
	}
}
