import * as z from "zod";
import type { Card } from "../../../chat/card.ts";
import { pause } from "../../../chat/deadlines.ts";
import { DeliveryFault, type Destination, type Finding, type Platform, type Posted } from "../../../chat/platform.ts";
import { Presence } from "../../../chat/presence.ts";
import { UserError } from "../../../core/errors.ts";
import { requireSize } from "../../../core/import/file-text.ts";
import type { Store } from "../../../core/ports/store.ts";
import type { Arguments, SlackWeb } from "../transport/web.ts";
import { checkChannel } from "./channel-check.ts";
import { deliveryFault, endsInstallation, refusalOf, refusesBlocks } from "./faults.ts";
import type { Pictures } from "./pictures.ts";
import { type Content, renderMessages } from "./render.ts";

export const EVENT_TYPE = "nlpq_delivery";
/** How far Slack's clock and ours may differ, in seconds. */
const CLOCK_MARGIN = 300;
const HISTORY_PAGE = 200;
const HISTORY_PAGES = 5;
/** How often to try each further part of a message. */
const MAX_PART_TRIES = 3;
/** At most this many admins are told of a problem. */
const MAX_ADMINS = 5;

const postedSchema = z.object({ ts: z.string(), channel: z.string() });
const historySchema = z.object({
	messages: z.array(
		z.object({
			ts: z.string(),
			metadata: z.object({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) }).optional(),
		}),
	),
	response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});
const fileSchema = z.object({ file: z.object({ size: z.number(), url_private: z.string() }) });
const userSchema = z.object({ user: z.object({ deleted: z.boolean().optional() }) });

/** A message and, if it is long, the messages that continue it. */
type Contents = ReturnType<typeof renderMessages>;

/** Set in every message of ours: links show no preview. */
const NO_UNFURLING = { unfurl_links: false, unfurl_media: false };

export interface PlatformParts {
	readonly web: SlackWeb;
	readonly store: Store;
	readonly pictures: Pictures;
	/** Called when a workspace's installation has ended. */
	ended(workspaceId: string): Promise<void>;
	/** Called when a later part of a message could not be sent, after its first part was. */
	lost(workspaceId: string, error: unknown): void;
}

/** Slack as a chat platform. A workspace's id is its team id. */
export class SlackPlatform implements Platform {
	readonly name = "slack";
	readonly #parts: PlatformParts;
	readonly #presence: Presence;

