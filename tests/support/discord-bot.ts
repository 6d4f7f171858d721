import { sql } from "drizzle-orm";
import type { LocalChannel, LocalUser, StoredMessage } from "../../packages/local-discord/entities.ts";
import {
	type LocalDiscord,
	type LocalDiscordOptions,
	startDiscord,
} from "../../packages/local-discord/local-discord.ts";
import { ManualClock } from "../../src/adapters/clock.ts";
import { createDiscord, type DiscordAdapter, type DiscordSettings } from "../../src/adapters/discord/discord.ts";
import { drawPicture } from "../../src/adapters/pictures/draw.ts";
import type { OpenDatabase } from "../../src/adapters/postgres/open.ts";
import { createStore } from "../../src/adapters/postgres/store.ts";
import { COMMANDS } from "../../src/chat/commands/index.ts";
import { DailyEngine } from "../../src/chat/daily.ts";
import { Dispatcher, type Throttle } from "../../src/chat/dispatch.ts";
import type { RootStore } from "../../src/core/ports/store.ts";
import { createServices } from "../../src/core/service/services.ts";
import { realBank } from "./bank.ts";
import { openBenchDatabase } from "./bench-database.ts";
import { testRandom } from "./dice.ts";
import { BANK_TABLES, emptyTables } from "./embedded.ts";
import { openWithBank } from "./postgres.ts";
import { RecordingConnection } from "./recording-connection.ts";
import { openRunLog } from "./run-log.ts";

export const START = new Date("2027-03-08T08:00:00Z");

let opened: Promise<Pick<OpenDatabase, "db" | "close">> | undefined;

/** Starts a server: a bench runs without the test runner, which would provide one with a filled database. */
async function openForBench(): Promise<Pick<OpenDatabase, "db" | "close">> {
	const { database, drop } = await openBenchDatabase();
	return { db: database.db, close: drop };
}

/** For benches: closes the database and stops its server. */
export async function closeStore(): Promise<void> {
	await (await opened)?.close();
	opened = undefined;
}

/** A database with nothing but the bank. All tests of a process share it; it is emptied for each. */
export async function emptyStore(): Promise<RootStore> {
	opened ??= process.env.VITEST ? openWithBank() : openForBench();
	const { db } = await opened;
	await emptyTables(db, BANK_TABLES);
	return createStore(db);
}

/** Ends the leases of all sends, as if their process had died. */
export async function endLeases(): Promise<void> {
	await (await opened)?.db.execute(sql`update deliveries set lease_until = null`);
}

/** Lets the time pass for which only the first process may reply. */
export async function endHolds(): Promise<void> {
	await (await opened)?.db.execute(sql`update owed_replies set held_until = to_timestamp(0)`);
}

export interface BotParts {
	readonly discord: LocalDiscord;
	readonly store: RootStore;
	readonly clock: ManualClock;
	readonly settings?: Partial<DiscordSettings>;
	readonly draw?: typeof drawPicture;
	readonly throttle?: Throttle;
}

/** One process of the bot, not started yet. */
export async function makeBot({ discord, store, clock, settings = {}, draw = drawPicture, throttle }: BotParts) {
	const bank = await realBank();
	await store.transaction((transaction) => transaction.bank.synchronise(bank.all(), START));
	const services = createServices(store, bank, testRandom());
	const faults: unknown[] = [];
	const lines: string[] = [];
	const log = openRunLog(lines);
	const connection = new RecordingConnection();
	const adapter: DiscordAdapter = createDiscord(
		{
			token: discord.token,
			apiUrl: `${discord.url}/api`,
			guildId: null,
			shards: null,
			keys: null,
			shared: false,
			...settings,
		},
		{ services, clock, log, connection, drawPicture: draw },
	);
	const outcomes: string[] = [];
	const daily = new DailyEngine({
		services,
		platforms: [adapter.platform],
		clock,
		worker: crypto.randomUUID(),
		observer: {
			delivered: (delivery, outcome) => void outcomes.push(`${delivery.kind} ${outcome}`),
			fault: (_what, error) => void faults.push(error),
		},
	});
	const dispatcher = new Dispatcher({
		services,
		clock,
		commands: COMMANDS,
		platform: adapter.platform,
		daily,
		observer: { ran: () => undefined, fault: (_reference, _command, error) => void faults.push(error) },
		...(throttle ? { throttle } : {}),
	});
	return { adapter, connection, bank, services, daily, dispatcher, faults, lines, outcomes };
}

