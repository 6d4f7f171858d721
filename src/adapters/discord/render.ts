import {
	type APIActionRowComponent,
	type APIComponentInMessageActionRow,
	type APIEmbed,
	type APIEmbedField,
	ButtonStyle,
	ComponentType,
} from "discord.js";
import type { Block, Button, Card, Picture } from "../../chat/card.ts";
import { visible } from "../../chat/text.ts";
import { OPTION_LETTERS } from "../../core/question.ts";
import { controlId, type Suffix } from "./control-id.ts";
import { cut, split } from "./cut.ts";
import * as limit from "./limits.ts";
import { escapeMarkdown, isUnmarked, markdownOf, proseMarkdown } from "./markdown.ts";

type Row = APIActionRowComponent<APIComponentInMessageActionRow>;

/** A picture that goes out with a message, under the file name that its embed refers to. */
export interface PictureFile {
	readonly name: string;
	readonly picture: Picture;
	/** At most 1,024 characters. */
	readonly alternative: string;
}

/** One message, as plain data. */
export interface Message {
	readonly embeds: readonly APIEmbed[];
	readonly components: readonly Row[];
	readonly pictures: readonly PictureFile[];
}

export interface RenderOptions {
	/** The server that the buttons belong to: for direct messages, which have none of their own. */
	readonly workspaceId?: string;
	/** Marks the delivery, so that its message can be found again. */
	readonly mark?: string;
}

/** Colours that can be told from dark and from light, in Discord's own hues. */
const COLOURS: Readonly<Record<Card["tone"], number>> = {
	plain: 0x5865f2,
	question: 0x3498db,
	good: 0x2ecc71,
	warning: 0xf1a50f,
	error: 0xe74c3c,
};
const PROMINENT_COLOUR = 0x8b5cf6;
const BUTTON_STYLES = {
	primary: ButtonStyle.Primary,
	secondary: ButtonStyle.Secondary,
	danger: ButtonStyle.Danger,
} as const;
/** A value longer than this does not stand beside others. */
const INLINE_VALUE = 40;
const MORE = "More to choose from:";

/** An embed that is being filled. */
interface Draft {
	title: string;
	description: string;
	fields: APIEmbedField[];
	footer: string;
	picture: PictureFile | null;
}

const emptyDraft = (): Draft => ({ title: "", description: "", fields: [], footer: "", picture: null });

function draftLength(draft: Draft): number {
	const fields = draft.fields.reduce((sum, field) => sum + field.name.length + field.value.length, 0);
	return draft.title.length + draft.description.length + draft.footer.length + fields;
}

/** Fills embeds and messages in order; what does not fit begins the next one. */
class Pages {
	readonly pages: Draft[][] = [[emptyDraft()]];

