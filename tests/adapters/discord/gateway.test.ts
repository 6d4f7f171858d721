import { describe, type ExpectStatic, test } from "vitest";
import { byEffort } from "../../support/effort.ts";
import { type Bot, openBot, textOf, type } from "./support.ts";

/** The limit in seconds for `npm run prove -- all`, where nothing else runs; otherwise a minute. */
const onAQuietMachine = (seconds: number) => byEffort({ test: 60, ci: 60, full: seconds });

/** Checks that a command is answered again. @returns the seconds of real time until then */
async function deaf(bot: Bot, expect: ExpectStatic): Promise<number> {
	const begun = performance.now();
	await expect.poll(() => bot.discord.gateway.connected).toBe(1);
	const interaction = type(bot, bot.ada, bot.channel, "help");
	expect(textOf(await interaction.reply())).toContain("What I can do");
	return (performance.now() - begun) / 1000;
}

/** Most tests wait for the library, so they run side by side; in full, each measures only itself. */
const concurrent = byEffort({ test: true, ci: true, full: false });

describe("the gateway", { concurrent }, () => {
	test("is dropped: the bot resumes, and answers what was said meanwhile", async ({ expect, onTestFinished }) => {
		const bot = await openBot();
		onTestFinished(() => bot.close());
		bot.discord.gateway.delivers = false;
		const meanwhile = type(bot, bot.ada, bot.channel, "random");
		bot.discord.gateway.delivers = true;
		bot.discord.gateway.dropConnections();
		expect(await deaf(bot, expect)).toBeLessThan(onAQuietMachine(3));
		expect(textOf(await meanwhile.reply())).toContain("Category");
		expect(bot.discord.gateway.counts.resumes).toBe(1);
		expect(bot.connection.reconnects).toBe(1);
		expect(bot.connection.acknowledgements).toHaveLength(2);
	});

	test("asks to reconnect", async ({ expect, onTestFinished }) => {
		const bot = await openBot();
		onTestFinished(() => bot.close());
		bot.discord.gateway.requestReconnect();
		await expect.poll(() => bot.discord.gateway.counts.resumes).toBe(1);
		expect(await deaf(bot, expect)).toBeLessThan(onAQuietMachine(3));
	});

	test("has forgotten the session: a new one begins", async ({ expect, onTestFinished }) => {
		const bot = await openBot();
		onTestFinished(() => bot.close());
		bot.discord.gateway.invalidateSessions(false);
		await expect.poll(() => bot.discord.gateway.counts.identifies).toBe(2);
		expect(await deaf(bot, expect)).toBeLessThan(onAQuietMachine(8));
		expect(bot.connection.reconnects).toBe(1);
	});

	test("is half open: missed heartbeats end it, and it comes back", async ({ expect, onTestFinished }) => {
		const bot = await openBot({ heartbeatMs: 500 });
		onTestFinished(() => bot.close());
		const { gateway } = bot.discord;
		gateway.delivers = false;
		gateway.acknowledgesHeartbeats = false;
		const meanwhile = type(bot, bot.ada, bot.channel, "random");
		await expect.poll(() => gateway.counts.connections).toBeGreaterThan(1);
		gateway.delivers = true;
		gateway.acknowledgesHeartbeats = true;
		expect(await deaf(bot, expect)).toBeLessThan(onAQuietMachine(6));
		expect(meanwhile.first === undefined || meanwhile.first.type === 5).toBe(true);
	});

	test("ignores being closed: stopping does not wait for it", async ({ expect, onTestFinished }) => {
		const options = { heartbeatMs: 500 };
		const bot = await openBot(options, {}, (discord) => {
			discord.gateway.ignoresCloseFrames = true;
		});
		onTestFinished(() => bot.close());
		const begun = performance.now();
		await bot.adapter.stop();
		expect((performance.now() - begun) / 1000).toBeLessThan(onAQuietMachine(5));
	});

	test("is down while the process stops: no unwanted connection comes back", async ({ expect, onTestFinished }) => {
		const bot = await openBot();
		onTestFinished(() => bot.close());
		const { gateway } = bot.discord;
		gateway.refusesConnections = true;
		gateway.dropConnections();
		await expect.poll(() => gateway.counts.refused).toBeGreaterThan(0);
		await bot.adapter.stop();
		gateway.refusesConnections = false;
		// The library's next attempt succeeds, and is ended at once.
		await expect.poll(() => gateway.counts.connections).toBeGreaterThan(1);
		await expect.poll(() => gateway.connected).toBe(0);
		const missed = type(bot, bot.ada, bot.channel, "help");
		await expect(missed.firstResponse(1000)).rejects.toThrow("no a first response");
	});

	test("is down for a while: the bot retries until it is back", async ({ expect, onTestFinished }) => {
		const bot = await openBot();
		onTestFinished(() => bot.close());
		const { gateway } = bot.discord;
		gateway.refusesConnections = true;
		gateway.dropConnections();
		await expect.poll(() => gateway.counts.refused).toBeGreaterThan(0);
		expect(bot.adapter.healthy()).toBe(false);
		gateway.refusesConnections = false;
		expect(await deaf(bot, expect)).toBeLessThan(onAQuietMachine(8));
		await expect.poll(() => bot.adapter.healthy()).toBe(true);
	});
});
