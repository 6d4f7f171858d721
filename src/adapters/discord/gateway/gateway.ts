import {
	Client,
	type ClientOptions,
	Events,
	GatewayCloseCodes,
	GatewayDispatchEvents,
	GatewayIntentBits,
	type GatewayMessageCreateDispatchData,
	type Guild,
	type Interaction,
	type NonThreadGuildBasedChannel,
	Options,
	PermissionsBitField,
} from "discord.js";
import type { Logger } from "pino";
import { withDeadline } from "../../../chat/deadlines.ts";
import { UserError } from "../../../core/errors.ts";
import { kindOf } from "../../log.ts";
import { type Addressed, readAddressed } from "../incoming/addressed.ts";
import { POST_PERMISSIONS } from "../install/permissions.ts";
import { isTokenRefused } from "../outgoing/faults.ts";
import type { GuildLifecycle } from "./guild-lifecycle.ts";
import { buildIdentifyThrottler, buildStrategy } from "./strategy.ts";

/** What the library says of such a code when it comes as the bot identifies: its errors carry no code then. */
const IDENTIFY_ERRORS: Readonly<Record<string, number>> = {
	"Authentication failed": GatewayCloseCodes.AuthenticationFailed,
	"Invalid shard": GatewayCloseCodes.InvalidShard,
	"Sharding is required": GatewayCloseCodes.ShardingRequired,
	"Used an invalid API version": GatewayCloseCodes.InvalidAPIVersion,
	"Used invalid intents": GatewayCloseCodes.InvalidIntents,
	"Used disallowed intents": GatewayCloseCodes.DisallowedIntents,
};

/** Close codes after which Discord accepts no reconnection, and what an operator does about each. */
const FATAL: Readonly<Record<number, readonly [message: string, remedy: string]>> = {
	[GatewayCloseCodes.AuthenticationFailed]: [
		"Discord refuses the bot's token.",
		"Take a new one in the developer portal (Bot, Reset Token) and set it as DISCORD_TOKEN.",
	],
	[GatewayCloseCodes.InvalidShard]: [
		"Discord knows no such shard.",
		"Set DISCORD_SHARDS to auto, and to the same number in all processes.",
	],
	[GatewayCloseCodes.ShardingRequired]: [
		"The bot is on too many servers for so few shards.",
		"Set DISCORD_SHARDS=auto (several processes need DATABASE_URL).",
	],
	[GatewayCloseCodes.InvalidAPIVersion]: [
		"Discord no longer speaks this version of its protocol.",
		"Install a newer nlpq.",
	],
	[GatewayCloseCodes.InvalidIntents]: ["Discord does not know what the bot asks to hear.", "Install a newer nlpq."],
	[GatewayCloseCodes.DisallowedIntents]: [
		"Discord does not let the bot hear what it asks for.",
		"nlpq needs no privileged intent: check that this is its own bot's token.",
	],
};

/** How long to wait for the answer to a close frame, in milliseconds. */
const CLOSE_TIMEOUT = 3_000;

export interface GatewaySettings {
	readonly token: string;
	readonly apiUrl: string | null;
	readonly shard: number;
	readonly shardCount: number;
}

export interface GatewayEvents {
	interaction(interaction: Interaction): void;
	/** Somebody addressed the bot. */
	message(message: Addressed): void;
	/** A channel's permissions may have changed. */
	channelChanged(channelId: string): void;
	/** The connection is back after an interruption. */
	reconnected(): void;
	/** The connection cannot come back; nothing reconnects. */
	failed(error: UserError): void;
}

function clientOptions({ apiUrl, shard, shardCount }: GatewaySettings): ClientOptions {
	return {
		// No privileged intents. Messages bring their text only when they mention the bot or are direct; interactions
		// need no intent.
		intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages, GatewayIntentBits.DirectMessages],
		allowedMentions: { parse: [] },
		shards: [shard],
		shardCount,
		closeTimeout: CLOSE_TIMEOUT,
		ws: { buildStrategy, buildIdentifyThrottler },
		makeCache: Options.cacheWithLimits({
			...Options.DefaultMakeCacheSettings,
			MessageManager: 0,
			ReactionManager: 0,
			PresenceManager: 0,
			VoiceStateManager: 0,
			ThreadMemberManager: 0,
			GuildEmojiManager: 0,
			GuildStickerManager: 0,
			GuildMemberManager: { maxSize: 50, keepOverLimit: (member) => member.id === member.client.user.id },
			UserManager: { maxSize: 500, keepOverLimit: (user) => user.id === user.client.user.id },
		}),
		...(apiUrl === null ? {} : { rest: { api: apiUrl } }),
	};
}

/** Why a login failed, in words for the operator; null for an error of another kind. */
export function loginFault(error: unknown): UserError | null {
	const code = error instanceof Error && "code" in error ? error.code : undefined;
	const text = error instanceof Error ? error.message : "";
	const closed = Object.keys(FATAL).find((candidate) => String(code) === candidate) ?? IDENTIFY_ERRORS[text];
	if (closed !== undefined) return new UserError(...fatal(Number(closed)));
	if (code === "TokenInvalid" || isTokenRefused(error) || /invalid token/i.test(text))
		return new UserError(...fatal(GatewayCloseCodes.AuthenticationFailed));
	return null;
}

