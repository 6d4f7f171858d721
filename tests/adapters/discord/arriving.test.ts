import { afterEach, beforeEach, expect, test } from "vitest";
import type { LocalChannel, LocalGuild, LocalUser } from "../../../packages/local-discord/entities.ts";
import { clearAway, monthAfter } from "../../support/clear-away.ts";
import { type Bot, controlOf, endLeases, makeBot, openBot, press, START, textOf, type } from "./support.ts";

let bot: Bot;
let guild: LocalGuild;
let lobby: LocalChannel;
let owner: LocalUser;
beforeEach(async () => {
	bot = await openBot();
});
afterEach(async () => {
	expect(bot.discord.violations).toEqual([]);
	expect(bot.faults).toEqual([]);
	await bot.close();
});

/** Prepares a server that the bot has not joined yet, with the channel in which Discord greets. */
function prepareServer(): void {
	guild = bot.discord.addGuild("book club");
	lobby = bot.discord.addChannel(guild, "lobby");
	bot.discord.setSystemChannel(guild, lobby);
	const found = bot.discord.world.users.get(guild.ownerId);
	if (!found) throw new Error("a server without an owner");
	owner = found;
	bot.discord.removeGuild(guild);
}

const join = () => bot.discord.restoreGuild(guild);
const workspace = () => bot.store.people.findWorkspace("discord", guild.id);
const greeting = async () => {
	const known = await workspace();
	return known && bot.store.deliveries.byKey(`welcome:${known.id}`);
};

/** Processes everything received so far: first the connection's own events, then the outbox. */
async function settle(): Promise<void> {
	await expect.poll(greeting).not.toBeNull();
	await bot.daily.run();
}

const inLobby = () => bot.discord.messages(lobby);
const toOwner = () => bot.discord.messages(bot.discord.directChannel(owner));

test("added to a server, the bot greets once in its system channel, with the form for the first question", async () => {
	prepareServer();
	join();
	await settle();
	const [said] = inLobby();
	expect(inLobby()).toHaveLength(1);
	if (!said) throw new Error("nothing was said");
	expect(textOf(said)).toContain("Hi, I'm nlpq");
	expect(said.content).toBe("");
	expect(toOwner()).toEqual([]);
	const opened = press(bot, owner, said, "Set the daily question");
	const modal = await opened.modal();
	expect(JSON.stringify(modal)).toContain(lobby.id);
	const set = bot.discord.modalSubmit({ customId: modal.custom_id, fields: { channel: [lobby.id] }, user: owner });
	expect(textOf(await set.reply())).toContain("is set");
	await walkOn();
});

/** What follows by itself once the admin has sent the form: the question comes, and a member answers it. */
async function walkOn(): Promise<void> {
	const [schedule] = await bot.store.schedules.list((await workspace())?.id ?? 0);
	bot.clock.moveTo(schedule?.nextRunAt ?? expect.fail("the schedule has no next run"));
	await bot.daily.run();
	const post = inLobby().at(-1) ?? expect.fail("no question came");
	expect(inLobby()).toHaveLength(2);
	bot.discord.addMember(guild, bot.ada);
	const options = await press(bot, bot.ada, post, "Quick check").reply();
	expect(textOf(await press(bot, bot.ada, options, "B").reply())).toContain("Your streak is 1");
}

test("leaving and returning, an outage, a restart and a second process cause no second greeting", async () => {
	prepareServer();
	join();
	await settle();
	bot.discord.removeGuild(guild);
	await expect.poll(async () => (await workspace())?.removedAt ?? null).not.toBeNull();
	join();
	await expect.poll(async () => (await workspace())?.removedAt ?? null).toBeNull();
	bot.discord.removeGuild(guild, "outage");
	join();
	const { discord, store, clock } = bot;
	const second = await makeBot({ discord, store, clock });
	await second.adapter.start(second.dispatcher);
	// Everything before a command has been received. An admin who was greeted is not guided either.
	const interaction = type(bot, owner, lobby, "help");
	await interaction.reply();
	await Promise.all([bot.daily.run(), second.daily.run()]);
	expect(inLobby().filter((message) => textOf(message).includes("Hi, I'm nlpq"))).toHaveLength(1);
	await second.adapter.stop();
	await second.daily.stop();
	expect(interaction.followUps).toEqual([]);
});

