import { appendFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { Command } from "../../../chat/command.ts";
import { readCommand } from "../../../chat/grammar.ts";

/** Commands that the Up key brings back. */
export const MOST_COMMANDS = 500;
const LONGEST = 200;
const OWN_ALONE = { mode: 0o600 };

/** Whether a line is a whole command without free text: what somebody has written is never kept here. */
function isKept(line: string, commands: readonly Command[]): boolean {
	if (line.length > LONGEST) return false;
	try {
		const { command: name, options } = readCommand(line.replace(/^\s*\/(?:nlpq\s+)?/i, ""), commands);
		const command = commands.find((candidate) => candidate.name === name);
		return Object.keys(options).every((option) => command?.options[option]?.kind !== "text");
	} catch {
		return false;
	}
}

/** The commands that were typed into a terminal, in a file, for the Up key of its next runs. */
export class CommandHistory {
	readonly #file: string;
	readonly #commands: readonly Command[];

	constructor(file: string, commands: readonly Command[]) {
		this.#file = file;
		this.#commands = commands;
	}

	/** The newest first, each once. A file that has grown long is cut. */
	read(): string[] {
		return (
			this.#quietly(() => {
				const lines = readFileSync(this.#file, "utf8")
					.split("\n")
					.filter((line) => line !== "")
					.reverse();
				const kept = [...new Set(lines)].slice(0, MOST_COMMANDS);
				if (lines.length > 2 * MOST_COMMANDS)
					writeFileSync(this.#file, `${[...kept].reverse().join("\n")}\n`, OWN_ALONE);
				return kept;
			}) ?? []
		);
	}

	add(line: string): void {
		if (isKept(line, this.#commands)) this.#quietly(() => appendFileSync(this.#file, `${line.trim()}\n`, OWN_ALONE));
	}

	erase(): void {
		this.#quietly(() => rmSync(this.#file, { force: true }));
	}

	/** A disk that is full or cannot be written is no reason to stop a conversation. */
	#quietly<Result>(work: () => Result): Result | undefined {
		try {
			return work();
		} catch {
			return undefined;
		}
	}
}
