import type { APIEmbed } from "discord.js";
import type { Block, Card } from "../../../chat/card.ts";
import { visible } from "../../../chat/text.ts";
import { OPTION_LETTERS } from "../../../core/question/question.ts";
import { controlRows, fitsMenu, type RenderOptions, type Row } from "./controls.ts";
import { cut } from "./cut.ts";
import * as limit from "./limits.ts";
import { codeBlocks, codeText, escapeMarkdown, isUnmarked, markdownOf, proseMarkdown } from "./markdown.ts";
import { type Draft, Pages, type PictureFile } from "./pages.ts";
import { typedEmbeds } from "./typed.ts";

/** One message as plain data. */
export interface Message {
	readonly embeds: readonly APIEmbed[];
	readonly components: readonly Row[];
	readonly pictures: readonly PictureFile[];
	/** The text file attached to the message; null for none. */
	readonly text: TextFile | null;
}

/** A text file attached to a message. */
export interface TextFile {
	readonly name: string;
	readonly content: string;
}

/** Discord's own hues, which show on a dark and on a light background. */
const COLOURS: Readonly<Record<Card["tone"], number>> = {
	plain: 0x5865f2,
	question: 0x3498db,
	good: 0x2ecc71,
	warning: 0xf1a50f,
	error: 0xe74c3c,
};
const PROMINENT_COLOUR = 0x8b5cf6;
/** A longer value gets a line of its own instead of standing beside others. */
const INLINE_VALUE = 40;
/** Characters of facts that fit on two lines of a phone. */
const ONE_LINE = 70;
const MORE = "More to choose from:";

function listText(block: Extract<Block, { type: "list" }>): string {
	const mark = (index: number) => {
		if (block.marker === "bullet") return "-";
		return block.marker === "number" ? `${index + 1}.` : `**${OPTION_LETTERS[index] ?? index + 1}.**`;
	};
	return block.items.map((item, index) => `${mark(index)} ${markdownOf(item).replace(/\n+/g, "\n  ")}`).join("\n");
}

function quoteText(text: string): string {
	return escapeMarkdown(text)
		.split("\n")
		.map((line) => `> ${line}`)
		.join("\n");
}

const small = (text: string): string =>
	text
		.split("\n")
		.map((line) => (line === "" ? line : `-# ${line}`))
		.join("\n");

/** Short facts stay one line where they stand: a phone shows fields below each other, under the rest of the embed. */
function factsLine({ facts }: Extract<Block, { type: "facts" }>): string | null {
	const length = facts.reduce(
		(sum, { name, value }) => sum + name.length + (isUnmarked(value) ? value.length : ONE_LINE),
		0,
	);
	if (length >= ONE_LINE) return null;
	return facts.map(({ name, value }) => `**${proseMarkdown(name)}:** ${markdownOf(value)}`).join(" · ");
}

function addFacts(pages: Pages, block: Extract<Block, { type: "facts" }>): void {
	const line = factsLine(block);
	if (line !== null) {
		pages.text(line);
		return;
	}
	const fields = block.facts.map(({ name, value }) => {
		const text = markdownOf(value);
		return { name: proseMarkdown(name), value: text, inline: text.length <= INLINE_VALUE };
	});
	const fit = fields.every(
		({ name, value }) =>
			name.length <= limit.FIELD_NAME && value.length <= limit.FIELD_VALUE && value.trim() !== "" && name.trim() !== "",
	);
	if (fit && pages.fields(fields)) return;
	pages.text(fields.map(({ name, value }) => `**${name}**: ${value}`).join("\n"));
}

function addBlock(
	pages: Pages,
	block: Block,
	previous: Block | undefined,
	place: { readonly last: boolean; readonly pictures: number },
): void {
	const tight = previous?.type === "heading";
	switch (block.type) {
		case "text":
			pages.text(markdownOf(block.text), { tight });
			break;
		case "heading":
			pages.text(`### ${proseMarkdown(block.text)}`);
			break;
		case "list":
			pages.text(listText(block), { tight });
			break;
		case "facts":
			addFacts(pages, block);
			break;
		case "quote":
			pages.text(quoteText(block.text), { tight });
			break;
		case "preformatted":
			for (const code of codeBlocks(codeText(block), limit.EMBED_DESCRIPTION)) pages.whole(code, { tight: true });
			break;
		case "note":
			addNote(pages, block, place.last, tight);
			break;
		case "picture":
			pages.picture(pictureFile(block, place.pictures + 1));
			break;
		case "checklist":
			if (fitsMenu(block.items)) break;
			pages.text(`### ${proseMarkdown(block.label)}`);
			pages.text(block.items.map((item, index) => `${index + 1}. ${proseMarkdown(item)}`).join("\n"), { tight: true });
			break;
		// Typed texts get embeds of their own, at the end of the message.
		case "typed":
		case "actions":
			break;
	}
}

