import type { Block, Card, Inline, Picture } from "../../../chat/card.ts";
import { OPTION_LETTERS } from "../../../core/question/question.ts";
import { cut } from "../../../core/text/cut.ts";
import * as limits from "./limits.ts";
import { actions, checklist, typed } from "./render-controls.ts";
import {
	bullets,
	headingParts,
	markedLines,
	note,
	type Part,
	richText,
	textParts,
	wordsAsTheyAre,
} from "./render-texts.ts";
import { codeText, pieces, preformatted, quote } from "./rich-text.ts";

/** What rendering needs besides the card. */
export interface RenderContext {
	/** The workspace of the controls. */
	readonly workspaceId: string;
	/** File ids of uploaded pictures. A picture without one is shown in words. */
	readonly pictures: ReadonlyMap<Picture, string>;
}

/** How many characters of facts fit on one line of a narrow window. */
const ONE_LINE = 70;
const FACT_SEPARATOR = "  ·  ";
export const TONE_MARKS: Readonly<Record<Card["tone"], string>> = {
	plain: "",
	question: "",
	good: "✅ ",
	warning: "⚠️ ",
	error: "⛔ ",
};

function titleParts(card: Card): Part[] {
	const title = `${TONE_MARKS[card.tone]}${card.title.replaceAll("`", "").replace(/\s+/g, " ").trim() || "nlpq"}`;
	if (title.length > limits.HEADER) return headingParts(title);
	return [{ block: { type: "header", text: wordsAsTheyAre(title) }, length: title.length, heading: true }];
}

type Facts = Extract<Block, { type: "facts" }>["facts"];

/** Puts all facts on one line if they fit; otherwise each fact has its own line. */
function facts(entries: Facts): Part[] {
	const lines = entries.map(({ name, value }): Inline[] => [
		{ type: "strong", text: `${name}: ` },
		...(typeof value === "string" ? [value] : value),
	]);
	const length = entries.reduce(
		(sum, { name, value }) => sum + name.length + (typeof value === "string" ? value.length : ONE_LINE),
		0,
	);
	if (length > ONE_LINE) return lines.flatMap(textParts);
	return textParts(lines.flatMap((line, index) => (index > 0 ? [FACT_SEPARATOR, ...line] : line)));
}

function picture(block: Extract<Block, { type: "picture" }>, context: RenderContext): Part[] {
	const file = context.pictures.get(block.picture);
	if (file === undefined) return textParts([{ type: "plain", text: block.alternative }]);
	const alternative = cut(block.alternative, limits.BLOCK_ALT);
	return [{ block: { type: "image", slack_file: { id: file }, alt_text: alternative }, length: alternative.length }];
}

function blockParts(block: Block, context: RenderContext): Part[] {
	switch (block.type) {
		case "text":
			return textParts(block.text);
		case "heading":
			return headingParts(block.text);
		case "list":
			if (block.marker === "bullet") return bullets(block.items);
			if (block.marker === "number") return markedLines(block.items, (index) => `${index + 1}.`);
			return markedLines(block.items, (index) => `${OPTION_LETTERS[index] ?? index + 1})`);
		case "facts":
			return facts(block.facts);
		case "quote":
			return pieces(block.text, limits.RUN).map((piece) => richText([quote(piece)]));
		case "preformatted":
			return pieces(codeText(block), limits.RUN).map((piece) => richText([preformatted(piece)]));
		case "note":
			return note(block.text);
		case "picture":
			return picture(block, context);
		case "actions":
			return actions(block.buttons);
		case "checklist":
			return checklist(block);
		case "typed":
			return typed(block);
	}
}

/** Joins neighbouring texts into one block while it stays short, and a list's items into one list. */
function merged(parts: readonly Part[]): Part[] {
	const result: Part[] = [];
	for (const part of parts) {
		const last = result.at(-1);
		if (
			last?.block.type !== "rich_text" ||
			part.block.type !== "rich_text" ||
			part.heading ||
			last.length + part.length > limits.RUN
		) {
			result.push(part);
			continue;
		}
		const above = last.block.elements.at(-1);
		const [below, ...others] = part.block.elements;
		const sameList = above?.type === "rich_text_list" && below?.type === "rich_text_list";
		const elements = sameList
			? [...last.block.elements.slice(0, -1), { ...above, elements: [...above.elements, ...below.elements] }, ...others]
			: [...last.block.elements, ...part.block.elements];
		result[result.length - 1] = richText(elements);
	}
	return result;
}

/** Keeps options to choose from apart. */
const spaced = (block: Block, parts: readonly Part[]) =>
	block.type === "list" && block.marker === "letter" ? parts : merged(parts);

/** Renders a card as parts, in order. */
export function cardParts(card: Card, context: RenderContext): Part[] {
	return [...titleParts(card), ...card.blocks.flatMap((block) => spaced(block, blockParts(block, context)))];
}
