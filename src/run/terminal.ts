import { relative } from "node:path";
import { everyMinute } from "../adapters/cron.ts";
import { isInstalledPackage } from "../adapters/files/root.ts";
import { describeError } from "../adapters/log.ts";
import type { OpenDatabase } from "../adapters/postgres/open.ts";
import { completions } from "../adapters/terminal/completion.ts";
import { keptText } from "../adapters/terminal/forms.ts";
import { TypedSession } from "../adapters/terminal/input/typed-session.ts";
import { takeUpToday, tellEnds } from "../adapters/terminal/start.ts";
import { COMMANDS } from "../chat/commands/index.ts";
import type { Config } from "../config.ts";
import { describeInstant } from "../core/calendar/calendar.ts";
import { chores as choresOf } from "../core/service/housekeeping.ts";
import type { Services } from "../core/service/services.ts";
import { aheadOfClock } from "./ahead-of-clock.ts";
import { backUpDaily, lastBackupWords } from "./daily-backup.ts";
import { Housekeeper } from "./housekeeping.ts";
import { ownSurroundings, postDue, type TerminalParts, terminalParts } from "./terminal-parts.ts";

/** Milliseconds until the first clean-up: whoever opens the terminal comes first. A shorter session leaves it to the next. */
const CHORES_DELAY = 1_000;

/** One line on where the data is kept, and on what that means for its safety. */
function whereDataLies(config: Config, database: OpenDatabase): string {
	if (database.kind === "server") return "Data: the Postgres server of DATABASE_URL.";
	const folder = relative(process.cwd(), config.NLPQ_DATA_DIR) || ".";
	const shown = folder.startsWith("..") ? config.NLPQ_DATA_DIR : `./${folder}`;
	return `Data: embedded database in ${shown}. It survives a crash of the program, but not a power cut in its last moments; one process at a time (\`${isInstalledPackage() ? "nlpq" : "npm run"} backup\` copies it). ${lastBackupWords(config.NLPQ_DATA_DIR, new Date())}`;
}

/** What is said above the first question. */
async function greet(parts: TerminalParts, isClockSet: boolean): Promise<void> {
	const { services, clock, zone, screen, terminal, texts } = parts;
	screen.say("Type help for everything, today for today's question, a number to pick an action, quit to leave.");
	if (screen.isInteractive) {
		screen.say("Tab completes a word, Up brings a command back, Ctrl-_ undoes typing.");
		terminal.dialogue.takeUp(texts.read());
	}
	const unfinished = terminal.dialogue.unsent.at(-1);
	if (unfinished) screen.say(`There is an unfinished text from last time. ${keptText(unfinished)}`);
	if (isClockSet)
		screen.say(
			`The clock is set to ${describeInstant(clock.now(), zone)}, and \`/clock +1d\` moves it. Answers keep its dates: try things out in a folder of their own (NLPQ_DATA_DIR).`,
		);
	const ahead = await aheadOfClock(services.store, clock.now(), zone);
	if (ahead) screen.say(`${ahead.message} ${ahead.remedy}`);
}

/** Runs the study bot as a conversation, in this terminal by default. Settles when the input ends. */
export async function runTerminal(
	config: Config,
	services: Services,
	database: OpenDatabase,
	json: boolean,
	surroundings = ownSurroundings(),
): Promise<void> {
	const parts = terminalParts(config, services, json, surroundings);
	const { clock, screen, terminal, log, daily, dispatcher, session } = parts;
	const { input, output } = surroundings;
	const isTyped = input.isTTY === true && output.isTTY === true && !json;
	screen.isInteractive = isTyped;
	screen.say(whereDataLies(config, database));
	await greet(parts, config.NLPQ_CLOCK !== undefined);
	// The first card too is shown from its title on. Nothing is said below it: that would push the title off the screen.
	screen.isPaged = isTyped;
	const schedule = await postDue(parts, services);
	if (schedule) await takeUpToday(services, dispatcher, terminal, schedule, clock.now());
	await tellEnds(services, dispatcher, terminal, database.kind === "embedded");
	const stopTicks = config.NLPQ_CLOCK ? async () => undefined : everyMinute(() => session.deliver());
	// A clock set by hand is for trying things out: that data needs no backup.
	const backup = config.NLPQ_CLOCK ? null : backUpDaily(database, config.NLPQ_DATA_DIR, clock.now());
	backup?.catch((error: unknown) => log.error(describeError(error), "the daily backup failed"));
	// Not the housekeeper's: the backup must finish even if the input ends at once.
	const backUp = async () => undefined;
	const housekeeper = new Housekeeper({ chores: choresOf(services), backUp, clock, log, done: () => undefined });
	const chores = setTimeout(() => housekeeper.start(), CHORES_DELAY);
	if (isTyped) await typedSession(parts).run();
	else await session.runLines(input);
	clearTimeout(chores);
	await stopTicks();
	await daily.stop();
	await housekeeper.stop();
	await backup?.catch(() => undefined);
}

/** A conversation with the person at this terminal. */
export function typedSession({ session, terminal, screen, services, history, texts }: TerminalParts): TypedSession {
	const { stdin: input, stdout: output, env: environment } = process;
	const complete = (line: string) => completions(line, COMMANDS, services.bank);
	return new TypedSession({ session, terminal, screen, input, output, environment, complete, history, texts });
}
