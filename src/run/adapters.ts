import { KeyRing } from "../adapters/keys.ts";
import type { OpenDatabase } from "../adapters/postgres/open.ts";
import type { Config } from "../config.ts";
import type { Services } from "../core/service/services.ts";
import type { AdapterTools, ChatAdapter } from "./chat-adapter.ts";
import { slackSettings, wantsSlack } from "./slack-settings.ts";

/** What every chat adapter gets. */
interface Tools extends AdapterTools {
	readonly services: Services;
	readonly database: OpenDatabase;
	/** The index of this process's shard; 0 when one process serves them all. */
	readonly shard: number;
}

async function discordAdapter(config: Config, tools: Tools): Promise<ChatAdapter> {
	const [{ createDiscord }, { shardOfProcess }, { drawPicture }] = await Promise.all([
		import("../adapters/discord/discord.ts"),
		import("../adapters/discord/gateway/sharding.ts"),
		import("../adapters/pictures/draw.ts"),
	]);
	const { services, database, clock, log } = tools;
	const own = shardOfProcess(process.env);
	const settings = {
		token: config.DISCORD_TOKEN ?? "",
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
		urgent: database.urgent,
		clock,
		log,
		connection: tools.connections("slack"),
		drawPicture,
	});
}

/** A chat platform that the settings can turn on. */
interface PlatformChoice {
	isWanted(config: Config): boolean;
	/** Loads the platform's libraries only here: other processes need not pay for them. */
	create(config: Config, tools: Tools): Promise<ChatAdapter>;
	/** True when every shard's process serves the platform; false when only the first one does. */
	readonly onEveryShard: boolean;
}

/** Every chat platform. A new one is a folder of src/adapters and a line here. */
const PLATFORMS: readonly PlatformChoice[] = [
	{ isWanted: ({ DISCORD_TOKEN }) => Boolean(DISCORD_TOKEN), create: discordAdapter, onEveryShard: true },
	{ isWanted: wantsSlack, create: slackAdapter, onEveryShard: false },
];

/** Whether the settings name a chat platform. Without one, nlpq runs in the terminal. */
export const wantsPlatforms = (config: Config): boolean => PLATFORMS.some(({ isWanted }) => isWanted(config));

/** Creates the adapters that the settings ask for. */
export function chatAdapters(config: Config, tools: Tools): Promise<ChatAdapter[]> {
	const wanted = PLATFORMS.filter(({ isWanted, onEveryShard }) => isWanted(config) && (onEveryShard || !tools.shard));
	return Promise.all(wanted.map(({ create }) => create(config, tools)));
}
