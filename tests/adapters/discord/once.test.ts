import { setTimeout as wait } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { answerWhileDeaf, type Bot, makeBot, openBot, postDaily, press, textOf, type } from "./support.ts";

let bot: Bot;
afterEach(async () => {
	expect(bot.discord.violations).toEqual([]);
	await bot.close();
});

describe("once, and without loss", () => {
	test("an interaction that is delivered twice acts once", async () => {
		bot = await openBot();
		const post = await postDaily(bot);
		const options = await press(bot, bot.ada, post, "Quick check").reply();
		const pressed = press(bot, bot.ada, options, "B");
		bot.discord.redeliver(pressed);
		await pressed.reply();
		await wait(200);
		expect(textOf(await pressed.reply())).toContain("Your streak is 1.");
		expect(pressed.followUps.length).toBeLessThan(3);
		const workspace = await bot.store.people.findWorkspace("discord", bot.guild.id);
		const member = await bot.store.people.findMember(workspace?.id ?? 0, bot.ada.id);
		const history = await bot.store.answers.historyLength(member?.id ?? 0);
		expect(history).toBe(1);
	});

	test("two processes that get the same interaction answer it once", async () => {
		bot = await openBot();
		const second = await makeBot({ discord: bot.discord, store: bot.store, clock: bot.clock });
		await second.adapter.start(second.dispatcher);
		const post = await postDaily(bot);
		const options = await press(bot, bot.ada, post, "Quick check").reply();
		const pressed = press(bot, bot.ada, options, "B");
		expect(textOf(await pressed.reply())).toContain("Your streak is 1.");
		await second.adapter.stop();
		expect([...bot.faults, ...second.faults]).toEqual([]);
	});

	test("a restarted process knows every button", async () => {
		bot = await openBot();
		const post = await postDaily(bot);
		const options = await press(bot, bot.ada, post, "Quick check").reply();
		await bot.adapter.stop();
		const next = await makeBot({ discord: bot.discord, store: bot.store, clock: bot.clock });
		await next.adapter.start(next.dispatcher);
		expect(textOf(await press(bot, bot.ada, options, "B").reply())).toContain("Your streak is 1.");
		await next.adapter.stop();
		expect(next.lines.join("")).toContain("commands are up to date");
		expect(bot.discord.commandOverwrites()).toBe(1);
	});

	test("a form sent while the connection was deaf counts by its arrival, though nobody can be told", async () => {
		bot = await openBot();
		await answerWhileDeaf(bot);
		await expect.poll(async () => await bot.store.answers.countAnswered(1)).toBe(1);
	});

	test("an acknowledgement whose response is lost is not sent twice", async () => {
		bot = await openBot();
		const lost = bot.discord.faults.add({
			fault: { kind: "commit-then-drop" },
			when: ({ route }) => route.endsWith("/callback"),
			times: 1,
		});
		const interaction = type(bot, bot.ada, bot.channel, "random");
		expect(textOf(await interaction.reply())).toContain("Category");
		expect(lost.hits).toBe(1);
	});

	test("a reply that Discord fails to accept is sent again", async () => {
		bot = await openBot();
		const fault = bot.discord.faults.add({
			fault: { kind: "status", status: 502 },
			when: ({ route }) => route.startsWith("PATCH /webhooks"),
			times: 2,
		});
		expect(textOf(await type(bot, bot.ada, bot.channel, "random").reply(8000))).toContain("Category");
		expect(fault.hits).toBe(2);
	});
});
