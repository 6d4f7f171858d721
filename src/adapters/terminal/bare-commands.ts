import type { Card } from "../../chat/card.ts";
import { PREFIX, withCommands } from "../../chat/written-commands.ts";

/** What a typed command begins with: nothing in a conversation, the program's name in a shell. */
export type CommandStart = "" | "nlpq ";

/** A card that names commands as they are typed here: `today` instead of `/nlpq today`. */
export function withBareCommands(card: Card, start: CommandStart): Card {
	const bare = (written: string) => start + (written.slice(PREFIX.length).trim() || "help");
	const rewritten = withCommands(card, (written) => `\`${bare(written)}\``);
	// The title of a command's own help is the command, without marks.
	return rewritten.title.startsWith(`${PREFIX} `) ? { ...rewritten, title: bare(rewritten.title) } : rewritten;
}
