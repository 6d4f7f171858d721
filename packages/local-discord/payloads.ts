import type { APIGuildMember, APIRole, APIUser } from "discord-api-types/v10";
import { InteractionType, MessageType, OverwriteType } from "discord-api-types/v10";
import type { Component } from "./bodies.ts";
import type { LocalChannel, LocalGuild, LocalMember, LocalUser, StoredFile, StoredMessage } from "./entities.ts";
import { BOT_PERMISSIONS, botPermissionsIn, EVERYONE_PERMISSIONS } from "./entities.ts";
import type { World } from "./world.ts";

/** The type names each flag but not their absence. */
const NO_MEMBER_FLAGS: number = 0;

const instant = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** A user in Discord's format. */
export function userPayload(user: LocalUser): APIUser {
	const names = { username: user.name.replaceAll(" ", "_").toLowerCase(), global_name: user.name };
	return { id: user.id, ...names, discriminator: "0", avatar: null, bot: user.bot };
}

/** A member in Discord's format, with the user in it. */
export function memberPayload(member: LocalMember): APIGuildMember {
	return {
		user: userPayload(member.user),
		nick: member.nickname,
		roles: [member.roleId],
		joined_at: instant(member.joinedAt),
		deaf: false,
		mute: false,
		flags: NO_MEMBER_FLAGS,
	};
}

function role(id: string, name: string, permissions: bigint, position: number, mentionable = false): APIRole {
	const colors = { primary_color: 0, secondary_color: null, tertiary_color: null };
	const shown = { color: 0, colors, hoist: false, managed: false, mentionable, flags: 0 };
	return { id, name, permissions: permissions.toString(), position, ...shown };
}

/** @everyone, one role for each member with permissions of their own, and the roles that were added. */
export function rolePayloads(guild: LocalGuild): APIRole[] {
	const own = [...guild.members.values()].map((member) =>
		role(member.roleId, `role of ${member.user.name}`, member.permissions, 1),
	);
	const added = [...guild.roles.values()].map(({ id, name, mentionable }) => role(id, name, 0n, 1, mentionable));
	return [role(guild.id, "@everyone", EVERYONE_PERMISSIONS, 0), ...own, ...added];
}

function overwrites(world: World, channel: LocalChannel): object[] {
	const denied = BOT_PERMISSIONS & ~channel.botPermissions;
	const allowed = channel.botPermissions & ~BOT_PERMISSIONS;
	if (denied === 0n && allowed === 0n) return [];
	return [{ id: world.bot.id, type: OverwriteType.Member, allow: allowed.toString(), deny: denied.toString() }];
}

/** A thread in Discord's format. */
export function threadPayload(world: World, thread: LocalChannel): object {
	const count = world.messagesIn(thread.id).length;
	return {
		id: thread.id,
		type: thread.type,
		name: thread.name,
		guild_id: thread.guild?.id,
		parent_id: thread.parent?.id,
		owner_id: world.bot.id,
		last_message_id: null,
		rate_limit_per_user: 0,
		message_count: count,
		total_message_sent: count,
		member_count: 1,
		flags: 0,
		thread_metadata: {
			archived: false,
			locked: false,
			auto_archive_duration: thread.autoArchiveMinutes,
			archive_timestamp: instant(thread.createdAt),
			create_timestamp: instant(thread.createdAt),
		},
	};
}

/** A channel in Discord's format: a text channel, thread or direct message. */
export function channelPayload(world: World, channel: LocalChannel): object {
	const shared = { id: channel.id, type: channel.type, last_message_id: null, flags: 0 };
	if (channel.recipient) return { ...shared, recipients: [userPayload(channel.recipient)] };
	if (channel.parent) return threadPayload(world, channel);
	return {
		...shared,
		guild_id: channel.guild?.id,
		name: channel.name,
		position: 0,
		parent_id: null,
		topic: null,
		nsfw: false,
		rate_limit_per_user: 0,
		permission_overwrites: overwrites(world, channel),
	};
}

/** A channel as in an interaction, with the bot's permissions. */
export function interactionChannelPayload(world: World, channel: LocalChannel): object {
	return { ...channelPayload(world, channel), permissions: botPermissionsIn(channel).toString() };
}

/** A guild as in the response of GET /guilds. */
export function guildSummary(guild: LocalGuild): object {
	return {
		id: guild.id,
		name: guild.name,
		icon: null,
		splash: null,
		discovery_splash: null,
		owner_id: guild.ownerId,
		afk_channel_id: null,
		afk_timeout: 300,
		verification_level: 0,
		default_message_notifications: 0,
		explicit_content_filter: 0,
		roles: rolePayloads(guild),
		emojis: [],
		stickers: [],
		features: [],
		mfa_level: 0,
		application_id: null,
		system_channel_id: guild.systemChannel?.id ?? null,
		system_channel_flags: 0,
		rules_channel_id: null,
		public_updates_channel_id: null,
		vanity_url_code: null,
		description: null,
		banner: null,
		premium_tier: 0,
		preferred_locale: guild.locale,
		nsfw_level: 0,
		premium_progress_bar_enabled: false,
		safety_alerts_channel_id: null,
	};
}

