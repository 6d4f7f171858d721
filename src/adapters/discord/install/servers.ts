/** Asks Discord about servers, channels and members, over REST, so that every process can. */
import {
	type APIApplication,
	type APIChannel,
	type APIGuild,
	type APIGuildMember,
	type APIGuildTextChannel,
	type ChannelType,
	PermissionFlagsBits,
	type REST,
	type RESTGetAPIGatewayBotResult,
	RESTJSONErrorCodes,
	Routes,
} from "discord.js";
import type { Finding, PostWishes } from "../../../chat/platform.ts";
import { refusalCode } from "../outgoing/faults.ts";
import { CHANNEL_NOT_VISIBLE, findingsOf, isPostable, overwritesOf } from "./findings.ts";
import { channelPermissions, GREETING_PERMISSIONS, serverPermissions } from "./permissions.ts";

/** The ids of the application and of the bot's user. */
export interface Identity {
	readonly applicationId: string;
	readonly botId: string;
}

const GONE_CODES: readonly (number | null)[] = [
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

	// The library types responses as unknown; its types describe Discord's shapes.
	async #get<Answer>(route: `/${string}`, signal: AbortSignal | undefined): Promise<Answer> {
		return (await this.#rest.get(route, signal ? { signal } : {})) as Answer;
	}

	/** Who the token belongs to; asked once. */
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

	/** Asks how many shards Discord recommends. */
	gateway(): Promise<RESTGetAPIGatewayBotResult> {
		return this.#get<RESTGetAPIGatewayBotResult>(Routes.gatewayBot(), undefined);
	}

	guild(guildId: string, signal?: AbortSignal): Promise<APIGuild> {
		return this.#get<APIGuild>(Routes.guild(guildId), signal);
	}

	channel(channelId: string, signal?: AbortSignal): Promise<APIChannel> {
		return this.#get<APIChannel>(Routes.channel(channelId), signal);
	}

	/** Whether the bot was removed from a server; false if Discord merely does not answer. */
	async isGone(guildId: string): Promise<boolean> {
		try {
			await this.guild(guildId);
			return false;
		} catch (error) {
			return GONE_CODES.includes(refusalCode(error));
		}
	}

	/** Whether a member may manage a server, for interactions that do not say so. */
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

	/** The server's channel for greetings; null if there is none, or if the bot may not write there. */
	async greetingChannel(guildId: string, signal: AbortSignal): Promise<string | null> {
		const { botId } = await this.identity();
		const guild = await this.guild(guildId, signal);
		if (guild.system_channel_id === null) return null;
		try {
			const [member, channel] = await Promise.all([
				this.#get<APIGuildMember>(Routes.guildMember(guildId, botId), signal),
				this.channel(guild.system_channel_id, signal),
			]);
			const bits = channelPermissions(guild, botId, member, overwritesOf(channel));
			return (bits & GREETING_PERMISSIONS) === GREETING_PERMISSIONS ? channel.id : null;
		} catch (error) {
			if (GONE_CODES.includes(refusalCode(error))) return null;
			throw error;
		}
	}

	/** The channels of a server in which the bot can post, in the server's order. */
	async postableChannels(guildId: string): Promise<{ id: string; name: string }[]> {
		const { botId } = await this.identity();
		const [guild, member, channels] = await Promise.all([
			this.guild(guildId),
			this.#get<APIGuildMember>(Routes.guildMember(guildId, botId), undefined),
			this.#get<APIGuildTextChannel<ChannelType.GuildText>[]>(Routes.guildChannels(guildId), undefined),
		]);
		return channels
			.filter((channel) => isPostable({ guild, member, botId, channel }))
			.toSorted((one, other) => one.position - other.position)
			.map(({ id, name }) => ({ id, name }));
	}

	/** Whether a member is on a server; null if Discord does not say. */
	async presenceOf(guildId: string, memberId: string, signal: AbortSignal): Promise<"present" | "left" | null> {
		try {
			await this.#get<APIGuildMember>(Routes.guildMember(guildId, memberId), signal);
			return "present";
		} catch (error) {
			const code = refusalCode(error);
			const isGone = code === RESTJSONErrorCodes.UnknownMember || code === RESTJSONErrorCodes.UnknownUser;
			return isGone ? "left" : null;
		}
	}

	/** What a daily question needs in a channel, with remedies; `wishes` adds to it. */
	async findings(guildId: string, channelId: string, signal: AbortSignal, wishes: PostWishes = {}): Promise<Finding[]> {
		const { botId } = await this.identity();
		try {
			const [guild, member, channel] = await Promise.all([
				this.guild(guildId, signal),
				this.#get<APIGuildMember>(Routes.guildMember(guildId, botId), signal),
				this.channel(channelId, signal),
			]);
			return findingsOf({ guild, member, botId, channel }, wishes);
		} catch (error) {
			if (!GONE_CODES.includes(refusalCode(error))) throw error;
			return [CHANNEL_NOT_VISIBLE];
		}
	}
}
