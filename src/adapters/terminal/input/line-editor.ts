import { clearScreenDown, createInterface, cursorTo, type Interface, moveCursor } from "node:readline";
import type { ReadStream, WriteStream } from "node:tty";
import stringWidth from "string-width";
import { MAX_COMMANDS } from "./history.ts";
import { MARK_NO_PASTES, MARK_PASTES, type OfferedKey, TypedKeys } from "./typed-keys.ts";

export type Completer = (line: string) => [string[], string];

export interface EditorListener {
	/** The first key of a line was typed. */
	begun(): void;
	line(text: string): void;
	paste(text: string): void;
	/** Ctrl-C was typed. */
	interrupted(): void;
	/** Ctrl-D was typed on an empty line, or the terminal is gone. */
	ended(): void;
	/** The program is about to end by a signal, with this line on the screen. */
	hungUp(line: string): void;
	/** @returns whether the listener has handled the key */
	key(key: OfferedKey): boolean;
	complete: Completer;
	/** Whether a line would be a command, which the Up key can bring back. */
	isCommand(): boolean;
	/** A command was entered. */
	entered(command: string): void;
	/** Commands of earlier runs, newest first. */
	readonly history: readonly string[];
}

/** The window was closed, or the machine shuts down. */
const HANG_UPS = ["SIGHUP", "SIGTERM"] as const;

/** A line that is not on the screen just now. */
interface HiddenLine {
	readonly line: string;
	readonly cursor: number;
}

/** Milliseconds after which a stop that had no effect is over: the first process of a container cannot be stopped. */
const STOP_TIMEOUT = 200;

/** The line being typed at the bottom of a terminal, with editing and history. Other output goes above it. */
export class LineEditor {
	readonly #tty: ReadStream;
	readonly #output: WriteStream;
	readonly #keys: TypedKeys;
	readonly #lines: Interface;
	readonly #listener: EditorListener;
	#suspended = false;
	/** Output held back until the editor program has returned the terminal. */
	#waiting = "";
	/** Whether nothing was printed since the last line was entered. */
	#isBelowLine = false;
	/** Whether the prompt is on the screen, also below what is printed meanwhile. */
	#isAsking = false;
	/** What was being typed when Ctrl-Z stopped the program. */
	#stopped: HiddenLine | null = null;
	#stopping: NodeJS.Timeout | undefined;

