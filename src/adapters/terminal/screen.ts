import type { Card, FormField, Reply } from "../../chat/card.ts";
import { cardText, PLAIN_STYLE, type TextStyle } from "../../chat/text.ts";
import { type Action, actionsOf, actionsText } from "./actions.ts";
import { pictureText } from "./layout/pictures.ts";
import { renderActions, renderCard, renderLine } from "./layout/render.ts";
import { saveFile } from "./save-file.ts";

/** How replies leave: to the width of a terminal, as plain lines into a pipe or file, or as lines of JSON. */
export type Format =
	| {
			readonly type: "terminal";
			readonly hasColours: boolean;
			/** Asked for each card: the window may have another size by now. */
			readonly size: () => { readonly columns: number; readonly rows: number };
	  }
	| { readonly type: "plain" }
	| { readonly type: "json" };

/** Who a reply is for; null is the channel, which everybody sees. */
export type Recipient = string | null;

const PLAIN: TextStyle = { ...PLAIN_STYLE, picture: (picture) => pictureText(picture, false) };

/** Rows that stay free below a card that is too long for the screen. */
const SPARE_ROWS = 4;
/** Least rows of a card that are shown of it at once. */
const FEWEST_ROWS = 6;

/** Where the screen writes: a stream, or a terminal's editor, which keeps the line that is being typed. */
export interface Sink {
	write(text: string): unknown;
}

/** Writes replies, one after the other. */
export class Screen {
	readonly #format: Format;
	readonly #own: string;
	readonly #zone: string | undefined;
	#sink: Sink;
	/** Of the last card, what did not fit onto the screen. */
	#rest: readonly string[] = [];
	#last: { readonly card: Card; readonly head: string; readonly actions: readonly Action[] } | null = null;
	/** Whether somebody types, and may write any number of lines into a form. */
	isInteractive = false;
	/** Whether a long card is shown screen by screen. */
	isPaged = false;
	/** Whether the last reply said that something could not be done. */
	hasRefused = false;

	/**
	 * @param own the member who sits at this terminal, whose name need not stand on each reply
	 * @param zone theirs, for instants that name none
	 */
	constructor(sink: Sink, format: Format, own: string, zone?: string) {
		this.#sink = sink;
		this.#format = format;
		this.#own = own;
		this.#zone = zone;
	}

	/** Writes somewhere else from now on. */
	writeTo(sink: Sink): void {
		this.#sink = sink;
	}

	get isForPeople(): boolean {
		return this.#format.type !== "json";
	}

	/** Whether a card below an older message is shown as one line. */
	folds(card: Card): boolean {
		return this.isForPeople && card.blocks.length > 2;
	}

	/** How a field is filled in and left. */
	formHint(field: FormField | undefined): string {
		const hint = field?.type === "text" && field.hint ? field.hint : "";
		if (!this.isInteractive) return hint || "Type it on the next line; any command leaves the form.";
		const way =
			field?.type === "text" && field.long
				? "An empty line ends it; Ctrl-E opens your editor; Ctrl-C leaves it and keeps the text."
				: "Ctrl-C leaves the form.";
		return `${hint} ${way}`.trim();
	}

	/**
	 * Shows a card with its numbered actions.
	 * @param more actions behind the card's own
	 * @returns them all
	 */
	show(to: Recipient, card: Card, data: Reply["data"], more: readonly Action[] = []): Action[] {
		const actions = [...actionsOf(card), ...more];
		const head = this.#address(to);
		this.hasRefused = card.tone === "error";
		if (this.#format.type === "json") this.#json(to, card, data ?? {}, actions);
		else if (this.#format.type === "terminal") {
			this.#last = { card, head, actions };
			this.#sink.write(`\n${this.#rendered()}\n`);
		} else {
			const parts = [head + cardText(card, { ...PLAIN, zone: this.#zone }), actionsText(actions, PLAIN)];
			this.#sink.write(`\n${parts.filter((part) => part !== "").join("\n\n")}\n`);
		}
		return actions;
	}

	/** Shows what did not fit onto the screen. @returns false when nothing is left */
	showMore(): boolean {
		if (this.#rest.length === 0 || this.#format.type !== "terminal") return false;
		this.#sink.write(`${this.#firstPart(this.#rest, 0)}\n`);
		return true;
	}

	/** The last card once more, to the width that the window has by now; null without one. */
	lastCard(): string | null {
		return this.#last && this.#rendered();
	}

	/** A line that belongs to no reply. */
	say(text: string): void {
		if (this.#format.type === "plain") this.#sink.write(`${text}\n`);
		if (this.#format.type !== "terminal") return;
		const { columns } = this.#format.size();
		this.#sink.write(`${renderLine(text, { columns, hasColours: this.#format.hasColours })}\n`);
	}

	/** A file for the member: into the folder where they are, or down the pipe. */
	file({ name, content }: { readonly name: string; readonly content: string }): void {
		if (this.#format.type === "plain") this.#sink.write(`${content}\n`);
		if (this.#format.type !== "terminal") return;
		const saved = saveFile(name, content);
		this.say(saved === null ? content : `\nWritten to ${saved}, which you alone can read.`);
	}

	#rendered(): string {
		if (this.#format.type !== "terminal" || !this.#last) return "";
		const { card, head, actions } = this.#last;
		const { columns } = this.#format.size();
		const layout = { columns, hasColours: this.#format.hasColours, zone: this.#zone };
		const below = renderActions(actions, layout);
		const shown = this.#firstPart(renderCard(card, layout, head).split("\n"), below.split("\n").length + 1);
		return below === "" ? shown : `${shown}\n\n${below}`;
	}

	/** As many lines as fit onto the screen, up to the end of a paragraph; the others wait for Enter. */
	#firstPart(lines: readonly string[], taken: number): string {
		const rows = this.#format.type === "terminal" && this.isPaged ? this.#format.size().rows : Number.POSITIVE_INFINITY;
		const room = Math.max(FEWEST_ROWS, rows - taken - SPARE_ROWS);
		if (lines.length <= room + 2) {
			this.#rest = [];
			return lines.join("\n");
		}
		const paragraph = lines.lastIndexOf("", room);
		const end = paragraph > room / 2 ? paragraph : room;
		this.#rest = lines.slice(lines[end] === "" ? end + 1 : end);
		const { length } = this.#rest;
		return [...lines.slice(0, end), "", `(Enter shows the other ${length} lines.)`].join("\n");
	}

	#address(to: Recipient): string {
		if (to === null) return "[channel] ";
		return to === this.#own ? "" : `[to ${to}] `;
	}

	#json(to: Recipient, card: Card, data: NonNullable<Reply["data"]>, actions: readonly Action[]): void {
		const text = [cardText(card), actionsText(actions, PLAIN)].filter((part) => part !== "").join("\n\n");
		const audience = to === null ? "channel" : "member";
		// Some readers of lines also end one at these two separators, which a member may have written.
		const line = JSON.stringify({ to, audience, text, card, data }).replace(/[\u2028\u2029]/g, (separator) =>
			separator === "\u2028" ? "\\u2028" : "\\u2029",
		);
		this.#sink.write(`${line}\n`);
	}
}
