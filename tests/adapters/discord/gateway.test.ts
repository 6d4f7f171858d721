import { beforeAll, describe, type ExpectStatic, test } from "vitest";
import { withDeadline } from "../../../src/chat/deadlines.ts";
import type { RootStore } from "../../../src/core/ports/store.ts";
import { type Bot, emptyStore, openBot, textOf, type } from "./support.ts";

/** Milliseconds after which the library alone would give up a connection that ignores being closed. */
const LIBRARY_WAITS = 30_000;

/** Settles when a command is answered again. How many seconds that takes is what `bench/discord-gateway.ts` measures. */
async function answersAgain(bot: Bot, expect: ExpectStatic): Promise<void> {
	await expect.poll(() => bot.discord.gateway.connected).toBe(1);
	const interaction = type(bot, bot.ada, bot.channel, "help");
	expect(textOf(await interaction.reply())).toContain("What I can do");
}

/** One database for all of them: opening a bot without one empties it, also under a test that runs beside. */
let store: RootStore;
beforeAll(async () => {
	store = await emptyStore();
});

// Most tests wait for the library, so they run side by side.
describe.concurrent("the gateway", () => {
	test("is dropped: the bot resumes, and answers what was said meanwhile", async ({ expect, onTestFinished }) => {
		const bot = await openBot({}, { store });
		onTestFinished(() => bot.close());
		bot.discord.gateway.delivers = false;
		const meanwhile = type(bot, bot.ada, bot.channel, "random");
		bot.discord.gateway.delivers = true;
		bot.discord.gateway.dropConnections();
		await answersAgain(bot, expect);
		expect(textOf(await meanwhile.reply())).toContain("Category");
		expect(bot.discord.gateway.counts.resumes).toBe(1);
		expect(bot.connection.reconnects).toBe(1);
		expect(bot.connection.acknowledgements).toHaveLength(2);
	});

	test("asks to reconnect", async ({ expect, onTestFinished }) => {
		const bot = await openBot({}, { store });
		onTestFinished(() => bot.close());
		bot.discord.gateway.requestReconnect();
		await expect.poll(() => bot.discord.gateway.counts.resumes).toBe(1);
		await answersAgain(bot, expect);
	});

	test("has forgotten the session: a new one begins", async ({ expect, onTestFinished }) => {
		const bot = await openBot({}, { store });
		onTestFinished(() => bot.close());
		bot.discord.gateway.invalidateSessions(false);
		await expect.poll(() => bot.discord.gateway.counts.identifies).toBe(2);
		await answersAgain(bot, expect);
		expect(bot.connection.reconnects).toBe(1);
	});

	test("is half open: missed heartbeats end it, and it comes back", async ({ expect, onTestFinished }) => {
		const bot = await openBot({ heartbeatMs: 500 }, { store });
		onTestFinished(() => bot.close());
		const { gateway } = bot.discord;
		// On a busy machine half a second passes with nobody's fault: a connection that comes back shall last.
		gateway.heartbeatMs = 60_000;
		gateway.delivers = false;
		gateway.acknowledgesHeartbeats = false;
		const meanwhile = type(bot, bot.ada, bot.channel, "random");
		await expect.poll(() => gateway.counts.connections).toBeGreaterThan(1);
		gateway.delivers = true;
		gateway.acknowledgesHeartbeats = true;
		await answersAgain(bot, expect);
		expect(meanwhile.first === undefined || meanwhile.first.type === 5).toBe(true);
	});

	test("ignores being closed: stopping does not wait for it", async ({ expect, onTestFinished }) => {
		const options = { heartbeatMs: 500 };
		const bot = await openBot(options, { store }, (discord) => {
			discord.gateway.ignoresCloseFrames = true;
		});
		onTestFinished(() => bot.close());
		const stopping = bot.adapter.stop().then(() => "stopped");
		expect(await withDeadline(stopping, LIBRARY_WAITS, "waits for the library")).toBe("stopped");
	});

	test("is down while the process stops: no unwanted connection comes back", async ({ expect, onTestFinished }) => {
		const bot = await openBot({}, { store });
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
		const bot = await openBot({}, { store });
		onTestFinished(() => bot.close());
		const { gateway } = bot.discord;
		gateway.refusesConnections = true;
		gateway.dropConnections();
		await expect.poll(() => gateway.counts.refused).toBeGreaterThan(0);
		expect(bot.adapter.healthy()).toBe(false);
		gateway.refusesConnections = false;
		await answersAgain(bot, expect);
		await expect.poll(() => bot.adapter.healthy()).toBe(true);
	});
});
