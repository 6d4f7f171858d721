import { pause } from "../../../chat/deadlines.ts";
import { DeliveryFault } from "../../../chat/platform.ts";
import type { Store } from "../../../core/ports/store.ts";
import { POSTS_PER_SECOND } from "./limits.ts";

const NAME = "discord";
/** Sends reserved at once at most: what a process that dies has reserved is lost to the others. */
const AT_ONCE = 10;
/** Milliseconds until a database that did not answer is asked again. */
const PAUSE = 100;

interface Waiting {
	readonly go: () => void;
	readonly signal: AbortSignal;
}

/**
 * The sends of all processes with the bot's token, evenly spread, so that together they stay within the platform's
 * limit. Those who wait in this process go in the order in which they came.
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
				reject(new DeliveryFault("not-sent", "There is more to send than Discord takes", "It is tried again.", 1000));
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
		while (this.#waiting.length > 0) await this.#reserve(Math.min(AT_ONCE, this.#waiting.length));
		this.#granting = false;
	}

	/** Lets those who wait go one by one, each at its own place in the second. */
	async #reserve(count: number): Promise<void> {
		const first = await this.#ask(count);
		if (first === null) return;
		for (let place = 0; place < count; place += 1) {
			const wait = first + (place * 1000) / this.#perSecond - performance.now();
			// Below a millisecond a timer would only be late.
			if (wait >= 1) await pause(wait);
			this.#next()?.go();
		}
	}

	/** The one who has waited longest and has not given up. */
	#next(): Waiting | undefined {
		for (;;) {
			const next = this.#waiting.shift();
			if (!next?.signal.aborted) return next;
		}
	}

	/** The steady clock's instant of the first of `count` sends. Without an answer of the database nothing is granted. */
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
