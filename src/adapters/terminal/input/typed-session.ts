import type { ReadStream, WriteStream } from "node:tty";
import { fieldOf, isLong, wordsOf } from "../forms.ts";
import { isNextPage, type Screen } from "../screen.ts";
import type { Session } from "../session.ts";
import type { Terminal } from "../terminal.ts";
import type { Seen } from "../words.ts";
import { editorProgram, writeInEditor } from "./editor-program.ts";
import type { CommandHistory } from "./history.ts";
import { type Completer, LineEditor } from "./line-editor.ts";
import type { OfferedKey } from "./typed-keys.ts";
import type { UnfinishedTexts } from "./unfinished-texts.ts";

const [PROMPT, FORM_PROMPT] = ["> ", "… "];

/** A window's size is final when it has not changed for this many milliseconds. */
const RESIZE_DEBOUNCE = 150;
const CLEAR = "\u001b[H\u001b[J";
/** An answer with fewer letters and digits is asked about. */
const MIN_SIGNS = 8;

type InputEvent =
	| { readonly type: "line"; readonly text: string; readonly seen: Seen }
	| { readonly type: "paste"; readonly text: string; readonly seen: Seen }
	| { readonly type: "interrupt" | "end" | "editor" | "back" };

export interface TypedSessionParts {
	readonly session: Session;
	readonly terminal: Terminal;
	readonly screen: Screen;
	readonly input: ReadStream;
	readonly output: WriteStream;
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly complete: Completer;
	/** Commands kept between runs; without it none are kept. */
	readonly history?: CommandHistory;
	/** Unfinished texts kept between runs; without it none are kept. */
	readonly texts?: UnfinishedTexts;
}

/** A conversation with a person who types: lines, long texts, and output that arrives meanwhile. */
export class TypedSession {
	readonly #parts: TypedSessionParts;
	readonly #editor: LineEditor;
	readonly #events: InputEvent[] = [];
	#wake: () => void = () => undefined;
	/** What was on the screen when the current line was begun. */
	#seen: Seen;
	#isOver = false;
	/** Whether this is over with the form. */
	#isForForm = false;
	/** Whether Ctrl-C was the last thing typed. */
	#wasInterrupted = false;
	/** Whether all unfinished texts outlive this process. */
	#areKept = false;
	/** A very short answer that the member has been asked about. */
	#askedAbout: string | null = null;
	#columns: number;
	#resizing: NodeJS.Timeout | undefined;

