import { Outage } from "../../../core/errors.ts";
import { isGone } from "./faults.ts";

/** If no reply comes for this many milliseconds while some are pending, the watchdog probes the server. */
const SILENCE = 1_000;
const CHECK_INTERVAL = 200;
/** Milliseconds between probes of a server that did not answer. */
const PROBE_INTERVAL = 500;

/** What a probe over a new connection found: no answer, no work for this process, or work for it. */
export type Sign = "silent" | "idle" | "busy";

/**
 * Keeps callers from waiting for a server that vanished silently: a pulled cable, a firewall that forgets connections.
 * TCP notices after a quarter of an hour, but a member waits three seconds. If no reply comes while some are pending,
 * the watchdog probes the server over a new connection. Without an answer, all pending statements fail with an Outage,
 * and later ones fail at once until it answers. If it answers but does no work for this process, the connections are
 * dead and are replaced.
 */
export class ConnectionWatchdog {
	readonly #ask: () => Promise<Sign>;
	readonly #discard: () => void;
	#awaited = 0;
	/** The time of the last reply, on the monotonic clock. */
	#heard = 0;
	#isDown = false;
	#looking: NodeJS.Timeout | null = null;
	#isAsking = false;

	/**
	 * @param ask probes the server over a new connection; must settle by itself within about a second
	 * @param discard ends all connections, so that pending statements fail
	 */
	constructor(ask: () => Promise<Sign>, discard: () => void) {
		this.#ask = ask;
		this.#discard = discard;
	}

	/**
	 * Waits for a reply from the server.
	 * @throws Outage when none comes, or the server is gone
	 */
	async watch<Result>(send: () => Promise<Result>): Promise<Result> {
		if (this.#isDown) throw new Outage(null);
		// Silence while nothing was pending does not count.
		if (this.#awaited === 0) this.#heard = performance.now();
		this.#awaited += 1;
		this.#looking ??= setInterval(() => void this.#look(), CHECK_INTERVAL).unref();
		try {
			const result = await send();
			this.#heard = performance.now();
			return result;
		} catch (error) {
			if (error instanceof Outage) throw error;
			if (isGone(error)) throw new Outage(error);
			this.#heard = performance.now();
			throw error;
		} finally {
			this.#awaited -= 1;
			if (this.#awaited === 0 && !this.#isDown) this.close();
		}
	}

	close(): void {
		if (this.#looking) clearInterval(this.#looking);
		this.#looking = null;
	}

	async #look(): Promise<void> {
		const patience = this.#isDown ? PROBE_INTERVAL : SILENCE;
		if (this.#isAsking || performance.now() - this.#heard < patience) return;
		this.#isAsking = true;
		const heard = this.#heard;
		const sign = await this.#ask();
		this.#isAsking = false;
		const isStillSilent = this.#heard === heard;
		this.#heard = performance.now();
		const areDead = sign !== "busy" && isStillSilent && !this.#isDown;
		this.#isDown = sign === "silent" && (this.#isDown || isStillSilent);
		if (areDead) this.#discard();
		if (this.#awaited === 0 && !this.#isDown) this.close();
	}
}