/** Starts a Discord with one server, and the bot connected to it. */
export async function openBot(
	options: LocalDiscordOptions = {},
	parts: Partial<BotParts> = {},
	prepare: (discord: LocalDiscord) => void = () => undefined,
) {
	const clock = new ManualClock(START);
	const discord = await startDiscord({ now: () => clock.now().getTime(), rateLimits: false, ...options });
	prepare(discord);
	const store = parts.store ?? (await emptyStore());
	const guild = discord.addGuild("study group");
	const channel = discord.addChannel(guild, "daily");
	const ada = discord.addUser("Ada");
	const boss = discord.addUser("Grace");
	discord.addMember(guild, ada);
	discord.addMember(guild, boss, ["ManageGuild"]);
	const bot = await makeBot({ discord, store, clock, ...parts });
	await bot.adapter.start(bot.dispatcher);
	const close = async () => {
		await bot.adapter.stop();
		await bot.daily.stop();
		await discord.stop();
	};
	return { ...bot, discord, clock, store, guild, channel, ada, boss, close };
}

export type Bot = Awaited<ReturnType<typeof openBot>>;

/** Types a command. */
export function type(
	bot: { discord: LocalDiscord },
	user: LocalUser,
	channel: LocalChannel,
	name: string,
	options = {},
) {
	return bot.discord.command({ channel, user, name: "nlpq", path: name.split(" "), options });
}

/** A control's custom id by its label; a select's by its placeholder. */
export function controlOf(message: StoredMessage, label: string): string {
	for (const row of message.components)
		for (const part of row.components ?? [])
			if ((part.label ?? part.placeholder) === label && part.custom_id) return part.custom_id;
	throw new Error(`no control ${label}`);
}

/** Presses a button by its label. */
export function press(bot: { discord: LocalDiscord }, user: LocalUser, message: StoredMessage, label: string) {
	return bot.discord.button({ message, customId: controlOf(message, label), user });
}

/** All text of a message. */
export function textOf(message: StoredMessage): string {
	return message.embeds
		.flatMap((embed) => [
			embed.title,
			embed.description,
			...(embed.fields ?? []).flatMap(({ name, value }) => [name, value]),
			embed.footer?.text,
		])
		.filter((text) => text)
		.join("\n");
}

/** Schedules a question every day at 09:00 UTC. Its first post arrives, but Discord's answer is lost. */
export async function scheduleLosingAnswer(bot: Bot): Promise<void> {
	await type(bot, bot.boss, bot.channel, "schedule add", { time: "09:00", zone: "UTC" }).reply();
	bot.discord.faults.add({
		fault: { kind: "commit-then-drop" },
		when: ({ route }) => route === "POST /channels/{channel}/messages",
		times: 1,
	});
}

/** Schedules a question every day at 09:00 UTC in a channel, moves the clock there, and posts it. */
export async function postDaily(bot: Bot): Promise<StoredMessage> {
	const set = type(bot, bot.boss, bot.channel, "schedule add", { time: "09:00", zone: "UTC" });
	await set.reply();
	bot.clock.moveTo(new Date("2027-03-08T09:00:00Z"));
	await bot.daily.run();
	const post = bot.discord.messages(bot.channel).find((message) => message.embeds.length > 0);
	if (!post) throw new Error("nothing was posted");
	return post;
}

/** A member answers the daily question while the connection delivers nothing, and it comes back too late to respond. */
export async function answerWhileDeaf(bot: Bot): Promise<void> {
	const post = await postDaily(bot);
	const modal = await press(bot, bot.ada, post, "Answer").modal();
	bot.discord.gateway.delivers = false;
	bot.discord.modalSubmit({
		customId: modal.custom_id,
		user: bot.ada,
		fields: { text: "Late, but said in my own words." },
	});
	bot.clock.moveTo(new Date(bot.clock.now().getTime() + 4000));
	bot.discord.gateway.delivers = true;
	bot.discord.gateway.dropConnections();
}
