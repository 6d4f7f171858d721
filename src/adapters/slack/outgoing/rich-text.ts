import type { RichTextBlockElement, RichTextElement, RichTextSection } from "@slack/types";
import type { Block, Inline, Text } from "../../../chat/card.ts";
import { narrowed } from "../../../chat/narrow.ts";
import { visible } from "../../../chat/text.ts";
import { typedCommand } from "../../../chat/written-commands.ts";
import { describeInstant } from "../../../core/calendar/calendar.ts";
import { beginning } from "../../../core/text/cut.ts";
import { isolated } from "../../../core/text/isolated.ts";
import { PHONE_COLUMNS, RUN } from "./limits.ts";
import { isChannelId } from "./mrkdwn.ts";

/**
 * Renders text as rich_text, which is data, not markup: nothing in it can become a mention, a link or formatting.
 * Even a web address in a member's words does not become a link.
 */

type Style = { readonly bold?: true; readonly code?: true };

/**
 * Splits a text into pieces of at most `most` characters, at a line or word if one is near, never inside a character.
 */
export function pieces(text: string, most: number): string[] {
	const parts: string[] = [];
	let rest = text;
	while (rest.length > most) {
		const room = rest.slice(0, most);
		const line = room.lastIndexOf("\n");
		const word = room.lastIndexOf(" ");
		const at = line > most / 2 ? line + 1 : word > most / 2 ? word + 1 : beginning(rest, most).length;
		parts.push(rest.slice(0, at));
		rest = rest.slice(at);
	}
	if (rest !== "") parts.push(rest);
	return parts;
}

function run(text: string, style: Style = {}): RichTextElement[] {
	const styled = Object.keys(style).length > 0 ? { style } : {};
	return pieces(visible(text), RUN).map((piece) => ({ type: "text", text: piece, ...styled }));
}

const URL_PATTERN = /https:\/\/[^\s<>"')\]]+[^\s<>"')\].,;:!?]/g;

/** Prose with its web addresses as links. */
function linked(text: string): RichTextElement[] {
	const elements: RichTextElement[] = [];
	let from = 0;
	for (const match of text.matchAll(URL_PATTERN)) {
		elements.push(...run(text.slice(from, match.index)), { type: "link", url: match[0] });
		from = match.index + match[0].length;
	}
	return [...elements, ...run(text.slice(from))];
}

function prose(text: string): RichTextElement[] {
	return text
		.split(/(`[^`\n]+`)/)
		.flatMap((part) => (/^`[^`\n]+`$/.test(part) ? run(part.slice(1, -1), { code: true }) : linked(part)));
}

function inlineElements(inline: Inline): RichTextElement[] {
	if (typeof inline === "string") return prose(inline);
	switch (inline.type) {
		case "plain":
			return run(isolated(inline.text));
		case "strong":
			return run(inline.text, { bold: true });
		case "code":
			return run(inline.text, { code: true });
		case "instant":
			return [
				{
					type: "date",
					timestamp: Math.floor(inline.at.getTime() / 1000),
					format: "{date_short_pretty} {time}",
					fallback: describeInstant(inline.at, inline.zone),
				},
			];
		case "channel":
			return isChannelId(inline.id) ? [{ type: "channel", channel_id: inline.id }] : run(inline.name);
		case "role":
			return run("a role");
		case "command":
			return run(typedCommand(inline), { code: true });
		case "link":
			return [{ type: "link", url: inline.url }];
	}
}

/** The elements of a text; none if it is empty. */
export function elementsOf(text: Text): RichTextElement[] {
	return typeof text === "string" ? prose(text) : text.flatMap(inlineElements);
}

/** How many characters of a message's limit an element takes. */
export function elementLength(element: RichTextElement): number {
	switch (element.type) {
		case "text":
			return element.text.length;
		case "link":
			return element.url.length + (element.text?.length ?? 0);
		case "date":
			return (element.fallback?.length ?? 0) + element.format.length;
		case "channel":
			return element.channel_id.length;
		default:
			return 0;
	}
}

export const section = (elements: RichTextElement[]): RichTextSection => ({ type: "rich_text_section", elements });

export const bold = (text: string): RichTextSection => section(run(text, { bold: true }));

/** A member's words as a quote. */
export const quote = (text: string): RichTextBlockElement => ({
	type: "rich_text_quote",
	elements: run(text === "" ? " " : text),
});

/** Monospaced lines that keep their spaces. */
export const preformatted = (text: string): RichTextBlockElement => ({
	type: "rich_text_preformatted",
	elements: [{ type: "text", text: visible(text) }],
});

/** Code as it fits on a phone. */
export const codeText = ({ text, narrowable }: Extract<Block, { type: "preformatted" }>): string =>
	narrowable ? narrowed(text, PHONE_COLUMNS) : text;

/** Sections of at most `most` characters each. */
export function sectionsOf(text: Text, most: number): RichTextSection[] {
	const sections: RichTextSection[] = [];
	let elements: RichTextElement[] = [];
	let length = 0;
	for (const element of elementsOf(text)) {
		const size = elementLength(element);
		if (length > 0 && length + size > most) {
			sections.push(section(elements));
			elements = [];
			length = 0;
		}
		elements.push(element);
		length += size;
	}
	if (elements.length > 0) sections.push(section(elements));
	return sections;
}
