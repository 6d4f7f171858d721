import type { ChannelType, InteractionType } from "discord-api-types/v10";
import { PermissionFlagsBits } from "discord-api-types/v10";
import type { Component, Embed } from "./bodies.ts";

export type PermissionName = keyof typeof PermissionFlagsBits;

export interface LocalUser {
	readonly id: string;
	name: string;
	readonly bot: boolean;
	/** Whether direct messages to this user work; if not, they are refused with 50007. */
	acceptsDirectMessages: boolean;
}

export interface LocalMember {
	readonly user: LocalUser;
	/** The role that carries `permissions`, created for this member only. */
	readonly roleId: string;
	permissions: bigint;
	nickname: string | null;
	readonly joinedAt: number;
}

/** A role to give to members. The roles that carry a member's permissions are created automatically. */
export interface LocalRole {
	readonly id: string;
	name: string;
	/** Whether anyone may mention it; others need Mention @everyone, @here and All Roles. */
	mentionable: boolean;
}

export interface LocalGuild {
	readonly id: string;
	name: string;
	readonly ownerId: string;
	locale: string;
	/** The channel in which Discord greets members; null for none. */
	systemChannel: LocalChannel | null;
	readonly members: Map<string, LocalMember>;
	readonly roles: Map<string, LocalRole>;
}

export interface LocalChannel {
	readonly id: string;
	readonly type:
		| ChannelType.GuildText
		| ChannelType.GuildAnnouncement
		| ChannelType.DM
		| ChannelType.PublicThread
		| ChannelType.PrivateThread;
	name: string;
	readonly guild: LocalGuild | undefined;
	/** The channel above a thread. */
	readonly parent: LocalChannel | undefined;
	/** The other side of a direct message. */
	readonly recipient: LocalUser | undefined;
	/** What the bot may do here. A thread has its parent's permissions. */
	botPermissions: bigint;
	readonly createdAt: number;
	/** Minutes of silence after which a thread is archived. */
	readonly autoArchiveMinutes: number;
}

export interface StoredFile {
	readonly id: string;
	readonly name: string;
	readonly size: number;
	readonly description: string | undefined;
	readonly contentType: string;
	readonly bytes: Uint8Array;
}

/** A message's content before an edit, and when it was edited (milliseconds since 1970). */
interface MessageEdit {
	readonly at: number;
	readonly content: string;
	readonly embeds: readonly Embed[];
	readonly components: readonly Component[];
}

export interface StoredMessage {
	readonly id: string;
	readonly channel: LocalChannel;
	readonly author: LocalUser;
	content: string;
	embeds: Embed[];
	components: Component[];
	flags: number;
	/** Ids of the roles that the message pinged when it was sent. */
	readonly pinged: readonly string[];
	files: StoredFile[];
	readonly nonce: string | number | undefined;
	readonly createdAt: number;
	readonly edits: MessageEdit[];
	/** The thread started from this message. */
	thread: LocalChannel | undefined;
	deleted: boolean;
	/** Whether it is a deferral that still shows "is thinking". */
	loading: boolean;
	/** The only user who sees a private reply. */
	readonly visibleTo: LocalUser | undefined;
	readonly interaction: { readonly id: string; readonly type: InteractionType; readonly user: LocalUser } | undefined;
	readonly replyTo: string | undefined;
}

/** The bits of the named permissions. */
export function permissionBits(names: readonly PermissionName[]): bigint {
	return names.reduce((bits, name) => bits | PermissionFlagsBits[name], 0n);
}

/** Every permission that exists. */
const ALL_PERMISSIONS = Object.values(PermissionFlagsBits).reduce((bits, bit) => bits | bit, 0n);

/** @everyone's permissions in this server's guilds. */
export const EVERYONE_PERMISSIONS = permissionBits([
	"ViewChannel",
	"SendMessages",
	"SendMessagesInThreads",
	"EmbedLinks",
	"AttachFiles",
	"AddReactions",
	"ReadMessageHistory",
	"UseApplicationCommands",
]);

/** The bot's permissions unless a test changes them. */
export const BOT_PERMISSIONS = EVERYONE_PERMISSIONS | permissionBits(["CreatePublicThreads", "UseExternalEmojis"]);

/** The bot's effective permissions in a channel; none if it cannot view the channel. */
export function botPermissionsIn(channel: LocalChannel): bigint {
	const bits = (channel.parent ?? channel).botPermissions;
	return (bits & PermissionFlagsBits.ViewChannel) === 0n ? 0n : bits;
}

/** A member's permissions: @everyone's and the member's own. An administrator and the owner have all. */
export function memberPermissions(guild: LocalGuild, member: LocalMember): bigint {
	const all = guild.ownerId === member.user.id || (member.permissions & PermissionFlagsBits.Administrator) !== 0n;
	return all ? ALL_PERMISSIONS : EVERYONE_PERMISSIONS | member.permissions;
}
