import { createServer, type Server } from "node:http";
import { InteractionType } from "discord-api-types/v10";
import { createClock } from "./clock.ts";
import { encodeCommand, ImpossibleInput, type OptionInputs } from "./command-input.ts";
import { CommandStore, type RegisteredCommand } from "./commands.ts";
import { chooseOptions, type FieldInput, fillModal, pressButton } from "./component-input.ts";
import type { LocalChannel, LocalGuild, LocalUser, StoredMessage } from "./entities.ts";
import { Faults } from "./faults.ts";
import { Gateway } from "./gateway.ts";
import { type Interaction, InteractionStore } from "./interactions.ts";
import { type RateLimitOptions, RateLimits } from "./rate-limits.ts";
import { Scene } from "./scene.ts";
import { ApiServer, type LoggedRequest, type Violation } from "./server.ts";
import { World } from "./world.ts";

const SESSION_STARTS_A_DAY = 1000;
export interface LocalDiscordOptions {
	/** The bot's token. Default "local-bot-token". */
	readonly token?: string;
	/** Milliseconds since 1970; the machine's clock by default. `advance` is added to it. */
	readonly now?: () => number;
	/** How many shards GET /gateway/bot recommends. Default 1. */
	readonly shards?: number;
	/** Privileged intents that are granted. Default none. */
	readonly privilegedIntents?: number;
	/** False: no limits at all. */
	readonly rateLimits?: RateLimitOptions | false;
	/** Milliseconds between heartbeats. Default 41,250. */
	readonly heartbeatMs?: number;
}

/** Where and by whom a command is used. */
export interface CommandUse {
	readonly channel: LocalChannel;
	readonly user: LocalUser;
	readonly name: string;
	/** Names of the subcommand group and the subcommand, as far as there are any. */
	readonly path?: readonly string[];
	readonly options?: OptionInputs;
}

export interface ControlUse {
	readonly message: StoredMessage;
	readonly customId: string;
	readonly user: LocalUser;
}

/** A Discord on this machine: a gateway, the REST routes of a bot, and hands for its users. */
export class LocalDiscord extends Scene {
	readonly token: string;
	readonly gateway: Gateway;
	readonly faults = new Faults();
	readonly #commands: CommandStore;
	readonly #interactions: InteractionStore;
	readonly #api: ApiServer;
	readonly #http: Server;

