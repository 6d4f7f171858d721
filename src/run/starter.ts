import type { Logger } from "pino";
import { describeError } from "../adapters/log.ts";
import { withDeadline } from "../chat/deadlines.ts";
import type { Dispatcher } from "../chat/dispatch.ts";
import { UserError } from "../core/errors.ts";
import type { ChatAdapter } from "./chat-adapter.ts";
import { pauseAfter, startVerdict } from "./start-verdict.ts";

/** Milliseconds to wait for the first connections before the program reports that it is ready. */
const START_TIMEOUT = 20_000;

/** Logs why a platform could not start, in one line. */
export function sayFault(log: Logger, platform: string, error: unknown): void {
	if (error instanceof UserError) log.error({ platform, remedy: error.remedy }, error.message);
	else log.error({ platform, ...describeError(error) }, "could not start");
}

/**
 * Starts each adapter separately, so that a fault of one never stops another, and retries those that cannot connect.
 * Ends when every platform refuses: waiting would not help.
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
	/** Settles when no platform serves and none may serve later. */
	readonly exhausted: Promise<void>;

	constructor(dispatcherOf: (adapter: ChatAdapter) => Dispatcher, log: Logger) {
		this.#dispatcherOf = dispatcherOf;
		this.#log = log;
		this.exhausted = new Promise((resolve) => {
			this.#exhaust = resolve;
		});
	}

	/**
	 * Settles when each adapter was tried once, or after 20 seconds while some still try.
	 * @throws UserError when every platform refuses. A single platform's own error is thrown, not logged: it is shown once
	 */
	async start(adapters: readonly ChatAdapter[]): Promise<void> {
		this.#adapters = adapters;
		for (const adapter of adapters) this.#watch(adapter);
		const tries = adapters.map((adapter) => this.#track(this.#try(adapter, 1)));
		await withDeadline(Promise.all(tries), START_TIMEOUT, undefined);
		this.#isStarting = false;
		if (this.#refusals.size < adapters.length) return;
		const [only] = this.#refusals.values();
		throw adapters.length === 1
			? only
			: new UserError("Every platform refuses to be connected.", "The lines above say why, and what to do.");
	}

	/** Treats a lost connection that cannot come back as a refusal. */
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

	/** Stops retrying, and settles when no try is running. */
	async stop(): Promise<void> {
		this.#stopped = true;
		for (const timer of this.#pauses) clearTimeout(timer);
		await Promise.all(this.#trying);
	}
}
