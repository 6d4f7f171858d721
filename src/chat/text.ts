import { describeInstant } from "../core/calendar/calendar.ts";
import { OPTION_LETTERS } from "../core/question/question.ts";
import { wellFormed } from "../core/text/well-formed.ts";
import type { Block, Card, Inline, Picture, Text, TypedField } from "./card.ts";
import { typedCommand } from "./written-commands.ts";

/** How a platform without layout marks the parts of a text. Each function maps text to marked text. */
export interface TextStyle {
	title(text: string, tone: Card["tone"]): string;
	heading(text: string): string;
	strong(text: string): string;
	code(text: string): string;
	quote(text: string): string;
	note(text: string): string;
	/** Lines whose spaces must be kept. */
	preformatted(text: string): string;
	/** A picture drawn with characters. */
	picture(picture: Picture, alternative: string): string;
	/** The reader's zone, if there is a single reader. Replaces UTC in instants. */
	readonly zone?: string | undefined;
}

export const PLAIN_STYLE: TextStyle = {
	title: (text) => text,
	heading: (text) => text,
	strong: (text) => text,
	code: (text) => text,
	quote: (text) =>
		text
			.split("\n")
			.map((line) => `> ${line}`)
			.join("\n"),
	note: (text) => text,
	preformatted: (text) => text.replace(/^(?=.)/gm, "    "),
	picture: (_picture, alternative) => alternative,
};

function inlineText(inline: Inline, style: TextStyle): string {
	if (typeof inline === "string") return inline.replace(/`([^`\n]+)`/g, (_match, code: string) => style.code(code));
	switch (inline.type) {
		case "plain":
			return visible(inline.text);
		case "strong":
			return style.strong(visible(inline.text));
		case "code":
			return style.code(visible(inline.text));
		case "instant":
			return describeInstant(inline.at, inline.zone === "UTC" ? (style.zone ?? "UTC") : inline.zone);
		case "channel":
			return visible(inline.name === "" ? "this channel" : inline.name);
		case "role":
			return "a role";
		case "command":
			return style.code(typedCommand(inline));
		case "link":
			return inline.url;
	}
}

/** Replaces control characters, which could control a terminal, and lone surrogates. Keeps line breaks and tabs. */
export function visible(text: string): string {
	// biome-ignore lint/suspicious/noControlCharactersInRegex: it replaces control characters
	return wellFormed(text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "\u{fffd}"));
}

/** A text as one string. */
export function textOf(text: Text, style: TextStyle = PLAIN_STYLE): string {
	return typeof text === "string" ? inlineText(text, style) : text.map((inline) => inlineText(inline, style)).join("");
}

function listMark(marker: "bullet" | "number" | "letter", index: number): string {
	if (marker === "bullet") return "-";
	return marker === "number" ? `${index + 1}.` : `${OPTION_LETTERS[index] ?? index + 1})`;
}

/** A value that was typed, or the words for one that was chosen. */
export const typedText = ({ text, shown }: TypedField): string => visible(shown === undefined ? text : textOf([shown]));

function blockText(block: Block, style: TextStyle): string | null {
	switch (block.type) {
		case "text":
			return textOf(block.text, style);
		case "heading":
			return style.heading(block.text);
		case "list":
			return block.items.map((item, index) => `${listMark(block.marker, index)} ${textOf(item, style)}`).join("\n");
		case "facts":
			return block.facts.map((fact) => `${fact.name}: ${textOf(fact.value, style)}`).join("\n");
		case "quote":
			return style.quote(visible(block.text));
		case "preformatted":
			return style.preformatted(visible(block.text));
		case "note":
			return style.note(textOf(block.text, style));
		case "picture":
			return style.picture(block.picture, block.alternative);
		case "typed":
			return block.fields.map((field) => `${style.heading(field.label)}\n${typedText(field)}`).join("\n\n");
		case "checklist":
			return [style.heading(block.label), ...block.items.map((item, index) => `${index + 1}. ${item}`)].join("\n");
		case "actions":
			return null;
	}
}

/** Whether a block follows the previous one without a blank line, as it does after a heading. */
function isTight(previous: Block | undefined, block: Block): boolean {
	return previous?.type === "heading" && block.type !== "heading";
}

/** Renders a card as text, without its actions, which each platform offers in its own way. */
export function cardText(card: Card, style: TextStyle = PLAIN_STYLE): string {
	let text = style.title(visible(card.title), card.tone);
	let previous: Block | undefined;
	for (const block of card.blocks) {
		const part = blockText(block, style);
		if (part === null) continue;
		text += `${isTight(previous, block) ? "\n" : "\n\n"}${part}`;
		previous = block;
	}
	return text;
}
