import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { LocalChannel, LocalRole, StoredMessage } from "../../../packages/local-discord/entities.ts";
import { type Bot, controlOf, openBot, press, textOf, type } from "./support.ts";

const PUBLISHED = 1;
const CROSSPOST = "POST /channels/{channel}/messages/{message}/crosspost";
const HOUR = 3_600_000;

let bot: Bot;
let news: LocalChannel;
let role: LocalRole;
beforeEach(async () => {
	bot = await openBot();
	news = bot.discord.addChannel(bot.guild, "news", { announcement: true });
	role = bot.discord.addRole(bot.guild, "Learners");
});
afterEach(async () => {
	expect(bot.discord.violations).toEqual([]);
	expect(bot.faults).toEqual([]);
	await bot.close();
});

const schedule = (name: string, options = {}) => type(bot, bot.boss, bot.channel, `schedule ${name}`, options);
const add = (options = {}) => schedule("add", { time: "09:00", zone: "UTC", ...options });
const posts = (channel: LocalChannel) => bot.discord.messages(channel).filter(({ embeds }) => embeds.length > 0);
const schedules = async () => {
	const workspace = await bot.store.people.findWorkspace("discord", bot.guild.id);
	return workspace ? bot.store.schedules.list(workspace.id) : [];
};
const crossposts = () => bot.discord.requests.filter(({ route }) => route === CROSSPOST);
/** Goes to a day in March 2027. @returns its daily question */
async function day(date: number, channel: LocalChannel): Promise<StoredMessage> {
	const before = posts(channel).length;
	bot.clock.moveTo(new Date(Date.UTC(2027, 2, date, 9)));
	await bot.daily.run();
	await expect.poll(() => posts(channel).length).toBe(before + 1);
	return posts(channel).at(-1) as StoredMessage;
}
function adminMessages(): string[] {
	const owner = bot.discord.world.users.get(bot.guild.ownerId);
	return owner ? bot.discord.messages(bot.discord.directChannel(owner)).map(textOf) : [];
}

describe("a role to notify", () => {
	test("the post mentions and pings exactly that role", async () => {
		expect(textOf(await add({ role }).reply())).toContain(`notifies <@&${role.id}>`);
		const post = await day(8, bot.channel);
		expect(post.content).toMatch(new RegExp(`^<@&${role.id}> Question of the day #1`));
		expect(post.pinged).toEqual([role.id]);
		const sent = bot.discord.requests.find(({ route }) => route === "POST /channels/{channel}/messages");
		expect(sent?.body).toMatchObject({ allowed_mentions: { parse: [], roles: [role.id] } });
	});

	test("updating the count keeps the mention", async () => {
		await add({ role }).reply();
		const post = await day(8, bot.channel);
		await press(bot, bot.ada, post, "Quick check").reply();
		const check = await press(bot, bot.ada, post, "Quick check").reply();
		await press(bot, bot.ada, check, "A").reply();
		bot.clock.moveTo(new Date(bot.clock.now().getTime() + HOUR));
		await bot.daily.run();
		await expect.poll(() => textOf(post)).toContain("Answered so far: 1.");
		expect(post.content).toContain(`<@&${role.id}>`);
	});

	test("@everyone is refused, and nothing is changed", async () => {
		const said = textOf(await add({ role: bot.guild.id }).reply());
		expect(said).toMatch(/@everyone is never notified[\s\S]*Nothing was changed/);
		expect(await schedules()).toEqual([]);
	});

	test("a role that cannot be mentioned is refused with the remedy, and accepted once the bot may mention all", async () => {
		const closed = bot.discord.addRole(bot.guild, "Closed", { mentionable: false });
		expect(textOf(await add({ role: closed }).reply())).toMatch(/Closed cannot be notified[\s\S]*@mention this role/);
		bot.discord.allow(bot.channel, ["MentionEveryone"]);
		await add({ role: closed }).reply();
		expect((await day(8, bot.channel)).pinged).toEqual([closed.id]);
	});

	test("a deleted role: the question comes without it, the admins are told once, and the schedule drops it", async () => {
		await add({ role }).reply();
		bot.discord.removeRole(bot.guild, role);
		expect(textOf(await schedule("test").reply())).toContain("The role to notify is gone");
		const post = await day(8, bot.channel);
		expect(post.content).not.toContain("<@&");
		expect(post.pinged).toEqual([]);
		await expect.poll(() => bot.daily.run().then(adminMessages)).toHaveLength(1);
		expect(adminMessages()[0]).toContain("The role to notify is gone");
		expect((await schedules())[0]?.roleId).toBeNull();
		await day(9, bot.channel);
		await bot.daily.run();
		expect(adminMessages()).toHaveLength(1);
	});

	test("is shown in the list, the test and the form, where it can be taken away", async () => {
		await add({ role }).reply();
		expect(textOf(await schedule("list").reply())).toContain(`notifies <@&${role.id}>`);
		expect(textOf(await schedule("test").reply())).toContain("OK: the role to notify (Learners)");
		const modal = await schedule("edit").modal();
		expect(JSON.stringify(modal)).toContain(`"default_values":[{"id":"${role.id}","type":"role"}]`);
		const fields = { channel: [bot.channel.id], weekdays: ["daily"], role: [] };
		const said = await bot.discord.modalSubmit({ customId: modal.custom_id, fields, user: bot.boss }).reply();
		expect(textOf(said)).toContain("is changed");
		expect((await schedules())[0]?.roleId).toBeNull();
	});

	test("nothing else in a post pings", async () => {
		bot.discord.addRole(bot.guild, "Others");
		await add().reply();
		const post = await day(8, bot.channel);
		expect(post.pinged).toEqual([]);
		expect(post.content).not.toContain("<@");
	});
});

