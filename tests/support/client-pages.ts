/** Draws cards and forms, as the real renderers pass them to a client, the way that client shows them. */
import { pino } from "pino";
import { discordView, slackView, type ViewOptions } from "../../packages/client-view/index.ts";
import { modalOf } from "../../src/adapters/discord/outgoing/modal.ts";
import { Composer } from "../../src/adapters/discord/outgoing/rest.ts";
import { renderMessages, renderViewBlocks } from "../../src/adapters/slack/outgoing/render.ts";
import { renderForm } from "../../src/adapters/slack/outgoing/render-form.ts";
import type { Card, Form, Picture } from "../../src/chat/card.ts";
import { COMMANDS } from "../../src/chat/commands/index.ts";

export type Look = ViewOptions;

/** The address of a picture on the page; the same for the same picture. */
export type PictureAddress = (picture: Picture) => string;

const byTitle: PictureAddress = (picture) => `picture:${picture.type}`;

const picturesOf = (cards: readonly Card[]): Picture[] =>
	cards.flatMap(({ blocks }) => blocks.flatMap((block) => (block.type === "picture" ? [block.picture] : [])));

function composer(): Composer {
	const made = new Composer(async () => Buffer.alloc(1), pino({ level: "silent" }));
	made.nameCommands({ commands: COMMANDS, id: "1180000000000000001" });
	return made;
}

/** A card as Discord's client shows it. */
export async function onDiscord(card: Card, look: Look, addressOf = byTitle): Promise<string> {
	const messages = await composer().compose(card, {});
	const pictures = picturesOf([card]);
	const imageOf = (name: string) => {
		const picture = pictures[Number(/^picture-(\d+)\.png$/.exec(name)?.[1]) - 1];
		return picture ? addressOf(picture) : null;
	};
	return discordView(JSON.parse(JSON.stringify(messages.map(({ body }) => body))), { imageOf, ...look });
}

/** A form as Discord's client shows it. */
export const formOnDiscord = (form: Form, look: Look): string => discordView(modalOf(form), look);

/** A context in which every picture is uploaded, and a function that finds their files. */
function slackPictures(cards: readonly Card[], addressOf: PictureAddress) {
	const files = new Map(picturesOf(cards).map((picture, index) => [picture, `F${index}`]));
	const addresses = new Map([...files].map(([picture, file]) => [file, addressOf(picture)]));
	const imageOf = (file: string) => addresses.get(file) ?? null;
	return { context: { workspaceId: "T0NLPQ", pictures: files }, imageOf };
}

/** A card as Slack's client shows it. */
export function onSlack(card: Card, look: Look, addressOf = byTitle): string {
	const { context, imageOf } = slackPictures([card], addressOf);
	return slackView(renderMessages(card, context), { imageOf, ...look });
}

/** Cards as the Home tab shows them. */
export function onSlackHome(cards: readonly Card[], look: Look, addressOf = byTitle): string {
	const { context, imageOf } = slackPictures(cards, addressOf);
	return slackView({ type: "home", blocks: renderViewBlocks(cards, context) }, { imageOf, ...look });
}

/** A form as Slack's client shows it. */
export const formOnSlack = (form: Form, look: Look): string => slackView(renderForm(form, "{}"), look);
