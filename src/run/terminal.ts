import { randomUUID } from "node:crypto";
import { userInfo } from "node:os";
import { relative } from "node:path";
import { ManualClock, systemClock } from "../adapters/clock.ts";
import { everyMinute } from "../adapters/cron.ts";
import { createLog, describeError } from "../adapters/log.ts";
import { Metrics } from "../adapters/metrics.ts";
import type { OpenDatabase } from "../adapters/postgres/open.ts";
import { TypedSession } from "../adapters/terminal/input/typed-session.ts";
import { type Format, Screen } from "../adapters/terminal/screen.ts";
import { Session } from "../adapters/terminal/session.ts";
import { ensureTerminalSchedule, owesToday, takeUpToday, tellEnds } from "../adapters/terminal/start.ts";
import { Terminal } from "../adapters/terminal/terminal.ts";
import { COMMANDS } from "../chat/commands/index.ts";
import { DailyEngine } from "../chat/daily.ts";
import { Dispatcher } from "../chat/dispatch.ts";
import type { Config } from "../config.ts";
import { postToday } from "../core/daily/posting.ts";
import type { Clock } from "../core/ports/clock.ts";
import { chores } from "../core/service/housekeeping.ts";
import type { Services } from "../core/service/services.ts";
import { backUpDaily, lastBackupWords } from "./daily-backup.ts";
import { Housekeeper } from "./housekeeping.ts";

/** One line on where the data lies, and what that does and does not promise. */
function whereDataLies(config: Config, database: OpenDatabase): string {
	if (database.kind === "server") return "Data: the Postgres server of DATABASE_URL.";
	const folder = relative(process.cwd(), config.NLPQ_DATA_DIR) || ".";
	const shown = folder.startsWith("..") ? config.NLPQ_DATA_DIR : `./${folder}`;
	return `Data: embedded database in ${shown}. It survives a crash of the program, but not a power cut in its last moments; one process at a time (\`npm run backup\` copies it). ${lastBackupWords(config.NLPQ_DATA_DIR, new Date())}`;
}

function formatOf(json: boolean, hasColours: boolean): Format {
	const { stdout } = process;
	if (json) return { type: "json" };
	if (!stdout.isTTY) return { type: "plain" };
	return { type: "terminal", hasColours, size: () => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 }) };
}

/** The study bot as a conversation in this terminal. Settles when the input ends. */
export async function runTerminal(
	config: Config,
	services: Services,
	database: OpenDatabase,
	json: boolean,
): Promise<void> {
	const interactive = process.stdin.isTTY === true && process.stdout.isTTY === true && !json;
	const owner = userInfo().username;
	const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
	const clock: Clock = config.NLPQ_CLOCK ? new ManualClock(config.NLPQ_CLOCK) : systemClock;
	const screen = new Screen(process.stdout, formatOf(json, config.NO_COLOR === undefined), owner);
	const terminal = new Terminal(screen, clock, owner);
	// A conversation is no place for a log: what failed is said there, with its reference.
	const log = createLog(config.LOG_LEVEL === "info" ? "error" : config.LOG_LEVEL);
	const metrics = new Metrics();
	const daily = new DailyEngine({
		services,
		platforms: [terminal],
		clock,
		worker: randomUUID(),
		observer: metrics.daily(log),
	});
	const observer = metrics.calls(terminal.name, log);
	const dispatcher = new Dispatcher({ services, clock, commands: COMMANDS, platform: terminal, daily, observer });
	screen.say(whereDataLies(config, database));
	screen.say("Type help for everything, a number to pick an action, quit to leave.");
	screen.isInteractive = interactive;
	const schedule = await ensureTerminalSchedule(services, zone, clock.now());
	if (schedule && (await owesToday(services, schedule, clock.now()))) await postToday(services, schedule, clock.now());
	await terminal.questionsLast(() => daily.run());
	if (schedule && (await takeUpToday(services, dispatcher, terminal, schedule, clock.now())))
		screen.say("\nToday's question is open: `today` shows it again.");
	await tellEnds(services, dispatcher, terminal, database.kind === "embedded");
	const session = new Session({ terminal, dispatcher, daily, clock, zone });
	const stopTicks = config.NLPQ_CLOCK ? async () => undefined : everyMinute(() => session.deliver());
	// A clock that is moved by hand is for trying things: nothing there needs a copy.
	const backup = config.NLPQ_CLOCK ? null : backUpDaily(database, config.NLPQ_DATA_DIR, clock.now());
	backup?.catch((error: unknown) => log.error(describeError(error), "the daily backup failed"));
	// The backup is finished even if the input ends at once, so it is not the housekeeper's here.
	const backUp = async () => undefined;
	const housekeeper = new Housekeeper({ chores: chores(services), backUp, clock, log, done: () => undefined });
	housekeeper.start();
	if (interactive) {
		const [input, output] = [process.stdin, process.stdout];
		const complete = (line: string): [string[], string] => [[], line];
		await new TypedSession({ session, terminal, screen, input, output, environment: process.env, complete }).run();
	} else await session.runLines(process.stdin);
	await stopTicks();
	await daily.stop();
	await housekeeper.stop();
	await backup?.catch(() => undefined);
}
