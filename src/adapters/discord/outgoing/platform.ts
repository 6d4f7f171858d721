import { type APIChannel, type APIMessage, type REST, RESTJSONErrorCodes, Routes } from "discord.js";
import type { Logger } from "pino";
import type { Card } from "../../../chat/card.ts";
import {
	DeliveryFault,
	type Destination,
	type Finding,
	type Platform,
	type Posted,
	type PostWishes,
} from "../../../chat/platform.ts";
import { Refusals } from "../../../chat/platform-refusals.ts";
import { Presence } from "../../../chat/presence.ts";
import { MINUTE } from "../../../core/durations.ts";
import type { Clock } from "../../../core/ports/clock.ts";
import type { Store } from "../../../core/ports/store.ts";
import type { Servers } from "../install/servers.ts";
import type { SendBudget } from "./budget.ts";
import type { RenderOptions } from "./controls.ts";
import { cut } from "./cut.ts";
import { deliveryFault, refusalCode } from "./faults.ts";
import { Finder, nonceOf } from "./finder.ts";
import { THREAD_NAME } from "./limits.ts";
import { isRoleGone, publishMessage } from "./publisher.ts";
import { type Composer, type OutgoingMessage, sendOrWords } from "./rest.ts";
import { type PostTarget, Targets } from "./targets.ts";

/** How long Discord certainly refuses a second message with the same nonce, in milliseconds. */
const NONCE_WINDOW = 2 * MINUTE;
/** Minutes of silence after which Discord archives a thread: longer than a question waits for its answer. */
const THREAD_MINUTES = 4320;
/** Refusals that concern the channel or its server, not a single message. */
const THREAD_REFUSALS: Readonly<Record<number, string>> = {
	[RESTJSONErrorCodes.MissingPermissions]: "the bot may not open threads there",
	[RESTJSONErrorCodes.MissingAccess]: "the bot cannot see the channel",
	[RESTJSONErrorCodes.MaximumActiveThreads]: "the server has as many open threads as Discord allows",
};

export interface PlatformParts {
	readonly posts: REST;
	readonly servers: Servers;
	readonly composer: Composer;
	/** Reads a file by the id of its attachment. */
	readonly attachments: { read(id: string): Promise<Uint8Array> };
	readonly budget: SendBudget;
	readonly store: Store;
	readonly clock: Clock;
	readonly log: Logger;
	/** Called when a send shows that the bot is no longer on a server. */
	readonly onServerGone: (guildId: string) => Promise<void>;
}

/** Discord as the daily engine sees it. It uses REST only, so any process can post, not just the gateway's. */
export class DiscordPlatform implements Platform {
	readonly name = "discord";
	readonly nativeCommands = true;
	readonly features = ["roles", "publishing"] as const;
	readonly #parts: PlatformParts;
	readonly #finder: Finder;
	readonly #presence: Presence;
	readonly #targets: Targets;
	/** By channel. */
	readonly #threadRefusals: Refusals;

	constructor(parts: PlatformParts) {
		this.#parts = parts;
		this.#threadRefusals = new Refusals(() => parts.clock.now().getTime());
		this.#presence = new Presence((guild, member, signal) => parts.servers.presenceOf(guild, member, signal));
		this.#finder = new Finder(parts.posts, parts.servers);
		this.#targets = new Targets(parts.posts, parts.servers, parts.store.people);
	}

