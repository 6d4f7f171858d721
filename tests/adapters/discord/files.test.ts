import { afterEach, describe, expect, test } from "vitest";
import { type Bot, openBot, postDaily, press, textOf, type } from "./support.ts";

let bot: Bot;
afterEach(async () => {
	expect(bot.discord.violations).toEqual([]);
	await bot.close();
});

describe("files", () => {
	test("a streak comes with its picture, described in words", async () => {
		bot = await openBot();
		const post = await postDaily(bot);
		const options = await press(bot, bot.ada, post, "Quick check").reply();
		await press(bot, bot.ada, options, "B").reply();
		const [picture] = (await type(bot, bot.ada, bot.channel, "streak").reply()).files;
		expect(picture).toMatchObject({ name: "picture-1.png", contentType: "image/png" });
		expect(picture?.description).toContain("Of 1 day with a question");
	});

	test("a picture that cannot be drawn is described in words", async () => {
		bot = await openBot({}, { draw: () => Promise.reject(new Error("no fonts")) });
		const post = await postDaily(bot);
		const options = await press(bot, bot.ada, post, "Quick check").reply();
		await press(bot, bot.ada, options, "B").reply();
		const reply = await type(bot, bot.ada, bot.channel, "streak").reply();
		expect(reply.files).toEqual([]);
		expect(textOf(reply)).toContain("Of 1 day with a question");
	});

	test("an export is a file only for the member", async () => {
		bot = await openBot();
		const reply = await type(bot, bot.ada, bot.channel, "settings export").reply();
		expect(reply.visibleTo).toBe(bot.ada);
		const content = Buffer.from(reply.files[0]?.bytes ?? []).toString("utf8");
		expect(JSON.parse(content)).toBeTypeOf("object");
	});
});
