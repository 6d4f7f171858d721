import { randomUUID } from "node:crypto";
import type { Logger } from "pino";
import { systemClock } from "../adapters/clock.ts";
import { everyMinute } from "../adapters/cron.ts";
import { type Readiness, serveHealth } from "../adapters/health.ts";
import { createLog, OutageLines } from "../adapters/log.ts";
import { Metrics } from "../adapters/metrics.ts";
import { migrationStanding } from "../adapters/postgres/migrations/migrate.ts";
import type { OpenDatabase } from "../adapters/postgres/open.ts";
import { COMMANDS } from "../chat/commands/index.ts";
import { DailyEngine } from "../chat/daily.ts";
import { Dispatcher, type Throttle } from "../chat/dispatch.ts";
import { MEMBER_PACE, Pacer, WORKSPACE_PACE } from "../chat/pace.ts";
import type { ConnectionObserver, Platform } from "../chat/platform.ts";
import type { Config } from "../config.ts";
import type { UserError } from "../core/errors.ts";
import type { Clock } from "../core/ports/clock.ts";
import { chores } from "../core/service/housekeeping.ts";
import type { Services } from "../core/service/services.ts";
import { backUpDaily, lastBackupWords } from "./daily-backup.ts";
import { explained } from "./failure.ts";
import { Housekeeper } from "./housekeeping.ts";
import { migrationsFolder } from "./open.ts";
import { Starter } from "./starter.ts";
import { Watch } from "./watch.ts";

/** A chat platform's adapter, as the composition wants it. */
export interface ChatAdapter {
	readonly platform: Platform;
	/** Makes what the platform's calls need, without listening: for who asks before or instead of `start`. */
	prepare?(): Promise<void>;
	/** May be called again after it failed. @throws UserError when it cannot go on */
	start(dispatcher: Dispatcher): Promise<void>;
	/** Takes nothing new and finishes what is in flight. */
	stop(): Promise<void>;
	healthy(): boolean;
	/** Settles with the reason when the connection has ended for good, such as by a revoked token. */
	readonly failed?: Promise<UserError>;
}

/** What the adapters are made with. */
export interface AdapterTools {
	readonly clock: Clock;
	readonly log: Logger;
	/** @param platform by its name */
	connections(platform: string): ConnectionObserver;
}

/** Between the minutes: retries and answered counts. Schedules fall due at full minutes. */
const BETWEEN_TICKS = 5_000;
/** Stopping takes no longer than this. */
const STOP_DEADLINE = 10_000;

function throttle(): Throttle {
	const members = new Pacer(MEMBER_PACE);
	const workspaces = new Pacer(WORKSPACE_PACE);
	return (workspace, member) => {
		const now = performance.now();
		return members.take(`${workspace} ${member}`, now) || workspaces.take(workspace, now);
	};
}

/** The parts of a running process. */
interface Running {
	readonly services: Services;
	readonly database: OpenDatabase;
	readonly adapters: readonly ChatAdapter[];
	readonly clock: Clock;
	readonly log: Logger;
	readonly metrics: Metrics;
	readonly daily: DailyEngine;
	readonly watch: Watch;
}

function dispatchers({ services, clock, log, metrics, daily }: Running): (adapter: ChatAdapter) => Dispatcher {
	const pace = throttle();
	const names = ["unknown", ...COMMANDS.map(({ name }) => name)];
	return ({ platform }) =>
		new Dispatcher({
			services,
			clock,
			commands: COMMANDS,
			platform,
			daily,
			observer: metrics.calls(platform.name, log, names),
			throttle: pace,
		});
}

/** What the process needs to serve, each by name. */
async function readiness(database: OpenDatabase, adapters: readonly ChatAdapter[]): Promise<Readiness[]> {
	const connections = adapters.map((adapter) => ({
		name: adapter.platform.name,
		ready: adapter.healthy(),
		detail: adapter.healthy() ? "connected" : "not connected",
	}));
	try {
		const { known, missing } = await migrationStanding(database.db, migrationsFolder(), database.schema);
		return [
			{ name: "database", ready: true, detail: database.kind },
			{ name: "migrations", ready: missing === 0, detail: `${known - missing} of ${known} applied` },
			...connections,
		];
	} catch (error) {
		const detail = explained(error)?.message ?? "cannot be asked";
		return [{ name: "database", ready: false, detail }, ...connections];
	}
}

