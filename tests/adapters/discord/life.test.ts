import { afterEach, expect, test } from "vitest";
import { clearAway, monthAfter } from "../../support/clear-away.ts";
import { type Bot, endLeases, openBot, postDaily, scheduleLosingAnswer, textOf, type } from "./support.ts";

let bot: Bot;
afterEach(() => bot.close());

async function schedules() {
	const workspace = await bot.store.people.findWorkspace("discord", bot.guild.id);
	return workspace ? bot.store.schedules.list(workspace.id) : [];
}
const states = async () => (await schedules()).map(({ state, pauseReason }) => [state, pauseReason]);

/** What the owner has been told. */
async function ownerMessages(): Promise<string> {
	await bot.daily.run();
	const owner = bot.discord.world.users.get(bot.guild.ownerId);
	return owner ? bot.discord.messages(bot.discord.directChannel(owner)).map(textOf).join("\n") : "";
}

test("a deleted channel pauses its schedules, and the owner is told with the remedy", async () => {
	bot = await openBot();
	await postDaily(bot);
	bot.discord.removeChannel(bot.channel);
	await expect.poll(states).toEqual([["paused", "The channel is gone"]]);
	expect(await ownerMessages()).toContain("is paused");
	expect(await ownerMessages()).toContain("/nlpq schedule edit");
});

test("a lost permission pauses a schedule; given back, it can be resumed", async () => {
	bot = await openBot();
	await postDaily(bot);
	bot.discord.deny(bot.channel, ["SendMessages"]);
	await expect.poll(states).toEqual([["paused", "The bot has lost Send Messages in the channel"]]);
	expect(await ownerMessages()).toContain("Give it Send Messages");
	const other = bot.discord.addChannel(bot.guild, "talk");
	const refused = await type(bot, bot.boss, other, "schedule resume").reply();
	expect(textOf(refused)).toContain("Send Messages is missing");
	bot.discord.allow(bot.channel, ["SendMessages"]);
	expect(textOf(await type(bot, bot.boss, other, "schedule resume").reply())).toContain("is running again");
});

test("losing a permission that posts do not need changes nothing", async () => {
	bot = await openBot();
	await postDaily(bot);
	bot.discord.deny(bot.channel, ["AddReactions"]);
	bot.discord.deny(bot.channel, ["CreatePublicThreads"]);
	const answered = type(bot, bot.ada, bot.channel, "help");
	await answered.reply();
	expect(await states()).toEqual([["active", null]]);
});

const removedAt = async () => (await bot.store.people.findWorkspace("discord", bot.guild.id))?.removedAt ?? null;
const monthLater = () => clearAway(bot.store, monthAfter(bot.clock.now()));

test("removed from a server, its schedules pause and its data goes after a month; an outage changes nothing", async () => {
	bot = await openBot();
	await postDaily(bot);
	bot.discord.removeGuild(bot.guild, "outage");
	bot.discord.restoreGuild(bot.guild);
	await type(bot, bot.ada, bot.channel, "help").reply();
	expect(await removedAt()).toBeNull();
	bot.discord.removeGuild(bot.guild);
	await expect.poll(removedAt).toEqual(bot.clock.now());
	bot.clock.moveTo(new Date("2027-03-09T09:00:00Z"));
	await bot.daily.run();
	expect(bot.discord.messages(bot.channel)).toHaveLength(1);
	await monthLater();
	expect(await bot.store.people.findWorkspace("discord", bot.guild.id)).toBeNull();
});

test("invited again in time, the data is kept and the schedules go on as before", async () => {
	bot = await openBot();
	await postDaily(bot);
	bot.discord.removeGuild(bot.guild);
	await expect.poll(removedAt).not.toBeNull();
	bot.clock.moveTo(new Date("2027-03-09T12:00:00Z"));
	bot.discord.restoreGuild(bot.guild);
	await expect.poll(removedAt).toBeNull();
	await monthLater();
	expect(await states()).toEqual([["active", null]]);
	bot.clock.moveTo(new Date("2027-03-10T09:00:00Z"));
	await bot.daily.run();
	expect(
		(await bot.store.occurrences.since((await schedules())[0]?.id ?? 0, "2027-03-10")).map(({ state }) => state),
	).toEqual(["delivered"]);
});

test("invited again while the bot was offline, a single command keeps the data", async () => {
	bot = await openBot();
	await postDaily(bot);
	const workspace = await bot.store.people.findWorkspace("discord", bot.guild.id);
	// The bot never learns that it is back.
	await bot.store.people.removeWorkspace(workspace?.id ?? 0, new Date(bot.clock.now().getTime() - 60_000));
	await type(bot, bot.ada, bot.channel, "help").reply();
	expect(await removedAt()).toBeNull();
	await monthLater();
	expect(await bot.store.people.findWorkspace("discord", bot.guild.id)).toEqual(workspace);
});

test("the next day brings the answer into the thread, and the post's count follows the answers", async () => {
	bot = await openBot();
	const post = await postDaily(bot);
	await bot.store.occurrences.requestCount(1, bot.clock.now());
	bot.clock.moveTo(new Date("2027-03-09T09:00:00Z"));
	await bot.daily.run();
	await bot.daily.run();
	expect(bot.discord.messages(bot.channel)).toHaveLength(2);
	expect(
		bot.discord
			.messages(post.thread?.id ?? "")
			.map(textOf)
			.join("\n"),
	).toContain("The answer to \\#1".replace("\\", ""));
	expect(bot.faults).toEqual([]);
	expect(bot.discord.violations).toEqual([]);
});

test("a post with an unknown outcome is looked up, and not sent twice", async () => {
	bot = await openBot();
	await scheduleLosingAnswer(bot);
	bot.clock.moveTo(new Date("2027-03-08T09:00:00Z"));
	await bot.daily.run();
	bot.clock.moveTo(new Date("2027-03-08T09:20:00Z"));
	await endLeases();
	await bot.daily.run();
	expect(bot.discord.messages(bot.channel)).toHaveLength(1);
	expect(bot.outcomes).toEqual(["daily retry", "daily sent"]);
});
