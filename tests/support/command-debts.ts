import { readFileSync } from "node:fs";
import { commandsTable } from "../../scripts/tables.ts";
import { nativeCommands } from "../../src/adapters/discord/install/definitions.ts";
import type { Call } from "../../src/chat/card.ts";
import { type Command, lackingOptions } from "../../src/chat/command.ts";
import { readCommand } from "../../src/chat/grammar.ts";

/** Discord shows at most this many characters of a description. */
const MAX_DESCRIPTION_LENGTH = 100;
/** Discord accepts 8,000 characters of names, descriptions and values in one command. */
const MAX_NATIVE = 7_500;

function read(text: string, commands: readonly Command[]): Call | null {
	try {
		return readCommand(text, commands);
	} catch {
		return null;
	}
}

/** The characters that Discord counts: names, descriptions and values at any depth. */
function nativeLength(value: unknown): number {
	if (Array.isArray(value)) return value.reduce((sum: number, entry) => sum + nativeLength(entry), 0);
	if (typeof value !== "object" || value === null) return 0;
	return Object.entries(value).reduce((sum, [key, entry]) => {
		if (typeof entry === "string" && ["name", "description", "value"].includes(key)) return sum + entry.length;
		return sum + nativeLength(entry);
	}, 0);
}

/** A command's row in the README's table. */
const rowOf = (command: Command): string => commandsTable([command]).split("\n").at(-1) ?? "";

function optionDebts(command: Command): string[] {
	return Object.entries(command.options).flatMap(([name, { description }]) => [
		...(/^[a-z]{1,32}$/.test(name) ? [] : [`option ${name}: its name has other than small letters`]),
		...(description.length <= MAX_DESCRIPTION_LENGTH
			? []
			: [`option ${name}: its description is too long for Discord`]),
	]);
}

function exampleDebts(command: Command, commands: readonly Command[]): string[] {
	const call = read(command.example, commands);
	if (call?.command !== command.name) return [`its example does not read as itself: ${command.example}`];
	const lacking = lackingOptions(command, call).map(([name]) => name);
	const missing = lacking.filter((name) => !command.formFor.includes(name));
	return missing.length > 0 ? [`its example lacks ${missing.join(", ")}`] : [];
}

/**
 * What a command still lacks, each with what to do; empty if nothing. Permissions, answers it must not give away, and
 * its replies on each platform are tested for every command in COMMANDS automatically.
 */
export function debtsOf(command: Command, commands: readonly Command[]): string[] {
	const readme = readFileSync("README.md", "utf8");
	const defaults = commands.filter(({ group, groupDefault }) => groupDefault && group === command.group);
	return [
		...(readme.includes(rowOf(command)) ? [] : ["a row in the README: run `npm run docs`"]),
		...exampleDebts(command, commands),
		...(command.summary.length <= MAX_DESCRIPTION_LENGTH ? [] : ["its summary is too long for Discord"]),
		...(/[.!]$/.test(command.summary) ? ["its summary ends in a full stop, which is added where it is shown"] : []),
		...optionDebts(command),
		...(command.group !== null && defaults.length !== 1
			? [`its group ${command.group} has ${defaults.length} defaults instead of one: set groupDefault`]
			: []),
	];
}

/** How many characters all commands leave of Discord's limit; negative if they exceed it. */
export const nativeRoom = (commands: readonly Command[]): number =>
	MAX_NATIVE - nativeLength(nativeCommands(commands, true));
