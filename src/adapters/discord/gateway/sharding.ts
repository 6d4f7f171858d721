/** Runs several processes on one machine, one per shard. */
import { ChildProcess } from "node:child_process";
import { type Shard, ShardingManager } from "discord.js";
import type { Logger } from "pino";
import { UserError } from "../../../core/errors.ts";
import { describeError } from "../../log.ts";
import { Servers } from "../install/servers.ts";
import { unavailable } from "../outgoing/faults.ts";
import { queryRest, type RestSettings } from "../outgoing/rest.ts";
import { loginFault } from "./gateway.ts";

/** Milliseconds until a process that could not be started is started again: the machine may lack memory for it. */
const FORK_INTERVAL = 5_000;

export interface ShardingSettings extends RestSettings {
	/** The number of shards; "auto" for as many as Discord recommends. */
	readonly shards: number | "auto";
	/** The program that each shard's process runs: nlpq itself. */
	readonly file: string;
	/** Whether several processes can share the database. */
	readonly sharedDatabase: boolean;
}

/** Reads from the environment which shard the manager gave this process; null without a manager. */
export function shardOfProcess(
	environment: Readonly<Record<string, string | undefined>>,
): { readonly shard: number; readonly shardCount: number } | null {
	const { SHARDING_MANAGER, SHARDS, SHARD_COUNT } = environment;
	if (SHARDING_MANAGER === undefined || SHARDS === undefined || SHARD_COUNT === undefined) return null;
	return { shard: Number(SHARDS), shardCount: Number(SHARD_COUNT) };
}

/**
 * Decides how many shards to run.
 * @throws UserError when the token is wrong, or when several processes would share one embedded database
 */
export async function shardCount(settings: ShardingSettings): Promise<number> {
	const count = settings.shards === "auto" ? await recommended(settings) : settings.shards;
	if (settings.shards !== "auto" && count > 1) await refuseWrongToken(settings);
	if (count > 1 && !settings.sharedDatabase)
		throw new UserError(
			`Discord wants ${count} shards, each in a process of its own, and the embedded database serves one process.`,
			"Set DATABASE_URL to a Postgres server, or DISCORD_SHARDS=1 while the bot is on fewer than 2,500 servers.",
		);
	return count;
}

/** With a refused token the manager would restart its processes for ever. A Discord that is down delays nothing. */
async function refuseWrongToken(settings: RestSettings): Promise<void> {
	const fault = await new Servers(queryRest(settings)).gateway().then(() => null, loginFault);
	if (fault) throw fault;
}

async function recommended(settings: RestSettings): Promise<number> {
	try {
		return (await new Servers(queryRest(settings)).gateway()).shards;
	} catch (error) {
		throw loginFault(error) ?? unavailable(error, settings.apiUrl ?? "https://discord.com/api") ?? error;
	}
}

/** Whether the system started a process; `fork` also returns one that it could not start. */
const hasBegun = (child: unknown): child is ChildProcess => child instanceof ChildProcess && child.pid !== undefined;

/**
 * Starts a process for each shard with discord.js's manager, which restarts those that end. Each process waits for its
 * shard's lease, so that a second machine that does the same is a standby.
 * @returns a function that ends the processes, and settles when all have ended
 */
export async function runShards(settings: ShardingSettings, count: number, log: Logger): Promise<() => Promise<void>> {
	// The count is given: the manager would ask Discord for it, even if DISCORD_API_URL names another host.
	const manager = new ShardingManager(settings.file, { token: settings.token, totalShards: count, respawn: true });
	const ended: Promise<void>[] = [];
	const retries = new Set<NodeJS.Timeout>();
	const retry = (shard: Shard) => {
		const timer = setTimeout(() => {
			retries.delete(timer);
			// An error that `fork` throws instead of reporting is reported by the shard.
			shard.spawn(-1).catch((error) => shard.emit("error", error));
		}, FORK_INTERVAL);
		retries.add(timer);
	};
	manager.on("shardCreate", (shard) => {
		const failed = (error: Error) => {
			log.error({ shard: shard.id, ...describeError(error) }, "could not start the process of a shard");
			// Without an exit, the manager believes in a process that never was.
			if (shard.process) shard.kill();
			if (manager.respawn) retry(shard);
		};
		shard.on("death", (child) => {
			if (hasBegun(child)) log.warn({ shard: shard.id }, "the process of a shard has ended");
		});
		shard.on("error", failed);
		shard.on("spawn", (child) => {
			if (hasBegun(child)) log.info({ shard: shard.id }, "the process of a shard has started");
			// One that runs reports a signal or a message that failed; it needs no other in its place.
			child.on("error", (error: Error) => {
				if (!hasBegun(child)) failed(error);
			});
		});
	});
	// No timeout: a shard stays unconnected for as long as another machine holds its lease.
	await manager.spawn({ timeout: -1, delay: 0 });
	return async () => {
		manager.respawn = false;
		for (const timer of retries) clearTimeout(timer);
		for (const shard of manager.shards.values()) {
			const child = shard.process;
			if (!child || !hasBegun(child)) continue;
			ended.push(new Promise((resolve) => child.once("exit", () => resolve())));
			// Sends SIGTERM; without `respawn` it is not started again.
			shard.kill();
		}
		await Promise.all(ended);
	};
}
