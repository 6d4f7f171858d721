import { afterEach, beforeEach, expect, test } from "vitest";
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

const PARTS = {
	title: "Our deploy freeze",
	prompt: "When do we freeze deploys?",
	answer: "On Fridays at noon.",
	points: "Fridays (essential)",
	options: "* Fridays\nMondays\nNever\nAlways",
};

test("a suggestion that another admin declined a second ago cannot be accepted, and its author is told once", async () => {
	const chief = bot.discord.addUser("Chief");
	bot.discord.addMember(bot.guild, chief, ["ManageGuild"]);
	const form = await type(bot, bot.ada, bot.channel, "suggest").modal();
	const sent = bot.discord.modalSubmit({ customId: form.custom_id, user: bot.ada, fields: PARTS });
	expect(textOf(await sent.reply())).toContain("waits for an admin");
	const [mine, theirs] = await Promise.all(
		[bot.boss, chief].map((user) => type(bot, user, bot.channel, "questions waiting").reply()),
	);
	if (!mine || !theirs) throw new Error("nothing waits");
	const reason = await press(bot, bot.boss, mine, "Decline").modal();
	const declined = bot.discord.modalSubmit({
		customId: reason.custom_id,
		user: bot.boss,
		fields: { reason: "We never freeze." },
	});
	expect(textOf(await declined.reply())).toContain("Declined");
	const refused = textOf(await press(bot, chief, theirs, "Accept").reply());
	expect(refused).toContain("was declined by another admin. Nothing was changed.");
	await bot.daily.run();
	const messages = bot.discord.messages(bot.discord.directChannel(bot.ada)).map(textOf);
	expect(messages.filter((text) => text.includes("We never freeze."))).toHaveLength(1);
	expect(messages.filter((text) => text.includes("accepted"))).toEqual([]);
});
