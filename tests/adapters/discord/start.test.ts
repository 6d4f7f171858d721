import { afterEach, describe, expect, test } from "vitest";
import { type LocalDiscord, startDiscord } from "../../../packages/local-discord/local-discord.ts";
import { ManualClock } from "../../../src/adapters/clock.ts";
import { createDiscord } from "../../../src/adapters/discord/discord.ts";
import { UserError } from "../../../src/core/errors.ts";
import { type Bot, emptyStore, makeBot, openBot, START, textOf, type } from "./support.ts";

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
	for (const close of closers.splice(0).reverse()) await close();
});

async function opened(...given: Parameters<typeof openBot>): Promise<Bot> {
	const bot = await openBot(...given);
	closers.push(bot.close);
	return bot;
}

async function startError(discord: LocalDiscord, settings: object): Promise<UserError> {
	const bot = await makeBot({ discord, store: await emptyStore(), clock: new ManualClock(START), settings });
	closers.push(() => bot.adapter.stop());
	const error = await bot.adapter.start(bot.dispatcher).then(
		() => null,
		(thrown: unknown) => thrown,
	);
	if (error instanceof UserError) return error;
	throw new Error(`no fault for the user but ${String(error)}`);
}

/** Close codes after which Discord accepts no reconnection, and what the operator reads. */
const FATAL_CODES = [
	[4004, "Discord refuses the bot's token.", "DISCORD_TOKEN"],
	[4010, "Discord knows no such shard.", "DISCORD_SHARDS"],
	[4011, "The bot is on too many servers for so few shards.", "DISCORD_SHARDS=auto"],
	[4012, "Discord no longer speaks this version of its protocol.", "Install a newer nlpq."],
	[4013, "Discord does not know what the bot asks to hear.", "Install a newer nlpq."],
	[4014, "Discord does not let the bot hear what it asks for.", "check that this is its own bot's token"],
] as const;

describe("starting", () => {
	test("registers commands once, and again only if something differs", async () => {
		const bot = await opened();
		expect(bot.discord.commandOverwrites()).toBe(1);
		await bot.adapter.stop();
		const same = await makeBot(bot);
		await same.adapter.start(same.dispatcher);
		await same.adapter.stop();
		expect(bot.discord.commandOverwrites()).toBe(1);
		expect(bot.adapter.inviteUrl).toContain("scope=bot+applications.commands");
		expect(bot.lines.join("")).toContain(bot.adapter.inviteUrl);
		expect(bot.discord.violations).toEqual([]);
	});

	test("with a server id, commands are registered only there", async () => {
		const discord = await startDiscord({ now: () => START.getTime() });
		closers.push(() => discord.stop());
		const guild = discord.addGuild();
		const channel = discord.addChannel(guild, "general");
		const ada = discord.addUser("Ada");
		discord.addMember(guild, ada);
		const clock = new ManualClock(START);
		for (let round = 0; round < 2; round += 1) {
			const bot = await makeBot({ discord, store: await emptyStore(), clock, settings: { guildId: guild.id } });
			await bot.adapter.start(bot.dispatcher);
			if (round === 1) expect(textOf(await type({ discord }, ada, channel, "help").reply())).toContain("What I can do");
			await bot.adapter.stop();
		}
		expect(discord.commandOverwrites(guild)).toBe(1);
		expect(discord.commandOverwrites()).toBe(0);
		expect(discord.violations).toEqual([]);
	});

	test("says in one line what is wrong, and the remedy", async () => {
		const discord = await startDiscord();
		const wrong = await startError(discord, { token: "wrong" });
		expect(wrong.message).toBe("Discord refuses the bot's token.");
		expect(wrong.remedy).toContain("DISCORD_TOKEN");
		expect((await startError(discord, { guildId: "123" })).message).toContain("the server 123");
		// Nothing listens on the port of a server that has ended.
		const ended = await startDiscord();
		const apiUrl = `${ended.url}/api`;
		await ended.stop();
		closers.push(() => discord.stop());
		expect((await startError(discord, { apiUrl })).message).toContain("cannot be reached");
	});

	test.each(FATAL_CODES)("closed with %i as it identifies: %s; one try", async (code, message, remedy) => {
		const discord = await startDiscord();
		closers.push(() => discord.stop());
		discord.gateway.refusesIdentify = code;
		const error = await startError(discord, {});
		expect(error).toMatchObject({ message, remedy: expect.stringContaining(remedy) });
		expect(discord.gateway.counts.connections).toBe(1);
	});

	test("needs no privileged intents", async () => {
		const bot = await opened({ privilegedIntents: 0 });
		expect(bot.adapter.healthy()).toBe(true);
	});
});

describe("ending", () => {
	test("finishes what was accepted, and accepts nothing new", async () => {
		const bot = await opened();
		bot.discord.faults.add({
			fault: { kind: "slow", milliseconds: 400 },
			when: ({ route }) => route.startsWith("PATCH /webhooks"),
		});
		const interaction = type(bot, bot.ada, bot.channel, "random");
		await interaction.firstResponse();
		await bot.adapter.stop();
		expect(textOf(await interaction.reply(1))).toContain("Category");
		expect(bot.discord.gateway.connected).toBe(0);
		expect(bot.adapter.healthy()).toBe(false);
	});

	test.each(FATAL_CODES)("closed with %i while running: %s; nothing reconnects", async (code, message, remedy) => {
		const bot = await opened();
		const { gateway } = bot.discord;
		const { connections } = gateway.counts;
		gateway.refusesIdentify = code;
		gateway.closeConnections(code);
		expect(await bot.adapter.failed).toMatchObject({ message, remedy: expect.stringContaining(remedy) });
		expect(bot.adapter.healthy()).toBe(false);
		await bot.adapter.stop();
		expect(gateway.counts.connections).toBe(connections);
	});

	test("without a token Discord is not contacted", () => {
		const adapter = createDiscord(
			{ token: "x", apiUrl: "http://127.0.0.1:9/api", guildId: null, shards: null, keys: null, shared: false },
			{ ...({ services: { store: {} } } as Parameters<typeof createDiscord>[1]) },
		);
		expect(adapter.healthy()).toBe(false);
		expect(adapter.platform.name).toBe("discord");
	});
});
