import type { OpenDatabase } from "../adapters/postgres/open.ts";
import type { SlackSettings } from "../adapters/slack/settings.ts";
import type { Config } from "../config.ts";
import { UserError } from "../core/errors.ts";
import type { Services } from "../core/service/services.ts";
import type { AdapterTools, ChatAdapter } from "./platforms.ts";

/** What every chat adapter is handed. */
interface Tools extends AdapterTools {
	readonly services: Services;
	readonly database: OpenDatabase;
}

async function discordAdapter(config: Config, token: string, tools: Tools): Promise<ChatAdapter> {
	const [{ createDiscord }, { shardOfProcess }, { drawPicture }] = await Promise.all([
		import("../adapters/discord/discord.ts"),
		import("../adapters/discord/sharding.ts"),
		import("../adapters/pictures/draw.ts"),
	]);
	const { services, database, clock, log } = tools;
	// Set by discord.js's manager in the processes that it starts.
	const own = shardOfProcess(process.env);
	const settings = {
		token,
		apiUrl: config.DISCORD_API_URL ?? null,
		guildId: config.DISCORD_GUILD_ID ?? null,
		shards: own ? { ids: [own.shard], count: own.shardCount } : null,
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

/** Over HTTP when a signing secret is set, otherwise over sockets. @throws UserError when half of a pair is missing */
function slackSettings(config: Config): SlackSettings {
	const {
		SLACK_BOT_TOKEN,
		SLACK_APP_TOKEN,
		SLACK_SIGNING_SECRET,
		SLACK_CLIENT_ID,
		SLACK_CLIENT_SECRET,
		NLPQ_ENCRYPTION_KEY,
	} = config;
	const apiUrl = config.SLACK_API_URL;
	if (SLACK_SIGNING_SECRET && SLACK_CLIENT_ID && SLACK_CLIENT_SECRET && NLPQ_ENCRYPTION_KEY)
		return {
			way: "http",
			apiUrl,
			signingSecret: SLACK_SIGNING_SECRET,
			clientId: SLACK_CLIENT_ID,
			clientSecret: SLACK_CLIENT_SECRET,
			stateSecret: config.SLACK_STATE_SECRET,
			encryptionKey: NLPQ_ENCRYPTION_KEY,
			port: config.PORT ?? 3000,
			publicUrl: config.PUBLIC_URL,
		};
	if (SLACK_BOT_TOKEN && SLACK_APP_TOKEN)
		return { way: "socket", apiUrl, botToken: SLACK_BOT_TOKEN, appToken: SLACK_APP_TOKEN };
	throw new UserError(
		"The settings for Slack are incomplete.",
		"For one workspace set SLACK_BOT_TOKEN and SLACK_APP_TOKEN; for many SLACK_SIGNING_SECRET, SLACK_CLIENT_ID, SLACK_CLIENT_SECRET and NLPQ_ENCRYPTION_KEY. docs/slack.md has both, step by step.",
	);
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
	if (config.SLACK_BOT_TOKEN ?? config.SLACK_SIGNING_SECRET) adapters.push(await slackAdapter(config, tools));
	return adapters;
}
