/** Makes requests to Discord, and the bodies of messages. */

import { type RawFile, REST } from "discord.js";
import type { Logger } from "pino";
import type { Card, Picture } from "../../../chat/card.ts";
import { type NativeCommands, withNativeCommands } from "../../../chat/native-commands.ts";
import { cardText } from "../../../chat/text.ts";
import { MINUTE } from "../../../core/durations.ts";
import { wellFormed } from "../../../core/text/well-formed.ts";
import { kindOf } from "../../log.ts";
import type { RenderOptions } from "./controls.ts";
import { cut } from "./cut.ts";
import { refusesContent } from "./faults.ts";
import { CONTENT } from "./limits.ts";
import { proseMarkdown } from "./markdown.ts";
import { type Message, render, type TextFile, withoutPictures } from "./render.ts";

const VERSION = "10";
/** Characters of the line beside an embed: more than a notification shows. */
const LINE = 200;
/** Milliseconds before an unanswered request is given up. */
const TIMEOUT = 9_000;
/** How often to clear what the library remembers of each interaction's route, in milliseconds. */
const SWEEP = MINUTE;
/** Requests with an interaction's token do not count towards the bot's rate limit. */
const NO_GLOBAL_LIMIT = 100_000;

export interface RestSettings {
	readonly token: string;
	/** The base address without the API version; null for Discord's own. */
	readonly apiUrl: string | null;
}

function options({ apiUrl }: RestSettings) {
	return { version: VERSION, ...(apiUrl === null ? {} : { api: apiUrl }), timeout: TIMEOUT };
}

/** For answers to interactions: retried after failures, since Discord accepts a first response only once. */
export function interactionRest(settings: RestSettings): REST {
	const rest = new REST({
		...options(settings),
		globalRequestsPerSecond: NO_GLOBAL_LIMIT,
		handlerSweepInterval: SWEEP,
		hashSweepInterval: SWEEP,
		hashLifetime: SWEEP,
	});
	return rest.setToken(settings.token);
}

/** For messages beside a reply: never retried, since Discord could not tell the second from the first. */
export function onceRest(settings: RestSettings): REST {
	return new REST({ ...options(settings), globalRequestsPerSecond: NO_GLOBAL_LIMIT, retries: 0 }).setToken(
		settings.token,
	);
}

/** For posts: never retried and never delayed here, since the daily engine decides both. */
export function postRest(settings: RestSettings): REST {
	return new REST({ ...options(settings), retries: 0, rejectOnRateLimit: () => true }).setToken(settings.token);
}

/** For reading from Discord, such as a channel's permissions. */
export function queryRest(settings: RestSettings): REST {
	return new REST({ ...options(settings), retries: 1 }).setToken(settings.token);
}

export interface Content {
	readonly body: Readonly<Record<string, unknown>>;
	readonly files: RawFile[];
}

/** A message ready for a request. */
export interface OutgoingMessage extends Content {
	/** Writes the whole card in words, which is rarely needed; null for a message that continues another. */
	readonly words: (() => string) | null;
}

/**
 * Sends a message. If Discord refuses what is in it, the words are sent alone: no rule about embeds and buttons applies
 * to them.
 */
export async function sendOrWords<T>(
	{ words, ...whole }: OutgoingMessage,
	send: (content: Content) => Promise<T>,
): Promise<T> {
	try {
		return await send(whole);
	} catch (error) {
		if (words === null || !refusesContent(error)) throw error;
		const body = { content: words(), embeds: [], components: [], attachments: [], allowed_mentions: { parse: [] } };
		return send({ body, files: [] });
	}
}

type DrawPicture = (picture: Picture) => Promise<Buffer>;

async function filesOf(message: Message, drawPicture: DrawPicture): Promise<RawFile[]> {
	return Promise.all(
		message.pictures.map(async ({ name, picture }) => ({
			name,
			data: await drawPicture(picture),
			contentType: "image/png",
		})),
	);
}

/** Replaces lone surrogates by a character of the same length: Discord refuses a whole message for one. */
function withWholeCharacters(value: unknown): unknown {
	if (typeof value === "string") return wellFormed(value);
	if (Array.isArray(value)) return value.map(withWholeCharacters);
	if (typeof value !== "object" || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withWholeCharacters(inner)]));
}

/** The body of a rendered message. It pings nobody. */
export function messageBody(message: Message, files: readonly RawFile[]): Record<string, unknown> {
	const described = new Map(message.pictures.map(({ name, alternative }) => [name, wellFormed(alternative)]));
	return {
		embeds: withWholeCharacters(message.embeds),
		components: withWholeCharacters(message.components),
		allowed_mentions: { parse: [] },
		attachments: files.map(({ name }, index) => {
			const description = described.get(name);
			return { id: String(index), filename: name, ...(description === undefined ? {} : { description }) };
		}),
	};
}

/** A role's id as Discord writes it: nothing else may get into a mention that pings. */
const ROLE = /^\d{15,20}$/;

/**
 * Puts the title above the embed, as the line that a push notification shows and that stays where embeds are switched
 * off. The line mentions the role that the card notifies; it is the only ping that nlpq ever sends.
 */
function withLine([first, ...rest]: OutgoingMessage[], { title, notifies = "" }: Card): OutgoingMessage[] {
	if (!first) return rest;
	const line = wellFormed(proseMarkdown(cut(title, LINE)));
	const ping = ROLE.test(notifies)
		? { content: `<@&${notifies}> ${line}`, allowed_mentions: { parse: [], roles: [notifies] } }
		: { content: line };
	return [{ ...first, body: { ...first.body, ...ping } }, ...rest];
}

/** Turns cards into requests and draws their pictures. */
export class Composer {
	readonly #drawPicture: DrawPicture;
	readonly #log: Logger;
	#native: NativeCommands | null = null;

	constructor(drawPicture: DrawPicture, log: Logger) {
		this.#drawPicture = drawPicture;
		this.#log = log;
	}

	/** From now on, texts mention commands as they are registered. */
	nameCommands(native: NativeCommands): void {
		this.#native = native;
	}

	/**
	 * Renders a card's messages. A picture that cannot be drawn is put into words. The first message takes the file.
	 */
	async compose(whole: Card, rendering: RenderOptions, file: TextFile | null = null): Promise<OutgoingMessage[]> {
		const card = this.#native ? withNativeCommands(whole, this.#native) : whole;
		try {
			const messages = await this.#compose(card, rendering, file);
			return card.prominent ? withLine(messages, card) : messages;
		} catch (error) {
			if (!card.blocks.some((block) => block.type === "picture")) throw error;
			this.#log.error({ kind: kindOf(error) }, "could not draw a picture");
			return this.#compose(withoutPictures(card), rendering, file);
		}
	}

	async #compose(card: Card, rendering: RenderOptions, file: TextFile | null): Promise<OutgoingMessage[]> {
		return Promise.all(
			// The line above the embed has a prominent card's title.
			render(card.prominent ? { ...card, title: "" } : card, rendering).map(async (message, index) => {
				const texts = [message.text, index === 0 ? file : null].flatMap((one) => one ?? []);
				const own = texts.map(({ name, content }) => ({ name, data: content, contentType: "text/plain" }));
				const files = [...(await filesOf(message, this.#drawPicture)), ...own];
				const words = index === 0 ? () => wellFormed(cut(proseMarkdown(cardText(card)), CONTENT)) : null;
				return { body: messageBody(message, files), files, words };
			}),
		);
	}
}
