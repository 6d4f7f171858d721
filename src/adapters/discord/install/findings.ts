/** Finds what a daily question needs in a channel and does not have, from Discord's data. */
import {
	type APIChannel,
	type APIGuild,
	type APIGuildMember,
	type APIOverwrite,
	ChannelType,
	PermissionFlagsBits,
} from "discord.js";
import type { Finding, PostWishes } from "../../../chat/platform.ts";
import { POSTABLE_CHANNELS } from "../outgoing/modal.ts";
import { channelPermissions, POST_PERMISSIONS, THREAD_PERMISSIONS } from "./permissions.ts";

interface ChannelAccess {
	readonly guild: APIGuild;
	readonly member: APIGuildMember;
	readonly botId: string;
	readonly channel: APIChannel;
}

const CHOOSE = "Choose a text channel or an announcement channel.";

export const CHANNEL_NOT_VISIBLE: Finding = {
	name: "View Channel",
	ok: false,
	fault: "The channel is gone, or the bot cannot see it.",
	remedy: "Choose another, or give the bot View Channel in it.",
};

/** Kinds of channels that cannot take a question, in words. */
const OTHER_KINDS: Partial<Record<ChannelType, string>> = {
	[ChannelType.GuildForum]: "a forum channel",
	[ChannelType.GuildMedia]: "a media channel",
	[ChannelType.GuildVoice]: "a voice channel",
	[ChannelType.GuildStageVoice]: "a stage channel",
	[ChannelType.GuildCategory]: "a category",
	[ChannelType.PublicThread]: "a thread",
	[ChannelType.PrivateThread]: "a thread",
	[ChannelType.AnnouncementThread]: "a thread",
};

function kindFinding({ guild, channel }: ChannelAccess): Finding {
	const name = "a text channel of this server";
	const belongs = "guild_id" in channel && channel.guild_id === guild.id;
	if (!belongs) return { name, ok: false, fault: "That channel is not on this server.", remedy: CHOOSE };
	if (POSTABLE_CHANNELS.some((type) => type === channel.type)) return { name, ok: true, remedy: "" };
	const kind = OTHER_KINDS[channel.type] ?? "no channel for texts";
	return { name, ok: false, fault: `That is ${kind}, where I cannot post a question.`, remedy: CHOOSE };
}

function threadFinding(bits: bigint, refused: string | null): Finding {
	const may = (bits & THREAD_PERMISSIONS) === THREAD_PERMISSIONS;
	if (!may) {
		const name =
			"no threads (Create Public Threads and Send Messages in Threads would bring them): the answer comes as a reply";
		return { name, ok: true, remedy: "" };
	}
	if (refused === null)
		return { name: "a thread for each question, where its answer is discussed", ok: true, remedy: "" };
	return {
		name: `threads: Discord refused the last one, as ${refused}. nlpq tries again after ten minutes, or when the permissions change`,
		ok: true,
		remedy: "",
	};
}

/** Whether the bot can notify a role; null if no role is set. */
function roleFinding({ guild }: ChannelAccess, bits: bigint, roleId: string | null): Finding | null {
	if (roleId === null) return null;
	const role = guild.roles.find(({ id }) => id === roleId);
	if (roleId === guild.id)
		return {
			name: "a role to notify",
			ok: false,
			fault: "@everyone is never notified: a question a day is too much for that.",
			remedy: "Choose a role that members can join or leave.",
		};
	const shared = { name: "the role to notify", isOptional: true as const };
	if (!role)
		return {
			...shared,
			ok: false,
			fault: "The role to notify is gone.",
			remedy: "Choose another, or none, with `/nlpq schedule edit`.",
		};
	const name = `the role to notify (${role.name})`;
	if (role.mentionable || (bits & PermissionFlagsBits.MentionEveryone) !== 0n)
		return { ...shared, name, ok: true, remedy: "" };
	return {
		...shared,
		name,
		ok: false,
		fault: `The role ${role.name} cannot be notified.`,
		remedy:
			"Server settings, Roles: allow anyone to @mention this role. Or give the bot Mention @everyone, @here and All Roles in the channel.",
	};
}

function publishFinding({ channel }: ChannelAccess, publish: boolean): Finding | null {
	if (!publish) return null;
	const name = "publishing to the servers that follow the channel";
	if (channel.type === ChannelType.GuildAnnouncement) return { name, ok: true, remedy: "" };
	const fault = "Only posts in announcement channels can be published.";
	return {
		name,
		ok: false,
		isOptional: true,
		fault,
		remedy: "Choose an announcement channel, or set `publish` to no.",
	};
}

export function overwritesOf(channel: APIChannel): readonly APIOverwrite[] {
	return "permission_overwrites" in channel ? (channel.permission_overwrites ?? []) : [];
}

/** Whether a daily question can be posted in a channel. */
export const isPostable = (access: ChannelAccess): boolean => findingsOf(access, {}).every(({ ok }) => ok);

/** All findings, in the order in which a post would meet them. */
export function findingsOf(
	access: ChannelAccess,
	{ roleId = null, publish = false, threadRefusal = null }: PostWishes,
): Finding[] {
	const { guild, member, botId, channel } = access;
	const where = kindFinding(access);
	if (!where.ok) return [where];
	const bits = channelPermissions(guild, botId, member, overwritesOf(channel));
	const needed = POST_PERMISSIONS.map(({ name, bit }) => ({
		name,
		ok: (bits & bit) !== 0n,
		remedy: `Channel settings, Permissions: give the bot ${name} there.`,
	}));
	const wished = [roleFinding(access, bits, roleId), publishFinding(access, publish)].filter(
		(finding) => finding !== null,
	);
	return [where, ...needed, threadFinding(bits, threadRefusal), ...wished];
}