/** Settles when the process is asked to stop. */
function stopSignal(): Promise<void> {
	return new Promise((resolve) => {
		process.once("SIGTERM", resolve);
		process.once("SIGINT", resolve);
	});
}

/** Work that recurs until it is stopped: the minute's pass, a look for retries between, and hourly cleaning. */
function beginRounds(
	config: Config,
	{ services, database, clock, log, metrics, daily, watch }: Running,
): () => Promise<void> {
	const tick = async (): Promise<void> => {
		metrics.ticked((clock.now().getTime() % 60_000) / 1000);
		await daily.run();
		await watch.look();
	};
	const stopTicks = everyMinute(tick);
	const between = setInterval(() => daily.wake(), BETWEEN_TICKS);
	const housekeeper = new Housekeeper({
		chores: chores(services),
		backUp: () => backUpDaily(database, config.NLPQ_DATA_DIR, clock.now()),
		clock,
		log,
		done: (chore, failed) => metrics.failing(chore, failed ? 1 : 0),
	});
	housekeeper.start();
	daily.wake();
	return async () => {
		clearInterval(between);
		await Promise.all([stopTicks(), housekeeper.stop()]);
	};
}

/** Settles as the work does, or after `STOP_DEADLINE`. */
async function inTime(work: Promise<unknown>): Promise<void> {
	await Promise.race([work, new Promise((resolve) => setTimeout(resolve, STOP_DEADLINE).unref())]);
}

/**
 * The study bot on every configured chat platform, in one process. Settles after an orderly stop.
 * @param create makes the adapters that the settings ask for
 * @param clock what due, late and streaks are reckoned by; the machine's own unless a rehearsal moves one
 * @throws UserError when the only platform refuses to be started
 */
export async function runPlatforms(
	config: Config,
	services: Services,
	database: OpenDatabase,
	create: (tools: AdapterTools) => Promise<readonly ChatAdapter[]>,
	clock: Clock = systemClock,
): Promise<void> {
	const asked = stopSignal();
	const outages = new OutageLines();
	const log = createLog(config.LOG_LEVEL, outages);
	const metrics = new Metrics();
	if (database.pool) metrics.pool(database.pool);
	database.onPooler(() =>
		log.info("a pooler stands before the database: nothing is prepared, and each statement is a transaction"),
	);
	const adapters = await create({ clock, log, connections: (platform) => metrics.connections(platform) });
	const worker = randomUUID();
	const platforms = adapters.map((adapter) => adapter.platform);
	const daily = new DailyEngine({ services, platforms, clock, worker, observer: metrics.daily(log) });
	const watch = new Watch({ store: services.store, adapters, clock, metrics, outages, log });
	const running: Running = { services, database, adapters, clock, log, metrics, daily, watch };
	const starter = new Starter(dispatchers(running), log);
	// Served from the beginning: a platform that is away at the start must be seen from outside.
	const health =
		config.NLPQ_HEALTH_PORT === undefined
			? null
			: await serveHealth(config.NLPQ_HEALTH_PORT, config.NLPQ_HEALTH_HOST, metrics, () =>
					readiness(database, adapters),
				);
	watch.start();
	let stopRounds: () => Promise<void> = async () => undefined;
	try {
		await Promise.race([starter.start(adapters), asked]);
		const backup = database.kind === "embedded" ? lastBackupWords(config.NLPQ_DATA_DIR, clock.now()) : null;
		const names = platforms.map((platform) => platform.name);
		log.info({ platforms: names, database: database.kind, worker, health: health?.port ?? null, backup }, "ready");
		stopRounds = beginRounds(config, running);
		const hopeless = starter.exhausted.then(() => {
			process.exitCode = 1;
		});
		await Promise.race([asked, hopeless]);
		log.info("stopping");
	} finally {
		watch.stop();
		// What is on its way to start has to be there before it can be stopped.
		const closing = starter.stop().then(() => Promise.all(adapters.map((adapter) => adapter.stop())));
		await inTime(Promise.all([stopRounds(), daily.stop(), health?.stop(), closing]));
	}
	log.info("stopped");
}
