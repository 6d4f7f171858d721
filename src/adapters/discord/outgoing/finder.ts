import { createHash } from "node:crypto";
import { type APIMessage, type REST, Routes, SnowflakeUtil } from "discord.js";
import type { Posted } from "../../../chat/platform.ts";
import { MINUTE } from "../../../core/durations.ts";
import { markOf } from "../incoming/control-id.ts";
import type { Servers } from "../install/servers.ts";
import { NONCE } from "./limits.ts";

/** Milliseconds by which Discord's clock and ours may differ. */
const CLOCK_SKEW = 2 * MINUTE;
/** Messages of a channel that are read in search of one, a hundred at a time. */
const PAGE = 100;
const MOST_PAGES = 5;

/** At most 25 characters that every try of one delivery shares. */
export function nonceOf(key: string): string {
	return createHash("sha256")
		.update(key)
		.digest("base64url")
		.slice(0, NONCE - 3);
}

/** Finds out whether a delivery has arrived, by what the bot's own messages in a channel say of theirs. */
export class Finder {
	readonly #rest: REST;
	readonly #servers: Servers;

	constructor(rest: REST, servers: Servers) {
		this.#rest = rest;
		this.#servers = servers;
	}

	/** Looks through channels, one after the other, for the delivery of a key. @throws what a request throws */
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

	/** Reads the channel's messages since the send: our own say by nonce or mark which delivery they are. */
	async #searchIn(
		channelId: string,
		nonce: string,
		since: Date,
		signal: AbortSignal,
	): Promise<Posted | "absent" | "cannot-tell"> {
		const { botId } = await this.#servers.identity();
		let after = SnowflakeUtil.generate({ timestamp: since.getTime() - CLOCK_SKEW }).toString();
		let unmarked = false;
		for (let page = 0; page < MOST_PAGES; page += 1) {
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

	/** Nothing at all may also mean that the bot may not read the channel: then nobody can tell. */
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

/** A message of ours that says nothing of its delivery. Replies to commands do not, and none is edited before it is recorded. */
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
