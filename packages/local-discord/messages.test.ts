import { ChannelType, DiscordAPIError, GatewayDispatchEvents, GatewayIntentBits, type TextChannel } from "discord.js";
import { afterEach, expect, test } from "vitest";
import type { LocalChannel } from "./entities.ts";
import type { LocalDiscord, LocalDiscordOptions } from "./local-discord.ts";
import { Stage } from "./support.ts";

const stage = new Stage();
afterEach(() => stage.close());

async function open(options: LocalDiscordOptions = {}) {
	const opened = await stage.open(options);
	const client = await stage.login(opened.discord);
	const target = await textChannel(client.channels, opened.channel);
	return { ...opened, client, target };
}

async function textChannel(channels: { fetch(id: string): Promise<unknown> }, channel: LocalChannel) {
	const found = await channels.fetch(channel.id);
	if (!isTextChannel(found)) throw new Error("not a text channel");
	return found;
}

function isTextChannel(channel: unknown): channel is TextChannel {
	return typeof channel === "object" && channel !== null && "send" in channel;
}

const codeOf = (error: unknown): unknown => (error instanceof DiscordAPIError ? error.code : error);

test("a message with an embed, a button row and a described file is stored as it was sent, and edits are kept", async () => {
	const { discord, channel, target } = await open();
	const row = { type: 1, components: [{ type: 2, style: 1, label: "Answer", custom_id: "answer" }] };
	const sent = await target.send({
		content: "Question 1",
		embeds: [{ title: "Attention", image: { url: "attachment://weeks.png" } }],
		components: [row],
		files: [{ attachment: Buffer.from("12345"), name: "weeks.png", description: "twelve weeks" }],
	});
	await sent.edit({ content: "Question 1, answered by 2" });
	const [stored] = discord.messages(channel);
	expect(stored).toMatchObject({
		id: sent.id,
		content: "Question 1, answered by 2",
		embeds: [{ title: "Attention" }],
		components: [row],
		files: [{ name: "weeks.png", size: 5, description: "twelve weeks" }],
		edits: [{ content: "Question 1" }],
	});
	expect(sent.attachments.first()).toMatchObject({ name: "weeks.png", description: "twelve weeks", size: 5 });
	expect(discord.violations).toEqual([]);
});

test("the same nonce twice makes one message, and another one when its time is over", async () => {
	const { discord, channel, target } = await open();
	const post = { content: "Question 1", nonce: "delivery-1", enforceNonce: true };
	const [first, second] = [await target.send(post), await target.send(post)];
	expect(second.id).toBe(first.id);
	expect(discord.messages(channel)).toHaveLength(1);
	discord.advance(6 * 60 * 1000);
	expect((await target.send(post)).id).not.toBe(first.id);
	expect(discord.messages(channel)).toHaveLength(2);
});

test("a channel's messages are listed newest first, in pages, others' text blank", async () => {
	const { discord, channel, ada, target } = await open();
	discord.say(channel, ada, "hello");
	const own = await target.send("Question 1");
	await target.send("Question 2");
	const listed = await target.messages.fetch({ limit: 2 });
	expect(listed.map((message) => message.content)).toEqual(["Question 2", "Question 1"]);
	const before = await target.messages.fetch({ before: own.id });
	expect(before.map((message) => message.content)).toEqual([""]);
	const after = await target.messages.fetch({ after: own.id });
	expect(after.map((message) => message.content)).toEqual(["Question 2"]);
	await own.delete();
	await expect(target.messages.fetch({ message: own.id, force: true })).rejects.toMatchObject({ code: 10008 });
});

test("the text of a message reaches a bot by its mention or a direct message, and by the intent for messages", async () => {
	const { discord, channel, ada } = await stage.open();
	const deaf = await stage.login(discord);
	const { Guilds, GuildMessages, DirectMessages } = GatewayIntentBits;
	const client = await stage.login(discord, { intents: [Guilds, GuildMessages, DirectMessages] });
	const heard: string[] = [];
	const overheard: unknown[] = [];
	client.ws.on(GatewayDispatchEvents.MessageCreate, ({ content }: { content: string }) => heard.push(content));
	deaf.ws.on(GatewayDispatchEvents.MessageCreate, (data: unknown) => overheard.push(data));
	const mention = `<@${discord.world.bot.id}> hello`;
	discord.say(channel, ada, "hello everybody");
	discord.say(channel, ada, mention);
	discord.say(discord.directChannel(ada), ada, "hello");
	await expect.poll(() => heard).toEqual(["", mention, "hello"]);
	expect(overheard).toEqual([]);
});