/** The card's last text goes into the footer if it has no markup: a footer shows none. */
function addNote(pages: Pages, block: Extract<Block, { type: "note" }>, last: boolean, tight: boolean): void {
	if (last && isUnmarked(block.text) && pages.footer(visible(block.text))) return;
	pages.text(small(markdownOf(block.text)), { tight });
}

function pictureFile(block: Extract<Block, { type: "picture" }>, number: number): PictureFile {
	const alternative = cut(block.alternative, limit.ATTACHMENT_DESCRIPTION);
	return { name: `picture-${number}.png`, picture: block.picture, alternative };
}

/** Whether a draft shows anything: Discord refuses an empty embed. */
const isFilled = ({ title, description, fields, footer, picture }: Draft): boolean =>
	title !== "" || description !== "" || fields.length > 0 || footer !== "" || picture !== null;

function embedOf(draft: Draft, colour: number): APIEmbed {
	return {
		color: colour,
		...(draft.title === "" ? {} : { title: draft.title }),
		...(draft.description === "" ? {} : { description: draft.description }),
		...(draft.fields.length === 0 ? {} : { fields: draft.fields }),
		...(draft.picture ? { image: { url: `attachment://${draft.picture.name}` } } : {}),
		...(draft.footer === "" ? {} : { footer: { text: draft.footer } }),
	};
}

/** Titles contain code and names: render them as prose, and cut without breaking markup. */
function titleOf(card: Card): string {
	for (let most = limit.EMBED_TITLE; most > 0; most -= 16) {
		const title = proseMarkdown(cut(card.title, most));
		if (title.length <= limit.EMBED_TITLE) return title;
	}
	return "";
}

/** The card's last block of text; only controls follow it. */
function lastText(card: Card): Block | undefined {
	return card.blocks.findLast((block) => !["actions", "checklist", "picture", "typed"].includes(block.type));
}

function fill(card: Card): Draft[][] {
	const pages = new Pages();
	pages.title(titleOf(card));
	const last = lastText(card);
	let previous: Block | undefined;
	let pictures = 0;
	for (const block of card.blocks) {
		addBlock(pages, block, previous, { last: block === last, pictures });
		if (block.type === "picture") pictures += 1;
		previous = block;
	}
	return pages.pages;
}

/**
 * Renders a card as Discord messages: usually one, several if the text is too long. The last one has the controls.
 * Nothing is left out: a text that is too long continues in the next embed or message.
 */
export function render(card: Card, options: RenderOptions = {}): Message[] {
	const colour = card.prominent ? PROMINENT_COLOUR : COLOURS[card.tone];
	const rows = controlRows(card, options);
	const messages: Message[] = fill(card).map((drafts) => ({
		embeds: drafts.filter(isFilled).map((draft) => embedOf(draft, colour)),
		components: [],
		pictures: drafts.flatMap((draft) => draft.picture ?? []),
		text: null,
	}));
	addTyped(card, messages, colour);
	const last = messages.pop();
	if (!last) return [];
	messages.push({ ...last, components: rows.slice(0, limit.ROWS) });
	for (let from = limit.ROWS; from < rows.length; from += limit.ROWS)
		messages.push({
			embeds: [{ color: colour, description: MORE }],
			components: rows.slice(from, from + limit.ROWS),
			pictures: [],
			text: null,
		});
	return messages;
}

const TYPED_FILE = "your-text.txt";

/** Puts typed texts at the end of the last message, from which its button reads them back. */
function addTyped(card: Card, messages: Message[], colour: number): void {
	const typed = card.blocks.find((block) => block.type === "typed");
	if (!typed) return;
	const last = messages.at(-1);
	const used = (last?.embeds ?? []).reduce((sum, embed) => sum + embedLength(embed), 0);
	const fits = last !== undefined && limit.EMBED_TOTAL - used >= limit.MIN_TYPED;
	const { embeds, file } = typedEmbeds(typed, colour, fits ? limit.EMBED_TOTAL - used : limit.EMBED_TOTAL);
	const text = file === null ? null : { name: TYPED_FILE, content: file };
	if (fits) messages.splice(-1, 1, { ...last, embeds: [...last.embeds, ...embeds], text });
	else messages.push({ embeds, components: [], pictures: [], text });
}

function embedLength({ title = "", description = "", footer, fields = [] }: APIEmbed): number {
	const inFields = fields.reduce((sum, { name, value }) => sum + name.length + value.length, 0);
	return title.length + description.length + (footer?.text.length ?? 0) + inFields;
}

/** The card with its pictures described in words, for when they cannot be drawn. */
export function withoutPictures(card: Card): Card {
	const blocks = card.blocks.map(
		(block): Block => (block.type === "picture" ? { type: "text", text: block.alternative } : block),
	);
	return { ...card, blocks };
}
