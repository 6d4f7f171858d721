/** What the bot needs on a server, and how Discord computes what somebody may do in a channel. */
import { type APIGuild, type APIGuildMember, type APIOverwrite, OverwriteType, PermissionFlagsBits } from "discord.js";

/** Asked for in the invite link: each with its reason in docs/discord.md. */
export const INVITE_PERMISSIONS =
	PermissionFlagsBits.ViewChannel |
	PermissionFlagsBits.SendMessages |
	PermissionFlagsBits.EmbedLinks |
	PermissionFlagsBits.AttachFiles |
	PermissionFlagsBits.ReadMessageHistory |
	PermissionFlagsBits.CreatePublicThreads |
	PermissionFlagsBits.SendMessagesInThreads;

/** Without any of these a daily question cannot be posted and looked after. */
export const POST_PERMISSIONS = [
	{ name: "View Channel", bit: PermissionFlagsBits.ViewChannel },
	{ name: "Send Messages", bit: PermissionFlagsBits.SendMessages },
	{ name: "Embed Links", bit: PermissionFlagsBits.EmbedLinks },
	{ name: "Read Message History", bit: PermissionFlagsBits.ReadMessageHistory },
] as const;

/** What a greeting takes: its text is an embed. */
export const GREETING_PERMISSIONS =
	PermissionFlagsBits.ViewChannel | PermissionFlagsBits.SendMessages | PermissionFlagsBits.EmbedLinks;

/** With both of these a daily question gets a thread, in which the answer is discussed. */
export const THREAD_PERMISSIONS = PermissionFlagsBits.CreatePublicThreads | PermissionFlagsBits.SendMessagesInThreads;

/** The page on which an admin lets the bot into a server: no privileged intent, the permissions above. */
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

/** What a member may do on a server, channels apart. */
export function serverPermissions(guild: GuildRoles, memberId: string, member: RoledMember): bigint {
	if (guild.owner_id === memberId) return ALL;
	const bits = guild.roles
		.filter((role) => role.id === guild.id || member.roles.includes(role.id))
		.reduce((sum, role) => sum | BigInt(role.permissions), 0n);
	return (bits & PermissionFlagsBits.Administrator) === 0n ? bits : ALL;
}

/** What a member may do in a channel: @everyone's overwrite, then those of the roles, then the member's own. */
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
