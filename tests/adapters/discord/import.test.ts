import { afterEach, beforeEach, expect, test } from "vitest";
import { Attachments } from "../../../src/adapters/discord/incoming/attachments.ts";
import { type Bot, openBot, press, textOf, type } from "./support.ts";

const CSV = `question,answer\n${Array.from({ length: 50 }, (_, index) => `What is rule ${index + 1}?,It is rule ${index + 1}.`).join("\n")}\n`;

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
	const look = await importing(bot.discord.attach("our questions.csv", CSV)).reply();
	expect(textOf(look)).toContain("50 good");
	expect(textOf(await press(bot, bot.boss, look, "Add 50").reply())).toContain("50 questions added");
	const back = await type(bot, bot.boss, bot.channel, "questions export", { format: "csv" }).reply();
	const [file] = back.files;
	expect(back.visibleTo).toBe(bot.boss);
	expect(file?.name).toBe("questions.csv");
	const again = await importing(bot.discord.attach("questions.csv", file?.bytes ?? "")).reply();
	expect(textOf(again)).toContain("0 good, 50 you have already");
});

test("a file that is too large according to Discord is not downloaded", async () => {
	const reply = await importing(bot.discord.attach("big.csv", CSV, 50 * 1024 * 1024)).reply();
	expect(textOf(reply)).toContain("The file has 50 MB; at most 5 MB are read. Nothing was changed.");
	expect(fetched()).toEqual([]);
});

test("a file that is larger than Discord says is abandoned", async () => {
	const reply = await importing(bot.discord.attach("big.csv", "x".repeat(6 * 1024 * 1024), 100)).reply();
	expect(textOf(reply)).toContain("at most 5 MB are read. Nothing was changed.");
});

test.each([
	["an empty file", "", "No question was found in it. Nothing was changed."],
	["a spreadsheet's binary", new Uint8Array([0x50, 0x4b, 3, 4, 0, 0]), "That file is not text. Nothing was changed."],
])("%s is named for what it is", async (_what, content, said) => {
	expect(textOf(await importing(bot.discord.attach("file.xlsx", content)).reply())).toContain(said);
});

test("if Discord's file host is down, the reply says what to do", async () => {
	bot.discord.faults.add({
		when: ({ path }) => path.startsWith("/attachments/"),
		fault: { kind: "status", status: 503 },
	});
	const reply = await importing(bot.discord.attach("file.csv", CSV)).reply();
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
