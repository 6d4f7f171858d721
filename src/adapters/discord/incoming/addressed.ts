/** Messages to the bot: those that mention it in a channel, and direct messages. */
import {
	type APIUser,
	type Client,
	type GatewayMessageCreateDispatchData,
	type Guild,
	MessageType,
	PermissionFlagsBits,
} from "discord.js";
import type { Place } from "../../../chat/command.ts";
import { withoutNul } from "../../../core/text/without-nul.ts";

/** The parts of a message that nlpq reads. */
export interface Addressed {
	readonly id: string;
	readonly channelId: string;
	/** The server; null in a direct message. */
	readonly guild: { readonly id: string; readonly name: string } | null;
	readonly author: { readonly id: string; readonly name: string };
	readonly admin: boolean;
	readonly place: Place;
	/** Without the mention of the bot; other mentions are replaced by ids. */
	readonly text: string;
	/** Names of the members that the text mentions, by id. */
	readonly mentioned: ReadonlyMap<string, string>;
}

type Data = GatewayMessageCreateDispatchData;

const WRITTEN: readonly MessageType[] = [MessageType.Default, MessageType.Reply];

/** Replaces mentions by ids, the form that options take. */
const withIds = (text: string): string => text.replace(/<(?:@[!&]?|#)(\d{1,20})>/g, "$1");

const nameOf = (user: APIUser, nick: string | null | undefined): string => nick ?? user.global_name ?? user.username;

function placeOf({ channel_id: channelId }: Data, guild: Guild | undefined): Place {
	const channel = guild?.channels.cache.get(channelId);
	if (!channel?.isThread()) return { kind: "channel", channelId, channelName: channel?.name ?? "" };
	const { parent, parentId, name } = channel;
	return { kind: "thread", channelId: parentId ?? channelId, channelName: parent?.name ?? name };
}

function isManager({ author, member }: Data, guild: Guild | undefined): boolean {
	if (!guild) return false;
	const roles = [guild.id, ...(member?.roles ?? [])].map((id) => guild.roles.cache.get(id));
	return guild.ownerId === author.id || roles.some((role) => role?.permissions.has(PermissionFlagsBits.ManageGuild));
}

/**
 * Reads a message in which a person addresses the bot; null for any other. It reads the gateway's raw data, since the
 * library drops direct messages in channels it has not seen. A reply to a post of the bot pings it too, but is not
 * meant for it.
 */
export function readAddressed(data: Data, client: Client<true>): Addressed | null {
	const { id, author, content, guild_id: guildId, member, mentions } = data;
	if (author.bot || data.webhook_id || !WRITTEN.includes(data.type)) return null;
	const own = new RegExp(`<@!?${client.user.id}>`, "g");
	if (guildId !== undefined && !own.test(content)) return null;
	const guild = guildId === undefined ? undefined : client.guilds.cache.get(guildId);
	const direct: Place = { kind: "direct", channelId: data.channel_id, channelName: "" };
	return {
		id,
		channelId: data.channel_id,
		guild: guildId === undefined ? null : { id: guildId, name: guild?.name ?? "this server" },
		author: { id: author.id, name: nameOf(author, member?.nick) },
		admin: isManager(data, guild),
		place: guildId === undefined ? direct : placeOf(data, guild),
		text: withIds(withoutNul(content).replace(own, " ")).trim(),
		mentioned: new Map(mentions.map((user) => [user.id, nameOf(user, user.member?.nick)])),
	};
}
