import type { Logger } from "pino";
import type { OpenDatabase } from "./adapters/postgres/open.ts";
import { createStore } from "./adapters/postgres/store.ts";
import { type Config, readConfig } from "./config.ts";
import { UserError } from "./core/errors.ts";
import type { Services } from "./core/service/services.ts";
import { loadBank, openDatabase } from "./run/open.ts";
import { type ChatAdapter, runPlatforms } from "./run/platforms.ts";
import { runTerminal } from "./run/terminal.ts";

/** Reproducible choices for a given seed, otherwise the machine's own. */
function randomOf(seed: number | undefined): () => number {
	if (seed === undefined) return Math.random;
	let state = seed >>> 0;
	return () => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return state / 2 ** 32;
	};
}

/** The adapters that the settings ask for; their libraries are loaded only then. */
async function chatAdapters(_config: Config, _services: Services, _log: Logger): Promise<ChatAdapter[]> {
	const adapters: ChatAdapter[] = [];
	return adapters;
}

function wantsPlatforms(config: Config): boolean {
	return Boolean(config.DISCORD_TOKEN ?? config.SLACK_BOT_TOKEN ?? config.SLACK_SIGNING_SECRET);
}

async function serve(config: Config, database: OpenDatabase, json: boolean): Promise<void> {
	const bank = await loadBank();
	const store = createStore(database.db);
	const services: Services = { store, bank, random: randomOf(config.NLPQ_SEED) };
	await store.transaction((transaction) => transaction.bank.synchronise(bank.all(), config.NLPQ_CLOCK ?? new Date()));
	if (wantsPlatforms(config))
		await runPlatforms(config, services, database, ({ log }) => chatAdapters(config, services, log));
	else await runTerminal(config, services, database, json);
}

async function main(): Promise<void> {
	const json = process.argv.includes("--json");
	const config = readConfig(process.env);
	if (!json && !wantsPlatforms(config)) process.stderr.write("nlpq is opening its database …\n");
	const database = await openDatabase(config);
	try {
		await serve(config, database, json);
	} finally {
		await database.close();
	}
}

let finished = false;
// A program with nothing left to wait for ends by itself: say so if it was not meant to.
process.once("beforeExit", () => {
	if (finished) return;
	process.stderr.write(
		"nlpq stopped in the middle of its work; what was acknowledged is kept. Please start it again.\n",
	);
	process.exitCode = 1;
});

main()
	.catch((error: unknown) => {
		if (error instanceof UserError) process.stderr.write(`${error.message}\n${error.remedy}\n`);
		else process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
		process.exitCode = 1;
	})
	.finally(() => {
		finished = true;
	});
