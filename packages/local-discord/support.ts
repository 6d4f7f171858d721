import { once } from "node:events";
import { Client, type ClientOptions, Events, GatewayIntentBits } from "discord.js";
import { WebSocket } from "ws";
import { type LocalDiscord, type LocalDiscordOptions, startDiscord } from "./local-discord.ts";

/** The servers, clients and sockets of one test; `close` ends them in reverse order. */
export class Stage {
	readonly #closers: (() => Promise<unknown> | unknown)[] = [];

	/** Starts a server with a guild, a channel and a member. */
	async open(options: LocalDiscordOptions = {}) {
		const discord = await startDiscord(options);
		this.#closers.push(() => discord.stop());
		const guild = discord.addGuild("study group");
		const channel = discord.addChannel(guild, "daily");
		const ada = discord.addUser("Ada");
		discord.addMember(guild, ada);
		return { discord, guild, channel, ada };
	}

	/** Logs a real discord.js client in. It is ready when this settles. */
	async login(discord: LocalDiscord, options: Partial<ClientOptions> = {}): Promise<Client<true>> {
		const client = this.client(discord, options);
		const ready = once(client, Events.ClientReady);
		await client.login(discord.token);
		await ready;
		if (!client.isReady()) throw new Error("the client is not ready");
		return client;
	}

	client(discord: LocalDiscord, options: Partial<ClientOptions> = {}): Client {
		const rest = { api: `${discord.url}/api`, version: "10", ...options.rest };
		const client = new Client({
			intents: [GatewayIntentBits.Guilds],
			allowedMentions: { parse: [] },
			...options,
			rest,
		});
		this.#closers.push(() => client.destroy());
		return client;
	}

	/** Opens a bare gateway connection that collects frames. */
	async socket(discord: LocalDiscord) {
		const socket = new WebSocket(`${discord.url.replace("http", "ws")}/gateway?v=10&encoding=json`);
		this.#closers.push(() => socket.terminate());
		const frames: { op: number; t: string | null; s: number | null; d: unknown }[] = [];
		const closed = new Promise<number>((resolve) => socket.on("close", resolve));
		socket.on("message", (data) => frames.push(JSON.parse(data.toString())));
		socket.on("error", () => {});
		await once(socket, "message");
		const send = (op: number, d: unknown): void => socket.send(JSON.stringify({ op, d }));
		const frame = async (fits: (frame: (typeof frames)[number]) => boolean) => {
			for (;;) {
				const found = frames.find(fits);
				if (found) return found;
				await once(socket, "message");
			}
		};
		return { socket, frames, closed, send, frame };
	}

	async close(): Promise<void> {
		for (const closer of this.#closers.splice(0).reverse()) await closer();
	}
}
