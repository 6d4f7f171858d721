import * as z from "zod";
import type { Audience, Block, Card, Reply } from "../../../chat/card.ts";
import { errorCard } from "../../../chat/cards/faults.ts";
import { pause } from "../../../chat/deadlines.ts";
import type { Interaction, Where } from "../incoming/interaction.ts";
import type { Arguments, SlackWeb } from "../transport/web.ts";
import { deliveryFault, refusalOf, refusesBlocks } from "./faults.ts";
import { RESPONSE_URL_LIFETIME, RESPONSE_URL_USES } from "./limits.ts";
import type { Pictures } from "./pictures.ts";
import { type Content, renderMessages, renderViewBlocks } from "./render.ts";
import { modalOf } from "./render-form.ts";
import type { ResponseUrls } from "./response-urls.ts";

const MAX_TRIES = 4;
const MAX_WAIT = 30_000;
const FIRST_WAIT = 500;
/** Characters of a file that can also be read in a message or two. */
const MAX_AS_TEXT_LENGTH = 6_000;

type Message = Extract<Where, { type: "message" }>;

/** A message's content, or its words only. */
type Words = Pick<Content, "text"> & Partial<Content>;

class BlocksRefused extends Error {
	constructor() {
		super("Slack refused the blocks of an answer");
		this.name = "BlocksRefused";
	}
}

const areBlocksRefused = (error: unknown): boolean => error instanceof BlocksRefused || refusesBlocks(error);

/** A card to deliver to a member or a channel. */
interface OutgoingReply {
	readonly interaction: Interaction;
	readonly where: Message;
	readonly audience: Audience;
	/** Whether it replaces the message whose button was pressed. */
	readonly replace: boolean;
}

export interface RepliesParts {
	readonly web: SlackWeb;
	readonly pictures: Pictures;
	readonly urls: ResponseUrls;
	/** Milliseconds since 1970, by the program's clock. */
	now(): number;
	/** Called when a reply could not be delivered. */
	lost(workspaceId: string, error: unknown): void;
}

/** Says where a reply's file is, which the member gets as a direct message wherever the reply comes. */
function sayingWhere({ where }: Interaction, reply: Reply): Reply {
	if (!reply.file || (where.type === "message" && where.channelId.startsWith("D"))) return reply;
	const note: Block = { type: "note", text: `${reply.file.name} is in your direct messages with me.` };
	return { ...reply, card: { ...reply.card, blocks: [...reply.card.blocks, note] } };
}

/** Delivers replies: through the response_url while it works, then as ephemeral messages, then as direct messages. */
export class Replies {
	readonly #parts: RepliesParts;

	constructor(parts: RepliesParts) {
		this.#parts = parts;
	}

	/**
	 * Delivers a reply with everything in it.
	 * @param viewId the modal to show it in, for an interaction from a view
	 * @param replace whether the card replaces the message whose button was pressed
	 */
	async send(interaction: Interaction, given: Reply, viewId: string | null, { replace = false } = {}): Promise<void> {
		const reply = sayingWhere(interaction, given);
		try {
			if (viewId !== null) await this.#show(interaction, reply, viewId);
			else await this.#write(interaction, reply, { replace });
			if (reply.file) await this.#sendFile(interaction, reply.file);
		} catch (error) {
			this.#parts.lost(interaction.workspaceId, error);
		}
	}

