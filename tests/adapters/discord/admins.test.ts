import { PermissionFlagsBits } from "discord.js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { StoredMessage } from "../../../packages/local-discord/entities.ts";
import type { Card } from "../../../src/chat/card.ts";
import { type Bot, openBot, postDaily, press, textOf, type } from "./support.ts";

let bot: Bot;
beforeEach(async () => {
	bot = await openBot();
});
afterEach(async () => {
	expect(bot.discord.violations).toEqual([]);
	await bot.close();
});

const POST = "POST /channels/{channel}/messages";
const add = (options = {}) =>
	type(bot, bot.boss, bot.channel, "schedule add", { time: "09:00", zone: "UTC", ...options });
const schedule = (name: string, options = {}) => type(bot, bot.boss, bot.channel, `schedule ${name}`, options);
const posts = () => bot.discord.messages(bot.channel).filter((message) => message.embeds.length > 0);
/** Takes a permission away without an event of Discord's gateway. */
const denyUnseen = (bit: bigint) => Object.assign(bot.channel, { botPermissions: bot.channel.botPermissions & ~bit });
const allowUnseen = (bit: bigint) => Object.assign(bot.channel, { botPermissions: bot.channel.botPermissions | bit });
function direct(user: string): readonly StoredMessage[] {
	const owner = bot.discord.world.users.get(user);
	return owner ? bot.discord.messages(bot.discord.directChannel(owner)) : [];
}

