import { existsSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../adapters/clock.ts";
import { createLog } from "../adapters/log.ts";
import type { OpenDatabase } from "../adapters/postgres/open.ts";
import { createStore } from "../adapters/postgres/store.ts";
import { UsageError } from "../cli.ts";
import { type Config, readConfig } from "../config.ts";
import { createServices } from "../core/service/services.ts";
import { wantsPlatforms } from "./adapters.ts";
import { failureText } from "./failure.ts";
import { loadBank, migrationsFolder, openDatabase } from "./open.ts";
import { untilItPasses } from "./start-verdict.ts";
import { sayFault } from "./starter.ts";
import { runTerminal } from "./terminal.ts";
import { demandCommand, runOneCommand } from "./terminal-command.ts";
import { demandTerminal } from "./terminal-input.ts";

/** Random numbers in [0, 1): reproducible for a given seed, otherwise the machine's. */
function randomOf(seed: number | undefined): () => number {
	if (seed === undefined) return Math.random;
	let state = seed >>> 0;
	return () => {
		state = (state + 0x9e37_79b9) >>> 0;
		// Mixed, so that neighbouring seeds already differ in the first number.
		let mixed = Math.imul(state ^ (state >>> 16), 0x85eb_ca6b);
		mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35);
		return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
	};
}

/**
 * With DISCORD_SHARDS set, starts one process per shard; this process only watches them.
 * @param file the program that each shard's process runs
 * @returns false when one process serves everything
 */
async function runShardProcesses(config: Config, file: string): Promise<boolean> {
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
async function ownShard(config: Config): Promise<number> {
	if (!config.DISCORD_TOKEN) return 0;
	const { shardOfProcess } = await import("../adapters/discord/gateway/sharding.ts");
	return shardOfProcess(process.env)?.shard ?? 0;
}

/** Two processes on one machine cannot listen on one port, so each shard has its own. */
function withOwnPort(config: Config, shard: number): Config {
	const { NLPQ_HEALTH_PORT } = config;
	return NLPQ_HEALTH_PORT ? { ...config, NLPQ_HEALTH_PORT: NLPQ_HEALTH_PORT + shard } : config;
}

/** What the command line asks for. */
interface Invocation {
	readonly json: boolean;
	/** The instant at which the clock is frozen; null for the setting's clock, or the machine's. */
	readonly clock: string | null;
	/** The command to run before the program ends; empty to stay. */
	readonly words: readonly string[];
}

async function serve(config: Config, database: OpenDatabase, { json, words }: Invocation): Promise<void> {
	const bank = await loadBank();
	const store = createStore(database.db);
	const services = createServices(store, bank, randomOf(config.NLPQ_SEED));
	await store.transaction((transaction) => transaction.bank.synchronise(bank.all(), config.NLPQ_CLOCK ?? new Date()));
	if (words.length > 0) return runOneCommand(config, services, database, json, words.join(" "));
	if (!wantsPlatforms(config)) return runTerminal(config, services, database, json);
	const [{ chatAdapters }, { runPlatforms }] = await Promise.all([import("./adapters.ts"), import("./platforms.ts")]);
	const shard = await ownShard(config);
	await runPlatforms({
		config: withOwnPort(config, shard),
		services,
		database,
		create: (tools) => chatAdapters(config, { ...tools, services, database, shard }),
		clock: systemClock,
	});
}

/** What is said while the start takes its time. */
const openingLine = ({ DATABASE_URL, NLPQ_DATA_DIR }: Config): string =>
	DATABASE_URL || existsSync(join(NLPQ_DATA_DIR, "db"))
		? "nlpq is opening its database …\n"
		: "nlpq is making its database, once: that takes some seconds …\n";

async function open(invocation: Invocation, file: string): Promise<void> {
	const { json, clock, words } = invocation;
	const config = readConfig({ ...process.env, ...(clock === null ? {} : { NLPQ_CLOCK: clock }) });
	const isService = words.length === 0 && wantsPlatforms(config);
	holdsClients = isService;
	if (words.length > 0) demandCommand(words);
	else if (!isService && config.DATABASE_URL) await demandTerminal();
	if (!json && !isService && words.length === 0) process.stderr.write(openingLine(config));
	if (isService && (await runShardProcesses(config, file))) return;
	const log = createLog(config.LOG_LEVEL);
	const notice = isService ? (line: string) => log.info(line) : undefined;
	const database = await openDatabase(config, migrationsFolder(), notice);
	void database.broken?.then((fault) => {
		process.stderr.write(`${fault.message}\n${fault.remedy}\n`);
		process.exit(1);
	});
	try {
		await serve(config, database, invocation);
	} finally {
		await database.close();
	}
}

let finished = false;
/** Whether a client may still be trying to reach its platform: it must not keep a process alive that should end. */
let holdsClients = false;

/**
 * Runs the bot: as a service for chat platforms, as a conversation in this terminal, or for one command.
 * @param file the program that the shards' processes run
 * @throws UsageError for words that are not a command
 */
export async function runBot(invocation: Invocation, file: string): Promise<void> {
	// Node ends when there is nothing left to wait for: say so if that was not intended.
	process.once("beforeExit", () => {
		if (finished) return;
		process.stderr.write(
			"nlpq stopped in the middle of its work; what was acknowledged is kept. Please start it again.\n",
		);
		process.exitCode = 1;
	});
	try {
		await open(invocation, file);
	} catch (error) {
		if (error instanceof UsageError) throw error;
		process.stderr.write(`${failureText(error)}\n`);
		process.exitCode = 1;
	} finally {
		finished = true;
		if (holdsClients) process.exit();
	}
}