	constructor(tty: ReadStream, output: WriteStream, listener: EditorListener) {
		this.#tty = tty;
		this.#listener = listener;
		this.#output = output;
		this.#keys = new TypedKeys(tty, {
			typed: () => {
				if (this.line === "") listener.begun();
			},
			key: (key) => listener.key(key),
			paste: (text) => listener.paste(text),
		});
		this.#lines = createInterface({
			input: this.#keys,
			output,
			terminal: true,
			prompt: "> ",
			completer: (line: string) => listener.complete(line),
			removeHistoryDuplicates: true,
			history: [...listener.history],
			historySize: MAX_COMMANDS,
		});
		this.#lines.on("SIGINT", () => listener.interrupted());
		this.#lines.on("SIGTSTP", () => this.#stop());
		process.on("SIGCONT", this.#goOn);
		for (const signal of HANG_UPS) process.once(signal, this.#hungUp);
		this.#lines.on("history", (history) => {
			if (!listener.isCommand()) history.shift();
			else if (history[0] !== undefined) listener.entered(history[0]);
		});
		this.#lines.on("line", (line) => {
			this.#isBelowLine = true;
			listener.line(line);
		});
		tty.once("end", () => listener.ended()).once("close", () => listener.ended());
		output.write(MARK_PASTES);
	}

	/** The text of the line. */
	get line(): string {
		return this.#lines.line;
	}

	prompt(prompt: string): void {
		this.#isAsking = true;
		this.#lines.setPrompt(prompt);
		if (!this.#suspended) this.#redraw(this.#hide());
	}

	/** Shows no prompt until the next one: what was typed is being handled. */
	pause(): void {
		this.#isAsking = false;
	}

	/** Inserts text at the cursor. */
	insert(text: string): void {
		if (text !== "") this.#lines.write(text);
	}

	/** Empties the line. @returns what was before and after the cursor */
	take(): { readonly before: string; readonly after: string } {
		const { line, cursor } = this.#hide();
		return { before: line.slice(0, cursor), after: line.slice(cursor) };
	}

	/** Removes the last entered line from the screen, if it is still directly above. */
	eraseAbove(prompt: string, line: string): void {
		if (!this.#isBelowLine) return;
		this.#hide();
		const rows = Math.max(1, Math.ceil(stringWidth(prompt + line) / this.#output.columns));
		moveCursor(this.#output, 0, -rows);
		clearScreenDown(this.#output);
	}

	/** Prints above the line being typed. */
	write(text: string): void {
		this.#isBelowLine = false;
		if (this.#suspended) {
			this.#waiting += text;
			return;
		}
		const hidden = this.#hide();
		this.#output.write(text);
		if (hidden.line !== "" || this.#isAsking) this.#redraw(hidden);
	}

	/** Hands the terminal over for the duration of some work. */
	async suspend<Result>(work: () => Promise<Result>): Promise<Result> {
		this.#suspended = true;
		this.#output.write(MARK_NO_PASTES);
		this.#tty.pause();
		this.#keys.setRawMode(false);
		try {
			return await work();
		} finally {
			this.#keys.setRawMode(true);
			this.#tty.resume();
			this.#suspended = false;
			this.#output.write(MARK_PASTES);
			if (this.#waiting !== "") this.write(this.#waiting);
			this.#waiting = "";
		}
	}

	close(): void {
		process.off("SIGCONT", this.#goOn);
		for (const signal of HANG_UPS) process.off(signal, this.#hungUp);
		clearTimeout(this.#stopping);
		this.#output.write(MARK_NO_PASTES);
		this.#keys.close();
		this.#lines.close();
		this.#tty.pause();
	}

	/**
	 * Ctrl-Z: stops all processes that the shell started as one job, as the terminal itself would. Under `npm start` the
	 * shell waits for npm: if only this process stopped, nothing would answer any more.
	 */
	#stop(): void {
		this.#stopped = this.#hide();
		this.#output.write(MARK_NO_PASTES);
		this.#keys.setRawMode(false);
		this.#stopping = setTimeout(this.#goOn, STOP_TIMEOUT);
		process.kill(0, "SIGTSTP");
	}

	/** The shell has brought the program back, with the terminal as the shell uses it. */
	readonly #goOn = (): void => {
		clearTimeout(this.#stopping);
		if (this.#suspended) return;
		this.#keys.setRawMode(true);
		this.#output.write(MARK_PASTES);
		const stopped = this.#stopped ?? this.#hide();
		this.#stopped = null;
		if (stopped.line !== "" || this.#isAsking) this.#redraw(stopped);
	};

	readonly #hungUp = (signal: NodeJS.Signals): void => {
		this.#listener.hungUp(this.line);
		this.close();
		process.kill(process.pid, signal);
	};

	/** Takes the line off the screen and leaves the cursor where the line began. */
	#hide(): HiddenLine {
		const { line, cursor } = this.#lines;
		if (line !== "") {
			this.#lines.write(null, { ctrl: true, name: "e" });
			this.#lines.write(null, { ctrl: true, name: "u" });
		}
		cursorTo(this.#output, 0);
		clearScreenDown(this.#output);
		return { line, cursor };
	}

	#redraw({ line, cursor }: HiddenLine): void {
		this.#lines.prompt();
		if (line === "") return;
		this.#lines.write(line);
		while (this.#lines.cursor > cursor) this.#lines.write(null, { name: "left" });
	}
}