test("a thread from a message takes messages; a second thread from it is refused", async () => {
	const { discord, channel, target } = await open();
	const sent = await target.send("Question 1");
	const thread = await sent.startThread({ name: "Discussion" });
	await thread.send("The answer");
	expect(thread.id).toBe(sent.id);
	expect(discord.messages(thread.id).map((message) => message.content)).toEqual(["The answer"]);
	expect(discord.messages(channel)[0]?.thread?.name).toBe("Discussion");
	expect(await sent.startThread({ name: "Again" }).catch(codeOf)).toBe(160004);
	expect((await target.threads.create({ type: ChannelType.PublicThread, name: "Free" })).parentId).toBe(channel.id);
	expect(discord.violations).toEqual([]);
});

test("a direct message reaches its user, unless the user takes none", async () => {
	const { discord, ada, client } = await open();
	const user = await client.users.fetch(ada.id);
	await user.send("Seven in a row!");
	expect(discord.messages(discord.directChannel(ada))[0]?.content).toBe("Seven in a row!");
	ada.acceptsDirectMessages = false;
	expect(await user.send("again").catch(codeOf)).toBe(50007);
});

test("a missing channel, missing access and missing permissions have their own codes", async () => {
	const { discord, guild, channel, client, target } = await open();
	discord.deny(channel, ["EmbedLinks"]);
	expect(await target.send({ embeds: [{ title: "Attention" }] }).catch(codeOf)).toBe(50013);
	discord.deny(channel, ["SendMessages"]);
	expect(await target.send("Question 1").catch(codeOf)).toBe(50013);
	discord.deny(channel, ["ViewChannel"]);
	expect(await target.send("Question 1").catch(codeOf)).toBe(50001);
	expect(discord.invalidRequests).toBe(3);
	discord.allow(channel, ["ViewChannel", "SendMessages"]);
	await target.send("Question 1");
	const me = await client.guilds.cache.get(guild.id)?.members.fetchMe();
	await expect
		.poll(() => me && target.permissionsFor(me).missing(["SendMessages", "EmbedLinks"]))
		.toEqual(["EmbedLinks"]);
	discord.removeChannel(channel, { silent: true });
	expect(await target.send("Question 2").catch(codeOf)).toBe(10003);
});

async function timedSends(discord: LocalDiscord, target: TextChannel, count: number): Promise<number> {
	const before = performance.now();
	for (let number = 1; number <= count; number++) await target.send(`Question ${number}`);
	expect(discord.requests.filter((request) => request.status === 429)).toEqual([]);
	return performance.now() - before;
}

test("a bucket's headers make the client wait instead of meeting a 429", async () => {
	const routes = { "POST /channels/{channel}/messages": { limit: 2, windowMs: 400 } };
	const { discord, channel, target } = await open({ rateLimits: { routes } });
	expect(await timedSends(discord, target, 3)).toBeGreaterThan(390);
	expect(discord.messages(channel)).toHaveLength(3);
});

test("without limits nothing waits", async () => {
	const { discord, target } = await open({ rateLimits: false });
	// With the usual limit of 5 in 5 s it would take 10.
	expect(await timedSends(discord, target, 12)).toBeLessThan(9_000);
	expect(discord.messages(target.id)).toHaveLength(12);
});

test("the bot's global limit answers 429 and spares interaction endpoints", async () => {
	const { discord } = await stage.open({ rateLimits: { perSecond: 2 } });
	const headers = { authorization: `Bot ${discord.token}`, "user-agent": "DiscordBot (https://example.org, 1)" };
	const get = (path: string) => fetch(`${discord.url}/api/v10${path}`, { headers });
	const [, , third] = [await get("/users/@me"), await get("/users/@me"), await get("/users/@me")];
	expect(third?.status).toBe(429);
	expect(third?.headers.get("x-ratelimit-global")).toBe("true");
	expect(Number(third?.headers.get("retry-after"))).toBe(1);
	expect(await third?.json()).toMatchObject({ global: true, retry_after: expect.any(Number) });
	expect((await get("/webhooks/1/token/messages/@original")).status).toBe(404);
});
