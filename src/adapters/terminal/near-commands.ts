/** Commands that a text nearly names. */
import type { Call } from "../../chat/card.ts";
import type { Command } from "../../chat/command.ts";
import { readCommand } from "../../chat/grammar.ts";
import type { OptionKind } from "../../chat/option.ts";
import { beginning } from "../../core/text/cut.ts";
import { editDistance } from "../../core/text/edit-distance.ts";
import { nearest } from "../../core/text/nearest.ts";

const MAX_COMPARED_LENGTH = 40;
/** The most words of a date, such as "3rd of December 2026". */
const MAX_DATE_WORDS = 4;

const PREPOSITIONS = new Set(["at", "by", "on", "the", "to", "until"]);

/** The first words of all commands. */
export const firstWords = (commands: readonly Command[]): Set<string> =>
	new Set(commands.map(({ name }) => name.split(" ")[0] ?? name));

/** The only command that a text names without its group, as `interview-date` names `settings interview`. */
export function inGroup(text: string, commands: readonly Command[]): Command | undefined {
	const [first = ""] = beginning(text.trim().toLowerCase(), MAX_COMPARED_LENGTH).split(/[\s-]/);
	const found = commands.filter(({ name, group }) => group !== null && name === `${group} ${first}`);
	return found.length === 1 ? found[0] : undefined;
}

/** A text that names a command without its group, with the whole name; null where its other words do not fit. */
export function withGroup(text: string, commands: readonly Command[]): string | null {
	const command = inGroup(text, commands);
	if (!command) return null;
	const whole = [command.name, ...text.trim().split(/\s+/).slice(1)].join(" ");
	try {
		readCommand(whole, commands);
		return whole;
	} catch {
		return null;
	}
}

const CLOSED_KINDS: readonly OptionKind[] = ["choice", "date", "dates", "flag", "number"];

/** A setting that a text names without its group, with all it needs, as `interview thursday` does; null for any other. */
export function settingNamed(text: string, commands: readonly Command[]): Call | null {
	const whole = withGroup(text, commands);
	if (whole === null) return null;
	const call = readCommand(whole, commands);
	const command = commands.find(({ name }) => name === call.command);
	const options = Object.entries(command?.options ?? {});
	const isWhole = options.every(([name, { required }]) => !required || call.options[name] !== undefined);
	const isClosed =
		options.some(([, { required }]) => required) && options.every(([, { kind }]) => CLOSED_KINDS.includes(kind));
	return command && !command.admin && isWhole && isClosed ? call : null;
}

/** What a sentence says with a date, such as "my interview is on Thursday", as a command with that date. */
export function inSentence(text: string, commands: readonly Command[]): string | null {
	const words = beginning(text, 200)
		.split(/[\s,;:!?]+|\.(?=\s|$)/)
		.filter((word) => word !== "");
	for (const word of words) {
		const command =
			inGroup(word, commands) ?? commands.find(({ offeredAs }) => Object.hasOwn(offeredAs, word.toLowerCase()));
		const [option] = Object.values(command?.options ?? {});
		if (!command || !option?.required || !["date", "dates"].includes(option.kind)) continue;
		for (let length = MAX_DATE_WORDS; length >= 1; length -= 1) {
			const spans = words
				.map((_, index) => words.slice(index, index + length))
				.filter((span) => span.length === length);
			const date = spans.find(
				(span) => !span.includes(word) && !PREPOSITIONS.has(span[0] ?? "") && option.accepts(span.join(" ")),
			);
			if (date) return `${command.name} ${date.join(" ").toLowerCase()}`;
		}
	}
	return null;
}

/** The command whose first word a word misspells. */
export const misspelt = (text: string, commands: readonly Command[]): string | undefined =>
	/\s/.test(text) ? undefined : nearest(beginning(text.toLowerCase(), MAX_COMPARED_LENGTH), [...firstWords(commands)]);

/** A line of several words whose first one misspells a command's, with the right word; null for any other. */
export function withFirstWord(line: string, commands: readonly Command[]): string | null {
	const [, first = "", others = ""] = /^(\S+)[ \t]+(\S[^\n]*)$/.exec(line.trim()) ?? [];
	if (first === "" || first.length > MAX_COMPARED_LENGTH) return null;
	const names = firstWords(commands);
	const typed = first.toLowerCase();
	// Short words of prose are often one letter away from a command's.
	const most = Math.min(2, Math.floor(typed.length / 4));
	const found = names.has(typed) ? [] : [...names].filter((name) => editDistance(typed, name) <= most);
	return found.length === 1 ? `${found[0]} ${others}` : null;
}