function fatal(code: number): readonly [string, string] {
	return (
		FATAL[code] ?? [
			`Discord closed the connection and refuses a new one (${code}).`,
			"Start nlpq again; if that does not help, install a newer one.",
		]
	);
}

function missingIn(channel: NonThreadGuildBasedChannel): string[] {
	const own = channel.client.user;
	const bits = channel.permissionsFor(own) ?? new PermissionsBitField();
	return POST_PERMISSIONS.filter(({ bit }) => !bits.has(bit, true)).map(({ name }) => name);
}

/** One shard's connection to the gateway, and what its events mean. discord.js reconnects and resumes by itself. */
export class Gateway {
	readonly #client: Client;
	readonly #settings: GatewaySettings;
	readonly #life: GuildLifecycle;
	readonly #log: Logger;
	#ready = false;
	#hasConnected = false;
	#closed = false;

	constructor(settings: GatewaySettings, events: GatewayEvents, life: GuildLifecycle, log: Logger) {
		this.#settings = settings;
		this.#life = life;
		this.#log = log;
		this.#client = new Client(clientOptions(settings));
		this.#listen(events);
		this.#listenToLife(events);
	}

	#listen(events: GatewayEvents): void {
		const { shard } = this.#settings;
		this.#client.ws.on(GatewayDispatchEvents.MessageCreate, (data: GatewayMessageCreateDispatchData) => {
			const addressed = this.#client.isReady() && !this.#closed ? readAddressed(data, this.#client) : null;
			if (addressed) events.message(addressed);
		});
		this.#client
			.on(Events.InteractionCreate, (interaction) => {
				if (!this.#closed) events.interaction(interaction);
			})
			.on(Events.Error, (error) =>
				this.#log.warn({ shard, kind: error.name }, "the connection to Discord had an error"),
			)
			.on(Events.ShardError, (error) =>
				this.#log.warn({ shard, kind: error.name }, "the connection to Discord had an error"),
			)
			.on(Events.ShardReady, () => this.#connected(events))
			.on(Events.ShardResume, (_id, replayed) => {
				this.#connected(events);
				this.#log.info({ shard, replayed }, "connected to Discord again");
			})
			.on(Events.ShardReconnecting, () => {
				this.#ready = false;
				this.#log.info({ shard }, "the connection to Discord was lost: reconnecting");
			})
			.on(Events.ShardDisconnect, ({ code }) => {
				this.#ready = false;
				if (this.#closed) return;
				events.failed(new UserError(...fatal(code)));
			});
	}

	#connected(events: GatewayEvents): void {
		this.#ready = !this.#closed;
		if (this.#hasConnected) events.reconnected();
		this.#hasConnected = true;
	}

	#listenToLife(events: GatewayEvents): void {
		this.#client
			.on(Events.GuildDelete, (guild) => this.#do("server removed", () => this.#life.serverGone(guild.id)))
			.on(Events.GuildCreate, (guild) => this.#do("server joined", () => this.#life.serverJoined(guild)))
			// Sent for each server when a session begins, and when a server's outage ends.
			.on(Events.GuildAvailable, (guild) => this.#do("server found", () => this.#life.serverFound(guild)))
			.on(Events.ChannelDelete, (channel) => {
				if (!channel.isDMBased())
					this.#do("channel deleted", () => this.#life.channelGone(channel.guildId, channel.id));
			})
			.on(Events.ChannelUpdate, (_before, channel) => {
				if (channel.isDMBased()) return;
				events.channelChanged(channel.id);
				this.#do("channel changed", () => this.#recheck(channel.guild, [channel.id]));
			})
			.on(Events.GuildRoleUpdate, (_before, role) => this.#do("role changed", () => this.#recheck(role.guild, null)))
			.on(Events.GuildRoleDelete, (role) => this.#do("role deleted", () => this.#recheck(role.guild, null)))
			.on(Events.GuildMemberUpdate, (_before, member) => {
				if (member.id === this.#client.user?.id) this.#do("own roles changed", () => this.#recheck(member.guild, null));
			});
	}

	#do(what: string, work: () => Promise<void>): void {
		work().catch((error: unknown) =>
			this.#log.error({ what, kind: kindOf(error) }, "could not process a change on a server"),
		);
	}

	/** Pauses what can no longer be posted. @param channelIds the changed channels; null for all that are in use */
	async #recheck(guild: Guild, channelIds: readonly string[] | null): Promise<void> {
		const used = await this.#life.channelsInUse(guild.id);
		for (const channelId of used) {
			if (channelIds !== null && !channelIds.includes(channelId)) continue;
			const channel = guild.channels.cache.get(channelId);
			if (!channel || channel.isThread()) continue;
			const missing = missingIn(channel);
			if (missing.length > 0) await this.#life.permissionLost(guild.id, channelId, missing);
		}
	}

	/** Settles when connected. @throws UserError when connecting cannot work */
	async open(): Promise<void> {
		try {
			const connected = new Promise<void>((resolve) => this.#client.once(Events.ClientReady, () => resolve()));
			await this.#client.login(this.#settings.token);
			await connected;
		} catch (error) {
			throw loginFault(error) ?? error;
		}
	}

	get ready(): boolean {
		return this.#ready;
	}

	/** Ends the connection. What was accepted before can still be answered. */
	async close(): Promise<void> {
		this.#closed = true;
		this.#ready = false;
		await withDeadline(this.#client.destroy(), CLOSE_TIMEOUT, undefined);
	}
}
