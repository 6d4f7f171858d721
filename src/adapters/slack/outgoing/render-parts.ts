import type {
	ActionsBlock,
	ActionsBlockElement,
	KnownBlock,
	PlainTextElement,
	RichTextBlockElement,
} from "@slack/types";
import {
	type Block,
	type Button,
	type Card,
	type Inline,
	type Picture,
	REOPEN,
	type Text,
} from "../../../chat/card.ts";
import { OPTION_LETTERS } from "../../../core/question/question.ts";
import { cut } from "../../../core/text/cut.ts";
import { wellFormed } from "../../../core/text/well-formed.ts";
import {
	actionId,
	CALL_ACTION,
	callValue,
	DONE_ACTION,
	doneValue,
	MENU_ACTION,
	REOPEN_ACTION,
	reopenValue,
	TICK_ACTION,
} from "../incoming/calls.ts";
import * as limits from "./limits.ts";
import { markup } from "./mrkdwn.ts";
import { bold, elementLength, pieces, preformatted, quote, section, sectionsOf } from "./rich-text.ts";

/** What a card needs besides itself to become blocks. */
export interface RenderContext {
	/** The workspace that the controls belong to. */
	readonly workspaceId: string;
	/** Ids of uploaded pictures; a picture that is not here is shown in words. */
	readonly pictures: ReadonlyMap<Picture, string>;
}

/** Part of a rendered card: `length` counts towards a message's ceiling. */
export interface Part {
	readonly block: KnownBlock;
	readonly length: number;
	/** Must not stand last. */
	readonly heading?: true;
}

/** Buttons beyond these go into a menu where they fit into one. */
const MOST_BUTTONS = 2 * limits.ROW;
/** Characters of facts that fit into one line of a narrow window. */
const ONE_LINE = 70;
const FACTS_APART = "  ·  ";
export const TONE_MARKS: Readonly<Record<Card["tone"], string>> = {
	plain: "",
	question: "",
	good: "✅ ",
	warning: "⚠️ ",
	error: "⛔ ",
};

