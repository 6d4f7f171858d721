import wrapAnsi from "wrap-ansi";
import { describeError } from "../adapters/log.ts";
import { databaseFault } from "../adapters/postgres/database-fault.ts";
import { inSources } from "../adapters/source-places.ts";
import { UserError } from "../core/errors.ts";
import { inShell } from "./shell-commands.ts";

/** The fault as one that the operator can fix, with its remedy; null for a bug. */
export const explained = (error: unknown): UserError | null =>
	error instanceof UserError ? error : databaseFault(error);

/** The query builder puts a statement's parameters into its messages, and those are members' words. */
const quotesParameters = (error: unknown): boolean =>
	error instanceof Error && ("params" in error || quotesParameters(error.cause));

/** Why the program ends: the message and remedy, or for a bug its place in the code. */
export function failureText(error: unknown): string {
	const known = explained(error);
	if (known) return inShell(`${known.message}\n${known.remedy}`);
	if (!quotesParameters(error)) return error instanceof Error ? inSources(error.stack ?? error.message) : String(error);
	const { kind, cause, at } = describeError(error);
	return `A statement failed (${cause ?? kind}) at ${at ?? "an unknown place"}.\nPlease report it: this is a fault of nlpq.`;
}

/** Writes to the standard error: at a terminal wrapped at words, except for a stack, whose lines begin with spaces. */
export function complain(text: string): void {
	const { isTTY, columns } = process.stderr;
	const shown = isTTY ? text.replace(/^\S.*$/gm, (line) => wrapAnsi(line, columns)) : text;
	process.stderr.write(`${shown}\n`);
}
