import { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";

/** What a terminal sends around a paste, once asked to. */
const [PASTE_START, PASTE_END] = ["\u001b[200~", "\u001b[201~"];
export const [MARK_PASTES, MARK_NO_PASTES] = ["\u001b[?2004h", "\u001b[?2004l"];
/**
 * Enter counts as pressed after this many milliseconds of silence: in an unmarked paste the next line follows at once.
 */
const ENTER_DEBOUNCE = 25;

const LINE_END = /\r\n|\r|\n/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: keys arrive as control characters
const LEADING_KEYS = /^(?:\u001b(?:\[[0-9;]*[~A-Za-z]|O[A-Z]|[^[O])|[\u0000-\u0008\u000b\u000c\u000e-\u001a\u007f])+/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: a paste may bring what would steer the terminal
const STEERING = /\u001b\[[0-9;?]*[ -/]*[@-~]|[\u0000-\u0008\u000b-\u001f\u007f]/g;
/** Keys offered to the conversation before the line editor: Ctrl-D, Ctrl-E, Backspace, Up. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: keys arrive as control characters
const OFFERED = /(\u0004|\u0005|\u0008|\u007f|\u001b\[A|\u001bOA)/;

export type OfferedKey = "ctrl-d" | "ctrl-e" | "backspace" | "up";
const NAMES: Readonly<Record<string, OfferedKey>> = {
	"\u0004": "ctrl-d",
	"\u0005": "ctrl-e",
	"\u0008": "backspace",
	"\u007f": "backspace",
	"\u001b[A": "up",
	"\u001bOA": "up",
};

export interface KeyListener {
	/** Something was typed; the line editor has not seen it yet. */
	typed(): void;
	/** @returns whether the listener has handled the key; otherwise the line editor gets it */
	key(key: OfferedKey): boolean;
	/** A pasted text, with `\n` as its line ends and without control sequences. */
	paste(text: string): void;
}

/** A terminal's raw input. */
export interface RawInput {
	readonly isTTY: boolean;
	readonly destroyed: boolean;
	setRawMode(raw: boolean): unknown;
	on(event: "data", receive: (chunk: Buffer) => void): unknown;
	off(event: "data", receive: (chunk: Buffer) => void): unknown;
}

const plainText = (pasted: string): string => pasted.replace(LINE_END, "\n").replace(STEERING, "");

/** The length of a text's end that may be the first part of a mark, which can arrive in two chunks. */
function begunMark(text: string, mark: string): number {
	for (let length = Math.min(mark.length - 1, text.length); length >= 1; length -= 1)
		if (mark.startsWith(text.slice(-length))) return length;
	return 0;
}

/**
 * A terminal's keys without its pastes, for the line editor. A paste is one text, even if the terminal does not mark
 * it: a line end with more text right behind it was not typed.
 */
export class TypedKeys extends Readable {
	readonly #tty: RawInput;
	readonly #listener: KeyListener;
	readonly #decoder = new StringDecoder("utf8");
	/** A marked paste that has not ended. */
	#marked: string | null = null;
	/** An unmarked paste. */
	#unmarked: string | null = null;
	/** Line ends that may have been typed. */
	#held = "";
	/** Possibly the beginning of a mark. */
	#rest = "";
	/** Tells a pending timer that more input has arrived, or that the input was closed. */
	#chunkCount = 0;

	constructor(tty: RawInput, listener: KeyListener) {
		super({ read: () => undefined });
		this.#tty = tty;
		this.#listener = listener;
		tty.on("data", this.#receive);
	}

	/** The line editor calls this, as it would on a terminal. */
	setRawMode(raw: boolean): this {
		if (this.#tty.isTTY && !this.#tty.destroyed) this.#tty.setRawMode(raw);
		return this;
	}

	close(): void {
		this.#chunkCount += 1;
		this.#tty.off("data", this.#receive);
	}

	readonly #receive = (chunk: Buffer): void => {
		let text = this.#rest + this.#decoder.write(chunk);
		this.#rest = "";
		this.#chunkCount += 1;
		while (text !== "") text = this.#marked === null ? this.#untilPaste(text) : this.#untilEnd(text, this.#marked);
		if (this.#held !== "" || this.#unmarked !== null || this.#rest !== "") this.#settleSoon();
	};

	/** @returns the text still to read */
	#untilPaste(text: string): string {
		const start = text.indexOf(PASTE_START);
		if (start < 0) {
			const begun = begunMark(text, PASTE_START);
			this.#rest = text.slice(text.length - begun);
			this.#readUnmarked(text.slice(0, text.length - begun));
			return "";
		}
		this.#readUnmarked(text.slice(0, start));
		this.#settle();
		this.#marked = "";
		return text.slice(start + PASTE_START.length);
	}

	#untilEnd(text: string, pasted: string): string {
		const end = text.indexOf(PASTE_END);
		if (end < 0) {
			const begun = begunMark(text, PASTE_END);
			this.#rest = text.slice(text.length - begun);
			this.#marked = pasted + text.slice(0, text.length - begun);
			return "";
		}
		this.#marked = null;
		this.#listener.paste(plainText(pasted + text.slice(0, end)));
		return text.slice(end + PASTE_END.length);
	}

	#readUnmarked(text: string): void {
		if (text === "") return;
		if (this.#unmarked !== null) {
			this.#unmarked += text;
			return;
		}
		// Control keys at the beginning are typed: no paste starts with them.
		const keys = this.#held === "" ? LEADING_KEYS.exec(text)?.[0] : undefined;
		if (keys !== undefined) {
			this.#type(keys);
			this.#readUnmarked(text.slice(keys.length));
			return;
		}
		const all = this.#held + text;
		const lineEnd = all.search(/[\r\n]/);
		// Only line ends: Enter, unless more text follows within the debounce time.
		if (/^[\r\n]+$/.test(all)) this.#held = all;
		// No line end: a line being typed, or a pasted piece of one, which is the same to the editor.
		else if (lineEnd < 0) this.#type(all);
		// A control key after Enter, which no paste brings: Enter was typed, although the debounce time is not over.
		else if (this.#held !== "" && LEADING_KEYS.test(text)) {
			this.#settle();
			this.#readUnmarked(text);
		} else if (/^[^\r\n]*(?:\r\n|\r|\n)$/.test(all)) {
			// One line and its end: type the line, and wait to see whether more follows the Enter.
			this.#type(all.slice(0, lineEnd));
			this.#held = all.slice(lineEnd);
		} else {
			// Text right after a line end: an unmarked paste has begun.
			this.#held = "";
			this.#unmarked = all;
		}
	}

	/** In a busy program the timer may fire before pending input is read, so let it be read first. */
	#settleSoon(): void {
		const chunkCount = this.#chunkCount;
		setTimeout(() => setImmediate(() => this.#chunkCount === chunkCount && this.#settle()), ENTER_DEBOUNCE);
	}

	/** After the silence: an unmarked paste is complete, held line ends were typed, and no mark follows. */
	#settle(): void {
		const [pasted, held, rest] = [this.#unmarked, this.#held, this.#rest];
		[this.#unmarked, this.#held, this.#rest] = [null, "", ""];
		if (pasted !== null) this.#listener.paste(plainText(pasted));
		for (const _end of held.match(LINE_END) ?? []) this.#type("\r");
		if (rest !== "" && this.#marked === null) this.#type(rest);
		else if (rest !== "") this.#rest = rest;
	}

	#type(text: string): void {
		for (const part of text.split(OFFERED)) {
			if (part === "") continue;
			this.#listener.typed();
			const name = NAMES[part];
			// The line editor decodes it at once, so a paste that follows finds the line as it is on the screen.
			if (name === undefined || !this.#listener.key(name)) this.emit("data", part);
		}
	}
}