/** GUILD_CREATE. Without the members intent it contains only the bot's own member. */
export function guildPayload(world: World, guild: LocalGuild): object {
	const channels = world.channelsOf(guild);
	const own = guild.members.get(world.bot.id);
	return {
		...guildSummary(guild),
		joined_at: instant(own?.joinedAt ?? world.clock.now()),
		large: false,
		unavailable: false,
		member_count: guild.members.size,
		voice_states: [],
		presences: [],
		stage_instances: [],
		guild_scheduled_events: [],
		soundboard_sounds: [],
		members: own ? [memberPayload(own)] : [],
		channels: channels.filter((channel) => !channel.parent).map((channel) => channelPayload(world, channel)),
		threads: channels.filter((channel) => channel.parent).map((channel) => threadPayload(world, channel)),
	};
}

/** Components as Discord returns them, each with its own number. */
function numbered(components: readonly Component[], next: () => number): object[] {
	return components.map((component) => ({
		...component,
		id: component.id ?? next(),
		...(component.components ? { components: numbered(component.components, next) } : {}),
	}));
}

function messageType(message: StoredMessage): MessageType {
	if (message.interaction?.type === InteractionType.ApplicationCommand) return MessageType.ChatInputCommand;
	return message.replyTo || message.interaction ? MessageType.Reply : MessageType.Default;
}

/** A file in Discord's format. @param origin of the server that serves it */
export function attachmentPayload(file: StoredFile, channelId: string, origin: string): object {
	const url = `${origin}/attachments/${channelId}/${file.id}/${encodeURIComponent(file.name)}`;
	const facts = { filename: file.name, size: file.size, content_type: file.contentType };
	return { id: file.id, url, proxy_url: url, ...facts, ...(file.description ? { description: file.description } : {}) };
}

function attachments(message: StoredMessage): object[] {
	return message.files.map((file) => attachmentPayload(file, message.channel.id, "https://cdn.discordapp.com"));
}

function interactionFields(world: World, message: StoredMessage): object {
	const { interaction } = message;
	if (!interaction) return {};
	const { id, type } = interaction;
	const owners = { 1: interaction.user.id };
	const metadata = { id, type, user: userPayload(interaction.user), authorizing_integration_owners: owners };
	return { application_id: world.applicationId, webhook_id: world.applicationId, interaction_metadata: metadata };
}

/** The users that a message mentions, and the author of the message it replies to, since a reply pings. */
function mentioned(world: World, message: StoredMessage): LocalUser[] {
	const named = [...message.content.matchAll(/<@!?(\d+)>/g)].flatMap(([, id = ""]) => world.users.get(id) ?? []);
	const answered = message.replyTo === undefined ? undefined : world.messages.get(message.replyTo)?.author;
	return [...new Set([...named, ...(answered ? [answered] : [])])];
}

/** Without the message content intent a bot reads only its own messages, direct messages, and those that mention it. */
function readable(world: World, message: StoredMessage): object {
	const isMentioned = mentioned(world, message).includes(world.bot);
	const open = message.author === world.bot || !message.channel.guild || isMentioned;
	let number = 0;
	const components = numbered(message.components, () => ++number);
	const embeds = message.embeds.map((embed) => ({ type: "rich", ...embed }));
	const shown = { content: message.content, embeds, attachments: attachments(message), components };
	return open ? shown : { content: "", embeds: [], attachments: [], components: [] };
}

/** A message in Discord's format. */
export function messagePayload(world: World, message: StoredMessage): object {
	const lastEdit = message.edits.at(-1);
	const channel_id = message.channel.id;
	return {
		id: message.id,
		channel_id,
		type: messageType(message),
		author: userPayload(message.author),
		...readable(world, message),
		...interactionFields(world, message),
		timestamp: instant(message.createdAt),
		edited_timestamp: lastEdit ? instant(lastEdit.at) : null,
		tts: false,
		mention_everyone: false,
		mentions: mentioned(world, message).map(userPayload),
		mention_roles: [...message.pinged],
		pinned: false,
		flags: message.flags,
		...(message.nonce === undefined ? {} : { nonce: message.nonce }),
		...(message.replyTo ? { message_reference: { type: 0, channel_id, message_id: message.replyTo } } : {}),
		...(message.thread ? { thread: threadPayload(world, message.thread) } : {}),
	};
}
