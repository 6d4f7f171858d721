/** What Discord says of servers, channels and members: asked for by REST, so that any process can. */
import {
	type APIApplication,
	type APIChannel,
	type APIGuild,
	type APIGuildMember,
	type APIOverwrite,
	PermissionFlagsBits,
	type REST,
	type RESTGetAPIGatewayBotResult,
	RESTJSONErrorCodes,
	Routes,
} from "discord.js";
import type { Finding } from "../../../chat/platform.ts";
import { refusalCode } from "../outgoing/faults.ts";
import { POSTABLE_CHANNELS } from "../outgoing/modal.ts";
import { channelPermissions, POST_PERMISSIONS, serverPermissions, THREAD_PERMISSIONS } from "./permissions.ts";

/** Ids of the application and of the bot's user. */
export interface Identity {
	readonly applicationId: string;
	readonly botId: string;
}

const GONE: readonly (number | null)[] = [
	RESTJSONErrorCodes.UnknownChannel,
	RESTJSONErrorCodes.UnknownGuild,
	RESTJSONErrorCodes.MissingAccess,
];

export class Servers {
	readonly #rest: REST;
	#identity: Promise<Identity> | null = null;

	constructor(rest: REST) {
		this.#rest = rest;
	}

	// The library types answers as unknown; their shapes are Discord's own, which its types describe.
	async #get<Answer>(route: `/${string}`, signal: AbortSignal | undefined): Promise<Answer> {
		return (await this.#rest.get(route, signal ? { signal } : {})) as Answer;
	}

	/** Who the token belongs to: asked once. */
	identity(): Promise<Identity> {
		this.#identity ??= this.#askIdentity();
		return this.#identity;
	}

	async #askIdentity(): Promise<Identity> {
		try {
			const application = await this.#get<APIApplication>(Routes.currentApplication(), undefined);
			return { applicationId: application.id, botId: application.bot?.id ?? application.id };
		} catch (error) {
			this.#identity = null;
			throw error;
		}
	}

	/** How many shards Discord recommends. */
	gateway(): Promise<RESTGetAPIGatewayBotResult> {
		return this.#get<RESTGetAPIGatewayBotResult>(Routes.gatewayBot(), undefined);
	}

	guild(guildId: string, signal?: AbortSignal): Promise<APIGuild> {
		return this.#get<APIGuild>(Routes.guild(guildId), signal);
	}

	channel(channelId: string, signal?: AbortSignal): Promise<APIChannel> {
		return this.#get<APIChannel>(Routes.channel(channelId), signal);
	}

	/** Whether the bot has been thrown out of a server: not when Discord merely does not answer. */
	async isGone(guildId: string): Promise<boolean> {
		try {
			await this.guild(guildId);
			return false;
		} catch (error) {
			return GONE.includes(refusalCode(error));
		}
	}

	/** Whether a member may manage a server: asked where an interaction does not say it. */
	async isManager(guildId: string, memberId: string): Promise<boolean> {
		try {
			const [guild, member] = await Promise.all([
				this.guild(guildId),
				this.#get<APIGuildMember>(Routes.guildMember(guildId, memberId), undefined),
			]);
			return (serverPermissions(guild, memberId, member) & PermissionFlagsBits.ManageGuild) !== 0n;
		} catch (error) {
			if (refusalCode(error) !== null) return false;
			throw error;
		}
	}

	/** What a daily question needs in a channel, each with the remedy. */
	async findings(guildId: string, channelId: string, signal: AbortSignal): Promise<Finding[]> {
		const { botId } = await this.identity();
		try {
			const [guild, member, channel] = await Promise.all([
				this.guild(guildId, signal),
				this.#get<APIGuildMember>(Routes.guildMember(guildId, botId), signal),
				this.channel(channelId, signal),
			]);
			return findingsOf(guild, member, botId, channel);
		} catch (error) {
			if (!GONE.includes(refusalCode(error))) throw error;
			return [
				{
					name: "View Channel",
					ok: false,
					remedy: "The channel is gone or hidden from the bot: choose another, or give the bot View Channel in it.",
				},
			];
		}
	}
}

function overwritesOf(channel: APIChannel): readonly APIOverwrite[] {
	return "permission_overwrites" in channel ? (channel.permission_overwrites ?? []) : [];
}

function findingsOf(guild: APIGuild, member: APIGuildMember, botId: string, channel: APIChannel): Finding[] {
	const belongs = "guild_id" in channel && channel.guild_id === guild.id;
	const postable = belongs && POSTABLE_CHANNELS.some((type) => type === channel.type);
	const where = {
		name: "a text channel of this server",
		ok: postable,
		remedy: "Name a text or announcement channel, no thread, forum or voice channel.",
	};
	if (!postable) return [where];
	const bits = channelPermissions(guild, botId, member, overwritesOf(channel));
	const needed = POST_PERMISSIONS.map(({ name, bit }) => ({
		name,
		ok: (bits & bit) !== 0n,
		remedy: `Channel settings, Permissions: give the bot ${name} there.`,
	}));
	const threads = (bits & THREAD_PERMISSIONS) === THREAD_PERMISSIONS;
	const discussion = threads
		? "a thread for each question, where its answer is discussed"
		: "no threads (Create Public Threads and Send Messages in Threads would bring them): the answer comes as a reply";
	return [where, ...needed, { name: discussion, ok: true, remedy: "" }];
}
