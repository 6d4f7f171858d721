import { createDiscord } from "../../src/adapters/discord/discord.ts";
import { runBot } from "../support/bot.ts";

const { DISCORD_TOKEN = "", DISCORD_API_URL = "" } = process.env;

await runBot(({ services, clock, log, connection, drawPicture }) =>
	createDiscord(
		{ token: DISCORD_TOKEN, apiUrl: DISCORD_API_URL, guildId: null, shards: null, keys: null, shared: false },
		{ services, clock, log, connection, drawPicture },
	),
);