	get #page(): Draft[] {
		return this.pages.at(-1) ?? [];
	}

	get #draft(): Draft {
		const last = this.#page.at(-1);
		if (last) return last;
		const draft = emptyDraft();
		this.#page.push(draft);
		return draft;
	}

	#room(): number {
		return limit.EMBED_TOTAL - this.#page.reduce((sum, draft) => sum + draftLength(draft), 0);
	}

	title(text: string): void {
		this.#draft.title = text;
	}

	/** @param tight follows what stands above it without a blank line */
	text(text: string, tight: boolean): void {
		const gap = this.#draft.description === "" ? "" : tight ? "\n" : "\n\n";
		const room = Math.min(this.#room(), limit.EMBED_DESCRIPTION - this.#draft.description.length) - gap.length;
		if (text.length <= room) {
			this.#draft.description += gap + text;
			return;
		}
		// A text that fits a place of its own is not torn apart for a small rest of room.
		const first = text.length <= limit.EMBED_DESCRIPTION && room < limit.EMBED_DESCRIPTION / 2 ? 0 : room;
		const [head, ...tail] =
			first < 200
				? ["", ...split(text, limit.EMBED_DESCRIPTION, limit.EMBED_DESCRIPTION)]
				: split(text, first, limit.EMBED_DESCRIPTION);
		if (head) this.#draft.description += gap + head;
		for (const part of tail) {
			this.#next(part.length);
			this.#draft.description = part;
		}
	}

	/** Begins the next embed: in the same message if so much text still has room there. */
	#next(needed: number): void {
		if (this.#room() >= needed && this.#page.length < limit.EMBEDS) this.#page.push(emptyDraft());
		else this.pages.push([emptyDraft()]);
	}

	/** Whether all of these fields have room beside each other. */
	fields(fields: readonly APIEmbedField[]): boolean {
		const size = fields.reduce((sum, field) => sum + field.name.length + field.value.length, 0);
		if (this.#draft.fields.length + fields.length > limit.EMBED_FIELDS || size > this.#room()) return false;
		this.#draft.fields.push(...fields);
		return true;
	}

	footer(text: string): boolean {
		if (this.#draft.footer !== "" || text.length > Math.min(limit.EMBED_FOOTER, this.#room())) return false;
		this.#draft.footer = text;
		return true;
	}

	picture(file: PictureFile): void {
		if (this.#draft.picture) this.#next(0);
		this.#draft.picture = file;
	}
}

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

function addFacts(pages: Pages, block: Extract<Block, { type: "facts" }>): void {
	const fields = block.facts.map(({ name, value }) => {
		const text = markdownOf(value);
		return { name: proseMarkdown(name), value: text, inline: text.length <= INLINE_VALUE };
	});
	const fit = fields.every(
		({ name, value }) =>
			name.length <= limit.FIELD_NAME && value.length <= limit.FIELD_VALUE && value.trim() !== "" && name.trim() !== "",
	);
	if (fit && pages.fields(fields)) return;
	pages.text(fields.map(({ name, value }) => `**${name}**: ${value}`).join("\n"), false);
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
			pages.text(markdownOf(block.text), tight);
			break;
		case "heading":
			pages.text(`### ${proseMarkdown(block.text)}`, false);
			break;
		case "list":
			pages.text(listText(block), tight);
			break;
		case "facts":
			addFacts(pages, block);
			break;
		case "quote":
			pages.text(quoteText(block.text), tight);
			break;
		case "note":
			addNote(pages, block, place.last, tight);
			break;
		case "picture":
			pages.picture(pictureFile(block, place.pictures + 1));
			break;
		case "checklist":
			pages.text(`### ${proseMarkdown(block.label)}`, false);
			pages.text(block.items.map((item, index) => `${index + 1}. ${proseMarkdown(item)}`).join("\n"), true);
			break;
		case "actions":
			break;
	}
}

/** The card's last words stand in the footer, where they are shown as they are. */
function addNote(pages: Pages, block: Extract<Block, { type: "note" }>, last: boolean, tight: boolean): void {
	if (last && isUnmarked(block.text) && pages.footer(visible(block.text))) return;
	pages.text(small(markdownOf(block.text)), tight);
}

function pictureFile(block: Extract<Block, { type: "picture" }>, number: number): PictureFile {
	const alternative = cut(block.alternative, limit.ATTACHMENT_DESCRIPTION);
	return { name: `picture-${number}.png`, picture: block.picture, alternative };
}

/** Hands out custom ids that are unique in a message. */
class Ids {
	readonly #given = new Set<string>();
	readonly #options: RenderOptions;
	#marked: boolean;

	constructor(options: RenderOptions) {
		this.#options = options;
		this.#marked = options.mark === undefined;
	}

	of(call: Button["call"], ticks: string | null = null): string {
		const { workspaceId, mark } = this.#options;
		if (!this.#marked) {
			// The mark stands on the first control that has room for it in full.
			const plain = controlId(call, { workspaceId }, ticks);
			const marked = `${plain} ~${mark}`;
			if (marked.length <= limit.CUSTOM_ID) {
				this.#marked = true;
				this.#given.add(plain);
				return marked;
			}
		}
		for (let number = 1; ; number += 1) {
			const suffix: Suffix = { workspaceId, tag: number === 1 ? undefined : String(number) };
			const id = controlId(call, suffix, ticks);
			if (this.#given.has(id)) continue;
			this.#given.add(id);
			return id;
		}
	}
}

function buttonRows(buttons: readonly Button[], ids: Ids): Row[] {
	const rows: Row[] = [];
	for (let from = 0; from < buttons.length; from += limit.ROW_BUTTONS)
		rows.push({
			type: ComponentType.ActionRow,
			components: buttons.slice(from, from + limit.ROW_BUTTONS).map(({ label, call, style }) => ({
				type: ComponentType.Button,
				style: BUTTON_STYLES[style],
				label: cut(visible(label), limit.BUTTON_LABEL),
				custom_id: ids.of(call),
			})),
		});
	return rows;
}

/** One select for up to 24 items, and "none of these", which a select cannot otherwise say. */
function checklistRows(block: Extract<Block, { type: "checklist" }>, ids: Ids): Row[] {
	const rows: Row[] = [];
	const most = limit.SELECT_OPTIONS - 1;
	for (let from = 0; from < block.items.length; from += most) {
		const options = block.items.slice(from, from + most).map((item, index) => ({
			label: cut(`${from + index + 1}. ${visible(item)}`, limit.SELECT_LABEL),
			value: String(from + index + 1),
		}));
		const all = [...options, { label: "None of these", value: "0" }];
		const placeholder = cut(visible(block.label), limit.SELECT_PLACEHOLDER);
		const custom_id = ids.of(block.call, block.option);
		rows.push({
			type: ComponentType.ActionRow,
			components: [
				{
					type: ComponentType.StringSelect,
					custom_id,
					placeholder,
					min_values: 1,
					max_values: all.length,
					options: all,
				},
			],
		});
	}
	return rows;
}

function controlRows(card: Card, ids: Ids): Row[] {
	return card.blocks.flatMap((block) => {
		if (block.type === "actions") return buttonRows(block.buttons, ids);
		return block.type === "checklist" ? checklistRows(block, ids) : [];
	});
}

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

/** Titles carry code and names: marked up as prose, and cut so that no mark is torn. */
function titleOf(card: Card): string {
	for (let most = limit.EMBED_TITLE; most > 0; most -= 16) {
		const title = proseMarkdown(cut(card.title, most));
		if (title.length <= limit.EMBED_TITLE) return title;
	}
	return "";
}

/** The card's last block of text, behind which only controls stand. */
function lastText(card: Card): Block | undefined {
	return card.blocks.findLast(
		(block) => block.type !== "actions" && block.type !== "checklist" && block.type !== "picture",
	);
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
 * A card as Discord messages: mostly one, several where the text is too long for one. The controls stand on the last.
 * Nothing of a card is left out: a text that is too long goes on in the next embed or message.
 */
export function render(card: Card, options: RenderOptions = {}): Message[] {
	const colour = card.prominent ? PROMINENT_COLOUR : COLOURS[card.tone];
	const ids = new Ids(options);
	const rows = controlRows(card, ids);
	const messages: Message[] = fill(card).map((drafts) => ({
		embeds: drafts.map((draft) => embedOf(draft, colour)),
		components: [],
		pictures: drafts.flatMap((draft) => draft.picture ?? []),
	}));
	const last = messages.pop();
	if (!last) return [];
	messages.push({ ...last, components: rows.slice(0, limit.ROWS) });
	for (let from = limit.ROWS; from < rows.length; from += limit.ROWS)
		messages.push({
			embeds: [{ color: colour, description: MORE }],
			components: rows.slice(from, from + limit.ROWS),
			pictures: [],
		});
	return messages;
}

/** The card with its pictures in words, for when they cannot be drawn. */
export function withoutPictures(card: Card): Card {
	const blocks = card.blocks.map(
		(block): Block => (block.type === "picture" ? { type: "text", text: block.alternative } : block),
	);
	return { ...card, blocks };
}
