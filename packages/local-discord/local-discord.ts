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
	/** The bot's token; "local-bot-token" by default. */
	readonly token?: string;
	/** Milliseconds since 1970; the machine's clock by default. `advance` adds to it. */
	readonly now?: () => number;
	/** How many shards GET /gateway/bot recommends; 1 by default. */
	readonly shards?: number;
	/** The privileged intents that are granted; none by default. */
	readonly privilegedIntents?: number;
	/** False for no limits. */
	readonly rateLimits?: RateLimitOptions | false;
	/** Milliseconds between heartbeats; 41,250 by default. */
	readonly heartbeatMs?: number;
}

/** Where a command is used, and by whom. */
export interface CommandUse {
	readonly channel: LocalChannel;
	readonly user: LocalUser;
	readonly name: string;
	/** The names of the subcommand group and subcommand, if any. */
	readonly path?: readonly string[];
	readonly options?: OptionInputs;
}

export interface ControlUse {
	readonly message: StoredMessage;
	readonly customId: string;
	readonly user: LocalUser;
}

/** A Discord on this machine: a gateway, a bot's REST routes, and actions of its users. */
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
			// Either a fault of this server, which a test must notice, or a client that went away.
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

	/** What Discord would refuse, and messages that do not silence mentions. Should be empty. */
	get violations(): readonly Violation[] {
		return this.#api.violations;
	}

	/** Every request of the bot, in order. */
	get requests(): readonly LoggedRequest[] {
		return this.#api.requests;
	}

	/** How many responses were 401, 403 or 429. */
	get invalidRequests(): number {
		return this.#api.invalidRequests;
	}

	/** The commands registered for a guild, or globally. */
	commands(guild?: LocalGuild): readonly RegisteredCommand[] {
		return this.#commands.list(guild?.id);
	}

	/** How often the commands were overwritten, for a guild or globally. */
	commandOverwrites(guild?: LocalGuild): number {
		return this.#commands.overwrites(guild?.id);
	}

	/** Uses a command as registered. Throws ImpossibleInput for what no user could enter. */
	command(use: CommandUse): Interaction {
		const { channel, user } = use;
		const entry = { command: this.#registered(use), path: use.path ?? [], options: use.options ?? {} };
		const data = encodeCommand(this.world, channel, entry);
		return this.#interactions.dispatch({ type: InteractionType.ApplicationCommand, user, channel, data });
	}

	/** Types into an option. `options` holds what has been entered in the others. */
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

	/**
	 * Submits the newest modal with this custom_id shown to `user`. Fields are by custom_id; others keep their preset.
	 */
	modalSubmit(use: { customId: string; fields: Readonly<Record<string, FieldInput>>; user?: LocalUser }): Interaction {
		const opener = this.#interactions.openerOf(use.customId, use.user);
		if (!opener?.openedModal) throw new ImpossibleInput(`no modal ${use.customId} was shown`);
		const { user, channel, source } = opener;
		const data = fillModal(this.world, channel, opener.openedModal, use.fields);
		return this.#interactions.dispatch({ type: InteractionType.ModalSubmit, user, channel, data, source });
	}

	/** Delivers the same interaction to the bot a second time. */
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
