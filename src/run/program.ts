import { existsSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../cli.ts";
import { type Config, readConfig, wantsColours } from "../config.ts";
import { wantsPlatforms } from "./adapters.ts";
import { complain, failureText } from "./failure.ts";
import { loadBank, migrationsFolder, openDatabase } from "./open.ts";
import type { Invocation } from "./serve.ts";
import { demandTerminal } from "./terminal-input.ts";

/** What is said while the start takes its time. */
const openingLine = ({ DATABASE_URL, NLPQ_DATA_DIR }: Config): string =>
	DATABASE_URL || existsSync(join(NLPQ_DATA_DIR, "db"))
		? "nlpq is opening its database …\n"
		: "nlpq is making its database, once: that takes some seconds …\n";

/** Writes a service's notices into its log. */
async function noticeOf({ LOG_LEVEL }: Config): Promise<(line: string) => void> {
	const { createLog } = await import("../adapters/log.ts");
	const log = createLog(LOG_LEVEL);
	return (line) => log.info(line);
}

async function open(invocation: Invocation, file: string): Promise<void> {
	const { json, clock, words } = invocation;
	if (words[0]?.toLowerCase() === "help")
		return (await import("./command-help.ts")).showHelp(words.slice(1), json, wantsColours(process.env));
	const config = readConfig({ ...process.env, ...(clock === null ? {} : { NLPQ_CLOCK: clock }) });
	const isService = words.length === 0 && wantsPlatforms(config);
	holdsClients = isService;
	if (words.length > 0) (await import("./terminal-command.ts")).demandCommand(words);
	else if (!isService && config.DATABASE_URL) await demandTerminal();
	if (!json && !isService && words.length === 0) process.stderr.write(openingLine(config));
	if (isService && (await (await import("./shards.ts")).runShardProcesses(config, file))) return;
	const opening = openDatabase(config, migrationsFolder(), isService ? await noticeOf(config) : undefined);
	// Opening is mostly waiting: load the rest of the program meanwhile.
	const loading = Promise.all([import("./serve.ts"), loadBank()]);
	loading.catch(() => undefined);
	const database = await opening;
	void database.broken?.then((fault) => {
		complain(`${fault.message}\n${fault.remedy}`);
		process.exit(1);
	});
	try {
		const [{ serve }, bank] = await loading;
		await serve(config, bank, database, invocation);
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
			"nlpq stopped in the middle of its work. Everything it confirmed is saved. Please start it again.\n",
		);
		process.exitCode = 1;
	});
	try {
		await open(invocation, file);
	} catch (error) {
		if (error instanceof UsageError) throw error;
		complain(failureText(error));
		process.exitCode = 1;
	} finally {
		finished = true;
		if (holdsClients) process.exit();
	}
}
