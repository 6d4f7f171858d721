import { createHash } from "node:crypto";
import { type APIMessage, type REST, Routes, SnowflakeUtil } from "discord.js";
import type { Posted } from "../../../chat/platform.ts";
import { MINUTE } from "../../../core/durations.ts";
import { markOf } from "../incoming/control-id.ts";
import type { Servers } from "../install/servers.ts";
import { NONCE } from "./limits.ts";

/** How far Discord's clock and ours may differ, in milliseconds. */
const CLOCK_SKEW = 2 * MINUTE;
/** How many messages one request reads, and how many requests a search makes in a channel. */
const PAGE = 100;
const MAX_PAGES = 5;

/** A nonce of at most 25 characters, the same for every try of one delivery. */
export function nonceOf(key: string): string {
	return createHash("sha256")
		.update(key)
		.digest("base64url")
		.slice(0, NONCE - 3);
}

/** Finds out whether a delivery has arrived, by the nonces and marks of the bot's own messages. */
export class Finder {
	readonly #rest: REST;
	readonly #servers: Servers;

	constructor(rest: REST, servers: Servers) {
		this.#rest = rest;
		this.#servers = servers;
	}

	/** Looks for a delivery by its key, in one channel after another. @throws what a request throws */
	async search(
		channels: readonly string[],
		key: string,
		since: Date,
		signal: AbortSignal,
	): Promise<Posted | "absent" | "cannot-tell"> {
		let result: "absent" | "cannot-tell" = "absent";
		for (const channelId of channels) {
			const found = await this.#searchIn(channelId, nonceOf(key), since, signal);
			if (typeof found !== "string") return found;
			if (found === "cannot-tell") result = found;
		}
		return result;
	}

	/** Reads the channel's messages since the send; the nonce or mark of ours names their delivery. */
	async #searchIn(
		channelId: string,
		nonce: string,
		since: Date,
		signal: AbortSignal,
	): Promise<Posted | "absent" | "cannot-tell"> {
		const { botId } = await this.#servers.identity();
		let after = SnowflakeUtil.generate({ timestamp: since.getTime() - CLOCK_SKEW }).toString();
		let unmarked = false;
		for (let page = 0; page < MAX_PAGES; page += 1) {
			const query = new URLSearchParams({ after, limit: String(PAGE) });
			const messages = (await this.#rest.get(Routes.channelMessages(channelId), {
				query,
				signal,
			})) as APIMessage[];
			const own = messages.filter((message) => message.author.id === botId);
			const found = own.find((message) => marksOf(message).includes(nonce));
			if (found) return { messageId: found.id, threadId: found.thread?.id ?? null };
			unmarked ||= own.some(mayBeAny);
			if (messages.length < PAGE) return unmarked ? "cannot-tell" : this.#absent(channelId, messages, page, signal);
			after = messages.map((message) => message.id).reduce((newest, id) => (BigInt(id) > BigInt(newest) ? id : newest));
		}
		return "cannot-tell";
	}

	/** An empty answer may also mean that the bot may not read the channel; then nobody can tell. */
	async #absent(
		channelId: string,
		messages: readonly APIMessage[],
		page: number,
		signal: AbortSignal,
	): Promise<"absent" | "cannot-tell"> {
		if (messages.length > 0 || page > 0) return "absent";
		const channel = await this.#servers.channel(channelId, signal);
		const guildId = "guild_id" in channel ? channel.guild_id : undefined;
		if (guildId === undefined || "thread_metadata" in channel) return "absent";
		const findings = await this.#servers.findings(guildId, channelId, signal);
		return findings.every((finding) => finding.ok || finding.name !== "Read Message History")
			? "absent"
			: "cannot-tell";
	}
}

/** An own message that may be any delivery. Not a reply to a command, nor an edited one: those are recorded already. */
function mayBeAny(message: APIMessage): boolean {
	return (
		marksOf(message).length === 0 && message.interaction_metadata === undefined && message.edited_timestamp === null
	);
}

function marksOf(message: APIMessage): string[] {
	const ids = (message.components ?? []).flatMap((row) =>
		"components" in row ? row.components.flatMap((part) => ("custom_id" in part ? [part.custom_id] : [])) : [],
	);
	const marks = ids.flatMap((id) => markOf(id) ?? []).filter((mark) => mark.length > 3);
	return message.nonce === undefined ? marks : [...marks, String(message.nonce)];
}
