/** Renders card texts as Discord's markdown. */

import type { Block, Inline, Text } from "../../../chat/card.ts";
import { narrowed } from "../../../chat/narrow.ts";
import { visible } from "../../../chat/text.ts";
import { typedCommand } from "../../../chat/written-commands.ts";
import { beginning } from "../../../core/text/cut.ts";
import { isolated } from "../../../core/text/isolated.ts";
import { PHONE_COLUMNS } from "./limits.ts";

/** Characters that mark up anywhere in a line; brackets make links, angle brackets mentions and timestamps. */
const SPECIAL = /[\\*_~`|<>[\]]/g;
/** Characters that mark up at the start of a line: headings and small print, lists, numbered lists. */
const LINE_START = /^(\s*)(-?#+|[-+]|\d+\.)(?=\s)/gm;
const HEADING = /^(\s*)(-?#+)(?=\s)/gm;
const NUMBERED = /^(\s*)(\d+)\.(?=\s)/gm;
const FENCE = "```";
/** What Discord turns into a link by itself, and names that would ping everybody. */
const LINK = /:\/\//g;
const CALL = /@(?=everyone|here)/g;
/**
 * What is kept as it is in the bank's prose: code, and addresses, which Discord links by itself. An address ends before
 * what none may contain: a fence behind one would open a code block.
 */
const CODE_OR_LINK = /`[^`\n]+`|https?:\/\/[^\s<>"`\\|^{}]+/g;

/** Escapes a text that anybody may have written, so that nothing in it is markup, a mention or a link. */
export function escapeMarkdown(text: string): string {
	return visible(text)
		.replace(SPECIAL, "\\$&")
		.replace(LINK, "\\://")
		.replace(CALL, "\\@")
		.replace(LINE_START, (_match, space: string, mark: string) =>
			mark.endsWith(".") ? `${space}${mark.slice(0, -1)}\\.` : `${space}\\${mark}`,
		);
}

/** Renders the program's and the bank's prose: backticks mark code, addresses are links, the rest is plain text. */
export function proseMarkdown(text: string): string {
	let result = "";
	let from = 0;
	for (const match of text.matchAll(CODE_OR_LINK)) {
		result += escapeProse(text.slice(from, match.index)) + match[0];
		from = match.index + match[0].length;
	}
	return result + escapeProse(text.slice(from));
}

/** Lines that begin with a dash stay lists. Numbers are escaped, since clients would renumber them. */
function escapeProse(text: string): string {
	return visible(text).replace(SPECIAL, "\\$&").replace(HEADING, "$1\\$2").replace(NUMBERED, "$1$2\\.");
}

/** Inline code must be a single line. */
function codeMarkdown(lines: string): string {
	const text = lines.replace(/\s*[\r\n]\s*/g, " ");
	const fence = text.includes("`") ? "``" : "`";
	const inner = fence === "``" ? ` ${text.replaceAll("``", "` `")} ` : text;
	return `${fence}${visible(inner)}${fence}`;
}

/** Code as it fits on a phone. */
export const codeText = ({ text, narrowable }: Extract<Block, { type: "preformatted" }>): string =>
	narrowable ? narrowed(text, PHONE_COLUMNS) : text;

/**
 * Splits lines into code blocks of at most `most` characters, fences included. An invisible character breaks fences
 * inside the text, so that they close nothing.
 */
export function codeBlocks(text: string, most: number): string[] {
	const room = most - 2 * (FENCE.length + 1);
	const inner = visible(text).replace(/`(?=``)/g, "`\u200b");
	const blocks: string[] = [];
	for (const line of inner.split("\n").flatMap((whole) => slices(whole, room))) {
		const last = blocks.at(-1);
		if (last === undefined || last.length + 1 + line.length > room) blocks.push(line);
		else blocks[blocks.length - 1] = `${last}\n${line}`;
	}
	return blocks.filter((block) => block.trim() !== "").map((block) => `${FENCE}\n${block}\n${FENCE}`);
}

/** Cuts a line into parts of at most `most` characters. */
function slices(line: string, most: number): string[] {
	const parts: string[] = [];
	let rest = line;
	while (rest.length > most) {
		const part = beginning(rest, most);
		parts.push(part);
		rest = rest.slice(part.length);
	}
	return [...parts, rest];
}

/** A command that can be pressed. Pressing fills in no options, so they come after it. */
function commandMarkdown(command: Extract<Inline, { type: "command" }>): string {
	if (command.id === null) return codeMarkdown(typedCommand(command));
	const options = command.options === "" ? "" : ` ${codeMarkdown(command.options)}`;
	return `</nlpq ${command.name}:${command.id}>${options}`;
}

function inlineMarkdown(inline: Inline): string {
	if (typeof inline === "string") return proseMarkdown(inline);
	switch (inline.type) {
		case "plain":
			return escapeMarkdown(isolated(inline.text));
		case "strong":
			return `**${escapeMarkdown(inline.text)}**`;
		case "code":
			return codeMarkdown(inline.text);
		case "instant":
			return `<t:${Math.floor(inline.at.getTime() / 1000)}:f>`;
		case "channel":
			return /^\d{1,20}$/.test(inline.id) ? `<#${inline.id}>` : escapeMarkdown(inline.name);
		case "role":
			return /^\d{1,20}$/.test(inline.id) ? `<@&${inline.id}>` : "a role";
		case "command":
			return commandMarkdown(inline);
		case "link":
			return inline.url;
	}
}

/** Renders a text as markdown; timestamps show in the reader's own zone. */
export function markdownOf(text: Text): string {
	return typeof text === "string" ? proseMarkdown(text) : text.map(inlineMarkdown).join("");
}

/** Whether a text looks the same where markup is not rendered. */
export function isUnmarked(text: Text): text is string {
	return typeof text === "string" && !text.includes("`") && !text.includes("\n");
}
