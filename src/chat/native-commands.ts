/** Rewrites the commands in texts for platforms with native commands. */
import type { Card, Inline } from "./card.ts";
import { type Command, groupDefault } from "./command.ts";
import { PREFIX, withCommands } from "./written-commands.ts";

/** The commands that a platform has registered. */
export interface NativeCommands {
	readonly commands: readonly Command[];
	/** The platform's id of `/nlpq`, which makes commands clickable; null until it is known. */
	readonly id: string | null;
}

/** The command whose name the first words spell; the longest name wins. */
function commandOf(words: readonly string[], commands: readonly Command[]): Command | undefined {
	const named = (count: number) => commands.find(({ name }) => name === words.slice(0, count).join(" ").toLowerCase());
	// A group alone, such as `schedule`, means its default command.
	return named(2) ?? named(1) ?? (words.length === 1 ? groupDefault(commands, words[0] ?? null) : undefined);
}

/** Options as `name:value`: `2 time:20:00` becomes `schedule:2 time:20:00`. Keeps placeholders such as `<number>`. */
function optionsOf(command: Command, words: readonly string[]): string[] {
	const open = new Map(Object.entries(command.options));
	const take = (name: string, value: string): string => {
		open.delete(name);
		return `${name}:${value}`;
	};
	const result: string[] = [];
	for (const word of words) {
		if (/^\[.*\]$/.test(word)) continue;
		const [, name = "", value = ""] = /^([\p{L}_-]+):(.+)$/u.exec(word) ?? [];
		if (open.has(name)) {
			result.push(take(name, value));
			continue;
		}
		const placeholder = /^<(.*)>$/.exec(word);
		const [fitting] =
			[...open].find(([option, { accepts }]) => (placeholder ? placeholder[1] === option : accepts(word))) ??
			(placeholder ? [...open][0] : undefined) ??
			[];
		// A word that fits no option continues the previous value.
		if (fitting === undefined) result[result.length - 1] = `${result.at(-1) ?? ""} ${word}`.trim();
		else result.push(take(fitting, word));
	}
	return result;
}

/** A command in a text becomes clickable, or becomes the label of the button that does the same. */
function inlineOf(written: string, { commands, id }: NativeCommands): Inline | null {
	const words = written.slice(PREFIX.length).trim().split(/\s+/).filter(Boolean);
	const command = commandOf(words, commands);
	if (!command) return null;
	if (command.textOnly) return { type: "strong", text: command.label };
	const options = optionsOf(command, words.slice(command.name.split(" ").length));
	return { type: "command", name: command.name, id, options: options.join(" ") };
}

/** Rewrites the commands in a card's texts for this platform: named options, and buttons instead of text-only ones. */
export const withNativeCommands = (card: Card, native: NativeCommands): Card =>
	withCommands(card, (written) => inlineOf(written, native));
