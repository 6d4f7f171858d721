import { errorFor, UserError } from "../core/errors.ts";
import { beginning } from "../core/text/cut.ts";
import { editDistance } from "../core/text/edit-distance.ts";
import { nearest } from "../core/text/nearest.ts";
import { button, type Call } from "./card.ts";
import { type Command, groupDefault, isComplete, usage } from "./command.ts";
import { inQuotes } from "./in-quotes.ts";
import type { OptionKind } from "./option.ts";
import { Refusal } from "./refused-command.ts";

interface Token {
	/** Without quotes. */
	readonly text: string;
	readonly quoted: boolean;
	/** Its index in the message. */
	readonly start: number;
}

const QUOTES: Readonly<Record<string, string>> = { '"': '"', "“": "”", "„": "“", "«": "»" };

/** Splits a message into words. Quotes group several words. */
function tokenise(text: string): Token[] {
	const tokens: Token[] = [];
	let position = 0;
	while (position < text.length) {
		if (/\s/.test(text[position] ?? "")) {
			position += 1;
			continue;
		}
		const start = position;
		const named = /^[\p{L}_-]{1,32}:(?=["“„«])/u.exec(text.slice(start, start + 40))?.[0] ?? "";
		const quote = text[start + named.length] ?? "";
		const closing = QUOTES[quote];
		const end = closing === undefined ? -1 : text.indexOf(closing, start + named.length + 1);
		if (closing !== undefined && end >= 0) {
			tokens.push({ text: named + text.slice(start + named.length + 1, end), quoted: named === "", start });
			position = end + 1;
		} else {
			while (position < text.length && !/\s/.test(text[position] ?? "")) position += 1;
			tokens.push({ text: text.slice(start, position), quoted: false, start });
		}
	}
	return tokens;
}

/** The command whose path the first words spell; the longest path wins. */
function commandOf(tokens: readonly Token[], commands: readonly Command[]): { command: Command; words: number } | null {
	for (const words of [2, 1]) {
		const path = tokens
			.slice(0, words)
			.map((token) => token.text.toLowerCase())
			.join(" ");
		const command = commands.find((candidate) => candidate.name === path);
		if (command && tokens.length >= words) return { command, words };
	}
	return null;
}

const MAX_COMPARED_LENGTH = 40;

function unknownCommand(tokens: readonly Token[], commands: readonly Command[]): UserError {
	const typed = tokens
		.slice(0, 2)
		.map((token) => token.text.toLowerCase())
		.join(" ");
	// No command is longer than this, and comparing long texts takes time.
	const compared = beginning(typed, MAX_COMPARED_LENGTH);
	const [first = ""] = compared.split(" ");
	const names = commands.map((command) => command.name);
	const found = nearest(compared, names) ?? nearest(first, names);
	const command = commands.find((candidate) => candidate.name === found);
	const remedy = command
		? `Did you mean \`${usage(command)}\`? ${command.summary}.`
		: "`/nlpq help` lists what I can do.";
	const call = command && { command: command.name, options: {} };
	const instead =
		call && isComplete(command, call)
			? button(command.name, command.name, {}, "primary")
			: button("What I can do", "help");
	return new Refusal(new UserError(`There is no command ${inQuotes(typed)}.`, remedy), [instead]);
}

/** Whether a message is meant as a command: it begins with one, or is a single word that is close to one. */
export function isCommandLike(text: string, commands: readonly Command[]): boolean {
	const tokens = tokenise(text);
	const first = tokens[0]?.text.toLowerCase() ?? "";
	const beginnings = commands.map(({ name, group }) => group ?? name);
	if (commandOf(tokens, commands) || beginnings.includes(first)) return true;
	const nearly = Math.min(2, Math.floor(first.length / 3));
	return (
		tokens.length === 1 &&
		first.length <= MAX_COMPARED_LENGTH &&
		beginnings.some((one) => editDistance(first, one) <= nearly)
	);
}

/** Words between values, as in "on 3 Dec, 10 a day". They are passed over where they fit no option. */
const SMALL_WORDS = new Set(
	"a and at day each every for from in on per question questions reviews the this to with".split(" "),
);

/** The most words of a date, such as "3rd of December 2026", of a range of dates, or of a choice. */
const MAX_JOINED = 8;

/** What several words in a row mean together: a date such as "3 Dec", or a choice such as `system-design`. */
function joined(command: Command, words: readonly Token[]): Token | null {
	const [first] = words;
	if (!first || words.some(({ text, quoted }) => quoted || text.includes(":"))) return null;
	const spoken = words.map(({ text }) => text).join(" ");
	const hyphened = spoken.replaceAll(" ", "-");
	for (const option of Object.values(command.options)) {
		const { kind } = option;
		if ((kind === "date" || kind === "dates") && option.accepts(spoken)) return { ...first, text: spoken };
		if (kind === "choice" && faultOf(option, hyphened) === null) return { ...first, text: hyphened };
	}
	return null;
}

/** The words of a command, with those that belong together as one. Free words and texts stay as they are. */
function joinedTokens(command: Command, tokens: readonly Token[]): Token[] {
	if (Object.values(command.options).some(({ kind }) => kind === "words" || kind === "text")) return [...tokens];
	const result: Token[] = [];
	for (let from = 0; from < tokens.length; ) {
		let length = Math.min(MAX_JOINED, tokens.length - from);
		let token: Token | null = null;
		for (; length > 1 && token === null; length -= 1) token = joined(command, tokens.slice(from, from + length));
		result.push(token ?? (tokens[from] as Token));
		from += token === null ? 1 : length + 1;
	}
	return result;
}

/** Reads the options after a command's path: by position if a word fits, or as `name:value`. */
function readOptions(command: Command, tokens: readonly Token[], text: string): Record<string, string> {
	const options: Record<string, string> = {};
	const open = () => Object.entries(command.options).filter(([name]) => options[name] === undefined);
	const given = (kind: OptionKind) =>
		Object.entries(command.options).find(([name, option]) => option.kind === kind && options[name] !== undefined)?.[0];
	const growing = (name: string | undefined) =>
		name !== undefined && !["today", "last"].includes((options[name] ?? "").toLowerCase()) ? name : undefined;
	for (const token of joinedTokens(command, tokens)) {
		const [, name = "", value = ""] = /^([\p{L}_-]{1,32}):([\s\S]*)$/u.exec(token.text) ?? [];
		const named = token.quoted ? undefined : open().find(([option]) => option === name.toLowerCase());
		if (named && value !== "") {
			if (named[1].kind === "text") {
				options[named[0]] = text.slice(token.start + name.length + 1).trim();
				return options;
			}
			options[named[0]] = value;
			continue;
		}
		const words = given("words");
		// A question may be named by its title: words that fit no other option belong to it. A single letter does not.
		const title = token.text.length > 1 || open().length === 0 ? growing(given("question")) : undefined;
		const fitting = open().find(([, option]) => option.kind === "text" || option.accepts(token.text));
		const strict = fitting && ["choice", "choices"].includes(fitting[1].kind);
		if (words && !strict) options[words] = `${options[words]} ${token.text}`;
		else if (fitting?.[1].kind === "text") {
			options[fitting[0]] = text.slice(token.start);
			return options;
		} else if (fitting) options[fitting[0]] = token.text;
		else if (title) options[title] = `${options[title]} ${token.text}`;
		else if (!SMALL_WORDS.has(token.text.toLowerCase()))
			throw errorFor([...placedFaults(command, options), rejectedWord(command, token, open())]);
	}
	return options;
}

/** Parses a value without knowing today's date. @returns its fault, or null */
function faultOf({ parse }: Command["options"][string], text: string): UserError | null {
	try {
		parse(text, new Date(0));
		return null;
	} catch (error) {
		if (error instanceof UserError) return error;
		throw error;
	}
}

/** The faults of the options so far, except dates, which depend on today. */
function placedFaults(command: Command, options: Call["options"]): UserError[] {
	return Object.entries(options).flatMap(([name, text]) => {
		const option = command.options[name];
		return option && option.kind !== "date" && option.kind !== "dates" ? (faultOf(option, text) ?? []) : [];
	});
}

/** The error for a word that fits no option. It says what the first open option accepts. */
function rejectedWord(
	command: Command,
	token: Token,
	open: readonly [string, Command["options"][string]][],
): UserError {
	const [first] = open;
	const choosing = open.filter(([, option]) => option.kind === "choice" && option.choices.length > 0);
	const choices = choosing.flatMap(([, option]) => option.choices);
	const [only] = choosing.length === 1 ? choosing : [];
	const listed = only
		? `Choose one of: ${only[1].choices.join(", ")}.`
		: `Choose from these: ${choosing.map(([name, option]) => `${name}: ${option.choices.join(", ")}`).join("; ")}.`;
	// An option with too many choices to list throws its own error with the nearest one.
	if (first?.[1].kind === "choice" && first[1].choices.length > 0) {
		const near = nearest(beginning(token.text.toLowerCase(), MAX_COMPARED_LENGTH), choices);
		return new UserError(
			`${inQuotes(token.text)} is not one of the choices.`,
			`${near ? `Did you mean \`${near}\`? ` : ""}${listed}`,
		);
	}
	const fault = first ? faultOf(first[1], token.text) : null;
	return (
		fault ??
		new UserError(
			`${inQuotes(token.text)} is more than \`${command.name}\` takes.`,
			`It goes like this: \`${usage(command)}\`.`,
		)
	);
}

/**
 * Reads a message such as `random fundamentals basic` or `schedule add 09:00 zone:Europe/Berlin`.
 * @param text the message after `/nlpq`
 * @throws UserError with the nearest command and its usage
 */
export function readCommand(text: string, commands: readonly Command[]): Call {
	const tokens = tokenise(text);
	const alone = tokens.length > 1 ? undefined : groupDefault(commands, tokens[0]?.text.toLowerCase() ?? null);
	if (alone) return { command: alone.name, options: {} };
	const found = commandOf(tokens, commands);
	if (!found) throw unknownCommand(tokens, commands);
	return { command: found.command.name, options: readOptions(found.command, tokens.slice(found.words), text) };
}

/** A value as one token: quoted if needed, with quotes that it does not contain. */
function quoted(value: string): string {
	if (/^\S+$/.test(value) && QUOTES[value[0] ?? ""] === undefined) return value;
	const pair = Object.entries(QUOTES).find(([, closing]) => !value.includes(closing));
	return pair ? `${pair[0]}${value}${pair[1]}` : `"${value.replaceAll('"', "'")}"`;
}

/**
 * Writes a call as a message that `readCommand` reads back as the same call. Buttons carry it in their identifiers.
 * Options must not be empty or free text. A value that contains every kind of quotes loses its double ones.
 */
export function writeCommand(call: Call): string {
	return [call.command, ...Object.entries(call.options).map(([name, value]) => `${name}:${quoted(value)}`)].join(" ");
}
