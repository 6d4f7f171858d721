import { systemClock } from "../adapters/clock.ts";
import { Screen } from "../adapters/terminal/screen.ts";
import { Terminal } from "../adapters/terminal/terminal.ts";
import { errorCard } from "../chat/cards/faults.ts";
import { helpReply } from "../chat/commands/help.ts";
import { COMMANDS } from "../chat/commands/index.ts";
import { UserError } from "../core/errors.ts";
import { formatOf, ownerName } from "./terminal-parts.ts";

/** Said below the numbered actions of a single command. */
export const NUMBERS_ELSEWHERE = "\nThe numbers work in a conversation: `nlpq` alone opens one.";

/**
 * `nlpq help …`: opens no database, so that it works before there is one, and beside a running nlpq.
 * @param words the command to say more about; empty for a list of all
 */
export function showHelp(words: readonly string[], json: boolean, hasColours: boolean): void {
	const owner = ownerName();
	const screen = new Screen(process.stdout, formatOf(process.stdout, json, hasColours), owner);
	screen.commandStart = "nlpq ";
	const platform = new Terminal(screen, systemClock, owner);
	try {
		const { card, data } = helpReply({ commands: COMMANDS, admin: true, platform }, words.join(" ") || null);
		if (screen.show(owner, card, data).length > 0) screen.say(NUMBERS_ELSEWHERE);
	} catch (error) {
		if (!(error instanceof UserError)) throw error;
		screen.show(owner, errorCard(error.message, error.remedy), { error: error.message });
		process.exitCode = 1;
	}
}