describe("schedule post", () => {
	test("reports a post that Discord has accepted, with a link to it", async () => {
		await add().reply();
		const text = textOf(await schedule("post").reply());
		expect(text).toContain("Posted");
		expect(text).toContain(`https://discord.com/channels/${bot.guild.id}/${bot.channel.id}/${posts()[0]?.id}`);
		expect(text).toContain(`<#${bot.channel.id}>`);
	});

	test("reports a refused post with the reason, the remedy, and a button that goes on once it is fixed", async () => {
		await add().reply();
		denyUnseen(PermissionFlagsBits.SendMessages);
		const refused = await schedule("post").reply();
		expect(textOf(refused)).toMatch(/Not posted[\s\S]*may not post[\s\S]*Give it Send Messages/);
		expect(posts()).toEqual([]);
		const again = textOf(await schedule("post").reply());
		expect(again).toMatch(/Schedule #1 is paused: the bot may not post in the channel\. Nothing was posted/);
		allowUnseen(PermissionFlagsBits.SendMessages);
		expect(textOf(await press(bot, bot.boss, refused, "Resume").reply())).toContain("Schedule #1 is running again");
		expect(textOf(await schedule("post").reply())).toContain("Posted");
	});

	test("reports a rate-limited post as on its way, not as posted", async () => {
		await add().reply();
		bot.discord.faults.add({
			fault: { kind: "rate-limit", seconds: 60 },
			when: ({ route }) => route === POST,
			times: 1,
		});
		expect(textOf(await schedule("post").reply())).toContain("On its way");
	});

	test("sends a deleted post again instead of editing it", async () => {
		const post = await postDaily(bot);
		bot.discord.world.deleteMessage(post);
		expect(textOf(await schedule("post").reply())).toContain("Posted");
		expect(posts()).toHaveLength(1);
		expect(posts()[0]?.id).not.toBe(post.id);
	});

	test("replaces today's question while nobody has answered, and says so once the post shows it", async () => {
		const post = await postDaily(bot);
		const before = textOf(post);
		const text = textOf(await schedule("post").reply());
		const showsAnother = () => textOf(posts()[0] as StoredMessage) !== before;
		// On a slow machine the edit may come after the reply, which then says so.
		if (!text.includes("On its way")) expect([text.includes("Replaced"), showsAnother()]).toEqual([true, true]);
		await expect.poll(showsAnother).toBe(true);
		expect(posts().map(({ id }) => id)).toEqual([post.id]);
	});
});

describe("alerts", () => {
	test("name the server and the channel, and resume by a button in the direct message", async () => {
		await postDaily(bot);
		bot.discord.deny(bot.channel, ["SendMessages"]);
		await expect.poll(() => bot.daily.run().then(() => direct(bot.guild.ownerId).length)).toBe(1);
		const [alert] = direct(bot.guild.ownerId);
		if (!alert) throw new Error("nobody was told");
		expect(textOf(alert)).toContain("In study group");
		expect(textOf(alert)).toContain(`Schedule #1 in <#${bot.channel.id}>`);
		expect(textOf(alert)).not.toContain("\\`");
		const owner = bot.discord.world.users.get(bot.guild.ownerId);
		if (!owner) throw new Error("no owner");
		const early = await press(bot, owner, alert, "Resume").reply();
		expect(textOf(early)).toContain("Send Messages");
		bot.discord.allow(bot.channel, ["SendMessages"]);
		expect(textOf(await press(bot, owner, alert, "Resume").reply())).toContain("Schedule #1 is running again");
	});

	test("that reached nobody come once, with an admin's next command", async () => {
		await postDaily(bot);
		const owner = bot.discord.world.users.get(bot.guild.ownerId);
		if (!owner) throw new Error("no owner");
		owner.acceptsDirectMessages = false;
		bot.discord.deny(bot.channel, ["SendMessages"]);
		await expect.poll(() => bot.daily.run().then(() => bot.outcomes)).toContain("alert failed");
		expect(await type(bot, bot.ada, bot.channel, "help").replies()).toHaveLength(1);
		const [, alert] = await type(bot, bot.boss, bot.channel, "help").replies(2);
		expect(textOf(alert as StoredMessage)).toContain("A daily question is paused");
		const list = await schedule("list").replies();
		expect(list).toHaveLength(1);
	});

	test("about what has been fixed since are not shown any more", async () => {
		await postDaily(bot);
		const owner = bot.discord.world.users.get(bot.guild.ownerId);
		if (owner) owner.acceptsDirectMessages = false;
		bot.discord.deny(bot.channel, ["SendMessages"]);
		await expect.poll(() => bot.daily.run().then(() => bot.outcomes)).toContain("alert failed");
		bot.discord.allow(bot.channel, ["SendMessages"]);
		expect(await schedule("resume").replies()).toHaveLength(1);
		expect(await schedule("list").replies()).toHaveLength(1);
	});
});

describe("schedules", () => {
	test("are numbered within their server", async () => {
		await add().reply();
		const other = bot.discord.addGuild("another");
		const channel = bot.discord.addChannel(other, "daily");
		bot.discord.addMember(other, bot.boss, ["ManageGuild"]);
		const first = await type(bot, bot.boss, channel, "schedule add", { time: "10:00", zone: "UTC" }).reply();
		expect(textOf(first)).toContain("Schedule #1 is set");
		expect(textOf(await add({ time: "12:00" }).reply())).toContain("Schedule #2 is set");
		expect(textOf(await schedule("pause", { schedule: 2 }).reply())).toContain("Schedule #2 is paused");
	});

	test("that equal another one need a confirmation", async () => {
		await add().reply();
		const asked = await add().reply();
		expect(textOf(asked)).toContain("Schedule #1 does that already");
		const workspace = await bot.store.people.findWorkspace("discord", bot.guild.id);
		expect(await bot.store.schedules.list(workspace?.id ?? 0)).toHaveLength(1);
		expect(textOf(await press(bot, bot.boss, asked, "Add a second one").reply())).toContain("Schedule #2 is set");
	});

	test("can be edited in a form that shows the current settings", async () => {
		await add({ time: "09:30", zone: "Europe/Berlin", weekdays: "mon,wed" }).reply();
		const modal = JSON.stringify(await schedule("edit").modal());
		for (const initial of ['"09:30"', '"Europe/Berlin"', '"mon,wed"', `"${bot.channel.id}"`])
			expect(modal).toContain(initial);
		const sent = bot.discord.modalSubmit({
			customId: "schedule edit schedule:1",
			user: bot.boss,
			fields: { time: "10:15", zone: "UTC", weekdays: ["weekdays"], channel: [bot.channel.id] },
		});
		expect(textOf(await sent.reply())).toMatch(/Schedule #1 is changed[\s\S]*10:15 \(UTC\), on weekdays/);
	});

	test("show a renamed channel by its mention, never by its old name", async () => {
		await add().reply();
		Object.assign(bot.channel, { name: "renamed" });
		const list = textOf(await schedule("list").reply());
		expect(list).toContain(`<#${bot.channel.id}>`);
		expect(list).not.toContain("daily: ");
	});
});

describe("help and remedies", () => {
	test("name Discord's commands: by id where they can be pressed, with named options, and none that is only typed", async () => {
		const id = bot.discord.commands()[0]?.id;
		const overview = (await type(bot, bot.boss, bot.channel, "help").replies()).map(textOf).join("\n");
		expect(overview).toContain(`</nlpq schedule add:${id}>`);
		for (const typedOnly of ["answer", "check", "hint", "reveal", "rate", "share"])
			expect(overview).not.toContain(`nlpq ${typedOnly}`);
		const one = textOf(await type(bot, bot.boss, bot.channel, "help", { command: "schedule add" }).reply());
		expect(one).toContain(`</nlpq schedule add:${id}> \`time:09:00 zone:Europe/Berlin weekdays:weekdays\``);
		const unknown = textOf(await type(bot, bot.boss, bot.channel, "help", { command: "check" }).reply());
		expect(unknown).toContain("There is no command");
	});

	test("offer commands while they are typed", async () => {
		const typing = bot.discord.autocomplete({
			channel: bot.channel,
			user: bot.ada,
			name: "nlpq",
			path: ["help"],
			focused: { name: "command", value: "schedule p" },
		});
		expect((await typing.choices()).map(({ value }) => value)).toEqual(["schedule pause", "schedule post"]);
	});

	test("offer numbers only within their range", () => {
		const text = JSON.stringify(bot.discord.commands());
		expect(text).not.toContain('"min_value":0,"name":"page"');
		for (const [, option = ""] of text.matchAll(/(\{[^{}]*"type":4[^{}]*\})/g))
			expect(JSON.parse(option)).toMatchObject({ min_value: expect.any(Number), max_value: expect.any(Number) });
	});
});

describe("threads that Discord refuses", () => {
	const card: Card = { tone: "question", title: "Question of the day", blocks: [], prominent: true };
	const to = () => ({ type: "channel" as const, workspaceId: bot.guild.id, channelId: bot.channel.id });
	const post = (key: string) => bot.adapter.platform.post(to(), card, key, AbortSignal.timeout(60_000));
	const later = (minutes: number) => bot.clock.moveTo(new Date(bot.clock.now().getTime() + minutes * 60_000));
	const asked = () => bot.discord.requests.filter(({ route }) => route.endsWith("/threads")).length;

	test("are tried again after ten minutes, without a restart, and not before", async () => {
		denyUnseen(PermissionFlagsBits.CreatePublicThreads);
		expect((await post("daily:1")).threadId).toBeNull();
		expect((await post("daily:2")).threadId).toBeNull();
		expect(asked()).toBe(1);
		allowUnseen(PermissionFlagsBits.CreatePublicThreads);
		later(11);
		expect((await post("daily:3")).threadId).not.toBeNull();
	});

	test("are tried again at once when the channel's permissions have changed", async () => {
		denyUnseen(PermissionFlagsBits.CreatePublicThreads);
		await post("daily:1");
		bot.discord.allow(bot.channel, ["CreatePublicThreads"]);
		await expect.poll(async () => (await post(`daily:${crypto.randomUUID()}`)).threadId).not.toBeNull();
	});

	test("are named by `schedule test` with the reason", async () => {
		await add().reply();
		denyUnseen(PermissionFlagsBits.CreatePublicThreads);
		await post("daily:1");
		allowUnseen(PermissionFlagsBits.CreatePublicThreads);
		expect(textOf(await schedule("test").reply())).toContain(
			"Discord refused the last one, as the bot may not open threads there",
		);
	});
});

test("if Discord cannot be asked about a member's rights, the reply says so instead of denying them", async () => {
	await add().reply();
	bot.discord.faults.add({
		fault: { kind: "status", status: 503 },
		when: ({ route }) => route.startsWith("GET /guilds/"),
	});
	const inPrivate = type(bot, bot.boss, bot.discord.directChannel(bot.boss), "schedule list");
	expect(textOf(await inPrivate.reply())).toContain("could not ask just now whether you are an admin");
});

test("a daily post says until when it is open, and its line for push notifications pings nobody", async () => {
	const post = await postDaily(bot);
	const tomorrow = Date.parse("2027-03-09T09:00:00Z") / 1000;
	expect(textOf(post)).toContain(`Open until at least <t:${tomorrow}:f>`);
	expect(post.content).toMatch(/^Question of the day #1 · \S/);
	expect(post.embeds.map(({ title }) => title)).toEqual([undefined]);
	const body = bot.discord.requests.find(({ route }) => route === POST)?.body;
	expect(JSON.stringify(body)).toContain('"allowed_mentions":{"parse":[]}');
});
