import type { Logger } from "pino";
import { describeError, kindOf, type OutageLines } from "../adapters/log.ts";
import type { Metrics } from "../adapters/metrics.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { Store } from "../core/ports/store.ts";
import type { ChatAdapter } from "./chat-adapter.ts";

/** Milliseconds between looks at the database, and the longest time a look may take. */
const CHECK_INTERVAL = 10_000;
const LOOK_DEADLINE = 5_000;

export interface WatchParts {
	readonly store: Store;
	readonly adapters: readonly ChatAdapter[];
	readonly clock: Clock;
	readonly metrics: Metrics;
	readonly outages: OutageLines;
	readonly log: Logger;
}

/** A platform's queue at the last look. */
interface Seen {
	readonly oldestWaiting: Date | null;
	readonly nextDue: Date | null;
}

/**
 * Watches the database and the queues, so that metrics and log stay right when nothing else works. Ages keep growing
 * between looks and while looks fail: what was due then is still waiting.
 */
export class Watch {
	readonly #parts: WatchParts;
	readonly #states = new Map<string, Seen>();
	#up = true;
	#lookingSince: number | null = null;
	#timer: NodeJS.Timeout | undefined;

	constructor(parts: WatchParts) {
		this.#parts = parts;
		for (const adapter of parts.adapters)
			parts.metrics.platform(adapter.platform.name, {
				connected: () => adapter.healthy(),
				queueAgeSeconds: () => this.#age(adapter.platform.name),
			});
		parts.metrics.database(() => this.databaseIsUp);
	}

	/** False too while a look takes too long. */
	get databaseIsUp(): boolean {
		const since = this.#lookingSince;
		return this.#up && (since === null || performance.now() - since < LOOK_DEADLINE);
	}

	#age(platform: string): number {
		const now = this.#parts.clock.now().getTime();
		const state = this.#states.get(platform);
		const instants = [state?.oldestWaiting, state?.nextDue].flatMap((instant) => (instant ? [instant.getTime()] : []));
		return Math.max(0, now - Math.min(now, ...instants)) / 1000;
	}

	start(): void {
		void this.look();
		this.#timer = setInterval(() => void this.look(), CHECK_INTERVAL);
	}

	stop(): void {
		clearInterval(this.#timer);
	}

	/** Looks once; does nothing while another look runs. Never throws. */
	async look(): Promise<void> {
		if (this.#lookingSince !== null) return;
		this.#lookingSince = performance.now();
		const { outages, log } = this.#parts;
		try {
			await this.#measure();
			this.#up = true;
			outages.over(log);
		} catch (error) {
			// Outages have log lines of their own; any other error is logged at each look.
			if (this.#up || kindOf(error) === "Outage")
				log.error(describeError(error), "could not read the metrics from the database");
			this.#up = false;
		} finally {
			this.#lookingSince = null;
		}
	}

	async #measure(): Promise<void> {
		const { store, adapters, clock } = this.#parts;
		await store.running.databaseTime();
		for (const { platform } of adapters)
			this.#states.set(platform.name, {
				oldestWaiting: await store.deliveries.oldestWaiting(platform.name, clock.now()),
				nextDue: await store.schedules.nextInstant(platform.name),
			});
	}
}
