import { afterEach, beforeEach, expect, test } from "vitest";
import { type Bot, makeBot, openBot, postDaily, press, textOf, type } from "./support.ts";

let bot: Bot;
beforeEach(async () => {
	bot = await openBot();
	const post = await postDaily(bot);
	for (const user of [bot.ada, bot.boss]) {
		const check = await press(bot, user, post, "Quick check").reply();
		await press(bot, user, check, "A").reply();
	}
});
afterEach(async () => {
	expect(bot.discord.violations).toEqual([]);
	expect(bot.faults).toEqual([]);
	await bot.close();
});

const MEMBER = "GET /guilds/{guild}/members/{user}";
const board = async () => textOf(await type(bot, bot.boss, bot.channel, "leaderboard").reply());
const memberRequests = () =>
	bot.discord.requests.filter(({ route, path }) => route === MEMBER && path.endsWith(bot.ada.id)).length;

test("a member who left the server drops off the board, keeps the streak, and is back with the next command", async () => {
	expect(await board()).toMatch(/Ada[\s\S]*Grace/);
	const membership = bot.guild.members.get(bot.ada.id);
	bot.guild.members.delete(bot.ada.id);
	// Members are looked up only once a day.
	expect(await board()).toContain("Ada");
	expect(memberRequests()).toBe(1);
	await bot.adapter.stop();
	const again = await openAgain();
	expect(await board()).not.toContain("Ada");
	if (membership) bot.guild.members.set(bot.ada.id, membership);
	expect(await board()).not.toContain("Ada");
	expect(textOf(await type(bot, bot.ada, bot.channel, "streak").reply())).toContain("Your streak: 1");
	expect(await board()).toContain("Ada");
	await again();
});

test("boards and streaks name the channel by Discord's mention, which stays right after a rename", async () => {
	const mention = `<#${bot.channel.id}>`;
	expect(await board()).toContain(`In ${mention}: 2 of 2 answered today, 100%.`);
	const own = await type(bot, bot.ada, bot.channel, "streak").reply();
	expect(textOf(own)).toContain(`In ${mention}.`);
	expect(JSON.stringify(own.files.map(({ description }) => description))).not.toContain("daily");
});

/** Starts another process, which has looked up nobody yet. */
async function openAgain(): Promise<() => Promise<void>> {
	const other = await makeBot(bot);
	await other.adapter.start(other.dispatcher);
	return () => other.adapter.stop();
}

test("a member about whom Discord does not answer stays on the board", async () => {
	bot.discord.faults.add({ fault: { kind: "status", status: 500 }, when: ({ route }) => route === MEMBER });
	expect(await board()).toContain("Ada");
});
