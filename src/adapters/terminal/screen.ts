import type { Card, Reply } from "../../chat/card.ts";
import { cardText, PLAIN_STYLE, type TextStyle } from "../../chat/text.ts";
import { type Action, actionsOf, actionsText } from "./actions.ts";
import { pictureText } from "./pictures.ts";

/** How replies leave: coloured, plain, or as lines of JSON. */
export type Format = "colour" | "plain" | "json";

/** Who a reply is for; null is the channel, which everybody sees. */
export type Recipient = string | null;

const paint = (code: number) => (text: string) =>
	text
		.split("\n")
		.map((line) => (line === "" ? line : `\u001b[${code}m${line}\u001b[0m`))
		.join("\n");
const TONES = { plain: 36, question: 36, good: 32, warning: 33, error: 31 } as const;

const PLAIN: TextStyle = { ...PLAIN_STYLE, picture: (picture) => pictureText(picture, false) };
const COLOUR: TextStyle = {
	title: (text, tone) => paint(1)(paint(TONES[tone])(text)),
	heading: paint(1),
	strong: paint(1),
	code: paint(36),
	quote: (text) => paint(2)(PLAIN_STYLE.quote(text)),
	note: paint(2),
	preformatted: (text) => paint(36)(PLAIN_STYLE.preformatted(text)),
	picture: (picture) => pictureText(picture, true),
};

/** Writes replies to a stream, one after the other. */
export class Screen {
	readonly #out: NodeJS.WritableStream;
	readonly #format: Format;
	readonly #own: string;

	/** @param own the member who sits at this terminal, whose name need not stand on each reply */
	constructor(out: NodeJS.WritableStream, format: Format, own: string) {
		this.#out = out;
		this.#format = format;
		this.#own = own;
	}

	/** Shows a card with its numbered actions; returns them. */
	show(to: Recipient, card: Card, data: Reply["data"]): Action[] {
		const actions = actionsOf(card);
		if (this.#format === "json") this.#json(to, card, data ?? {}, actions);
		else {
			const style = this.#format === "colour" ? COLOUR : PLAIN;
			const head = this.#address(to);
			const text = [head + cardText(card, style), actionsText(actions, style)]
				.filter((part) => part !== "")
				.join("\n\n");
			this.#out.write(`\n${text}\n`);
		}
		return actions;
	}

	/** A line that belongs to no reply. */
	say(text: string): void {
		if (this.#format !== "json") this.#out.write(`${text}\n`);
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
		this.#out.write(`${line}\n`);
	}
}
