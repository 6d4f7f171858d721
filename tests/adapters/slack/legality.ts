import { expect } from "vitest";
import { mentionsIn } from "../../../packages/local-slack/mentions.ts";
import { checkContent } from "../../../packages/local-slack/schema/message.ts";
import { totalLength } from "../../../packages/local-slack/schema/texts.ts";
import { checkHome, checkModal } from "../../../packages/local-slack/schema/view.ts";
import { renderMessages, renderViewBlocks } from "../../../src/adapters/slack/outgoing/render.ts";
import { modalOf } from "../../../src/adapters/slack/outgoing/render-form.ts";
import type { RenderContext } from "../../../src/adapters/slack/outgoing/render-parts.ts";
import type { Block, Card } from "../../../src/chat/card.ts";

export const context: RenderContext = { workspaceId: "T0123456789", pictures: new Map() };

/** Puts characters that grow when escaped before every text of a card. */
export function worstCase(card: Card): Card {
	const wrap = (text: string) => `<!channel> & <@U1> ${text.replaceAll(" ", " &<> ")}`;
	const block = (one: Block): Block => {
		switch (one.type) {
			case "text":
			case "note":
				return {
					...one,
					text:
						typeof one.text === "string" ? wrap(one.text) : [{ type: "plain", text: wrap(JSON.stringify(one.text)) }],
				};
			case "heading":
				return { ...one, text: wrap(one.text) };
			case "list":
				return { ...one, items: one.items.map((item) => (typeof item === "string" ? wrap(item) : item)) };
			case "quote":
			case "preformatted":
				return { ...one, text: wrap(one.text) };
			case "checklist":
				return { ...one, items: one.items.map(wrap) };
			case "facts":
				return {
					...one,
					facts: one.facts.map((fact) => ({
						...fact,
						value: typeof fact.value === "string" ? wrap(fact.value) : fact.value,
					})),
				};
			case "typed":
				return { ...one, fields: one.fields.map((field) => ({ ...field, text: wrap(field.text) })) };
			case "picture":
			case "actions":
				return one;
		}
	};
	return { ...card, title: wrap(card.title), blocks: card.blocks.map(block) };
}

/** Checks a card as a message, a modal and a Home. @returns the length of its longest message, in UTF-16 units */
export function expectLegal(card: Card): number {
	const contents = renderMessages(card, context);
	for (const content of contents) {
		expect(checkContent(content)).toMatchObject({ ok: true, advice: [] });
		expect(mentionsIn(content)).toEqual([]);
	}
	expect(checkModal(modalOf(renderViewBlocks([card], context)))).toMatchObject({ ok: true });
	expect(checkHome({ type: "home", blocks: renderViewBlocks([card, card], context) })).toMatchObject({ ok: true });
	return Math.max(...contents.map((content) => totalLength(content.blocks)));
}
