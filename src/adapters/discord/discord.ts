import { randomUUID } from "node:crypto";
import type { Logger } from "pino";
import type { Picture } from "../../chat/card.ts";
import { withDeadline } from "../../chat/deadlines.ts";
import type { Dispatcher } from "../../chat/dispatch.ts";
import type { ConnectionObserver, Platform } from "../../chat/platform.ts";
import { UserError } from "../../core/errors.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { Services } from "../../core/service/services.ts";
import type { KeyRing } from "../keys.ts";
import { Gateway, loginFault } from "./gateway/gateway.ts";
import { GuildLifecycle } from "./gateway/guild-lifecycle.ts";
import { ShardKeeper } from "./gateway/shard-keeper.ts";
import { Attachments } from "./incoming/attachments.ts";
import { Conversation } from "./incoming/conversation.ts";
import { Listener } from "./incoming/listener.ts";
import { inviteUrl } from "./install/permissions.ts";
import { registerCommands } from "./install/register.ts";
import { Servers } from "./install/servers.ts";
import { SendBudget } from "./outgoing/budget.ts";
import { isRefusal, unavailable } from "./outgoing/faults.ts";
import { LostReplies } from "./outgoing/lost-replies.ts";
import { DiscordPlatform } from "./outgoing/platform.ts";
import { Composer, interactionRest, onceRest, postRest, queryRest } from "./outgoing/rest.ts";
import { Tickets } from "./outgoing/tickets.ts";

export interface DiscordSettings {
	readonly token: string;
	/** The base address without the API version; null for Discord's own. */
	readonly apiUrl: string | null;
	/** Registers the commands in this server only, where they show at once; null for every server. */
	readonly guildId: string | null;
	/** The shards that this process serves, and how many there are in total; null for a single shard. */
	readonly shards: { readonly ids: readonly number[]; readonly count: number } | null;
	/** Seal the tokens with which another process may reply; null: tokens are not kept. */
	readonly keys: KeyRing | null;
	/** Whether other processes may use this token and database. A shard then belongs to one of them at a time. */
	readonly shared: boolean;
}

export interface DiscordTools {
	readonly services: Services;
	readonly clock: Clock;
	readonly log: Logger;
	readonly connection: ConnectionObserver;
	drawPicture(picture: Picture): Promise<Buffer>;
}

export interface DiscordAdapter {
	readonly platform: Platform;
	/**
	 * Registers the commands if they differ, connects, and logs the invite link.
	 * @throws UserError when trying again cannot help
	 */
	start(dispatcher: Dispatcher): Promise<void>;
	/** Accepts nothing new. Settles when everything accepted is answered, after ten seconds at most. */
	stop(): Promise<void>;
	healthy(): boolean;
	/** Settles with the reason when the connection cannot come back, for example after a token is revoked. */
	readonly failed: Promise<UserError>;
	/** The link with which an admin adds the bot to a server; known once `start` has settled. */
	readonly inviteUrl: string | null;
}

/** How long a stopping process may still answer what it has accepted, in milliseconds. */
const STOP_DEADLINE = 9_000;

class Discord implements DiscordAdapter {
	readonly platform: DiscordPlatform;
	readonly failed: Promise<UserError>;
	inviteUrl: string | null = null;
	readonly #settings: DiscordSettings;
	readonly #tools: DiscordTools;
	readonly #servers: Servers;
	readonly #composer: Composer;
	readonly #attachments: Attachments;
	readonly #life: GuildLifecycle;
	#fail: (error: UserError) => void = () => undefined;
	#hasFailed = false;
	#keepers: ShardKeeper[] = [];
	#conversation: Conversation | null = null;
	#listener: Listener | null = null;
	#lost: LostReplies | null = null;

	constructor(settings: DiscordSettings, tools: DiscordTools) {
		this.#settings = settings;
		this.#tools = tools;
		const { services, clock, log } = tools;
		const { store } = services;
		this.#servers = new Servers(queryRest(settings));
		this.#composer = new Composer((picture) => tools.drawPicture(picture), log);
		this.#attachments = new Attachments(settings.apiUrl);
		this.#life = new GuildLifecycle({ services, clock, log });
		this.platform = new DiscordPlatform({
			posts: postRest(settings),
			servers: this.#servers,
			composer: this.#composer,
			attachments: this.#attachments,
			budget: new SendBudget(store),
			store,
			clock,
			log,
			onServerGone: (guildId) => this.#life.serverGone(guildId),
		});
		this.failed = new Promise((resolve) => {
			this.#fail = resolve;
		});
	}

