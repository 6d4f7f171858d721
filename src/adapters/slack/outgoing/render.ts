import type { KnownBlock } from "@slack/types";
import type { Card } from "../../../chat/card.ts";
import { cut } from "../../../core/text/cut.ts";
import { blockId } from "../incoming/calls.ts";
import * as limits from "./limits.ts";
import { cutMarkup, literal, markup } from "./mrkdwn.ts";
import { cardParts, note, type Part, type RenderContext, TONE_MARKS } from "./render-parts.ts";

/** A message's content: `text` is what notifications show. */
export interface Content {
	readonly text: string;
	readonly blocks: KnownBlock[];
}

/** Whole pages of parts within both limits; a heading goes over with what it heads. */
function pagesOf(parts: readonly Part[], mostBlocks: number, mostLength: number): Part[][] {
	const pages: Part[][] = [];
	let page: Part[] = [];
	let length = 0;
	for (const part of parts) {
		if (page.length > 0 && (page.length >= mostBlocks || length + part.length > mostLength)) {
			const carried: Part[] = [];
			while (page.length > 1 && page.at(-1)?.heading) carried.unshift(...page.splice(-1));
			pages.push(page);
			page = carried;
			length = carried.reduce((sum, one) => sum + one.length, 0);
		}
		page.push(part);
		length += part.length;
	}
	return page.length > 0 ? [...pages, page] : pages;
}

/** Gives every block its id: controls say with it which workspace they belong to. */
function identified(parts: readonly Part[], context: RenderContext, from = 0): KnownBlock[] {
	return parts.map((part, index) => ({ ...part.block, block_id: blockId(context.workspaceId, from + index) }));
}

/** What a notification shows: the title and the first words below it. */
function notification(card: Card): string {
	const title = `${TONE_MARKS[card.tone]}${literal(card.title)}`;
	const first = card.blocks.find((block) => block.type === "text");
	return cutMarkup(first ? `${title}\n${markup(first.text)}` : title, limits.NOTIFICATION);
}

/** A card as messages: mostly one; a long one goes on in others, with nothing left out. */
export function renderMessages(card: Card, context: RenderContext): [Content, ...Content[]] {
	const [first = [], ...rest] = pagesOf(cardParts(card, context), limits.MESSAGE_BLOCKS, limits.MESSAGE_WHOLE);
	const text = notification(card);
	return [
		{ text, blocks: identified(first, context) },
		...rest.map((page, index) => ({
			text: `${literal(cut(card.title, limits.HEADER))} (${index + 2} of ${rest.length + 1})`,
			blocks: identified(page, context),
		})),
	];
}

/** Cards as the blocks of one modal or Home tab, a line between them. */
export function renderViewBlocks(cards: readonly Card[], context: RenderContext): KnownBlock[] {
	const divider: Part = { block: { type: "divider" }, length: 0 };
	const parts = cards.flatMap((card, index) => [...(index > 0 ? [divider] : []), ...cardParts(card, context)]);
	const [page = [], ...more] = pagesOf(parts, limits.VIEW_BLOCKS - 1, limits.VIEW_WHOLE);
	const rest =
		more.length > 0 ? note("There is more than fits here: the same commands as `/nlpq …` show all of it.") : [];
	return identified([...page, ...rest], context);
}
