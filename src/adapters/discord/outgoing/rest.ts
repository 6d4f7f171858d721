/** Requests to Discord, and the bodies of messages. */

import { type RawFile, REST } from "discord.js";
import type { Logger } from "pino";
import type { Card, Picture } from "../../../chat/card.ts";
import { type NativeCommands, withNativeCommands } from "../../../chat/native-commands.ts";
import { MINUTE } from "../../../core/durations.ts";
import { wellFormed } from "../../../core/text/well-formed.ts";
import { kindOf } from "../../log.ts";
import type { RenderOptions } from "./controls.ts";
import { cut } from "./cut.ts";
import { proseMarkdown } from "./markdown.ts";
import { type Message, render, type TextFile, withoutPictures } from "./render.ts";

const VERSION = "10";
/** Characters of the line beside an embed: more than a notification shows. */
const LINE = 200;
/** Milliseconds after which an unanswered request is given up. */
const TIMEOUT = 9_000;
/** Milliseconds between sweeps of what the library remembers of each interaction's own route. */
const SWEEP = MINUTE;
/** Requests under an interaction's own token do not count towards the bot's limit. */
const NO_GLOBAL_LIMIT = 100_000;

export interface RestSettings {
	readonly token: string;
	/** Without the version; null for Discord's own. */
	readonly apiUrl: string | null;
}

function options({ apiUrl }: RestSettings) {
	return { version: VERSION, ...(apiUrl === null ? {} : { api: apiUrl }), timeout: TIMEOUT };
}

/** For answers to interactions: tried again after failures, since Discord takes a first response only once. */
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

/** For messages beside a reply: one that gets no answer is not sent again, as nothing tells it from the first. */
export function onceRest(settings: RestSettings): REST {
	return new REST({ ...options(settings), globalRequestsPerSecond: NO_GLOBAL_LIMIT, retries: 0 }).setToken(
		settings.token,
	);
}

/** For posts: never tried again by itself and never held back, since the daily engine decides on both. */
export function postRest(settings: RestSettings): REST {
	return new REST({ ...options(settings), retries: 0, rejectOnRateLimit: () => true }).setToken(settings.token);
}

/** For questions to Discord, such as a channel's permissions. */
export function queryRest(settings: RestSettings): REST {
	return new REST({ ...options(settings), retries: 1 }).setToken(settings.token);
}

/** A message as a request carries it. */
export interface OutgoingMessage {
	readonly body: Readonly<Record<string, unknown>>;
	readonly files: RawFile[];
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

/** Halves of characters, which Discord refuses with all that stands beside them, as a sign of the same length. */
function withWholeCharacters(value: unknown): unknown {
	if (typeof value === "string") return wellFormed(value);
	if (Array.isArray(value)) return value.map(withWholeCharacters);
	if (typeof value !== "object" || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withWholeCharacters(inner)]));
}

/** The body of a rendered message. Nobody is pinged by it. */
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

/** A role's id as Discord gives them: nothing else may stand in a mention that pings. */
const ROLE = /^\d{15,20}$/;

/**
 * A line of text beside the embed, which is all that a push notification shows. It mentions the role that the card
 * notifies: that one alone is pinged, and by nothing else that leaves.
 */
function withLine([first, ...rest]: OutgoingMessage[], { title, notifies = "" }: Card): OutgoingMessage[] {
	if (!first) return rest;
	const line = wellFormed(proseMarkdown(cut(title, LINE)));
	const ping = ROLE.test(notifies)
		? { content: `<@&${notifies}> ${line}`, allowed_mentions: { parse: [], roles: [notifies] } }
		: { content: line };
	return [{ ...first, body: { ...first.body, ...ping } }, ...rest];
}

/** Turns cards into requests, with their pictures drawn. */
export class Composer {
	readonly #drawPicture: DrawPicture;
	readonly #log: Logger;
	#native: NativeCommands | null = null;

	constructor(drawPicture: DrawPicture, log: Logger) {
		this.#drawPicture = drawPicture;
		this.#log = log;
	}

	/** From now on texts name commands as they are registered. */
	nameCommands(native: NativeCommands): void {
		this.#native = native;
	}

	/** A card's messages; a picture that cannot be drawn is told in words. The file goes with the first one. */
	async compose(whole: Card, rendering: RenderOptions, file: TextFile | null = null): Promise<OutgoingMessage[]> {
		const card = this.#native ? withNativeCommands(whole, this.#native) : whole;
		try {
			const messages = await this.#compose(render(card, rendering), file);
			return card.prominent ? withLine(messages, card) : messages;
		} catch (error) {
			if (!card.blocks.some((block) => block.type === "picture")) throw error;
			this.#log.error({ kind: kindOf(error) }, "a picture could not be drawn");
			return this.#compose(render(withoutPictures(card), rendering), file);
		}
	}

	async #compose(messages: readonly Message[], file: TextFile | null): Promise<OutgoingMessage[]> {
		return Promise.all(
			messages.map(async (message, index) => {
				const texts = [message.text, index === 0 ? file : null].flatMap((one) => one ?? []);
				const own = texts.map(({ name, content }) => ({ name, data: content, contentType: "text/plain" }));
				const files = [...(await filesOf(message, this.#drawPicture)), ...own];
				return { body: messageBody(message, files), files };
			}),
		);
	}
}