	constructor(parts: TypedSessionParts) {
		this.#parts = parts;
		this.#seen = parts.terminal.dialogue.seen;
		this.#editor = new LineEditor(parts.input, parts.output, {
			begun: () => {
				this.#seen = parts.terminal.dialogue.seen;
			},
			line: (text) => this.#push({ type: "line", text, seen: this.#seen }),
			paste: (text) => this.#push({ type: "paste", text, seen: this.#seen }),
			interrupted: () => this.#push({ type: "interrupt" }),
			ended: () => this.#push({ type: "end" }),
			hungUp: (line) => this.#keepLine(line),
			key: (key) => this.#takes(key),
			// Completion would only disturb the writing of a text.
			complete: (line) => (parts.terminal.dialogue.form ? [[], line] : parts.complete(line)),
			isCommand: () => parts.terminal.dialogue.form === null,
			entered: (command) => parts.history?.add(command),
			history: parts.history?.read() ?? [],
		});
		this.#columns = parts.output.columns;
		parts.output.on("resize", this.#resized);
		parts.screen.isInteractive = true;
		parts.screen.writeTo(this.#editor);
	}

	/**
	 * Settles when the member leaves.
	 * @param forForm whether it also ends when the open form ends
	 */
	async run({ forForm = false } = {}): Promise<void> {
		const { output, screen, terminal } = this.#parts;
		this.#isForForm = forForm;
		this.#parts.screen.isPaged = !forForm;
		while (!this.#isOver && !(forForm && terminal.dialogue.form === null)) {
			this.#ask();
			const event = await this.#next();
			this.#editor.pause();
			await this.#handle(event);
			this.#wasInterrupted = event.type === "interrupt";
			this.#areKept = this.#parts.texts?.write(terminal.dialogue.unsent) ?? false;
		}
		clearTimeout(this.#resizing);
		output.off("resize", this.#resized);
		this.#editor.close();
		screen.writeTo(output);
		const { unsent } = terminal.dialogue;
		if (unsent.length > 0 && this.#areKept)
			screen.say(`\nYour unfinished text is kept: ${forForm ? "the same command" : "`again`"} takes it up next time.`);
		else if (unsent.length > 0) output.write(`\nNot sent, and not kept:\n\n${unsent.map(wordsOf).join("\n\n")}\n`);
		if (!forForm) output.write("\n");
	}

	/** Shows the last card again for the new width, once the size is final; what was there before scrolls up. */
	readonly #resized = (): void => {
		clearTimeout(this.#resizing);
		this.#resizing = setTimeout(() => {
			const { output, screen } = this.#parts;
			if (output.columns === this.#columns) return;
			this.#columns = output.columns;
			this.#parts.terminal.dialogue.renewForm();
			const card = screen.lastCard();
			if (card !== null) this.#editor.write(`${"\n".repeat(output.rows)}${CLEAR}${card}\n`);
		}, RESIZE_DEBOUNCE);
	};

	#keepLine(line: string): void {
		const { dialogue } = this.#parts.terminal;
		if (!dialogue.form || line === "") return;
		dialogue.setLines([...dialogue.form.lines, line]);
		this.#parts.texts?.write(dialogue.unsent);
	}

	#push(event: InputEvent): void {
		this.#events.push(event);
		this.#wake();
	}

	async #next(): Promise<InputEvent> {
		for (;;) {
			const next = this.#events.shift();
			if (next) return next;
			await new Promise<void>((resolve) => {
				this.#wake = resolve;
			});
		}
	}

	#ask(): void {
		const { form } = this.#parts.terminal.dialogue;
		this.#editor.prompt(form ? FORM_PROMPT : PROMPT);
	}

	/** Handles keys that have another meaning while a text is written. */
	#takes(key: OfferedKey): boolean {
		const { form } = this.#parts.terminal.dialogue;
		const isEmpty = this.#editor.line === "";
		if (key === "ctrl-d" && isEmpty) this.#push({ type: "end" });
		else if (key === "ctrl-e" && form && isLong(fieldOf(form))) this.#push({ type: "editor" });
		else if ((key === "up" || key === "backspace") && isEmpty && form && form.lines.length > 0)
			this.#push({ type: "back" });
		else return false;
		return true;
	}

	async #handle(event: InputEvent): Promise<void> {
		switch (event.type) {
			case "line":
				return this.#line(event.text, event.seen);
			case "paste":
				return this.#paste(event.text, event.seen);
			case "interrupt":
				return this.#interrupt();
			case "end":
				return this.#end();
			case "editor":
				return this.#write();
			case "back":
				return this.#back();
		}
	}

	async #line(text: string, seen: Seen): Promise<void> {
		const { terminal, session, screen } = this.#parts;
		const { form } = terminal.dialogue;
		if (!form && text.trim() === "") {
			if (!screen.showMore() && seen.actions.some(isNextPage))
				this.#isOver = !(await session.runLine(String(seen.actions.findIndex(isNextPage) + 1), seen));
		} else if (!form || /^\s*\/(nlpq|clock)\b/i.test(text)) {
			this.#isOver = !(await session.runLine(text, seen));
		} else if (await this.#tookWord(text)) return;
		else if (!isLong(fieldOf(form))) await session.fillIn(text);
		else if (text.trim() === "") await this.#submit(form.lines.join("\n"));
		else terminal.dialogue.setLines([...form.lines, text]);
	}

	async #submit(text: string): Promise<void> {
		const { session, screen, terminal } = this.#parts;
		if (await this.#tookWord(text)) return;
		const signs = text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
		const isAnswer = terminal.dialogue.form?.form.call.command === "answer";
		if (isAnswer && text.trim() !== "" && signs < MIN_SIGNS && this.#askedAbout !== text) {
			this.#askedAbout = text;
			return screen.say(`Is “${text.trim()}” your whole answer? An empty line sends it, Ctrl-C keeps it for later.`);
		}
		this.#askedAbout = null;
		await session.fillIn(text);
	}

	/** A command by itself is no answer. A single command from the shell has no other to run. */
	async #tookWord(text: string): Promise<boolean> {
		const { session, screen, terminal } = this.#parts;
		const word = session.wordOf(text);
		if (!word) return false;
		// Several words may begin a text after all, so that only an empty line below them runs them.
		if (word.type === "run" && word.asks && terminal.dialogue.form?.lines.length === 0 && !this.#isForForm) {
			terminal.dialogue.setLines([text]);
			screen.say(`\`${text.trim()}\` is a command: an empty line runs it. Or write on, and it begins your text.`);
			return true;
		}
		if (!this.#isForForm || word.type === "help" || word.type === "pass") return session.takeWord(text);
		if (word.type === "leave") this.#isOver = true;
		else screen.say(`\`${text.trim()}\` is a command, and not taken for your text. Ctrl-C leaves.`);
		return true;
	}

	/** A paste is one text: nothing in it runs as a command, and its line ends do not end the input. */
	#paste(text: string, seen: Seen): void {
		const { terminal, session } = this.#parts;
		const { form } = terminal.dialogue;
		const lines = text.replace(/\n+$/, "").split("\n");
		const isOneLine = lines.length === 1 && !(form && isLong(fieldOf(form)) && text.endsWith("\n"));
		if (isOneLine) {
			this.#editor.insert((lines[0] ?? "").replaceAll("\t", "  "));
			return;
		}
		const { before, after } = this.#editor.take();
		if (form && isLong(fieldOf(form))) {
			const all = `${before}${text.replace(/\n+$/, "")}${after}`.split("\n");
			terminal.dialogue.setLines([...form.lines, ...all]);
			this.#editor.write(`${all.map((line) => `${FORM_PROMPT}${line}`).join("\n")}\n`);
		} else if (form) this.#editor.insert(`${before}${lines.join(" ")}${after}`.replaceAll("\t", "  "));
		else session.ask(`${before}${text}${after}`.trim(), seen);
	}

	/** Ctrl-C: out of the line, else out of the form, else out of a long card; a second one leaves the program. */
	#interrupt(): void {
		const { terminal, screen } = this.#parts;
		const { before, after } = this.#editor.take();
		const { form } = terminal.dialogue;
		this.#editor.write(`${form ? FORM_PROMPT : PROMPT}${before}${after}^C\n`);
		if (form) {
			this.#keepLine(before + after);
			if (this.#isForForm) this.#isOver = true;
			else terminal.dialogue.leaveForm();
		} else if (before + after === "" && !screen.dropMore()) {
			if (this.#wasInterrupted) this.#isOver = true;
			else screen.say("(Ctrl-C again leaves, and so does `quit`.)");
		}
	}

	async #end(): Promise<void> {
		const { form } = this.#parts.terminal.dialogue;
		this.#editor.write("\n");
		if (!form || this.#parts.input.destroyed) this.#isOver = true;
		else await this.#submit(form.lines.join("\n"));
	}

	/** Brings the last line of the text back for changes. */
	#back(): void {
		const { terminal } = this.#parts;
		const { form } = terminal.dialogue;
		const last = form?.lines.at(-1);
		if (!form || last === undefined) return;
		this.#editor.eraseAbove(FORM_PROMPT, last);
		terminal.dialogue.setLines(form.lines.slice(0, -1));
		this.#editor.prompt(FORM_PROMPT);
		this.#editor.insert(last);
	}

	async #write(): Promise<void> {
		const { terminal, screen, environment } = this.#parts;
		const program = editorProgram(environment);
		if (!program) return screen.say("Set EDITOR to the editor that you like, such as EDITOR=nano.");
		const { form } = terminal.dialogue;
		if (!form) return;
		const { before, after } = this.#editor.take();
		const above = form.lines;
		const text = [...form.lines, ...(before + after === "" ? [] : [before + after])].join("\n");
		const written = await this.#editor.suspend(() => writeInEditor(program, text));
		const edited = written ?? text;
		terminal.dialogue.setLines(edited === "" ? [] : edited.split("\n"));
		if (written === null) screen.say(`\`${program}\` failed. Your text is as it was.`);
		// The lines above are not repeated, unless the editor has changed them.
		const lines = edited.split("\n");
		const isAbove = above.length > 0 && above.every((line, index) => lines[index] === line);
		const fresh = lines.slice(isAbove ? above.length : 0).map((line) => `${FORM_PROMPT}${line}`);
		if (above.length > 0 && !isAbove) screen.say("\nYour text is now:");
		if (fresh.length > 0) screen.say(fresh.join("\n"));
		screen.say("(An empty line ends it.)");
	}
}
