/** The permissions that the bot needs, and how Discord computes a member's permissions in a channel. */
import { type APIGuild, type APIGuildMember, type APIOverwrite, OverwriteType, PermissionFlagsBits } from "discord.js";

/** Requested by the invite link; docs/discord.md gives the reason for each. */
export const INVITE_PERMISSIONS =
	PermissionFlagsBits.ViewChannel |
	PermissionFlagsBits.SendMessages |
	PermissionFlagsBits.EmbedLinks |
	PermissionFlagsBits.AttachFiles |
	PermissionFlagsBits.ReadMessageHistory |
	PermissionFlagsBits.CreatePublicThreads |
	PermissionFlagsBits.SendMessagesInThreads;

/** Needed to post a daily question and to edit it later. */
export const POST_PERMISSIONS = [
	{ name: "View Channel", bit: PermissionFlagsBits.ViewChannel },
	{ name: "Send Messages", bit: PermissionFlagsBits.SendMessages },
	{ name: "Embed Links", bit: PermissionFlagsBits.EmbedLinks },
	{ name: "Read Message History", bit: PermissionFlagsBits.ReadMessageHistory },
] as const;

/** Needed for a greeting, whose text is an embed. */
export const GREETING_PERMISSIONS =
	PermissionFlagsBits.ViewChannel | PermissionFlagsBits.SendMessages | PermissionFlagsBits.EmbedLinks;

/** With both, a daily question gets a thread for discussing the answer. */
export const THREAD_PERMISSIONS = PermissionFlagsBits.CreatePublicThreads | PermissionFlagsBits.SendMessagesInThreads;

/** The page on which an admin adds the bot to a server, with the permissions above and no privileged intents. */
export function inviteUrl(applicationId: string): string {
	const query = new URLSearchParams({
		client_id: applicationId,
		scope: "bot applications.commands",
		permissions: INVITE_PERMISSIONS.toString(),
		integration_type: "0",
	});
	return `https://discord.com/oauth2/authorize?${query}`;
}

type GuildRoles = Pick<APIGuild, "id" | "owner_id" | "roles">;
type RoledMember = Pick<APIGuildMember, "roles">;

const ALL = Object.values(PermissionFlagsBits).reduce((bits, bit) => bits | bit, 0n);

/** A member's permissions on a server, before any channel's overwrites. */
export function serverPermissions(guild: GuildRoles, memberId: string, member: RoledMember): bigint {
	if (guild.owner_id === memberId) return ALL;
	const bits = guild.roles
		.filter((role) => role.id === guild.id || member.roles.includes(role.id))
		.reduce((sum, role) => sum | BigInt(role.permissions), 0n);
	return (bits & PermissionFlagsBits.Administrator) === 0n ? bits : ALL;
}

/** A member's permissions in a channel: apply @everyone's overwrite, then the roles', then the member's own. */
export function channelPermissions(
	guild: GuildRoles,
	memberId: string,
	member: RoledMember,
	overwrites: readonly APIOverwrite[],
): bigint {
	const onServer = serverPermissions(guild, memberId, member);
	if (onServer === ALL) return ALL;
	const apply = (bits: bigint, fitting: readonly APIOverwrite[]): bigint => {
		const deny = fitting.reduce((sum, { deny: denied }) => sum | BigInt(denied), 0n);
		const allow = fitting.reduce((sum, { allow: allowed }) => sum | BigInt(allowed), 0n);
		return (bits & ~deny) | allow;
	};
	const ofRoles = overwrites.filter(({ type }) => type === OverwriteType.Role);
	const forEveryone = apply(
		onServer,
		ofRoles.filter(({ id }) => id === guild.id),
	);
	const forRoles = apply(
		forEveryone,
		ofRoles.filter(({ id }) => id !== guild.id && member.roles.includes(id)),
	);
	const bits = apply(
		forRoles,
		overwrites.filter(({ id, type }) => type === OverwriteType.Member && id === memberId),
	);
	return (bits & PermissionFlagsBits.ViewChannel) === 0n ? 0n : bits;
}