export const plainText = (text: string): PlainTextElement => ({
	type: "plain_text",
	text: wellFormed(text),
	emoji: true,
});
/** Words that a member may have written: no colon in them turns into an emoji. */
const wordsAsTheyAre = (text: string): PlainTextElement => ({
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

function richText(elements: RichTextBlockElement[], heading?: true): Part {
	const part = { block: { type: "rich_text" as const, elements }, length: sizeOf(elements) };
	return heading ? { ...part, heading } : part;
}

const textParts = (text: Text): Part[] => sectionsOf(text, limits.RUN).map((one) => richText([one]));

/** A line that stands above others; of an endless one, each part does. */
function headingParts(text: string): Part[] {
	return pieces(text, limits.RUN).map((piece) => richText([bold(piece)], true));
}

function titleParts(card: Card): Part[] {
	const title = `${TONE_MARKS[card.tone]}${card.title.replaceAll("`", "").replace(/\s+/g, " ").trim() || "nlpq"}`;
	if (title.length > limits.HEADER) return headingParts(title);
	return [{ block: { type: "header", text: wordsAsTheyAre(title) }, length: title.length, heading: true }];
}

/** Lines that begin with a number or letter. */
function markedLines(items: readonly Text[], mark: (index: number) => string): Part[] {
	return items.flatMap((item, index) => {
		const text = typeof item === "string" ? [item] : item;
		return textParts([`${mark(index)} `, ...text]);
	});
}

function bullets(items: readonly Text[]): Part[] {
	return items.flatMap((item) => {
		const [first = section([]), ...rest] = sectionsOf(item, limits.RUN);
		return [
			richText([{ type: "rich_text_list", style: "bullet", elements: [first] }]),
			...rest.map((one) => richText([one])),
		];
	});
}

type Facts = Extract<Block, { type: "facts" }>["facts"];

/** Facts stand in one line where it is short, otherwise each in its own. */
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
	return textParts(lines.flatMap((line, index) => (index > 0 ? [FACTS_APART, ...line] : line)));
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

function picture(block: Extract<Block, { type: "picture" }>, context: RenderContext): Part[] {
	const file = context.pictures.get(block.picture);
	if (file === undefined) return textParts([{ type: "plain", text: block.alternative }]);
	const alternative = cut(block.alternative, limits.BLOCK_ALT);
	return [{ block: { type: "image", slack_file: { id: file }, alt_text: alternative }, length: alternative.length }];
}

function buttonElement(button: Button, index: number): ActionsBlockElement {
	const value = callValue(button.call);
	if (value.length > limits.BUTTON_VALUE) throw new Error(`the call of a button is too long: ${button.call.command}`);
	const style = button.style === "secondary" ? {} : { style: button.style };
	return {
		type: "button",
		action_id: actionId(CALL_ACTION, index),
		text: wordsAsTheyAre(cut(button.label, limits.LABEL)),
		value,
		...style,
	};
}

function menuElement(buttons: readonly Button[], index: number): ActionsBlockElement {
	const options = buttons.map((button) => ({
		text: wordsAsTheyAre(cut(button.label, limits.LABEL)),
		value: callValue(button.call),
	}));
	return { type: "overflow", action_id: actionId(MENU_ACTION, index), options };
}

/** Whether some buttons can stand in an overflow menu. */
export function fitsMenu(buttons: readonly Button[]): boolean {
	return (
		buttons.length >= limits.OVERFLOW_LEAST &&
		buttons.length <= limits.OVERFLOW_MOST &&
		buttons.every((button) => callValue(button.call).length <= limits.OPTION_VALUE)
	);
}

function elementLengthOf(element: ActionsBlockElement): number {
	if (element.type === "button") return element.text.text.length;
	if (element.type === "overflow" || element.type === "checkboxes")
		return element.options.reduce(
			(sum, option) => sum + option.text.text.length + (option.description?.text.length ?? 0),
			0,
		);
	return 0;
}

function actionsPart(elements: ActionsBlockElement[]): Part {
	const block: ActionsBlock = { type: "actions", elements };
	return { block, length: elements.reduce((sum, element) => sum + elementLengthOf(element), 0) };
}

function actions(buttons: readonly Button[]): Part[] {
	const spare = buttons.slice(MOST_BUTTONS);
	const shown = fitsMenu(spare) ? buttons.slice(0, MOST_BUTTONS) : buttons;
	const elements = shown.map(buttonElement);
	if (shown.length < buttons.length) elements.push(menuElement(spare, elements.length));
	const rows: Part[] = [];
	for (let from = 0; from < elements.length; from += limits.ROW)
		rows.push(actionsPart(elements.slice(from, from + limits.ROW)));
	return rows;
}

type Checklist = Extract<Block, { type: "checklist" }>;

/** A point as an option: its second half becomes the description; what is longer still stands in full above. */
function tickOption(item: string, index: number) {
	const label = `${index + 1}. ${item}`;
	const [first = label, ...rest] = pieces(label, limits.LABEL);
	const description = rest.join("");
	return {
		text: wordsAsTheyAre(first.trim()),
		value: String(index + 1),
		...(description === "" ? {} : { description: wordsAsTheyAre(cut(description.trim(), limits.LABEL)) }),
	};
}

function checklist(block: Checklist): Part[] {
	const options = block.items.map(tickOption);
	const elements: ActionsBlockElement[] = [];
	for (let from = 0; from < options.length; from += limits.CHECKBOXES)
		elements.push({
			type: "checkboxes",
			action_id: actionId(TICK_ACTION, from / limits.CHECKBOXES),
			options: options.slice(from, from + limits.CHECKBOXES),
		});
	elements.push({
		type: "button",
		action_id: actionId(DONE_ACTION, 0),
		text: plainText("Done"),
		value: doneValue(block.call, block.option),
		style: "primary",
	});
	const cutShort = block.items.some((item) => item.length > 2 * limits.LABEL - 10);
	return [
		...headingParts(block.label),
		...(cutShort
			? markedLines(
					block.items.map((text) => [{ type: "plain" as const, text }]),
					(index) => `${index + 1}.`,
				)
			: []),
		actionsPart(elements),
	];
}

/** What was typed, as it is; the button carries it where it fits. */
function typed({ fields, reopen }: Extract<Block, { type: "typed" }>): Part[] {
	const texts = fields.flatMap(({ label, text }) => [
		...headingParts(label),
		...pieces(text, limits.RUN).map((piece) => richText([preformatted(piece)])),
	]);
	const value = reopen && reopenValue(reopen, fields);
	if (value === null || value.length > limits.BUTTON_VALUE) return texts;
	const text = plainText(REOPEN);
	return [
		...texts,
		actionsPart([{ type: "button", action_id: actionId(REOPEN_ACTION, 0), text, value, style: "primary" }]),
	];
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
			return pieces(block.text, limits.RUN).map((piece) => richText([preformatted(piece)]));
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

/** Neighbouring texts share a block while it stays short, and items of one list a list. */
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

/** Options to choose from stand apart. */
const spaced = (block: Block, parts: readonly Part[]) =>
	block.type === "list" && block.marker === "letter" ? parts : merged(parts);

/** A card as parts, in order. */
export function cardParts(card: Card, context: RenderContext): Part[] {
	return [...titleParts(card), ...card.blocks.flatMap((block) => spaced(block, blockParts(block, context)))];
}