	constructor(options: LocalDiscordOptions) {
		super(new World(createClock(options.now)), options.shards ?? 1);
		this.token = options.token ?? "local-bot-token";
		this.#commands = new CommandStore(this.world);
		this.#interactions = new InteractionStore(this.world);
		const gatewayUrl = (): string => `${this.url.replace("http:", "ws:")}/gateway`;
		const { heartbeatMs, privilegedIntents = 0 } = options;
		const gatewayOptions = { token: this.token, privilegedIntents, url: gatewayUrl };
		this.gateway = new Gateway(this.world, heartbeatMs ? { ...gatewayOptions, heartbeatMs } : gatewayOptions);
		const sessionStarts = () => ({
			used: this.gateway.counts.identifies,
			total: SESSION_STARTS_A_DAY,
			shards: this.shards,
		});
		const [world, commands, interactions] = [this.world, this.#commands, this.#interactions];
		this.#api = new ApiServer({
			token: this.token,
			services: { world, commands, interactions, gatewayUrl, sessionStarts },
			faults: this.faults,
			limits: options.rateLimits === false ? undefined : new RateLimits(options.rateLimits ?? {}),
		});
		this.#http = createServer((incoming, response) => void this.#handle(incoming, response));
		this.#http.on("upgrade", (request, socket, head) => this.gateway.upgrade(request, socket, head));
	}

	/** "http://127.0.0.1:port"; the API is below /api. */
	get url(): string {
		const address = this.#http.address();
		if (address === null || typeof address === "string") throw new Error("the server is not listening");
		return `http://127.0.0.1:${address.port}`;
	}

	async #handle(...[incoming, response]: Parameters<ApiServer["handle"]>): Promise<void> {
		try {
			await this.#api.handle(incoming, response);
		} catch (error) {
			// A fault of this server's own, or a client that went away; a test must notice the first.
			if (incoming.destroyed && !incoming.complete) return;
			const message = `the local server failed: ${error instanceof Error ? error.stack : String(error)}`;
			this.#api.violations.push({ route: `${incoming.method} ${incoming.url}`, path: "", message });
			response.destroy();
		}
	}

	async start(): Promise<void> {
		await new Promise<void>((resolve, reject) => {
			this.#http.once("error", reject);
			this.#http.listen(0, "127.0.0.1", resolve);
		});
		this.world.filesUrl = this.url;
	}

	async stop(): Promise<void> {
		this.gateway.stop();
		const closed = new Promise<void>((resolve) => this.#http.close(() => resolve()));
		this.#http.closeAllConnections();
		await closed;
	}

	protected botIsConnected(): boolean {
		return this.gateway.connected > 0;
	}

	/** The bodies and requests that Discord would refuse, and messages without silenced mentions; empty is good. */
	get violations(): readonly Violation[] {
		return this.#api.violations;
	}

	/** Everything that the bot asked for, in order. */
	get requests(): readonly LoggedRequest[] {
		return this.#api.requests;
	}

	/** Answers of 401, 403 and 429 so far. */
	get invalidRequests(): number {
		return this.#api.invalidRequests;
	}

	/** What is registered for a guild, or for all. */
	commands(guild?: LocalGuild): readonly RegisteredCommand[] {
		return this.#commands.list(guild?.id);
	}

	/** How often commands were overwritten, for a guild or for all. */
	commandOverwrites(guild?: LocalGuild): number {
		return this.#commands.overwrites(guild?.id);
	}

	/** Uses a command as it is registered; throws ImpossibleInput for what no user could enter. */
	command(use: CommandUse): Interaction {
		const { channel, user } = use;
		const entry = { command: this.#registered(use), path: use.path ?? [], options: use.options ?? {} };
		const data = encodeCommand(this.world, channel, entry);
		return this.#interactions.dispatch({ type: InteractionType.ApplicationCommand, user, channel, data });
	}

	/** Types into an option; `options` holds what else has been entered so far. */
	autocomplete(use: CommandUse & { readonly focused: { readonly name: string; readonly value: string } }): Interaction {
		const { channel, user, focused } = use;
		const entry = { command: this.#registered(use), path: use.path ?? [], options: use.options ?? {}, focused };
		const data = encodeCommand(this.world, channel, entry);
		return this.#interactions.dispatch({ type: InteractionType.ApplicationCommandAutocomplete, user, channel, data });
	}

	#registered({ name, channel }: CommandUse): RegisteredCommand {
		const command = this.#commands.find(name, channel.guild?.id);
		if (!command) throw new ImpossibleInput(`there is no command /${name} here`);
		const context = channel.guild ? 0 : 1;
		const { contexts, dm_permission } = command.body;
		const offered = contexts ? contexts.includes(context) : context === 0 || dm_permission !== false;
		if (!offered) throw new ImpossibleInput(`/${name} is not offered here`);
		return command;
	}

	button({ message, customId, user }: ControlUse): Interaction {
		const data = pressButton(message, customId, user);
		return this.#use(message, user, data);
	}

	select({ message, customId, user, values }: ControlUse & { readonly values: readonly string[] }): Interaction {
		const data = chooseOptions(this.world, message, { customId, values, user });
		return this.#use(message, user, data);
	}

	#use(message: StoredMessage, user: LocalUser, data: object): Interaction {
		const { channel } = message;
		return this.#interactions.dispatch({
			type: InteractionType.MessageComponent,
			user,
			channel,
			data,
			source: message,
		});
	}

	/** Sends the newest modal of this custom_id that was shown (to `user`); fields by custom_id, absent: as preset. */
	modalSubmit(use: { customId: string; fields: Readonly<Record<string, FieldInput>>; user?: LocalUser }): Interaction {
		const opener = this.#interactions.openerOf(use.customId, use.user);
		if (!opener?.openedModal) throw new ImpossibleInput(`no modal ${use.customId} was shown`);
		const { user, channel, source } = opener;
		const data = fillModal(this.world, channel, opener.openedModal, use.fields);
		return this.#interactions.dispatch({ type: InteractionType.ModalSubmit, user, channel, data, source });
	}

	/** Sends the same interaction to the bot a second time. */
	redeliver(interaction: Interaction): void {
		this.#interactions.deliver(interaction);
	}
}

/** Starts a local Discord on a free port of 127.0.0.1. */
export async function startDiscord(options: LocalDiscordOptions = {}): Promise<LocalDiscord> {
	const discord = new LocalDiscord(options);
	await discord.start();
	return discord;
}