	/** Shows the whole reply in a modal at once. */
	async #show(interaction: Interaction, reply: Reply, viewId: string): Promise<void> {
		const cards: Card[] = [];
		for (let next: Reply | undefined = reply; next; next = next.followUp) cards.push(next.card);
		const { workspaceId } = interaction;
		const pictures = await this.#parts.pictures.of(workspaceId, cards);
		const update = (files: typeof pictures) =>
			this.#withRetries(() =>
				this.#parts.web.call(workspaceId, "views.update", {
					view_id: viewId,
					view: modalOf(renderViewBlocks(cards, { workspaceId, pictures: files })),
				}),
			);
		try {
			await update(pictures).catch((error: unknown) => {
				if (pictures.size === 0 || refusalOf(error) === "not_found") throw error;
				return update(new Map());
			});
		} catch {
			// The member has closed the modal meanwhile.
			await this.#write({ ...interaction, where: direct(interaction) }, reply);
		}
	}

	async #write(interaction: Interaction, reply: Reply, { replace = false } = {}): Promise<void> {
		const where = interaction.where.type === "message" ? interaction.where : direct(interaction);
		for (let next: Reply | undefined = reply, first = true; next; next = next.followUp, first = false) {
			// Follow-ups are always for the member only.
			const audience: Audience = (first && next.audience) || "member";
			await this.#writeCard(
				{ interaction, where, audience, replace: replace && first && where.replaceable },
				next.card,
			);
		}
	}

	async #writeCard(outgoing: OutgoingReply, card: Card): Promise<void> {
		const { workspaceId } = outgoing.interaction;
		const pictures = await this.#parts.pictures.of(workspaceId, [card]);
		const contents = renderMessages(card, { workspaceId, pictures });
		const plain = pictures.size > 0 ? renderMessages(card, { workspaceId, pictures: new Map() }) : contents;
		for (const [index, content] of contents.entries()) {
			const part = { ...outgoing, replace: outgoing.replace && index === 0 };
			const fallback = plain[index];
			await this.#deliver(part, content)
				.catch((error: unknown) => {
					// A picture just uploaded may not be usable yet: show it in words.
					if (pictures.size === 0 || fallback === undefined) throw error;
					return this.#deliver(part, fallback);
				})
				.catch((error: unknown) => {
					// Last resort: words only, to which no rule about blocks applies.
					if (!areBlocksRefused(error)) throw error;
					this.#parts.lost(workspaceId, error);
					return this.#deliver(part, { text: content.text });
				});
		}
	}

	async #deliver(outgoing: OutgoingReply, content: Words): Promise<void> {
		const { where } = outgoing;
		const { responseUrl } = where;
		const age = this.#parts.now() - where.since;
		if (responseUrl !== null && age < RESPONSE_URL_LIFETIME && this.#parts.urls.uses(responseUrl) < RESPONSE_URL_USES) {
			const body = {
				response_type: outgoing.audience === "channel" ? "in_channel" : "ephemeral",
				replace_original: outgoing.replace,
				...(where.threadId !== null && !outgoing.replace ? { thread_ts: where.threadId } : {}),
				...content,
			};
			const outcome = await this.#parts.urls.send(responseUrl, body);
			if (outcome === "sent") return;
			if (outcome === "refused") throw new BlocksRefused();
			// Better twice than not at all, but then for the member only, not for the whole channel.
			if (outcome === "uncertain") return this.#deliverByMethod({ ...outgoing, audience: "member" }, content);
		}
		await this.#deliverByMethod(outgoing, content);
	}

	async #deliverByMethod({ interaction, where, audience }: OutgoingReply, content: Words): Promise<void> {
		const { workspaceId, memberId } = interaction;
		const { web } = this.#parts;
		const place = { channel: where.channelId, ...(where.threadId === null ? {} : { thread_ts: where.threadId }) };
		const tell = () =>
			this.#withRetries(() =>
				web.call(workspaceId, "chat.postMessage", {
					channel: memberId,
					...content,
					unfurl_links: false,
					unfurl_media: false,
				}),
			);
		const [method, args]: [string, Arguments] =
			audience === "channel"
				? ["chat.postMessage", { ...place, unfurl_links: false, unfurl_media: false }]
				: ["chat.postEphemeral", { ...place, user: memberId }];
		if (isDirect(where)) return void (await tell());
		try {
			await this.#withRetries(() => web.call(workspaceId, method, { ...args, ...content }));
		} catch (error) {
			if (deliveryFault(error).kind !== "permanent") throw error;
			// The bot is not in the channel. A direct message always reaches the member.
			await tell();
		}
	}

	/** Retries after a pause, unless Slack refuses permanently. */
	async #withRetries<T>(work: () => Promise<T>): Promise<T> {
		for (let tries = 1; ; tries += 1) {
			try {
				return await work();
			} catch (error) {
				const fault = deliveryFault(error);
				const wait = fault.retryAfter ?? FIRST_WAIT * 2 ** tries;
				if (fault.kind === "permanent" || tries >= MAX_TRIES || wait > MAX_WAIT) throw error;
				await pause(wait);
			}
		}
	}

	/** Hands a file to the member alone, in their direct messages; a short one comes as text where it cannot be. */
	async #sendFile(interaction: Interaction, { name, content }: NonNullable<Reply["file"]>): Promise<void> {
		const { workspaceId, memberId } = interaction;
		const announce = async () => {
			const message = { channel: memberId, text: "Here is the file that you asked for." };
			const posted = await this.#withRetries(() => this.#parts.web.call(workspaceId, "chat.postMessage", message));
			return z.object({ channel: z.string() }).parse(posted).channel;
		};
		try {
			const file = { name, bytes: Buffer.from(content), alternative: "" };
			await this.#parts.pictures.upload(workspaceId, file, announce);
		} catch (error) {
			const lacks = refusalOf(error) === "missing_scope";
			const isShort = lacks && content.length <= MAX_AS_TEXT_LENGTH;
			const card = errorCard(
				`The file could not be handed over. ${isShort ? `Here is what ${name} has:` : "Nothing is lost."}`,
				lacks
					? "The app lacks the permission `files:write`: an admin gives it by installing the app again."
					: "Try again in a minute.",
				isShort ? [{ type: "preformatted", text: content }] : [],
			);
			await this.#write(interaction, { audience: "member", card });
		}
	}
}

const isDirect = (where: Message) =>
	where.channelId.startsWith("D") || where.channelId.startsWith("U") || where.channelId.startsWith("W");

/** The acting member's direct messages. */
function direct(interaction: Interaction): Message {
	return {
		type: "message",
		channelId: interaction.memberId,
		channelName: "directmessage",
		threadId: null,
		responseUrl: null,
		since: interaction.receivedAt,
		replaceable: false,
	};
}
