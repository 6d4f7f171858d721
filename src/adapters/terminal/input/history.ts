import { appendFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { Command } from "../../../chat/command.ts";
import { readCommand } from "../../../chat/grammar.ts";

/** How many commands are kept for the Up key. */
export const MAX_COMMANDS = 500;
const MAX_LENGTH = 200;
const OWNER_ONLY = { mode: 0o600 };

/** Whether a line is a complete command without free text: what somebody has written is never kept here. */
function isKept(line: string, commands: readonly Command[]): boolean {
	if (line.length > MAX_LENGTH) return false;
	try {
		const { command: name, options } = readCommand(line.replace(/^\s*\/(?:nlpq\s+)?/i, ""), commands);
		const command = commands.find((candidate) => candidate.name === name);
		return Object.keys(options).every((option) => command?.options[option]?.kind !== "text");
	} catch {
		return false;
	}
}

/** Commands typed into a terminal, kept in a file for the Up key of later runs. */
export class CommandHistory {
	readonly #file: string;
	readonly #commands: readonly Command[];

	constructor(file: string, commands: readonly Command[]) {
		this.#file = file;
		this.#commands = commands;
	}

	/** The commands without repetitions, newest first. Shortens a file that has grown long. */
	read(): string[] {
		return (
			this.#ignoringErrors(() => {
				const lines = readFileSync(this.#file, "utf8")
					.split("\n")
					.filter((line) => line !== "")
					.reverse();
				const newest = [...new Set(lines)].slice(0, MAX_COMMANDS);
				if (lines.length > 2 * MAX_COMMANDS)
					writeFileSync(this.#file, `${[...newest].reverse().join("\n")}\n`, OWNER_ONLY);
				return newest;
			}) ?? []
		);
	}

	add(line: string): void {
		if (isKept(line, this.#commands))
			this.#ignoringErrors(() => appendFileSync(this.#file, `${line.trim()}\n`, OWNER_ONLY));
	}

	erase(): void {
		this.#ignoringErrors(() => rmSync(this.#file, { force: true }));
	}

	/** A full or read-only disk is no reason to stop a conversation. */
	#ignoringErrors<Result>(work: () => Result): Result | undefined {
		try {
			return work();
		} catch {
			return undefined;
		}
	}
}
