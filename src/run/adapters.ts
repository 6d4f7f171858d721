import { KeyRing } from "../adapters/keys.ts";
import type { OpenDatabase } from "../adapters/postgres/open.ts";
import type { Config } from "../config.ts";
import type { Services } from "../core/service/services.ts";
import type { AdapterTools, ChatAdapter } from "./chat-adapter.ts";
import { slackSettings, wantsSlack } from "./slack-settings.ts";

/** What every chat adapter is handed. */
interface Tools extends AdapterTools {
	readonly services: Services;
	readonly database: OpenDatabase;
	/** The index of this process's shard; 0 also where one process serves all. */
	readonly shard: number;
}

async function discordAdapter(config: Config, token: string, tools: Tools): Promise<ChatAdapter> {
	const [{ createDiscord }, { shardOfProcess }, { drawPicture }] = await Promise.all([
		import("../adapters/discord/discord.ts"),
		import("../adapters/discord/gateway/sharding.ts"),
		import("../adapters/pictures/draw.ts"),
	]);
	const { services, database, clock, log } = tools;
	const own = shardOfProcess(process.env);
	const settings = {
		token,
		apiUrl: config.DISCORD_API_URL ?? null,
		guildId: config.DISCORD_GUILD_ID ?? null,
		shards: own ? { ids: [own.shard], count: own.shardCount } : null,
		keys: config.NLPQ_ENCRYPTION_KEY ? new KeyRing(config.NLPQ_ENCRYPTION_KEY) : null,
		shared: database.kind === "server",
	};
	return createDiscord(settings, {
		services,
		clock,
		log,
		connection: tools.connections("discord"),
		drawPicture,
	});
}

async function slackAdapter(config: Config, tools: Tools): Promise<ChatAdapter> {
	const settings = slackSettings(config);
	const [{ createSlack }, { drawPicture }] = await Promise.all([
		import("../adapters/slack/slack.ts"),
		import("../adapters/pictures/draw.ts"),
	]);
	const { services, database, clock, log } = tools;
	return createSlack(settings, {
		services,
		db: database.db,
		clock,
		log,
		connection: tools.connections("slack"),
		drawPicture,
	});
}

/** The adapters that the settings ask for; their libraries are loaded only then. */
export async function chatAdapters(config: Config, tools: Tools): Promise<ChatAdapter[]> {
	const adapters: ChatAdapter[] = [];
	if (config.DISCORD_TOKEN) adapters.push(await discordAdapter(config, config.DISCORD_TOKEN, tools));
	// Of the processes that serve a shard each, one serves Slack too: its port and its sockets are wanted once.
	if (wantsSlack(config) && !tools.shard) adapters.push(await slackAdapter(config, tools));
	return adapters;
}
