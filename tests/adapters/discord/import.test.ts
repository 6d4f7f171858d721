import { afterEach, beforeEach, expect, test } from "vitest";
import { Attachments } from "../../../src/adapters/discord/incoming/attachments.ts";
import { BAD_IMPORTS } from "../../support/bad-imports.ts";
import { FIFTY_QUESTIONS } from "../../support/imports.ts";
import { type Bot, openBot, press, textOf, type } from "./support.ts";

let bot: Bot;
beforeEach(async () => {
	bot = await openBot();
});
afterEach(async () => {
	expect(bot.discord.violations).toEqual([]);
	expect(bot.faults).toEqual([]);
	await bot.close();
});

const importing = (file: { readonly id: string }) => type(bot, bot.boss, bot.channel, "questions import", { file });
const fetched = () => bot.discord.requests.filter(({ path }) => path.startsWith("/attachments/"));

test("fifty questions are imported from one attachment and exported to another", async () => {
	const look = await importing(bot.discord.attach("our questions.csv", FIFTY_QUESTIONS)).reply();
	expect(textOf(look)).toContain("50 good");
	expect(textOf(await press(bot, bot.boss, look, "Add 50").reply())).toContain("50 questions added");
	for (const [format, name] of [
		["csv", "questions.csv"],
		["yaml", "questions.yaml"],
		["anki", "questions.txt"],
	]) {
		const back = await type(bot, bot.boss, bot.channel, "questions export", { format }).reply();
		const [file] = back.files;
		expect(back.visibleTo).toBe(bot.boss);
		expect(file?.name).toBe(name);
		const again = await importing(bot.discord.attach(name ?? "", file?.bytes ?? "")).reply();
		expect(textOf(again), format).toContain("0 good, 50 you have already");
	}
});

test("a file that is too large according to Discord is not downloaded", async () => {
	const reply = await importing(bot.discord.attach("big.csv", FIFTY_QUESTIONS, 50 * 1024 * 1024)).reply();
	expect(textOf(reply)).toContain("The file has 50 MB; at most 5 MB are read. Nothing was changed.");
	expect(fetched()).toEqual([]);
});

test("files of a wrong kind are refused with their kind, and nothing is half imported", async () => {
	for (const { name, content, size, says } of BAD_IMPORTS) {
		// The true size is told too late, or never.
		for (const reportedSize of size === undefined ? [undefined] : [size, 100]) {
			const reply = textOf(await importing(bot.discord.attach(`${name}.csv`, content, reportedSize)).reply());
			expect(reply, name).toContain(says);
		}
	}
	const list = textOf(await type(bot, bot.boss, bot.channel, "questions list").reply());
	expect(list).toContain("0 questions of your own");
});

test("the same file twice, confirmed by two admins at once, is added once", async () => {
	const chief = bot.discord.addUser("Chief");
	bot.discord.addMember(bot.guild, chief, ["ManageGuild"]);
	const looks = await Promise.all(
		[bot.boss, chief].map((user) =>
			type(bot, user, bot.channel, "questions import", {
				file: bot.discord.attach("ours.csv", FIFTY_QUESTIONS),
			}).reply(),
		),
	);
	const [one, other] = looks;
	if (!one || !other) throw new Error("no looks");
	const replies = await Promise.all([
		press(bot, bot.boss, one, "Add 50").reply(),
		press(bot, chief, other, "Add 50").reply(),
	]);
	expect(replies.map(textOf).filter((text) => text.includes("50 questions added"))).toHaveLength(1);
	expect(replies.map(textOf).filter((text) => text.includes("50 were here already"))).toHaveLength(1);
	const list = textOf(await type(bot, bot.boss, bot.channel, "questions list").reply());
	expect(list).toContain("50 questions of your own");
});

test("if Discord's file host is down, the reply says what to do", async () => {
	bot.discord.faults.add({
		when: ({ path }) => path.startsWith("/attachments/"),
		fault: { kind: "status", status: 503 },
	});
	const reply = await importing(bot.discord.attach("file.csv", FIFTY_QUESTIONS)).reply();
	expect(textOf(reply)).toContain("Discord did not hand over that file in time. Nothing was changed.");
});

test("only files that Discord sent with a command are read, and only from its own hosts", async () => {
	const refused = /I read only a file that is attached to the command/;
	await expect(bot.adapter.platform.readFile?.("1", `${bot.discord.url}/attachments/1/2/x.csv`)).rejects.toThrow(
		refused,
	);
	const files = new Attachments(null);
	const urls = [
		"http://cdn.discordapp.com/a",
		"https://cdn.discordapp.com.example.org/a",
		"https://127.0.0.1/a",
		"https://cdn.discordapp.com:8443/a",
		"file:///etc/passwd",
	];
	files.remember(urls.map((url) => ({ id: url, url, size: 1 })));
	for (const url of urls) await expect(files.read(url), url).rejects.toThrow(refused);
});