describe("publishing", () => {
	test("a question in an announcement channel is published after it is posted", async () => {
		expect(textOf(await add({ channel: news, publish: "yes" }).reply())).toContain("published to those who follow");
		expect(textOf(await schedule("test").reply())).toContain("OK: publishing to the servers that follow the channel");
		const post = await day(8, news);
		await expect.poll(() => bot.daily.run().then(() => post.flags & PUBLISHED)).toBe(PUBLISHED);
		await bot.daily.run();
		expect(crossposts()).toHaveLength(1);
		expect(bot.outcomes).toContain("publish sent");
	});

	test("another kind of channel is refused in words", async () => {
		const said = textOf(await add({ publish: "yes" }).reply());
		expect(said).toMatch(/Only posts in announcement channels can be published[\s\S]*Choose an announcement channel/);
		expect(await schedules()).toEqual([]);
		await add({ channel: news, publish: "yes" }).reply();
		const moved = textOf(await schedule("edit", { channel: bot.channel }).reply());
		expect(moved).toContain("Only posts in announcement channels can be published");
		expect((await schedules())[0]?.channelId).toBe(news.id);
	});

	test("a rate-limited publication waits as long as Discord asks, and the question is not sent again", async () => {
		await add({ channel: news, publish: "yes" }).reply();
		bot.discord.faults.add({
			fault: { kind: "rate-limit", seconds: 1800 },
			when: ({ route }) => route === CROSSPOST,
			times: 1,
		});
		const post = await day(8, news);
		await expect.poll(() => bot.daily.run().then(() => bot.outcomes)).toContain("publish retry");
		bot.clock.moveTo(new Date(bot.clock.now().getTime() + HOUR / 4));
		await bot.daily.run();
		expect(crossposts()).toHaveLength(1);
		expect(post.flags & PUBLISHED).toBe(0);
		expect(posts(news)).toHaveLength(1);
	});

	test("a publication without an answer is retried; 'already published' counts as success", async () => {
		await add({ channel: news, publish: "yes" }).reply();
		bot.discord.faults.add({
			fault: { kind: "commit-then-status", status: 502 },
			when: ({ route }) => route === CROSSPOST,
			times: 1,
		});
		const post = await day(8, news);
		await expect.poll(() => bot.daily.run().then(() => bot.outcomes)).toContain("publish retry");
		bot.clock.moveTo(new Date(bot.clock.now().getTime() + HOUR));
		await expect.poll(() => bot.daily.run().then(() => bot.outcomes)).toContain("publish sent");
		expect(post.flags & PUBLISHED).toBe(PUBLISHED);
		expect(posts(news)).toHaveLength(1);
	});

	test("a channel that is no announcement channel any more: the question stays, is not sent again, and the admins are told once", async () => {
		await add({ channel: news, publish: "yes" }).reply();
		Object.assign(news, { type: bot.channel.type });
		await day(8, news);
		await expect.poll(() => bot.daily.run().then(adminMessages)).toHaveLength(1);
		expect(adminMessages()[0]).toMatch(/was not published[\s\S]*Only posts in announcement channels can be published/);
		expect(textOf(await schedule("test").reply())).toContain("Only posts in announcement channels can be published");
		await day(9, news);
		await expect
			.poll(() => bot.daily.run().then(() => bot.outcomes.filter((one) => one === "publish failed")))
			.toHaveLength(2);
		await bot.daily.run();
		expect(adminMessages()).toHaveLength(1);
		expect(posts(news)).toHaveLength(2);
		expect((await schedules())[0]?.state).toBe("active");
	});

	test("the other settings have a form of their own", async () => {
		const set = await add({ channel: news, publish: "yes", role }).reply();
		const modal = await press(bot, bot.boss, set, "Filter and more").modal();
		const fields = { source: ["bank"], recap: ["yes"], publish: ["no"], categories: "transformers" };
		await bot.discord.modalSubmit({ customId: modal.custom_id, fields, user: bot.boss }).reply();
		expect((await schedules())[0]).toMatchObject({
			publish: false,
			source: "bank",
			categories: ["transformers"],
			roleId: role.id,
		});
	});

	test("confirming a duplicate schedule keeps its other settings", async () => {
		await add().reply();
		const asked = await add({ role }).reply();
		expect(textOf(asked)).toContain("second:yes");
		expect(() => controlOf(asked, "Add a second one")).toThrow();
		await add({ role, second: "yes" }).reply();
		expect((await schedules()).map(({ roleId }) => roleId)).toEqual([null, role.id]);
	});
});
