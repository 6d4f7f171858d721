import { pause } from "../../../chat/deadlines.ts";
import { DeliveryFault } from "../../../chat/platform.ts";
import type { Store } from "../../../core/ports/store.ts";
import { POSTS_PER_SECOND } from "./limits.ts";

const NAME = "discord";
/** The most sends reserved at once: when a process dies, its reservation is lost to the others. */
const MAX_RESERVED = 10;
/** Milliseconds before asking again when the database did not answer. */
const PAUSE = 100;

interface Waiting {
	readonly go: () => void;
	readonly signal: AbortSignal;
}

/**
 * Spreads the sends of all processes with the bot's token evenly, so that together they stay within Discord's limit.
 * Within this process, sends leave in the order in which they asked.
 */
export class SendBudget {
	readonly #store: Store;
	readonly #perSecond: number;
	readonly #waiting: Waiting[] = [];
	#granting = false;

	constructor(store: Store, perSecond = POSTS_PER_SECOND) {
		this.#store = store;
		this.#perSecond = perSecond;
	}

	/** Settles when one send may leave. @throws DeliveryFault `not-sent` when the signal ends the wait */
	async take(signal: AbortSignal): Promise<void> {
		await new Promise<void>((resolve, reject) => {
			const giveUp = () =>
				reject(
					new DeliveryFault(
						"not-sent",
						"There is more to send than Discord takes",
						"nlpq tries again by itself in a second.",
						1000,
					),
				);
			if (signal.aborted) return giveUp();
			signal.addEventListener("abort", giveUp, { once: true });
			const go = () => {
				signal.removeEventListener("abort", giveUp);
				resolve();
			};
			this.#waiting.push({ go, signal });
			void this.#grant();
		});
	}

	async #grant(): Promise<void> {
		if (this.#granting) return;
		this.#granting = true;
		while (this.#waiting.length > 0) await this.#reserve(Math.min(MAX_RESERVED, this.#waiting.length));
		this.#granting = false;
	}

	/** Releases waiting sends one by one, each at its own time within the second. */
	async #reserve(count: number): Promise<void> {
		const first = await this.#ask(count);
		if (first === null) return;
		for (let place = 0; place < count; place += 1) {
			const wait = first + (place * 1000) / this.#perSecond - performance.now();
			// A timer for less than a millisecond would only fire late.
			if (wait >= 1) await pause(wait);
			this.#next()?.go();
		}
	}

	/** The send that has waited longest and has not given up. */
	#next(): Waiting | undefined {
		for (;;) {
			const next = this.#waiting.shift();
			if (!next?.signal.aborted) return next;
		}
	}

	/** The time on the monotonic clock of the first of `count` sends; null if the database did not answer. */
	async #ask(count: number): Promise<number | null> {
		try {
			const wait = await this.#store.running.takeSends(NAME, count, this.#perSecond);
			return performance.now() + wait;
		} catch {
			await pause(PAUSE);
			return null;
		}
	}
}
