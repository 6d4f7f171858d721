import { systemClock } from "../adapters/clock.ts";
import type { OpenDatabase } from "../adapters/postgres/open.ts";
import { createStore } from "../adapters/postgres/store.ts";
import type { Config } from "../config.ts";
import type { Bank } from "../core/question/bank.ts";
import { createServices } from "../core/service/services.ts";
import { wantsPlatforms } from "./adapters.ts";
import { runTerminal } from "./terminal.ts";
import { runOneCommand } from "./terminal-command.ts";

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

/** What the command line asks for. */
export interface Invocation {
	readonly json: boolean;
	/** The instant at which the clock is frozen; null for the setting's clock, or the machine's. */
	readonly clock: string | null;
	/** The command to run before the program ends; empty to stay. */
	readonly words: readonly string[];
}

/** Serves chat platforms or this terminal, or runs one command, until that ends. */
export async function serve(
	config: Config,
	bank: Bank,
	database: OpenDatabase,
	{ json, words }: Pick<Invocation, "json" | "words">,
): Promise<void> {
	const store = createStore(database.db);
	const services = createServices(store, bank, randomOf(config.NLPQ_SEED));
	await store.transaction((transaction) => transaction.bank.synchronise(bank.all(), config.NLPQ_CLOCK ?? new Date()));
	if (words.length > 0) return runOneCommand(config, services, database, json, words.join(" "));
	if (!wantsPlatforms(config)) return runTerminal(config, services, database, json);
	const [{ chatAdapters }, { runPlatforms }, { ownShard, withOwnPort }] = await Promise.all([
		import("./adapters.ts"),
		import("./platforms.ts"),
		import("./shards.ts"),
	]);
	const shard = await ownShard(config);
	await runPlatforms({
		config: withOwnPort(config, shard),
		services,
		database,
		create: (tools) => chatAdapters(config, { ...tools, services, database, shard }),
		clock: systemClock,
	});
}