	async start(dispatcher: Dispatcher): Promise<void> {
		try {
			await this.#start(dispatcher);
		} catch (error) {
			if (error instanceof UserError) throw error;
			throw loginFault(error) ?? unavailable(error, this.#settings.apiUrl ?? "https://discord.com/api") ?? error;
		}
	}

	async #start(dispatcher: Dispatcher): Promise<void> {
		this.#composer.nameCommands({ commands: dispatcher.commands, id: null });
		const { applicationId } = await this.#servers.identity();
		this.inviteUrl = inviteUrl(applicationId);
		await this.#register(applicationId, dispatcher);
		const { services, clock, log, connection } = this.#tools;
		const parts = {
			rest: interactionRest(this.#settings),
			once: onceRest(this.#settings),
			composer: this.#composer,
			applicationId,
			dispatcher,
			services,
			tickets: new Tickets(this.#settings.keys),
			clock,
			log,
			connection,
		};
		this.#conversation = new Conversation({
			...parts,
			platform: this.platform,
			servers: this.#servers,
			attachments: this.#attachments,
		});
		this.#listener = new Listener({
			dispatcher,
			platform: this.platform,
			servers: this.#servers,
			services,
			clock,
			log,
		});
		await this.#connect();
		this.#lost = new LostReplies(parts);
		this.#lost.start();
		log.info({ invite: this.inviteUrl }, "invite nlpq to a server with this link");
	}

	async #register(applicationId: string, dispatcher: Dispatcher): Promise<void> {
		const { guildId } = this.#settings;
		try {
			const { changed, id } = await registerCommands(
				queryRest(this.#settings),
				applicationId,
				guildId,
				dispatcher.commands,
			);
			this.#composer.nameCommands({ commands: dispatcher.commands, id });
			this.#tools.log.info({ changed, guild: guildId }, changed ? "commands registered" : "commands are up to date");
		} catch (error) {
			if (guildId === null || !isRefusal(error)) throw error;
			throw new UserError(
				`The commands could not be registered in the server ${guildId}.`,
				"Invite the bot there first, or leave out DISCORD_GUILD_ID to register them everywhere.",
			);
		}
	}

	async #connect(): Promise<void> {
		const { shards, shared } = this.#settings;
		const { ids, count } = shards ?? { ids: [0], count: 1 };
		const { services, log } = this.#tools;
		const failed = (error: UserError) => {
			this.#hasFailed = true;
			this.#fail(error);
		};
		const parts = {
			running: services.store.running,
			holder: randomUUID(),
			shared,
			log,
			failed,
			connect: (shard: number) => this.#gateway(shard, count, failed),
		};
		// Without its manager this shard would run unwatched beside its replacement.
		if (shards !== null && process.connected)
			process.once("disconnect", () =>
				failed(new UserError("The process that looks after the shards has ended.", "Start nlpq again.")),
			);
		this.#keepers = ids.map((id) => new ShardKeeper(parts, id, count));
		// One after another: Discord accepts one new session every five seconds.
		try {
			for (const keeper of this.#keepers) await keeper.start();
		} catch (error) {
			// The next start makes new keepers.
			await Promise.all(this.#keepers.splice(0).map((keeper) => keeper.stop()));
			throw error;
		}
	}

	#gateway(shard: number, shardCount: number, failed: (error: UserError) => void): Gateway {
		const { token, apiUrl } = this.#settings;
		const events = {
			interaction: (interaction: Parameters<Conversation["take"]>[0]) => this.#conversation?.take(interaction),
			message: (message: Parameters<Listener["take"]>[0]) => this.#listener?.take(message),
			channelChanged: (channelId: string) => this.platform.permissionsChanged(channelId),
			reconnected: () => this.#tools.connection.reconnected(),
			failed,
		};
		return new Gateway({ token, apiUrl, shard, shardCount }, events, this.#life, this.#tools.log);
	}

	healthy(): boolean {
		return !this.#hasFailed && this.#keepers.length > 0 && this.#keepers.every((keeper) => keeper.healthy);
	}

	async stop(): Promise<void> {
		await Promise.all(this.#keepers.map((keeper) => keeper.stop()));
		await withDeadline(
			Promise.all([this.#conversation?.idle(), this.#listener?.idle(), this.#lost?.stop()]),
			STOP_DEADLINE,
			undefined,
		);
	}
}

/** Creates the Discord adapter. */
export function createDiscord(settings: DiscordSettings, tools: DiscordTools): DiscordAdapter {
	return new Discord(settings, tools);
}