	constructor(parts: PlatformParts) {
		this.#parts = parts;
		this.#presence = new Presence(async (workspaceId, user, signal) => {
			const { user: person } = userSchema.parse(await parts.web.call(workspaceId, "users.info", { user }, signal));
			return person.deleted === true ? "left" : "present";
		});
	}

	async post(to: Destination, card: Card, key: string, signal: AbortSignal): Promise<Posted> {
		const { workspaceId } = to;
		const pictures = await this.#parts.pictures.of(workspaceId, [card]);
		const contents = renderMessages(card, { workspaceId, pictures });
		try {
			switch (to.type) {
				case "channel":
					return await this.#send(workspaceId, { channel: to.channelId }, contents, key, signal);
				case "thread":
					return await this.#send(
						workspaceId,
						{ channel: to.channelId, thread_ts: to.threadId ?? to.messageId },
						contents,
						key,
						signal,
					);
				case "member":
					return await this.#send(workspaceId, { channel: to.memberId }, contents, key, signal);
				case "arrival":
					return await this.#tellInstaller(workspaceId, contents, key, signal);
				case "admins":
					return await this.#tellAdmins(workspaceId, contents, key, signal);
			}
		} catch (error) {
			const fault = deliveryFault(error);
			if (endsInstallation(error)) await this.#parts.ended(workspaceId);
			throw fault;
		}
	}

	/**
	 * Sends the first part, then the others. A later failure is not thrown: a retry would send the first part again.
	 */
	async #send(
		workspaceId: string,
		where: Arguments,
		contents: Contents,
		key: string,
		signal: AbortSignal,
	): Promise<Posted> {
		const [first, ...rest] = contents;
		const metadata = { event_type: EVENT_TYPE, event_payload: { key } };
		const send = (content: Partial<Content>) =>
			this.#parts.web.call(
				workspaceId,
				"chat.postMessage",
				{ ...where, ...content, ...NO_UNFURLING, metadata },
				signal,
			);
		const answer = await send(first).catch((error: unknown) => {
			if (!refusesBlocks(error)) throw error;
			// The words alone: a question that can only be answered by command is better than a paused schedule.
			this.#parts.lost(workspaceId, error);
			return send({ text: first.text });
		});
		const posted = postedSchema.parse(answer);
		const below = "thread_ts" in where ? where : { ...where, thread_ts: posted.ts };
		for (const content of rest) await this.#sendPart(workspaceId, { ...below, ...content, ...NO_UNFURLING });
		return { messageId: posted.ts, threadId: null };
	}

	async #sendPart(workspaceId: string, args: Arguments): Promise<void> {
		for (let tries = 1; ; tries += 1) {
			try {
				await this.#parts.web.call(workspaceId, "chat.postMessage", args);
				return;
			} catch (error) {
				const fault = deliveryFault(error);
				if (fault.kind !== "not-sent" || tries >= MAX_PART_TRIES) return this.#parts.lost(workspaceId, error);
				await pause(Math.min(fault.retryAfter ?? 1000, 5000));
			}
		}
	}

	/** Tells the member who installed the app, if Slack has named one. */
	async #tellInstaller(workspaceId: string, contents: Contents, key: string, signal: AbortSignal): Promise<Posted> {
		const { installerId } = await this.#parts.web.access(workspaceId);
		if (installerId === null) throw new DeliveryFault("permanent", "Nobody is known to have installed the app", "");
		return this.#send(workspaceId, { channel: installerId }, contents, key, signal);
	}

	async #tellAdmins(workspaceId: string, contents: Contents, key: string, signal: AbortSignal): Promise<Posted> {
		const { web, store } = this.#parts;
		const access = await web.access(workspaceId);
		const workspace = await store.people.findWorkspace(this.name, workspaceId);
		const named = workspace ? await store.people.admins(workspace.id) : [];
		const last = workspace ? await store.people.lastAdmin(workspace.id) : null;
		const recipients = [...new Set([last, access.installerId, ...named].flatMap((id) => (id ? [id] : [])))].slice(
			0,
			MAX_ADMINS,
		);
		let told: Posted | null = null;
		let fault: unknown = new DeliveryFault(
			"permanent",
			"No admin of the workspace is known yet",
			"Use `/nlpq schedule list` once, as an admin.",
		);
		for (const channel of recipients) {
			try {
				const posted = await this.#send(workspaceId, { channel }, contents, key, signal);
				told ??= posted;
			} catch (error) {
				fault = error;
			}
		}
		if (told) return told;
		throw fault;
	}

	async lookUp(
		to: Destination,
		key: string,
		since: Date,
		signal: AbortSignal,
	): Promise<Posted | "absent" | "cannot-tell"> {
		// Reading direct messages would need further scopes.
		if (to.type === "member" || to.type === "admins" || to.type === "arrival") return "cannot-tell";
		const method = to.type === "channel" ? "conversations.history" : "conversations.replies";
		const root = to.type === "channel" ? {} : { ts: to.threadId ?? to.messageId };
		const oldest = String(Math.floor(since.getTime() / 1000) - CLOCK_MARGIN);
		const args = { channel: to.channelId, ...root, oldest, include_all_metadata: true, limit: HISTORY_PAGE };
		try {
			return await this.#search(to.workspaceId, method, args, key, signal);
		} catch (error) {
			const fault = deliveryFault(error);
			if (fault.kind === "permanent") return "cannot-tell";
			throw fault;
		}
	}

	async #search(
		workspaceId: string,
		method: string,
		args: Arguments,
		key: string,
		signal: AbortSignal,
	): Promise<Posted | "absent" | "cannot-tell"> {
		let cursor = "";
		for (let page = 0; page < HISTORY_PAGES; page += 1) {
			const more = cursor === "" ? {} : { cursor };
			const { messages, response_metadata } = historySchema.parse(
				await this.#parts.web.call(workspaceId, method, { ...args, ...more }, signal),
			);
			const found = messages.find(
				({ metadata }) => metadata?.event_type === EVENT_TYPE && metadata.event_payload.key === key,
			);
			if (found) return { messageId: found.ts, threadId: null };
			cursor = response_metadata?.next_cursor ?? "";
			if (cursor === "") return "absent";
		}
		return "cannot-tell";
	}

	async edit(to: Destination, messageId: string, card: Card, signal: AbortSignal): Promise<void> {
		if (to.type !== "channel" && to.type !== "thread")
			throw new DeliveryFault("permanent", "Direct messages are not edited", "Nothing needs to be done.");
		const { workspaceId, channelId } = to;
		const pictures = await this.#parts.pictures.of(workspaceId, [card]);
		const [content] = renderMessages(card, { workspaceId, pictures });
		try {
			await this.#parts.web.call(workspaceId, "chat.update", { channel: channelId, ts: messageId, ...content }, signal);
		} catch (error) {
			throw deliveryFault(error);
		}
	}

	async linkTo(to: Destination, messageId: string, signal: AbortSignal): Promise<string | "gone" | null> {
		if (to.type !== "channel") return null;
		try {
			const args = { channel: to.channelId, message_ts: messageId };
			const answer = await this.#parts.web.call(to.workspaceId, "chat.getPermalink", args, signal);
			return z.object({ permalink: z.string() }).parse(answer).permalink;
		} catch (error) {
			if (refusalOf(error) === "message_not_found") return "gone";
			throw deliveryFault(error);
		}
	}

	whoLeft(workspaceId: string, memberIds: readonly string[], signal: AbortSignal): Promise<ReadonlySet<string>> {
		return this.#presence.whoLeft(workspaceId, memberIds, signal);
	}

	async formsTakeFiles(workspaceId: string): Promise<boolean> {
		try {
			return await this.#parts.web.grants(workspaceId, "files:read");
		} catch {
			// The form opens without a file field.
			return false;
		}
	}

	async readFile(workspaceId: string, file: string): Promise<Uint8Array> {
		try {
			const answer = fileSchema.parse(await this.#parts.web.call(workspaceId, "files.info", { file }));
			// Slack states the size, so a file that is too large is not fetched.
			requireSize(answer.file.size);
			return await this.#parts.web.file(workspaceId, answer.file.url_private);
		} catch (error) {
			if (error instanceof UserError) throw error;
			throw new UserError(
				"Slack did not hand over that file. Nothing was changed.",
				"`/nlpq questions import` opens the form again: choose the file there, or paste its text.",
			);
		}
	}

	check(workspaceId: string, channelId: string, signal: AbortSignal): Promise<readonly Finding[]> {
		return checkChannel(this.#parts.web, workspaceId, channelId, signal);
	}
}
