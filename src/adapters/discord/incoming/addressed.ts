/** Messages that are addressed to the bot: those that mention it in a channel, and direct ones. */
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

/** A message, as far as it is read. */
export interface Addressed {
	readonly id: string;
	readonly channelId: string;
	/** The server; null in a direct message. */
	readonly guild: { readonly id: string; readonly name: string } | null;
	readonly author: { readonly id: string; readonly name: string };
	readonly admin: boolean;
	readonly place: Place;
	/** Without the mention of the bot, ids in place of other mentions. */
	readonly text: string;
	/** Names of the members that the text mentions, by id. */
	readonly mentioned: ReadonlyMap<string, string>;
}

type Data = GatewayMessageCreateDispatchData;

const WRITTEN: readonly MessageType[] = [MessageType.Default, MessageType.Reply];

/** Ids in place of mentions, as options take them. */
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
 * A message that a person has addressed to the bot, from the gateway's own words: the library hands on no direct message
 * in a channel that it has not seen. Null for any other; a reply to one of the bot's posts pings it too, and is meant for
 * others.
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
