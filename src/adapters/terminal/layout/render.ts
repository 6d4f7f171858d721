/** Renders cards as lines for a terminal of a known width. */
import stringWidth from "string-width";
import type { Block, Card } from "../../../chat/card.ts";
import { PLAIN_STYLE, type TextStyle, textOf, typedText, visible } from "../../../chat/text.ts";
import { OPTION_LETTERS } from "../../../core/question/question.ts";
import { type Action, numberOf } from "../actions.ts";
import { type Paint, painter, paintTitle } from "./colours.ts";
import { pictureText } from "./pictures.ts";
import { usable, wrapPreformatted, wrapText } from "./wrap.ts";

export interface Layout {
	readonly columns: number;
	readonly hasColours: boolean;
	/** The reader's zone. */
	readonly zone?: string | undefined;
}

interface Look {
	readonly columns: number;
	readonly hasColours: boolean;
	readonly paint: Paint;
	/** How the parts of a text are written. */
	readonly style: TextStyle;
}

/** Marks code where colours cannot: a bare command would read as any other word. */
export const marked = (code: string): string => `\`${code}\``;

function lookOf({ columns, hasColours, zone }: Layout): Look {
	const paint = painter(hasColours);
	const style: TextStyle = {
		...PLAIN_STYLE,
		strong: (text) => paint(text, "bold"),
		code: (text) => (hasColours ? paint(text, "magenta") : marked(text)),
		zone,
	};
	return { columns: usable(columns), hasColours, paint, style };
}

const FENCED = /^```[^\n]*\n([\s\S]*?)^```$/m;

/** Prose, with its fenced code set apart. */
function proseText(text: string, { columns, paint }: Look): string {
	const [before = "", code, after] = text.split(FENCED);
	if (code === undefined) return wrapText(text, columns);
	const parts = [wrapText(before.trimEnd(), columns), paint(wrapPreformatted(code.trimEnd(), columns), "magenta")];
	return [...parts, wrapText((after ?? "").trimStart(), columns)].filter((part) => part !== "").join("\n\n");
}

function listText(block: Extract<Block, { type: "list" }>, { columns, style }: Look): string {
	const marks = { bullet: () => "- ", number: (index: number) => `${index + 1}. `, letter: letterMark };
	return block.items
		.map((item, index) => {
			const mark = marks[block.marker](index);
			return wrapText(textOf(item, style), columns, mark, " ".repeat(mark.length));
		})
		.join("\n");
}

const letterMark = (index: number): string => `${OPTION_LETTERS[index] ?? index + 1}) `;

/** Facts side by side if there is room, otherwise one per line. */
function factsText({ facts }: Extract<Block, { type: "facts" }>, { columns, style }: Look): string {
	const parts = facts.map(({ name, value }) => `${name}: ${textOf(value, style)}`);
	const together = parts.join(" · ");
	if (!together.includes("\n") && stringWidth(together) <= columns) return together;
	return parts.map((part) => wrapText(part, columns, "", "  ")).join("\n");
}

function blockText(block: Block, look: Look): string | null {
	const { columns, style, paint, hasColours } = look;
	switch (block.type) {
		case "text":
			return proseText(textOf(block.text, style), look);
		case "heading":
			return wrapText(paint(visible(block.text), "bold"), columns);
		case "list":
			return listText(block, look);
		case "facts":
			return factsText(block, look);
		case "quote":
			return wrapText(visible(block.text), columns, "> ");
		case "preformatted":
			return wrapPreformatted(visible(block.text), columns);
		case "note":
			return wrapText(paint(textOf(block.text, style), "italic"), columns);
		case "picture":
			return pictureText(block.picture, hasColours, columns);
		case "checklist": {
			const items = block.items.map((item, index) =>
				wrapText(`${item}${block.ticked?.includes(index + 1) ? " ✓" : ""}`, columns, `${index + 1}. `, "   "),
			);
			return [wrapText(paint(block.label, "bold"), columns), ...items].join("\n");
		}
		case "typed":
			// Not wrapped, so that it can be copied.
			return block.fields.map((field) => `${paint(field.label, "bold")}\n${typedText(field)}`).join("\n\n");
		case "actions":
			return null;
	}
}

/** @param head comes before the title, such as the name of the member it is for */
export function renderCard(card: Card, layout: Layout, head = ""): string {
	const { columns, paint } = lookOf(layout);
	const title = wrapText(head + paintTitle(visible(card.title), card.tone, paint), columns);
	return [title, renderBlocks(card.blocks, layout)].filter((part) => part !== "").join("\n\n");
}

/** A card's blocks without its title. */
export function renderBlocks(blocks: readonly Block[], layout: Layout): string {
	const look = lookOf(layout);
	let text = "";
	let previous: Block | undefined;
	for (const block of blocks) {
		const part = blockText(block, look);
		if (part === null) continue;
		// A heading's text follows it without a blank line.
		const between = previous?.type === "heading" && block.type !== "heading" ? "\n" : "\n\n";
		text += `${previous ? between : ""}${part}`;
		previous = block;
	}
	return text;
}

/** Whether an action needs its label: if that is only a number, a list above explains it. */
const isNamed = ({ mark, label }: { readonly mark: string; readonly label: string }) => mark !== `[${label}]`;

/** The numbered actions: on one line if they fit, otherwise one per line, many in columns. Empty without actions. */
export function renderActions(actions: readonly Action[], layout: Layout): string {
	const { columns, paint } = lookOf(layout);
	const entries = actions
		.map((action) => ({ mark: `[${numberOf(action, actions)}]`, label: visible(action.label) }))
		.filter(isNamed);
	const together = entries.map(({ mark, label }) => `${mark} ${label}`).join("  ");
	if (stringWidth(together) <= columns)
		return entries.map(({ mark, label }) => `${paint(mark, "bold")} ${label}`).join("  ");
	const lines = entries.map(({ mark, label }) =>
		wrapText(label, columns, `${paint(mark, "bold")} `, " ".repeat(mark.length + 1)),
	);
	return entries.length > MAX_LINES ? inColumns(lines, columns) : lines.join("\n");
}

/** More actions than this on a line each would push their card off a small screen. */
const MAX_LINES = 6;
const GAP = 2;

/** As many lines beside each other as fit. */
function inRow(lines: readonly string[], columns: number): string {
	const rows: string[] = [];
	for (const line of lines) {
		const last = rows.at(-1);
		const together = `${last}${" ".repeat(GAP)}${line}`;
		const fits = last !== undefined && !together.includes("\n") && stringWidth(together) <= columns;
		if (fits) rows[rows.length - 1] = together;
		else rows.push(line);
	}
	return rows.join("\n");
}

/** Lays lines out in two or more columns, read downwards; as they are where two do not fit. */
function inColumns(lines: readonly string[], columns: number): string {
	const widest = Math.max(...lines.map((line) => stringWidth(line)));
	const across = Math.floor((columns + GAP) / (widest + GAP));
	if (across < 2) return inRow(lines, columns);
	const rows = Math.ceil(lines.length / across);
	const row = (index: number) => lines.filter((_, place) => place % rows === index);
	const pad = (line: string) => line + " ".repeat(widest + GAP - stringWidth(line));
	return Array.from({ length: rows }, (_, index) => row(index).map(pad).join("").trimEnd()).join("\n");
}

/** A line from the program itself. */
export const renderLine = (text: string, layout: Layout): string =>
	wrapText(textOf(text, lookOf(layout).style), usable(layout.columns));
