import type { Logger } from "pino";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { type DailyObserver, DELIVERY_OUTCOMES, ENGINE_STEPS } from "../chat/daily/engine-options.ts";
import type { CallObserver } from "../chat/dispatch.ts";
import type { ConnectionObserver } from "../chat/platform.ts";
import { DELIVERY_KINDS } from "../core/model.ts";
import { describeError } from "./log.ts";
import type { PoolStatus } from "./postgres/server/guarded-client.ts";

/** The state of a platform, read at each scrape. */
export interface PlatformState {
	connected(): boolean;
	queueAgeSeconds(): number;
}

/** What an operator monitors, in Prometheus' format, and the observers that feed metrics and log. */
export class Metrics {
	readonly registry = new Registry();
	readonly #commands = new Counter({
		name: "nlpq_commands_total",
		help: "Commands by name and outcome",
		labelNames: ["platform", "command", "outcome"],
		registers: [this.registry],
	});
	readonly #commandSeconds = new Histogram({
		name: "nlpq_command_seconds",
		help: "Time from receipt to reply",
		labelNames: ["platform"],
		buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5],
		registers: [this.registry],
	});
	readonly #acknowledgementSeconds = new Histogram({
		name: "nlpq_acknowledgement_seconds",
		help: "Time from receipt until the platform had the first response, for which it waits three seconds",
		labelNames: ["platform"],
		buckets: [0.05, 0.1, 0.25, 0.5, 1, 1.5, 2, 2.5, 3],
		registers: [this.registry],
	});
	readonly #reconnects = new Counter({
		name: "nlpq_reconnects_total",
		help: "Connections to a platform made in place of lost ones",
		labelNames: ["platform"],
		registers: [this.registry],
	});
	readonly #deliveries = new Counter({
		name: "nlpq_deliveries_total",
		help: "Deliveries by kind and outcome",
		labelNames: ["platform", "kind", "outcome"],
		registers: [this.registry],
	});
	readonly #faults = new Counter({
		name: "nlpq_engine_faults_total",
		help: "Unexpected errors of the daily engine by step",
		labelNames: ["step"],
		registers: [this.registry],
	});
	readonly #failing = new Gauge({
		name: "nlpq_failing",
		help: "What failed last time and will be retried: schedules or members of a step of the engine, or a chore",
		labelNames: ["part"],
		registers: [this.registry],
	});
	readonly #tickLag = new Gauge({
		name: "nlpq_tick_lag_seconds",
		help: "Delay of the last pass behind its minute",
		registers: [this.registry],
	});
	readonly #platforms = new Map<string, PlatformState>();
	#database: (() => boolean) | null = null;

	constructor() {
		collectDefaultMetrics({ register: this.registry, prefix: "nlpq_" });
		for (const step of ENGINE_STEPS) {
			this.#faults.inc({ step }, 0);
			this.failing(step, 0);
		}
		this.#gaugesOfState();
	}

	/** Gauges computed at each scrape: a gauge set only while all is well would keep showing the last good value. */
	#gaugesOfState(): void {
		const platforms = this.#platforms;
		const up = () => this.#database?.() ?? false;
		const registers = [this.registry];
		new Gauge({
			name: "nlpq_queue_age_seconds",
			help: "How long the oldest delivery, or daily question that is due, has waited",
			labelNames: ["platform"],
			registers,
			collect() {
				for (const [platform, state] of platforms) this.set({ platform }, state.queueAgeSeconds());
			},
		});
		new Gauge({
			name: "nlpq_platform_connected",
			help: "1 while a platform is connected",
			labelNames: ["platform"],
			registers,
			collect() {
				for (const [platform, state] of platforms) this.set({ platform }, state.connected() ? 1 : 0);
			},
		});
		new Gauge({
			name: "nlpq_database_up",
			help: "1 while the database answers",
			registers,
			collect() {
				this.set(up() ? 1 : 0);
			},
		});
	}

	/** @param part a step of the daily engine, or a housekeeping chore */
	failing(part: string, count: number): void {
		this.#failing.set({ part }, count);
	}

	/** Measures a platform. Its counters begin at 0: an alert sees a first rise only after a first value. */
	platform(platform: string, state: PlatformState): void {
		this.#platforms.set(platform, state);
		for (const kind of DELIVERY_KINDS)
			for (const outcome of DELIVERY_OUTCOMES) this.#deliveries.inc({ platform, kind, outcome }, 0);
	}

	/** @param up asked at each scrape */
	database(up: () => boolean): void {
		this.#database = up;
	}

	/** @param commands whose fault counters begin at 0 */
	calls(platform: string, log: Logger, commands: readonly string[] = []): CallObserver {
		for (const command of commands) this.#commands.inc({ platform, command, outcome: "fault" }, 0);
		return {
			fault: (reference, command, error) =>
				log.error({ reference, platform, command, ...describeError(error) }, "a command failed"),
			ran: (command, outcome, milliseconds) => {
				this.#commands.inc({ platform, command, outcome });
				this.#commandSeconds.observe({ platform }, milliseconds / 1000);
			},
		};
	}

	connections(platform: string): ConnectionObserver {
		// A rate needs a first value to rise from.
		this.#reconnects.inc({ platform }, 0);
		return {
			acknowledged: (milliseconds) => this.#acknowledgementSeconds.observe({ platform }, milliseconds / 1000),
			reconnected: () => this.#reconnects.inc({ platform }),
		};
	}

	/** Shows how busy the connections for transactions are at each scrape. */
	pool(pool: PoolStatus): void {
		new Gauge({
			name: "nlpq_pool_transactions",
			help: "Transactions that run on a connection, and those that wait for one",
			labelNames: ["state"],
			registers: [this.registry],
			collect() {
				this.set({ state: "running" }, pool.running);
				this.set({ state: "waiting" }, pool.waiting);
			},
		});
		new Gauge({
			name: "nlpq_pool_connections",
			help: "Connections for transactions",
			registers: [this.registry],
		}).set(pool.most);
	}

	daily(log: Logger): DailyObserver {
		return {
			delivered: (delivery, outcome) => {
				const { id, kind, platform, workspaceId, tries } = delivery;
				this.#deliveries.inc({ platform, kind, outcome });
				log.info({ delivery: id, kind, platform, workspace: workspaceId, tries, outcome }, "delivery");
			},
			fault: (step, error) => {
				this.#faults.inc({ step });
				log.error({ step, ...describeError(error) }, "a step of the daily engine failed");
			},
			failing: (step, count) => this.failing(step, count),
		};
	}

	ticked(lagSeconds: number): void {
		this.#tickLag.set(lagSeconds);
	}
}
