import type { KnownBlock } from "@slack/types";
import type { Card } from "../../../chat/card.ts";
import { cardText } from "../../../chat/text.ts";
import { cut } from "../../../core/text/cut.ts";
import { blockId } from "../incoming/calls.ts";
import * as limits from "./limits.ts";
import { cutMarkup, literal } from "./mrkdwn.ts";
import { cardParts, type RenderContext, TONE_MARKS } from "./render-parts.ts";
import { note, type Part } from "./render-texts.ts";

/** A message's content; notifications show `text`. */
export interface Content {
	readonly text: string;
	readonly blocks: KnownBlock[];
}

/** Splits parts into pages within both limits. A heading moves to the next page with the text below it. */
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

/** Gives every block an id that tells which workspace its controls belong to. */
function identified(parts: readonly Part[], context: RenderContext, from = 0): KnownBlock[] {
	return parts.map((part, index) => ({ ...part.block, block_id: blockId(context.workspaceId, from + index) }));
}

/** The card in words, for notifications and screen readers. @param length of the blocks beside it */
function inWords(card: Card, length: number): string {
	const room = Math.min(limits.NOTIFICATION, limits.MESSAGE_CEILING - length);
	return cutMarkup(`${TONE_MARKS[card.tone]}${literal(cardText(card))}`, Math.max(limits.MIN_NOTIFICATION, room));
}

const lengthOf = (parts: readonly Part[]) => parts.reduce((sum, part) => sum + part.length, 0);

/** Renders a card as messages: usually one; a long card continues in others, with nothing left out. */
export function renderMessages(card: Card, context: RenderContext): [Content, ...Content[]] {
	const [first = [], ...rest] = pagesOf(cardParts(card, context), limits.MESSAGE_BLOCKS, limits.MESSAGE_TOTAL);
	const text = inWords(card, lengthOf(first));
	return [
		{ text, blocks: identified(first, context) },
		...rest.map((page, index) => ({
			text: `${literal(cut(card.title, limits.HEADER))} (${index + 2} of ${rest.length + 1})`,
			blocks: identified(page, context),
		})),
	];
}

/** Renders cards as the blocks of one modal or Home tab, separated by lines. */
export function renderViewBlocks(cards: readonly Card[], context: RenderContext): KnownBlock[] {
	const divider: Part = { block: { type: "divider" }, length: 0 };
	const parts = cards.flatMap((card, index) => [...(index > 0 ? [divider] : []), ...cardParts(card, context)]);
	const [page = [], ...more] = pagesOf(parts, limits.VIEW_BLOCKS - 1, limits.VIEW_TOTAL);
	const rest =
		more.length > 0 ? note("There is more than fits here: the same commands as `/nlpq …` show all of it.") : [];
	return identified([...page, ...rest], context);
}
