import { randomUUID } from "node:crypto";
import { userInfo } from "node:os";
import { join } from "node:path";
import { ManualClock, systemClock } from "../adapters/clock.ts";
import { COMMAND_HISTORY } from "../adapters/folders.ts";
import { createLog, describeError, OutageLines } from "../adapters/log.ts";
import { CommandHistory } from "../adapters/terminal/input/history.ts";
import { UnfinishedTexts } from "../adapters/terminal/input/unfinished-texts.ts";
import { type Format, Screen, type Sink } from "../adapters/terminal/screen.ts";
import { Session } from "../adapters/terminal/session.ts";
import { ensureTerminalSchedule, owesToday } from "../adapters/terminal/start.ts";
import { Terminal } from "../adapters/terminal/terminal.ts";
import { COMMANDS } from "../chat/commands/index.ts";
import type { DailyObserver } from "../chat/daily/engine-options.ts";
import { DailyEngine } from "../chat/daily.ts";
import { type CallObserver, Dispatcher } from "../chat/dispatch.ts";
import type { Config } from "../config.ts";
import { postToday } from "../core/daily/posting.ts";
import type { Schedule } from "../core/model.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { Services } from "../core/service/services.ts";

/** A session's input and output, and the zone in which its days begin. */
export interface Surroundings {
	readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
	readonly output: Sink & { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number };
	readonly zone: string;
}

/** The input and output of this process. */
export const ownSurroundings = (): Surroundings => ({
	input: process.stdin,
	output: process.stdout,
	zone: zoneOfMachine(),
});

/** How replies are written to an output. */
export function formatOf(output: Surroundings["output"], json: boolean, hasColours: boolean): Format {
	if (json) return { type: "json" };
	if (!output.isTTY) return { type: "plain" };
	return { type: "terminal", hasColours, size: () => ({ columns: output.columns || 80, rows: output.rows || 24 }) };
}

/** The machine's zone; UTC if TZ is empty or names a zone that Node does not know. */
function zoneOfMachine(): string {
	// Undefined for an unknown name, despite its type.
	const zone: string | undefined = Intl.DateTimeFormat().resolvedOptions().timeZone;
	return zone === undefined || zone === "Etc/Unknown" ? "UTC" : zone;
}

/** The user's name; a container may have none for its uid. */
export function ownerName(): string {
	try {
		return userInfo().username || "me";
	} catch {
		return "me";
	}
}

/** Builds what runs the study bot in a terminal. */
export function terminalParts(
	config: Config,
	services: Services,
	json: boolean,
	{ output, zone }: Surroundings = ownSurroundings(),
) {
	const clock: Clock = config.NLPQ_CLOCK ? new ManualClock(config.NLPQ_CLOCK) : systemClock;
	const owner = ownerName();
	const screen = new Screen(output, formatOf(output, json, config.NO_COLOR === undefined), owner, zone);
	const terminal = new Terminal(screen, clock, owner);
	const history = new CommandHistory(join(config.NLPQ_DATA_DIR, COMMAND_HISTORY), COMMANDS);
	const texts = new UnfinishedTexts(config.NLPQ_DATA_DIR);
	terminal.dialogue.forgotten = () => {
		history.erase();
		texts.erase();
	};
	// The conversation itself reports failures, with a reference; a log would get in its way.
	const outages = new OutageLines();
	const log = createLog(config.LOG_LEVEL === "info" ? "error" : config.LOG_LEVEL, outages);
	const logged: DailyObserver = {
		delivered: ({ id, kind, tries }, outcome) => log.info({ delivery: id, kind, tries, outcome }, "delivery"),
		fault: (step, error) => log.error({ step, ...describeError(error) }, "a step of the daily engine failed"),
	};
	const engine = { services, platforms: [terminal], clock, worker: randomUUID(), observer: logged };
	const daily = new DailyEngine(engine);
	const observer: CallObserver = {
		fault: (reference, command, error) =>
			log.error({ reference, platform: terminal.name, command, ...describeError(error) }, "a command failed"),
		ran: (_command, outcome) => {
			if (outcome !== "fault") outages.over(log);
		},
	};
	const dispatcher = new Dispatcher({ services, clock, commands: COMMANDS, platform: terminal, daily, observer });
	const session = new Session({ terminal, dispatcher, daily, clock, zone });
	return { services, zone, clock, screen, terminal, history, texts, log, daily, dispatcher, session };
}
export type TerminalParts = ReturnType<typeof terminalParts>;

/** Posts today's question unless it is posted already. @returns the schedule; null if its owner has paused it */
export async function postDue(parts: TerminalParts, services: Services): Promise<Schedule | null> {
	const { clock, session, zone } = parts;
	const schedule = await ensureTerminalSchedule(services, zone, clock.now());
	if (schedule && (await owesToday(services, schedule, clock.now()))) await postToday(services, schedule, clock.now());
	await session.deliver();
	return schedule;
}
