import stringWidth from "string-width";
import type { Block, Card, FormField, Reply } from "../../chat/card.ts";
import { cardText, PLAIN_STYLE, type TextStyle } from "../../chat/text.ts";
import { type Action, actionsOf, actionsText } from "./actions.ts";
import { type CommandStart, withBareCommands } from "./bare-commands.ts";
import { pictureText } from "./layout/pictures.ts";
import { marked, renderActions, renderBlocks, renderCard, renderLine } from "./layout/render.ts";
import { usable, wrapText } from "./layout/wrap.ts";
import { saveFile } from "./save-file.ts";

/** How replies are written: to a terminal's width, as plain lines for a pipe or file, or as lines of JSON. */
export type Format =
	| {
			readonly type: "terminal";
			readonly hasColours: boolean;
			/** Asked for each card, since the window may have been resized. */
			readonly size: () => { readonly columns: number; readonly rows: number };
	  }
	| { readonly type: "plain" }
	| { readonly type: "json" };

/** The member a reply is for; null for the channel, which everybody sees. */
export type Recipient = string | null;

const PLAIN: TextStyle = { ...PLAIN_STYLE, code: marked, picture: (picture) => pictureText(picture, false) };

/** Whether an action turns a card's page. Enter does it too, so that there is one way to read on. */
export const isNextPage = ({ label }: Action): boolean => label === "More";

/** Rows kept free below a card that is too long for the screen. */
const SPARE_ROWS = 4;
/** The least number of a card's rows to show at once. */
const MIN_ROWS = 6;

/** Where the screen writes: a stream, or a line editor, which keeps the line being typed. */
export interface Sink {
	write(text: string): unknown;
}

/** A card as it was shown. */
interface Shown {
	readonly card: Card;
	readonly head: string;
	readonly actions: readonly Action[];
	/** The part of a form that is always shown whole, right above its prompt. */
	readonly form?: readonly Block[];
}

/** A form that is being shown: what is asked, and below it how to end it and what is written. */
export interface ShownForm {
	readonly card: Card;
	readonly own: readonly Block[];
	/** Whether the card may be shortened to leave room for the form's own part. */
	readonly folds: boolean;
}

/** Writes replies one after another. */
export class Screen {
	readonly #format: Format;
	readonly #own: string;
	readonly #zone: string | undefined;
	#sink: Sink;
	/** The lines of the last card that did not fit onto the screen. */
	#rest: readonly string[] = [];
	#last: Shown | null = null;
	/** Whether a person types, and can write several lines into a form. */
	isInteractive = false;
	/** Whether a long card is shown one screen at a time. */
	isPaged = false;
	/** Whether a text is being written, so that Enter has a meaning of its own. */
	isWriting = (): boolean => false;
	/** How the texts begin a command. */
	commandStart: CommandStart = "";
	/** Whether the last reply was a refusal. */
	hasRefused = false;

	/**
	 * @param own the member at this terminal, whose name is not repeated on each reply
	 * @param zone that member's zone, for times without one
	 */
	constructor(sink: Sink, format: Format, own: string, zone?: string) {
		this.#sink = sink;
		this.#format = format;
		this.#own = own;
		this.#zone = zone;
	}

	/** Writes to another sink from now on. */
	writeTo(sink: Sink): void {
		this.#sink = sink;
	}

	get isForPeople(): boolean {
		return this.#format.type !== "json";
	}

	/** Whether a card under an older message is shown as one line. */
	folds(card: Card): boolean {
		return this.isForPeople && card.blocks.length > 2;
	}

