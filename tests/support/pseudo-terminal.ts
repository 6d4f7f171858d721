import { resolve } from "node:path";
import xterm from "@xterm/headless";
import { onTestFinished, TestRunner } from "vitest";
import { type Pty, spawnPty } from "./pty.ts";

export const [ENTER, CTRL_C, CTRL_D, CTRL_E, CTRL_Z] = ["\r", "\u0003", "\u0004", "\u0005", "\u001a"];
export const LEFT = "\u001b[D";
export const paste = (text: string): string => `\u001b[200~${text.replaceAll("\n", "\r")}\u001b[201~`;

/** Waiting for a screen fails after this many milliseconds. */
const TIMEOUT = 60_000;

export interface TypedOptions {
	readonly folder: string;
	readonly clock?: string;
	readonly columns?: number;
	readonly rows?: number;
	readonly env?: Readonly<Record<string, string>>;
	readonly args?: readonly string[];
	/** Replaces the compiled program. */
	readonly program?: string;
	/** What runs the program; Node unless told. */
	readonly runner?: string;
	/** The current folder; this one unless told. */
	readonly cwd?: string;
	/** What the first prompt looks like, where it is that of a form. */
	readonly prompt?: RegExp;
}

/** The compiled program on a real pseudo-terminal, with the screen that its member sees. */
export class TypedProgram {
	readonly #child: Pty;
	readonly #screen: InstanceType<typeof xterm.Terminal>;
	readonly #waiting = new Set<() => void>();
	#left: number | null = null;
	/** Everything that the program has written, with escape sequences. */
	written = "";

	constructor(options: TypedOptions) {
		const { folder, clock, columns = 80, rows = 24, env = {}, args = [], program = "dist/src/main.js" } = options;
		const { cwd = process.cwd(), runner = process.execPath } = options;
		if (spawnPty === null) {
			TestRunner.getCurrentTest()?.context.skip("it needs node-pty, which has no binary here, or tmux");
			throw new Error("no pseudo-terminal");
		}
		const size = { cols: columns, rows };
		this.#screen = new xterm.Terminal({ ...size, scrollback: 5000, allowProposedApi: true });
		this.#child = spawnPty(runner, [resolve(program), ...args], {
			...size,
			cwd,
			env: {
				PATH: process.env.PATH ?? "",
				HOME: process.env.HOME ?? "",
				TERM: "xterm-256color",
				TZ: "UTC",
				NLPQ_SEED: "1",
				NLPQ_DATA_DIR: folder,
				...(clock === undefined ? {} : { NLPQ_CLOCK: clock }),
				...env,
			},
		});
		this.#child.onData((text) => {
			this.written += text;
			this.#screen.write(text, () => this.#look());
		});
		this.#child.onExit(({ exitCode }) => {
			this.#left = exitCode;
			this.#look();
		});
		onTestFinished(() => {
			if (this.#left === null) this.#child.kill("SIGKILL");
		});
	}

	#look(): void {
		for (const look of this.#waiting) look();
	}

	/** The whole scrollback as lines without trailing spaces. */
	get lines(): string[] {
		const { active } = this.#screen.buffer;
		const lines = Array.from({ length: active.length }, (_, row) => active.getLine(row)?.translateToString(true) ?? "");
		while (lines.at(-1) === "") lines.pop();
		return lines;
	}

	/** The text in the rows of the screen. */
	get shown(): string {
		return this.lines.slice(this.#screen.buffer.active.baseY).join("\n");
	}

	get text(): string {
		return this.lines.join("\n");
	}

	type(keys: string): void {
		this.#child.write(keys);
	}

	signal(signal: NodeJS.Signals): void {
		process.kill(this.#child.pid, signal);
	}

	resize(columns: number, rows: number): void {
		this.#screen.resize(columns, rows);
		this.#child.resize(columns, rows);
	}

	/** Settles when the text, scrolled off or not, matches. @throws with the text if it never does */
	async until(wanted: RegExp | ((text: string) => boolean)): Promise<string> {
		const matches = () => (wanted instanceof RegExp ? wanted.test(this.text) : wanted(this.text));
		await this.#wait(matches, String(wanted));
		return this.text;
	}

	/** Types a line. Settles when the prompt is below its answer. */
	async say(line: string, answer: RegExp): Promise<string> {
		const before = this.written.length;
		this.type(line + ENTER);
		await this.#wait(
			() => answer.test(plain(this.written.slice(before))) && this.#atPrompt(),
			`${answer} after ${line}`,
		);
		return plain(this.written.slice(before));
	}

	/** Settles when the program waits for a line. */
	async prompt(): Promise<void> {
		await this.#wait(() => this.#atPrompt(), "a prompt");
	}

	#atPrompt(): boolean {
		return /^[>…]\s*$/.test(this.lines.at(-1) ?? "");
	}

	async #wait(matches: () => boolean, what: string): Promise<void> {
		await new Promise<void>((resolve, reject) => {
			const settle = (done: () => void) => {
				clearTimeout(timer);
				this.#waiting.delete(look);
				done();
			};
			const look = () => {
				if (matches()) settle(resolve);
				else if (this.#left !== null) settle(() => reject(new Error(`it ended before ${what}:\n${this.text}`)));
			};
			const timer = setTimeout(() => settle(() => reject(new Error(`never saw ${what} in:\n${this.text}`))), TIMEOUT);
			this.#waiting.add(look);
			look();
		});
	}

	/** The exit code, once the program has ended. */
	async ended(): Promise<number> {
		if (this.#left === null)
			await new Promise<void>((resolve) => {
				this.#child.onExit(() => resolve());
			});
		return this.#left ?? 0;
	}
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is removed
const ESCAPES = /\u001b\[[0-9;?]*[A-Za-z]|\r/g;

/** What was sent to a terminal, without escape sequences. */
export const plain = (written: string): string => written.replace(ESCAPES, "");

/** Starts the program on a pseudo-terminal and waits for its first prompt. */
export async function typedProgram(options: TypedOptions): Promise<TypedProgram> {
	const program = new TypedProgram(options);
	await program.until(options.prompt ?? /^> *$/m);
	return program;
}
