import { createLog } from "../adapters/log.ts";
import type { Config } from "../config.ts";
import { untilItPasses } from "./start-verdict.ts";
import { sayFault } from "./starter.ts";

/**
 * With DISCORD_SHARDS set, starts one process per shard; this process only watches them.
 * @param file the program that each shard's process runs
 * @returns false when one process serves everything
 */
export async function runShardProcesses(config: Config, file: string): Promise<boolean> {
	if (!config.DISCORD_TOKEN || config.DISCORD_SHARDS === undefined) return false;
	const { runShards, shardCount, shardOfProcess } = await import("../adapters/discord/gateway/sharding.ts");
	if (shardOfProcess(process.env)) return false;
	const settings = {
		token: config.DISCORD_TOKEN,
		apiUrl: config.DISCORD_API_URL ?? null,
		shards: config.DISCORD_SHARDS,
		file,
		sharedDatabase: config.DATABASE_URL !== undefined,
	};
	const log = createLog(config.LOG_LEVEL);
	const count = await untilItPasses(
		() => shardCount(settings),
		(error) => sayFault(log, "discord", error),
	);
	if (count <= 1) return false;
	const stop = await runShards(settings, count, log);
	await new Promise<void>((resolve) => {
		process.once("SIGTERM", resolve);
		process.once("SIGINT", resolve);
	});
	await stop();
	return true;
}

/** The index of the shard that discord.js's manager gave to this process; 0 when one process serves them all. */
export async function ownShard(config: Config): Promise<number> {
	if (!config.DISCORD_TOKEN) return 0;
	const { shardOfProcess } = await import("../adapters/discord/gateway/sharding.ts");
	return shardOfProcess(process.env)?.shard ?? 0;
}

/** Two processes on one machine cannot listen on one port, so each shard has its own. */
export function withOwnPort(config: Config, shard: number): Config {
	const { NLPQ_HEALTH_PORT } = config;
	return NLPQ_HEALTH_PORT ? { ...config, NLPQ_HEALTH_PORT: NLPQ_HEALTH_PORT + shard } : config;
}
