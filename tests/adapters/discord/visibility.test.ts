import { afterEach, describe, expect, test, vi } from "vitest";
import { type Bot, openBot, postDaily, press, textOf, type } from "./support.ts";

let bot: Bot;
afterEach(async () => {
	expect(bot.discord.violations).toEqual([]);
	await bot.close();
});

describe("visibility", () => {
	test("a board is public, the asker's own rank is private", async () => {
		bot = await openBot();
		await postDaily(bot);
		const interaction = type(bot, bot.ada, bot.channel, "leaderboard");
		expect(await interaction.firstResponse()).not.toMatchObject({ data: { flags: 64 } });
		const [board, own] = await interaction.replies(2);
		expect(board?.visibleTo).toBeUndefined();
		expect(own?.visibleTo).toBe(bot.ada);
		const turned = press(bot, bot.ada, board ?? expect.fail(), "Longest streaks");
		expect((await turned.reply()).visibleTo).toBe(bot.ada);
	});

	test("members tied on a board keep their shared rank: no client renumbers it, and no name reverses or hides it", async () => {
		bot = await openBot();
		const post = await postDaily(bot);
		const twin = bot.discord.addUser("Bob\u202e evil");
		bot.discord.addMember(bot.guild, twin);
		for (const user of [bot.ada, twin]) {
			const options = await press(bot, user, post, "Quick check").reply();
			await press(bot, user, options, "B").reply();
		}
		const [board, own] = await type(bot, bot.ada, bot.channel, "leaderboard").replies(2);
		expect(textOf(board ?? expect.fail())).toMatch(/\*\*#1\*\* {2}Ada: 1 in a row\n\*\*#1\*\* {2}Bob evil: 1 in a row/);
		expect(textOf(own ?? expect.fail())).toBe("Your rank: 1\nYour streak: 1 in a row.");
	});

	test("a private follow-up that arrives although Discord answers 502 is shown only once", async () => {
		bot = await openBot();
		const fault = bot.discord.faults.add({
			fault: { kind: "commit-then-status", status: 502 },
			when: ({ route }) => route === "POST /webhooks/{application}/{token}",
			times: 1,
		});
		const interaction = type(bot, bot.ada, bot.channel, "leaderboard");
		await interaction.replies(2);
		await bot.adapter.stop();
		expect(fault.hits).toBe(1);
		expect(interaction.followUps).toHaveLength(1);
	});

	test("a reply whose embeds and buttons Discord refuses comes as plain words", async () => {
		bot = await openBot();
		bot.discord.faults.add({
			fault: { kind: "status", status: 400 },
			when: ({ route, body }) => route.startsWith("PATCH /webhooks") && JSON.stringify(body).includes('"embeds":[{'),
		});
		const reply = await type(bot, bot.ada, bot.channel, "show", { question: "kv-cache" }).reply();
		expect(reply.embeds).toEqual([]);
		expect(reply.content).toContain("KV cache");
		expect(reply.visibleTo).toBe(bot.ada);
	});

	test("a daily question whose embeds and buttons Discord refuses is posted as plain words and can be answered", async () => {
		bot = await openBot();
		bot.discord.faults.add({
			fault: { kind: "status", status: 400 },
			when: ({ route, body }) =>
				route === "POST /channels/{channel}/messages" && JSON.stringify(body).includes('"embeds":[{'),
		});
		await type(bot, bot.boss, bot.channel, "schedule add", { time: "09:00", zone: "UTC" }).reply();
		expect(textOf(await type(bot, bot.boss, bot.channel, "schedule post").reply())).toContain("Posted");
		const [post] = bot.discord
			.messages(bot.channel)
			.filter(({ content }) => content.includes("Question of the day #1"));
		expect(post?.embeds).toEqual([]);
		const answered = await type(bot, bot.ada, bot.channel, "today").reply();
		expect(textOf(answered)).toContain("Today's question #1");
	});

	test("if the public reply is already gone, the member still gets the private one", async () => {
		bot = await openBot();
		vi.spyOn(bot.store.people, "enter").mockRejectedValueOnce(new Error("a fault of ours"));
		bot.discord.faults.add({
			fault: { kind: "commit-then-status", status: 502 },
			when: ({ route }) => route.startsWith("DELETE /webhooks"),
			times: 1,
		});
		const interaction = type(bot, bot.ada, bot.channel, "leaderboard");
		await expect.poll(() => interaction.followUps.length).toBe(1);
		expect(interaction.followUps[0]?.visibleTo).toBe(bot.ada);
		expect(bot.discord.messages(bot.channel)).toEqual([]);
	});

	test("errors of a public command are shown privately", async () => {
		bot = await openBot();
		bot.discord.faults.clear();
		const broken = bot.store.people.ensureWorkspace.bind(bot.store.people);
		bot.store.people.ensureWorkspace = () => Promise.reject(new Error("the database is away"));
		const interaction = type(bot, bot.ada, bot.channel, "leaderboard");
		const reply = await interaction.reply();
		bot.store.people.ensureWorkspace = broken;
		expect(textOf(reply)).toContain("Something went wrong on our side.");
		expect(reply.visibleTo).toBe(bot.ada);
		expect(bot.discord.messages(bot.channel)).toEqual([]);
	});

	test("pages of a private list turn in place", async () => {
		bot = await openBot();
		const found = await type(bot, bot.ada, bot.channel, "search", { words: "model training data" }).reply();
		const before = textOf(found);
		const turned = press(bot, bot.ada, found, "More");
		expect(await turned.firstResponse()).toMatchObject({ type: 6 });
		expect(await turned.reply()).toBe(found);
		expect(textOf(found)).not.toBe(before);
	});
});