test("a greeting's key survives the cleaning of the outbox, and is deleted with the workspace", async () => {
	prepareServer();
	join();
	await settle();
	await bot.store.transaction(({ cleanup }) => cleanup.deliveries(monthAfter(bot.clock.now()), 100));
	expect(await greeting()).not.toBeNull();
	bot.discord.removeGuild(guild);
	await expect.poll(async () => (await workspace())?.removedAt ?? null).not.toBeNull();
	await clearAway(bot.store, monthAfter(bot.clock.now()));
	expect(await workspace()).toBeNull();
});

test.each([["SendMessages"], ["ViewChannel"]] as const)(
	"without %s in the system channel the owner is greeted, and the form offers the server's channels",
	async (permission) => {
		prepareServer();
		const daily = bot.discord.addChannel(guild, "questions");
		bot.discord.deny(lobby, [permission]);
		bot.discord.removeGuild(guild);
		join();
		await settle();
		expect(inLobby()).toEqual([]);
		const [said] = toOwner();
		if (!said) throw new Error("the owner was not greeted");
		const modal = await press(bot, owner, said, "Set the daily question").modal();
		const set = bot.discord.modalSubmit({ customId: modal.custom_id, fields: { channel: [daily.id] }, user: owner });
		expect(textOf(await set.reply())).toContain("is set");
		const known = await workspace();
		const [schedule] = await bot.store.schedules.list(known?.id ?? 0);
		expect(schedule).toMatchObject({ channelId: daily.id, channelName: "questions" });
	},
);

test("if nobody can be greeted, an admin's first command shows how to set up a question", async () => {
	prepareServer();
	owner.acceptsDirectMessages = false;
	bot.discord.setSystemChannel(guild, null);
	join();
	await settle();
	expect((await greeting())?.state).toBe("failed");
	const [, guide] = await type(bot, owner, lobby, "help").replies(2);
	expect(guide && textOf(guide)).toContain("One step to the first question");
});

test("added while it was offline, the bot greets when it connects; a server it joined long ago is not greeted", async () => {
	await bot.close();
	bot = await openBot({}, {}, (discord) => {
		guild = discord.addGuild("book club", { joinedAt: START.getTime() - 3_600_000 });
		lobby = discord.addChannel(guild, "lobby");
		discord.setSystemChannel(guild, lobby);
	});
	await settle();
	expect(inLobby().map(textOf).join()).toContain("Hi, I'm nlpq");
	expect(bot.outcomes).toEqual(["welcome sent"]);
});

test("a server that already has a schedule is not greeted", async () => {
	await type(bot, bot.boss, bot.channel, "schedule add", { time: "09:00", zone: "UTC" }).reply();
	bot.discord.setSystemChannel(bot.guild, bot.channel);
	bot.discord.removeGuild(bot.guild);
	bot.discord.restoreGuild(bot.guild);
	guild = bot.guild;
	await settle();
	expect(bot.outcomes).toEqual(["welcome skipped"]);
});

test("a greeting with an unknown outcome is looked up, and not sent twice", async () => {
	prepareServer();
	bot.discord.faults.add({
		fault: { kind: "commit-then-drop" },
		when: ({ route }) => route === "POST /channels/{channel}/messages",
		times: 1,
	});
	join();
	await settle();
	bot.clock.moveTo(new Date(START.getTime() + 20 * 60_000));
	await endLeases();
	await bot.daily.run();
	expect(inLobby()).toHaveLength(1);
	expect(controlOf(inLobby()[0] ?? fail(), "Set the daily question")).toContain("schedule add");
	expect(bot.outcomes).toEqual(["welcome retry", "welcome sent"]);
});

function fail(): never {
	throw new Error("nothing was said");
}
