import { ChannelType } from "discord.js";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Bot, openBot, postDaily, press, textOf, type } from "./support.ts";

/** Names as members choose them, and what a board shows of them. */
const NAMES = [
	["<@123456789012345678>", "<@"],
	["@everyone", "@everyone"],
	["👩‍👩‍👧 Ana", "👩‍👩‍👧 Ana"],
	["שלום עולם", "שלום עולם"],
	["Bob\u202egnp.exe", "Bob gnp.exe"],
	["**bold** `code` ||hidden||", "bold"],
	["[a link](https://example.org)", "a link"],
] as const;

let bot: Bot;
beforeEach(async () => {
	bot = await openBot();
});
afterEach(async () => {
	expect(bot.discord.violations).toEqual([]);
	expect(bot.faults).toEqual([]);
	await bot.close();
});

test("mentions, emoji, right-to-left names and markup in members' names are shown on a board and ping nobody", async () => {
	const post = await postDaily(bot);
	for (const [name] of NAMES) {
		const member = bot.discord.addUser(name);
		bot.discord.addMember(bot.guild, member);
		await press(bot, member, await press(bot, member, post, "Quick check").reply(), "B").reply();
	}
	const [board] = await type(bot, bot.ada, bot.channel, "leaderboard").replies(2);
	const text = textOf(board ?? expect.fail());
	for (const [, shown] of NAMES) expect(text).toContain(shown);
	expect(text.split("\n").filter((line) => line.includes("**#1**"))).toHaveLength(NAMES.length);
	expect(text).not.toContain("\u202e");
	// Only a mention that is escaped stays text.
	expect(text).not.toMatch(/(?<!\\)<@\d/);
});

test("a command in the thread of the daily question means its channel", async () => {
	const post = await postDaily(bot);
	const thread = post.thread ?? expect.fail("the question has no thread");
	expect(textOf(await type(bot, bot.ada, thread, "today").reply())).toContain("Today's question #1");
	const list = textOf(await type(bot, bot.boss, thread, "schedule list").reply());
	expect(list).toContain(`<#${bot.channel.id}>`);
	await press(bot, bot.ada, await press(bot, bot.ada, post, "Quick check").reply(), "B").reply();
	expect(textOf(await type(bot, bot.ada, thread, "streak").reply())).toMatch(/1 (day )?in a row|Current/i);
});

test("a forum cannot take a daily question, and the reply says so; commands work in its posts", async () => {
	const forum = bot.discord.addChannel(bot.guild, "ideas");
	Object.assign(forum, { type: ChannelType.GuildForum });
	await postDaily(bot);
	const idea = bot.discord.world.addThread(forum, { name: "An idea" });
	const refused = await type(bot, bot.boss, idea, "schedule add", { time: "10:00", zone: "UTC" }).reply();
	expect(textOf(refused)).toContain("a forum channel");
	const workspace = await bot.store.people.findWorkspace("discord", bot.guild.id);
	expect(await bot.store.schedules.list(workspace?.id ?? 0)).toHaveLength(1);
	expect(textOf(await type(bot, bot.ada, idea, "today").reply())).toContain("Today's question #1");
	expect((await type(bot, bot.ada, idea, "random").reply()).embeds).not.toEqual([]);
});