	async post(to: Destination, card: Card, key: string, signal: AbortSignal): Promise<Posted> {
		try {
			if (to.type === "admins") return await this.#postToAdmins(to.workspaceId, card, key, signal);
			if (to.type === "arrival") return await this.#greet(to.workspaceId, card, key, signal);
			return await this.#postIn(await this.#targets.find(to, signal), to, card, key, signal);
		} catch (error) {
			const fault = deliveryFault(error);
			if (fault.kind === "permanent" && (await this.#parts.servers.isGone(to.workspaceId)))
				await this.#parts.onServerGone(to.workspaceId);
			throw fault;
		}
	}

	readFile(_workspaceId: string, attachmentId: string): Promise<Uint8Array> {
		return this.#parts.attachments.read(attachmentId);
	}

	async #postIn(place: PostTarget, to: Destination, whole: Card, key: string, signal: AbortSignal): Promise<Posted> {
		const { notifies, ...without } = whole;
		const roleGone = await isRoleGone(this.#parts.servers, to.workspaceId, whole, signal);
		const card = roleGone ? without : whole;
		const messages = await this.#parts.composer.compose(card, renderingFor(to, key));
		let first: APIMessage | null = null;
		for (const [index, message] of messages.entries()) {
			// The last message has the delivery's own nonce: if it has arrived, all have.
			const nonce = nonceOf(index === messages.length - 1 ? key : `${key}:${index}`);
			const sent = await this.#send(place, message, nonce, signal);
			first ??= sent;
		}
		if (!first) throw new Error("a card without messages");
		const threadId =
			to.type === "channel" && card.prominent ? await this.#openThread(place.channelId, first, card, signal) : null;
		return { messageId: first.id, threadId, ...(roleGone ? { roleGone } : {}) };
	}

	async #send(
		{ channelId, replyTo }: PostTarget,
		message: OutgoingMessage,
		nonce: string,
		signal: AbortSignal,
	): Promise<APIMessage> {
		await this.#parts.budget.take(signal);
		const reference = replyTo === null ? {} : { message_reference: { message_id: replyTo, fail_if_not_exists: false } };
		return sendOrWords(message, async ({ body, files }) => {
			const whole = { ...body, ...reference, nonce, enforce_nonce: true };
			const sent = await this.#parts.posts.post(Routes.channelMessages(channelId), { body: whole, files, signal });
			return sent as APIMessage;
		});
	}

	/** Opens a daily question's thread if permitted; the post works without one too. */
	async #openThread(channelId: string, message: APIMessage, card: Card, signal: AbortSignal): Promise<string | null> {
		if (message.thread) return message.thread.id;
		if (this.#threadRefusals.reason(channelId) !== null) return null;
		try {
			await this.#parts.budget.take(signal);
			const body = { name: cut(card.title, THREAD_NAME), auto_archive_duration: THREAD_MINUTES };
			const thread = (await this.#parts.posts.post(Routes.threads(channelId, message.id), {
				body,
				signal,
			})) as APIChannel;
			return thread.id;
		} catch (error) {
			// A thread has its message's id, so an existing one need not be looked up.
			const code = refusalCode(error);
			if (code === RESTJSONErrorCodes.ThreadAlreadyCreatedForMessage) return message.id;
			const reason = code === null ? undefined : THREAD_REFUSALS[code];
			if (reason !== undefined) this.#threadRefusals.remember(channelId, reason);
			this.#parts.log.info({ channelId, code }, "could not open a thread for a daily question");
			return null;
		}
	}

	/** Tells the first admin who accepts direct messages. */
	async #postToAdmins(guildId: string, card: Card, key: string, signal: AbortSignal): Promise<Posted> {
		let last: unknown = null;
		for (const memberId of await this.#targets.admins(guildId, signal)) {
			try {
				const to: Destination = { type: "member", workspaceId: guildId, memberId };
				return await this.#postIn(await this.#targets.find(to, signal), to, card, key, signal);
			} catch (error) {
				if (deliveryFault(error).kind !== "permanent") throw error;
				last = error;
			}
		}
		throw (
			last ?? new DeliveryFault("permanent", "There is nobody to tell", "Name an admin with `/nlpq schedule admins`.")
		);
	}

	/** Greets in the server's channel for greetings, or privately if the bot may not write there. */
	async #greet(guildId: string, card: Card, key: string, signal: AbortSignal): Promise<Posted> {
		const channelId = await this.#targets.greetingChannel(guildId, signal);
		try {
			const to: Destination = { type: "channel", workspaceId: guildId, channelId: channelId ?? "" };
			if (channelId !== null) return await this.#postIn({ channelId, replyTo: null }, to, card, key, signal);
		} catch (error) {
			if (deliveryFault(error).kind !== "permanent") throw error;
		}
		return this.#postToAdmins(guildId, card, key, signal);
	}

	async lookUp(
		to: Destination,
		key: string,
		since: Date,
		signal: AbortSignal,
	): Promise<Posted | "absent" | "cannot-tell"> {
		try {
			const found = await this.#finder.search(await this.#targets.channelsOf(to, signal), key, since, signal);
			if (found !== "cannot-tell") return found;
		} catch (error) {
			if (deliveryFault(error).kind !== "permanent") throw deliveryFault(error);
		}
		// Within the nonce's window a second send returns the first message.
		const age = this.#parts.clock.now().getTime() - since.getTime();
		return age < NONCE_WINDOW ? "absent" : "cannot-tell";
	}

	async edit(to: Destination, messageId: string, card: Card, signal: AbortSignal): Promise<void> {
		try {
			if (to.type === "admins" || to.type === "arrival")
				throw new DeliveryFault("permanent", "Notices to admins are not edited", "");
			const { channelId } = await this.#targets.find(to, signal);
			const [message] = await this.#parts.composer.compose(
				card,
				to.type === "member" ? { workspaceId: to.workspaceId } : {},
			);
			if (!message) return;
			await this.#parts.budget.take(signal);
			await this.#parts.posts.patch(Routes.channelMessage(channelId, messageId), {
				body: message.body,
				files: message.files,
				signal,
			});
		} catch (error) {
			throw deliveryFault(error);
		}
	}

	async publish(to: Destination, messageId: string, signal: AbortSignal): Promise<void> {
		if (to.type !== "channel") return;
		await this.#parts.budget.take(signal);
		await publishMessage(this.#parts.posts, to.channelId, messageId, signal);
	}

	async linkTo(to: Destination, messageId: string, signal: AbortSignal): Promise<string | "gone" | null> {
		if (to.type !== "channel") return null;
		try {
			await this.#parts.posts.get(Routes.channelMessage(to.channelId, messageId), { signal });
			return `https://discord.com/channels/${to.workspaceId}/${to.channelId}/${messageId}`;
		} catch (error) {
			const code = refusalCode(error);
			if (code === RESTJSONErrorCodes.UnknownMessage || code === RESTJSONErrorCodes.UnknownChannel) return "gone";
			throw deliveryFault(error);
		}
	}

	whoLeft(workspaceId: string, memberIds: readonly string[], signal: AbortSignal): Promise<ReadonlySet<string>> {
		return this.#presence.whoLeft(workspaceId, memberIds, signal);
	}

	check(
		workspaceId: string,
		channelId: string,
		signal: AbortSignal,
		wishes: PostWishes = {},
	): Promise<readonly Finding[]> {
		const threadRefusal = this.#threadRefusals.reason(channelId);
		return this.#parts.servers.findings(workspaceId, channelId, signal, { ...wishes, threadRefusal });
	}

	/** A channel's permissions have changed: try to open threads there again. */
	permissionsChanged(channelId: string): void {
		this.#threadRefusals.forget(channelId);
	}
}

/** Buttons in a direct message carry their server; one of the controls carries the delivery's mark. */
function renderingFor(to: Destination, key: string): RenderOptions {
	const mark = nonceOf(key);
	return to.type === "member" || to.type === "admins" ? { workspaceId: to.workspaceId, mark } : { mark };
}
