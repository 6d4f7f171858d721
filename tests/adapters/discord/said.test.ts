import { afterEach, beforeEach, expect, test } from "vitest";
import type { LocalChannel, LocalUser } from "../../../packages/local-discord/entities.ts";
import { type Bot, controlOf, openBot, postDaily, press, textOf, type } from "./support.ts";

let bot: Bot;
beforeEach(async () => {
	bot = await openBot();
});
afterEach(async () => {
	expect(bot.discord.violations).toEqual([]);
	expect(bot.faults).toEqual([]);
	await bot.close();
});

const HELLO = "Hi! One interview question a day";
const mention = () => `<@${bot.discord.world.bot.id}>`;
const repliesIn = (channel: LocalChannel) =>
	bot.discord.messages(channel).filter(({ author }) => author === bot.discord.world.bot);

/** Says something, and waits for this many messages of the bot. */
async function answered(channel: LocalChannel, user: LocalUser, text: string) {
	const before = repliesIn(channel).length;
	const message = bot.discord.say(channel, user, text);
	await expect.poll(() => repliesIn(channel).length).toBe(before + 1);
	const answer = repliesIn(channel).at(-1);
	if (!answer) throw new Error("no answer");
	return { asked: message, answer };
}

test("a bare mention is answered below the message with what to do next; once, though the gateway repeats it", async () => {
	const { asked, answer } = await answered(bot.channel, bot.ada, mention());
	expect(textOf(answer)).toContain(HELLO);
	expect(answer.replyTo).toBe(asked.id);
	for (const label of ["Today's question", "Practise", "What I can do"]) controlOf(answer, label);
	bot.discord.repeat(asked);
	bot.discord.amend(asked, `${mention()} help`);
	// Messages are answered in turn, so the one before has been handled.
	await answered(bot.channel, bot.ada, `hey ${mention()}!`);
	expect(repliesIn(bot.channel)).toHaveLength(2);
	await press(bot, bot.ada, answer, "What I can do").reply();
});

test("a mention with a command: the board is public, and private replies come after a press", async () => {
	await postDaily(bot);
	const { answer } = await answered(bot.channel, bot.ada, `${mention()} streak`);
	expect(textOf(answer)).toContain("Press the button: the reply is for you alone");
	const reply = await press(bot, bot.ada, answer, "Streak").reply();
	expect(reply.visibleTo).toBe(bot.ada);
	const board = await answered(bot.channel, bot.ada, `${mention()} leaderboard`);
	expect(textOf(board.answer)).not.toContain("One press");
	const typo = await answered(bot.channel, bot.ada, `${mention()} streek`);
	expect(textOf(typo.answer)).toContain("Did you mean");
	const form = await answered(bot.channel, bot.boss, `${mention()} schedule add`);
	await press(bot, bot.boss, form.answer, "Add").modal();
});

test("a subject is searched for: at once in a direct message, after a press in a channel", async () => {
	await type(bot, bot.ada, bot.channel, "help").reply();
	const direct = await answered(bot.discord.directChannel(bot.ada), bot.ada, "what is RoPE?");
	expect(textOf(direct.answer)).toMatch(/questions?, best match first/);
	const { answer } = await answered(bot.channel, bot.ada, `${mention()} what is rope?`);
	const reply = await press(bot, bot.ada, answer, "Search").reply();
	expect(reply.visibleTo).toBe(bot.ada);
	expect(textOf(reply)).toMatch(/questions?, best match first/);
});

test("in a direct message, hello, help and commands are answered for the server used last", async () => {
	await type(bot, bot.ada, bot.channel, "help").reply();
	const direct = bot.discord.directChannel(bot.ada);
	expect(textOf((await answered(direct, bot.ada, "hello")).answer)).toContain(HELLO);
	expect(textOf((await answered(direct, bot.ada, "streak")).answer)).toContain("Server: study group");
	const { answer } = await answered(direct, bot.ada, "random");
	expect(await press(bot, bot.ada, answer, "Hint").reply()).toBeDefined();
	// A member who has used it nowhere is told what to do.
	const stranger = bot.discord.addUser("Sam");
	const there = bot.discord.directChannel(stranger);
	expect(textOf((await answered(there, stranger, "hi")).answer)).toContain(HELLO);
	expect(textOf((await answered(there, stranger, "streak")).answer)).toContain("which workspace you mean");
});

test("it ignores other bots, itself, replies below its posts, and messages without a mention", async () => {
	const post = await postDaily(bot);
	const other = bot.discord.world.addUser("other bot", true);
	bot.discord.addMember(bot.guild, other);
	const before = repliesIn(bot.channel).length;
	bot.discord.say(bot.channel, other, `${mention()} hello`);
	bot.discord.say(bot.channel, bot.ada, "I think it is attention.", { replyTo: post });
	bot.discord.say(bot.channel, bot.ada, "hello everybody");
	await answered(bot.channel, bot.ada, mention());
	expect(repliesIn(bot.channel)).toHaveLength(before + 1);
});

test("if it may not reply it posts beside the message, and if it may not post it stays silent", async () => {
	bot.discord.deny(bot.channel, ["ReadMessageHistory"]);
	const { answer } = await answered(bot.channel, bot.ada, mention());
	expect(answer.replyTo).toBeUndefined();
	bot.discord.deny(bot.channel, ["SendMessages"]);
	bot.discord.say(bot.channel, bot.ada, mention());
	const elsewhere = bot.discord.addChannel(bot.guild, "elsewhere");
	await answered(elsewhere, bot.ada, mention());
	expect(repliesIn(bot.channel)).toHaveLength(1);
});