	/** Says how to fill in a field and how to leave it. */
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
	 * @param more actions to add after the card's own
	 * @returns all of them
	 */
	show(to: Recipient, given: Card, data: Reply["data"], more: readonly Action[] = []): Action[] {
		// A program in a conversation gets the card that every platform gets; one that runs a single command types `nlpq …`.
		const isRewritten = this.isForPeople || this.commandStart !== "";
		const card = isRewritten ? withBareCommands(given, this.commandStart) : given;
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

	/** Shows a form. What is asked is shortened if need be, but never how to end it and what is written already. */
	showForm(to: Recipient, form: ShownForm, data: Reply["data"]): void {
		if (this.#format.type === "terminal") {
			this.hasRefused = false;
			this.takeForm(to, form);
			this.#sink.write(`\n${this.#rendered()}\n`);
		} else this.show(to, { ...form.card, blocks: [...form.card.blocks, ...form.own] }, data);
	}

	/** Takes a form for the last card, which is shown again when the window changes. */
	takeForm(to: Recipient, { card, own, folds }: ShownForm): void {
		const asked = withBareCommands(card, this.commandStart);
		const below = folds
			? { card: asked, form: own }
			: { card: { ...asked, blocks: [...asked.blocks, ...own] }, form: [] };
		this.#last = { ...below, head: this.#address(to), actions: [] };
	}

	/** Shows what did not fit onto the screen. @returns false when nothing is left */
	showMore(): boolean {
		if (this.#rest.length === 0 || this.#format.type !== "terminal") return false;
		this.#sink.write(`${this.#firstPart(this.#rest, 0)}\n`);
		return true;
	}

	/** Gives up the rest of a long card. @returns false when nothing is left */
	dropMore(): boolean {
		const had = this.#rest.length > 0;
		this.#rest = [];
		return had;
	}

	/** The last card, rendered again for the window's current width; null if there is none. */
	lastCard(): string | null {
		return this.#last && this.#rendered();
	}

	/** Writes a line that belongs to no reply. */
	say(text: string): void {
		if (this.#format.type === "plain") this.#sink.write(`${text}\n`);
		if (this.#format.type !== "terminal") return;
		const { columns } = this.#format.size();
		this.#sink.write(`${renderLine(text, { columns, hasColours: this.#format.hasColours })}\n`);
	}

	/** Gives a file to the member: saves it in their current folder, or writes it to the pipe. */
	file({ name, content }: { readonly name: string; readonly content: string }): void {
		if (this.#format.type === "plain") this.#sink.write(`${content}\n`);
		if (this.#format.type !== "terminal") return;
		const saved = saveFile(name, content);
		if (saved === null) {
			this.say("\nThe current folder cannot be written, so here it is:\n");
			this.#sink.write(`${content}\n`);
		} else this.say(`\nWritten to ${saved} in this folder, which you alone can read.`);
	}

	#rendered(): string {
		if (this.#format.type !== "terminal" || !this.#last) return "";
		const { card, head, actions, form } = this.#last;
		const { columns } = this.#format.size();
		const layout = { columns, hasColours: this.#format.hasColours, zone: this.#zone };
		if (form) {
			const own = renderBlocks(form, layout);
			const asked = renderCard(card, layout, head).split("\n");
			this.#rest = [];
			if (own === "") return asked.join("\n");
			return `${this.#shortened(asked, own.split("\n").length + 1)}\n\n${own}`;
		}
		const below = renderActions(actions, layout);
		const shown = this.#firstPart(renderCard(card, layout, head).split("\n"), below.split("\n").length + 1);
		return below === "" ? shown : `${shown}\n\n${below}`;
	}

	/** How many lines fit onto the screen beside others. */
	#room(taken: number): number {
		const rows = this.#format.type === "terminal" && this.isPaged ? this.#format.size().rows : Number.POSITIVE_INFINITY;
		return Math.max(MIN_ROWS, rows - taken - SPARE_ROWS);
	}

	/** What a form asks, in the rows that are left for it. */
	#shortened(lines: readonly string[], taken: number): string {
		const room = this.#room(taken);
		if (lines.length <= room + 2) return lines.join("\n");
		const more = wrapText(`(${lines.length - room} more lines: \`?\` shows them.)`, usable(this.#columns));
		return [...lines.slice(0, room), more].join("\n");
	}

	/** The rows that lines take: a text that stays unwrapped, to be copied, takes several for one line. */
	#rowsOf(lines: readonly string[]): number {
		return lines.reduce((rows, line) => rows + Math.max(1, Math.ceil(stringWidth(line) / this.#columns)), 0);
	}

	/** As many lines as fit onto the screen, up to the end of a paragraph; Enter shows the rest. */
	#firstPart(lines: readonly string[], taken: number): string {
		const room = this.#room(taken);
		if (this.#rowsOf(lines) <= room + 2) {
			this.#rest = [];
			return lines.join("\n");
		}
		let rows = 0;
		const over = lines.findIndex((line) => {
			rows += this.#rowsOf([line]);
			return rows > room;
		});
		const fit = Math.max(1, over);
		const paragraph = lines.lastIndexOf("", fit);
		const end = paragraph > fit / 2 ? paragraph : fit;
		this.#rest = lines.slice(lines[end] === "" ? end + 1 : end);
		const length = this.#rowsOf(this.#rest);
		const then = this.#last?.actions.some(isNextPage) ? ", then the next page" : "";
		const how = this.isWriting()
			? `(${length} more lines: leave your form by Ctrl-C, which keeps its text, then Enter shows them.)`
			: `(Enter shows the other ${length} lines${then}.)`;
		const more = wrapText(how, usable(this.#columns));
		return [...lines.slice(0, end), "", more].join("\n");
	}

	get #columns(): number {
		return this.#format.type === "terminal" ? this.#format.size().columns : Number.POSITIVE_INFINITY;
	}

	#address(to: Recipient): string {
		if (to === null) return "[channel] ";
		return to === this.#own ? "" : `[to ${to}] `;
	}

	#json(to: Recipient, card: Card, data: NonNullable<Reply["data"]>, actions: readonly Action[]): void {
		const text = [cardText(card), actionsText(actions, PLAIN)].filter((part) => part !== "").join("\n\n");
		const audience = to === null ? "channel" : "member";
		// Some readers also end a line at these two separators, which a member may have written.
		const line = JSON.stringify({ to, audience, text, card, data }).replace(/[\u2028\u2029]/g, (separator) =>
			separator === "\u2028" ? "\\u2028" : "\\u2029",
		);
		this.#sink.write(`${line}\n`);
	}
}
