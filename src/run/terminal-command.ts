import { text } from "node:stream/consumers";
import type { OpenDatabase } from "../adapters/postgres/open.ts";
import { fieldOf, isLong } from "../adapters/terminal/forms.ts";
import { typedAs } from "../adapters/terminal/help-here.ts";
import { firstWords, inGroup, inSentence, withGroup } from "../adapters/terminal/near-commands.ts";
import { takeUpToday } from "../adapters/terminal/start.ts";
import { callMisspelt, wishOf } from "../adapters/terminal/words.ts";
import { COMMANDS } from "../chat/commands/index.ts";
import { UsageError } from "../cli.ts";
import type { Config } from "../config.ts";
import type { Bank } from "../core/question/bank.ts";
import type { Services } from "../core/service/services.ts";
import { editDistance } from "../core/text/edit-distance.ts";
import { aheadOfClock } from "./ahead-of-clock.ts";
import { NUMBERS_ELSEWHERE } from "./command-help.ts";
import { typedSession } from "./terminal.ts";
import { postDue, type TerminalParts, terminalParts } from "./terminal-parts.ts";

const isCommand = (word: string): boolean => word.startsWith("/") || firstWords(COMMANDS).has(word.toLowerCase());

/** What a shell expects of a program that Ctrl-C has ended. */
const INTERRUPTED = 130;

/** The longest word, in characters, that is compared with the commands. */
const MAX_COMPARED_LENGTH = 20;

/** The command that a word most likely misspells. A word unlike any of them is searched for in the questions. */
function misspelt(word: string): string | undefined {
	if (word.length > MAX_COMPARED_LENGTH) return undefined;
	const most = word.length >= 5 ? 2 : 1;
	return [...firstWords(COMMANDS)].find((name) => editDistance(word.toLowerCase(), name) <= most);
}

/** @throws UsageError for a misspelt command, before the database is opened */
export function demandCommand(words: readonly string[]): void {
	const [first = ""] = words;
	if (isCommand(first) || words.length > 1 || /\s/.test(first) || ["?", "q", "quit", "exit"].includes(first)) return;
	const near = inGroup(first, COMMANDS)?.name ?? misspelt(first);
	if (near) throw new UsageError(`There is no command "${first}". Did you mean \`nlpq ${near}\`?`);
}

/**
 * A command or wish as it is read in a conversation; other words are looked for in the questions.
 * @throws UsageError for a misspelt command with its options, with all of it as it should be typed
 */
function commandOf(line: string, bank: Bank): string {
	const [first = ""] = line.trim().split(/\s/);
	if (isCommand(first) || first === "?") return line;
	const vocabulary = { commands: COMMANDS, bank };
	const whole = withGroup(line, COMMANDS);
	if (whole !== null) return whole;
	if (inSentence(line, COMMANDS) || wishOf(line, vocabulary)) return line;
	const meant = callMisspelt(line, vocabulary);
	if (meant && meant.command !== "search")
		throw new UsageError(`There is no command "${first}". Did you mean \`nlpq ${typedAs(meant)}\`?`);
	return `search ${line}`;
}

/** Fills in the form that a command opened, from the keyboard, a pipe or a file. */
async function fillForm({ terminal, session, screen, ...parts }: TerminalParts): Promise<void> {
	const { form } = terminal.dialogue;
	if (!form) return;
	if (screen.isInteractive) return typedSession({ terminal, session, screen, ...parts }).run({ forForm: true });
	const input = process.stdin.isTTY ? "" : (await text(process.stdin)).trimEnd();
	if (session.wordOf(input))
		throw new UsageError(`"${input}" is a command, and not taken for your text. Nothing was sent.`);
	if (isLong(fieldOf(form)) && form.form.fields.length === 1) await session.fillIn(input);
	else throw new UsageError("That command asks for more: run it in a terminal, or give all of it in its words.");
}

/**
 * Runs one command and ends; the exit code is 1 if it was refused.
 * @param line a command, or words to search the questions for
 */
export async function runOneCommand(
	config: Config,
	services: Services,
	_database: OpenDatabase,
	json: boolean,
	line: string,
): Promise<void> {
	const parts = terminalParts(config, services, json);
	const { clock, screen, terminal, daily, dispatcher, session, zone } = parts;
	const command = commandOf(line, services.bank);
	// Not among the replies, which a program may read.
	const ahead = await aheadOfClock(services.store, clock.now(), zone);
	if (ahead) process.stderr.write(`${ahead.message} ${ahead.remedy}\n`);
	terminal.hidesChannel = true;
	const schedule = await postDue(parts, services);
	if (schedule) await takeUpToday(services, dispatcher, terminal, schedule, clock.now());
	screen.isInteractive = process.stdin.isTTY === true && process.stdout.isTTY === true && !json;
	terminal.hidesChannel = false;
	if (screen.isInteractive) terminal.dialogue.takeUp(parts.texts.read());
	screen.commandStart = "nlpq ";
	const { actions } = terminal.dialogue.seen;
	await session.runLine(command, terminal.dialogue.seen);
	await fillForm(parts);
	await daily.stop();
	if (terminal.dialogue.form) process.exitCode = INTERRUPTED;
	else if (screen.hasRefused) process.exitCode = 1;
	else if (terminal.dialogue.seen.actions !== actions) screen.say(NUMBERS_ELSEWHERE);
}
