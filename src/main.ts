import { randomUUID } from "node:crypto";
import { userInfo } from "node:os";
import { join, relative } from "node:path";
import { ManualClock, systemClock } from "./adapters/clock.ts";
import { everyMinute } from "./adapters/cron.ts";
import { faultLine, loadQuestionFiles } from "./adapters/files/bank.ts";
import { projectRoot } from "./adapters/files/root.ts";
import { createLog, dailyObserver, faultLog } from "./adapters/log.ts";
import { type OpenDatabase, openEmbedded, openServer } from "./adapters/postgres/open.ts";
import { createStore } from "./adapters/postgres/store.ts";
import { Screen } from "./adapters/terminal/screen.ts";
import { Session } from "./adapters/terminal/session.ts";
import { ensureTerminalSchedule, owesToday } from "./adapters/terminal/start.ts";
import { Terminal } from "./adapters/terminal/terminal.ts";
import { COMMANDS } from "./chat/commands/index.ts";
import { DailyEngine } from "./chat/daily.ts";
import { Dispatcher } from "./chat/dispatch.ts";
import { type Config, readConfig } from "./config.ts";
import { Bank } from "./core/bank.ts";
import { UserError } from "./core/errors.ts";
import type { Clock } from "./core/ports.ts";
import type { Services } from "./core/service/services.ts";

async function loadBank(): Promise<Bank> {
	const { questions, faults } = await loadQuestionFiles(join(projectRoot(), "questions"));
	if (faults.length > 0)
		throw new UserError(
			`The question bank has ${faults.length} faults:\n${faults.map(faultLine).join("\n")}`,
			"Correct the files; `npm run questions` checks them.",
		);
	return new Bank(questions);
}

function openDatabase(config: Config): Promise<OpenDatabase> {
	const migrations = join(projectRoot(), "migrations");
	if (config.DATABASE_URL) return openServer(config.DATABASE_URL, migrations, config.DATABASE_POOL);
	return openEmbedded(config.NLPQ_DATA_DIR, migrations);
}

/** One line on where the data lies, and what that does and does not promise. */
function whereDataLies(config: Config, database: OpenDatabase): string {
	if (database.kind === "server") return "Data: the Postgres server of DATABASE_URL.";
	const folder = relative(process.cwd(), config.NLPQ_DATA_DIR) || ".";
	return `Data: embedded database in ./${folder}. It survives a crash of the program, but not a power cut in the last moments; one process at a time (\`npm run backup\` copies it).`;
}

/** Reproducible choices for a given seed, otherwise the machine's own. */
function randomOf(seed: number | undefined): () => number {
	if (seed === undefined) return Math.random;
	let state = seed >>> 0;
	return () => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return state / 2 ** 32;
	};
}

async function runTerminal(config: Config, services: Services, database: OpenDatabase, json: boolean): Promise<void> {
	const interactive = process.stdin.isTTY === true && process.stdout.isTTY === true && !json;
	const coloured = interactive && config.NO_COLOR === undefined;
	const owner = userInfo().username;
	const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
	const clock: Clock = config.NLPQ_CLOCK ? new ManualClock(config.NLPQ_CLOCK) : systemClock;
	const screen = new Screen(process.stdout, json ? "json" : coloured ? "colour" : "plain", owner);
	const terminal = new Terminal(screen, clock, owner);
	const log = createLog(config.LOG_LEVEL === "info" ? "error" : config.LOG_LEVEL);
	const daily = new DailyEngine({
		services,
		platforms: [terminal],
		clock,
		worker: randomUUID(),
		observer: dailyObserver(log),
	});
	const dispatcher = new Dispatcher({
		services,
		clock,
		commands: COMMANDS,
		platform: terminal,
		daily,
		log: faultLog(log),
	});
	screen.say(whereDataLies(config, database));
	screen.say("Type /nlpq help for everything, a number to pick an action, Ctrl-D to leave.");
	const schedule = await ensureTerminalSchedule(services.store, zone, clock.now());
	if (schedule && (await owesToday(services.store, schedule, clock.now())))
		await daily.postNow(schedule.id, schedule.workspaceId, clock.now());
	await daily.run();
	if (schedule) screen.say("\nToday's question is open: /nlpq today shows it again.");
	const stopTicks = config.NLPQ_CLOCK ? async () => undefined : everyMinute(() => daily.run());
	await new Session({
		terminal,
		dispatcher,
		daily,
		clock,
		zone,
		input: process.stdin,
		output: process.stdout,
		interactive,
	}).run();
	await stopTicks();
	await daily.stop();
}

async function main(): Promise<void> {
	const json = process.argv.includes("--json");
	const config = readConfig(process.env);
	if (!json) process.stderr.write("nlpq is opening its database …\n");
	const bank = await loadBank();
	const database = await openDatabase(config);
	try {
		const store = createStore(database.db);
		const services: Services = { store, bank, random: randomOf(config.NLPQ_SEED) };
		await store.transaction((transaction) => transaction.bank.synchronise(bank.all(), new Date()));
		await runTerminal(config, services, database, json);
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
	.finally(() => {
		finished = true;
	})
	.catch((error: unknown) => {
		if (error instanceof UserError) process.stderr.write(`${error.message}\n${error.remedy}\n`);
		else process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
		process.exitCode = 1;
	});
