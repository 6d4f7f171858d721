/** Renders a card's texts as rich text, within Slack's limits. */
import type { KnownBlock, PlainTextElement, RichTextBlockElement } from "@slack/types";
import type { Text } from "../../../chat/card.ts";
import { wellFormed } from "../../../core/text/well-formed.ts";
import * as limits from "./limits.ts";
import { markup } from "./mrkdwn.ts";
import { bold, elementLength, pieces, section, sectionsOf } from "./rich-text.ts";

/** A part of a rendered card; `length` counts towards a message's limit. */
export interface Part {
	readonly block: KnownBlock;
	readonly length: number;
	/** A heading must not be the last part of a message. */
	readonly heading?: true;
}

export const plainText = (text: string): PlainTextElement => ({
	type: "plain_text",
	text: wellFormed(text),
	emoji: true,
});
/** Words that a member may have written: their colons do not become emoji. */
export const wordsAsTheyAre = (text: string): PlainTextElement => ({
	type: "plain_text",
	text: wellFormed(text),
	emoji: false,
});

function sizeOf(elements: readonly RichTextBlockElement[]): number {
	return elements.reduce((sum, element) => {
		if (element.type === "rich_text_list") return sum + sizeOf(element.elements);
		return sum + element.elements.reduce((inner, one) => inner + elementLength(one), 0);
	}, 0);
}

export function richText(elements: RichTextBlockElement[], heading?: true): Part {
	const part = { block: { type: "rich_text" as const, elements }, length: sizeOf(elements) };
	return heading ? { ...part, heading } : part;
}

export const textParts = (text: Text): Part[] => sectionsOf(text, limits.RUN).map((one) => richText([one]));

/** A heading; if it is split, every piece is one. */
export function headingParts(text: string): Part[] {
	return pieces(text, limits.RUN).map((piece) => richText([bold(piece)], true));
}

/** Lines that begin with a number or letter. */
export function markedLines(items: readonly Text[], mark: (index: number) => string): Part[] {
	return items.flatMap((item, index) => {
		const text = typeof item === "string" ? [item] : item;
		return textParts([`${mark(index)} `, ...text]);
	});
}

export function bullets(items: readonly Text[]): Part[] {
	return items.flatMap((item) => {
		const [first = section([]), ...rest] = sectionsOf(item, limits.RUN);
		return [
			richText([{ type: "rich_text_list", style: "bullet", elements: [first] }]),
			...rest.map((one) => richText([one])),
		];
	});
}

/** Small print. */
export function note(text: Text): Part[] {
	const words = markup(text);
	if (words.length > limits.CONTEXT) return textParts(text);
	if (words.trim() === "") return [];
	return [
		{ block: { type: "context", elements: [{ type: "mrkdwn", text: words, verbatim: true }] }, length: words.length },
	];
}
