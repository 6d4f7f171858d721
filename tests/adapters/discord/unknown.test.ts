import { PermissionFlagsBits } from "discord.js";
import { afterEach, expect, test } from "vitest";
import { type Bot, endLeases, openBot, press, scheduleLosingAnswer, textOf } from "./support.ts";

let bot: Bot;
afterEach(async () => {
	await bot.close();
	expect(bot.faults).toEqual([]);
	expect(bot.discord.violations).toEqual([]);
});

const questions = () => bot.discord.messages(bot.channel).filter((message) => message.embeds.length > 0);

/** Posts a daily question whose response is lost, in a channel that the bot may not read. */
async function postUnseen(): Promise<void> {
	bot = await openBot();
	await scheduleLosingAnswer(bot);
	Object.assign(bot.channel, { botPermissions: bot.channel.botPermissions & ~PermissionFlagsBits.ReadMessageHistory });
	bot.clock.moveTo(new Date("2027-03-08T09:00:00Z"));
	await bot.daily.run();
	// A later look, when nothing can be in the air any more.
	bot.clock.moveTo(new Date("2027-03-08T09:20:00Z"));
	await endLeases();
	await bot.daily.run();
	await bot.daily.run();
}

/** The server's owner, who gets the notice. */
function owner() {
	const found = bot.discord.world.users.get(bot.guild.ownerId);
	if (!found) throw new Error("the server has no owner");
	return found;
}

function notice() {
	const messages = bot.discord.messages(bot.discord.directChannel(owner()));
	const found = messages.find((message) => textOf(message).includes("Did the question"));
	if (!found) throw new Error("no admin was asked");
	return found;
}

async function settle(label: string): Promise<string> {
	const text = textOf(await press(bot, owner(), notice(), label).reply());
	await bot.daily.run();
	return text;
}

test("in a channel it may not read, it asks. 'It is there': nothing is sent, and a stale button changes nothing", async () => {
	await postUnseen();
	expect(questions()).toHaveLength(1);
	expect(await settle("It is there")).toContain("is there");
	expect(await settle("Post it now")).toContain("settled already");
	expect(questions()).toHaveLength(1);
});

test("in a channel it may not read, it asks. 'Post it now': it is sent once more, however often that is pressed", async () => {
	await postUnseen();
	expect(await settle("Post it now")).toContain("Posted");
	expect(await settle("Post it now")).toContain("settled already");
	expect(questions()).toHaveLength(2);
});
