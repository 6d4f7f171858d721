import { randomUUID } from "node:crypto";
import type { Logger } from "pino";
import { createLog, OutageLines } from "../adapters/log.ts";
import { Metrics } from "../adapters/metrics.ts";
import type { OpenDatabase } from "../adapters/postgres/open.ts";
import { COMMANDS } from "../chat/commands/index.ts";
import { DailyEngine } from "../chat/daily.ts";
import { Dispatcher, type Throttle } from "../chat/dispatch.ts";
import { MEMBER_PACE, Pacer, WORKSPACE_PACE } from "../chat/rate-limit.ts";
import type { Config } from "../config.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { Services } from "../core/service/services.ts";
import type { AdapterTools, ChatAdapter } from "./chat-adapter.ts";
import { Starter } from "./starter.ts";
import { Watch } from "./watch.ts";

/** What a process is wired from. */
export interface ProcessParts {
	readonly config: Config;
	readonly services: Services;
	readonly database: OpenDatabase;
	/** Creates the adapters that the settings ask for. */
	readonly create: (tools: AdapterTools) => Promise<readonly ChatAdapter[]>;
	/** Decides what is due, what is late, and streaks. */
	readonly clock: Clock;
}

/** A process that is wired up but not running. */
export interface WiredProcess extends Omit<ProcessParts, "create"> {
	readonly adapters: readonly ChatAdapter[];
	readonly log: Logger;
	readonly metrics: Metrics;
	readonly daily: DailyEngine;
	readonly watch: Watch;
	readonly starter: Starter;
	/** Identifies this process in the log and in leases. */
	readonly worker: string;
}

function throttle(): Throttle {
	const members = new Pacer(MEMBER_PACE);
	const workspaces = new Pacer(WORKSPACE_PACE);
	return (workspace, member) => {
		const now = performance.now();
		return members.take(`${workspace} ${member}`, now) || workspaces.take(workspace, now);
	};
}

type Shared = Pick<WiredProcess, "services" | "clock" | "log" | "metrics" | "daily">;

function dispatchers({ services, clock, log, metrics, daily }: Shared): (adapter: ChatAdapter) => Dispatcher {
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

/** Wires up a process. */
export async function wireProcess({ config, services, database, create, clock }: ProcessParts): Promise<WiredProcess> {
	const outages = new OutageLines();
	const log = createLog(config.LOG_LEVEL, outages);
	const metrics = new Metrics();
	if (database.pool) metrics.pool(database.pool);
	database.onPooler(() =>
		log.info("a pooler is in front of the database: statements are not prepared, and each is its own transaction"),
	);
	const adapters = await create({ clock, log, connections: (platform) => metrics.connections(platform) });
	const worker = randomUUID();
	const platforms = adapters.map((adapter) => adapter.platform);
	const daily = new DailyEngine({ services, platforms, clock, worker, observer: metrics.daily(log) });
	const watch = new Watch({ store: services.store, adapters, clock, metrics, outages, log });
	const starter = new Starter(dispatchers({ services, clock, log, metrics, daily }), log);
	return { config, services, database, clock, adapters, log, metrics, daily, watch, starter, worker };
}
