import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Fault } from "../../../packages/local-discord/faults.ts";
import { nonceOf } from "../../../src/adapters/discord/outgoing/finder.ts";
import { button, type Card } from "../../../src/chat/card.ts";
import { DeliveryFault, type Destination } from "../../../src/chat/platform.ts";
import { type Bot, openBot, textOf } from "./support.ts";

let bot: Bot;
let to: Destination;
beforeEach(async () => {
	bot = await openBot();
	to = { type: "channel", workspaceId: bot.guild.id, channelId: bot.channel.id };
});
afterEach(async () => {
	expect(bot.discord.violations).toEqual([]);
	await bot.close();
});

const card: Card = {
	tone: "question",
	title: "Question of the day #1 · attention",
	blocks: [
		{ type: "text", text: "What is it? @everyone" },
		{ type: "actions", buttons: [button("Answer", "answer", { question: "self-attention" })] },
	],
	prominent: true,
};
const plainCard: Card = { tone: "plain", title: "Without buttons", blocks: [{ type: "text", text: "Words." }] };
const longCard: Card = { tone: "plain", title: "Long", blocks: [{ type: "text", text: "word ".repeat(3000) }] };
const soon = () => AbortSignal.timeout(60_000);
const posts = () => bot.discord.messages(bot.channel);

async function faultOf(work: Promise<unknown>): Promise<DeliveryFault> {
	const error = await work.then(
		() => null,
		(thrown: unknown) => thrown,
	);
	if (error instanceof DeliveryFault) return error;
	throw new Error(`no fault but ${String(error)}`);
}

describe("posting", () => {
	test("posts once per key, with a thread", async () => {
		const first = await bot.adapter.platform.post(to, card, "daily:1", soon());
		const again = await bot.adapter.platform.post(to, card, "daily:1", soon());
		expect(again).toEqual(first);
		expect(posts()).toHaveLength(1);
		expect(posts()[0]?.nonce).toBe(nonceOf("daily:1"));
		expect(first.threadId).toBe(posts()[0]?.thread?.id);
		expect(posts()[0]?.thread?.name).toBe(card.title);
	});

	test("nonces fit Discord's limit, and differ by key", () => {
		expect(nonceOf("daily:1").length).toBeLessThanOrEqual(25);
		expect(new Set(Array.from({ length: 1000 }, (_, index) => nonceOf(`daily:${index}`))).size).toBe(1000);
	});

	test("without permission for threads the post has none, and answers reply to it", async () => {
		bot.discord.deny(bot.channel, ["CreatePublicThreads"]);
		const posted = await bot.adapter.platform.post(to, card, "daily:1", soon());
		expect(posted.threadId).toBeNull();
		const below: Destination = {
			type: "thread",
			workspaceId: bot.guild.id,
			channelId: bot.channel.id,
			messageId: posted.messageId,
			threadId: null,
		};
		await bot.adapter.platform.post(below, plainCard, "answer:1", soon());
		expect(posts().at(-1)?.replyTo).toBe(posted.messageId);
		await bot.adapter.platform.post(to, card, "daily:2", soon());
		const refused = bot.discord.requests.filter(({ route, status }) => route.endsWith("/threads") && status === 403);
		expect(refused).toHaveLength(1);
	});

	test("an answer goes into the thread; if that is gone, it replies to the post", async () => {
		const posted = await bot.adapter.platform.post(to, card, "daily:1", soon());
		const below: Destination = { type: "thread", workspaceId: bot.guild.id, channelId: bot.channel.id, ...posted };
		await bot.adapter.platform.post(below, plainCard, "answer:1", soon());
		expect(bot.discord.messages(posted.threadId ?? "")).toHaveLength(1);
		const thread = posts()[0]?.thread;
		if (thread) bot.discord.removeChannel(thread);
		await bot.adapter.platform.post(below, plainCard, "answer:2", soon());
		expect(posts().at(-1)?.replyTo).toBe(posted.messageId);
	});

	test("a member is told directly, with buttons that know their server", async () => {
		await bot.adapter.platform.post(
			{ type: "member", workspaceId: bot.guild.id, memberId: bot.ada.id },
			card,
			"reminder:1",
			soon(),
		);
		const [message] = bot.discord.messages(bot.discord.directChannel(bot.ada));
		expect(JSON.stringify(message?.components)).toContain(` @${bot.guild.id}`);
	});

	test("tells the owner; if the owner accepts no messages, the named admins are told", async () => {
		const owner = bot.discord.world.users.get(bot.guild.ownerId);
		if (!owner) throw new Error("no owner");
		const admins: Destination = { type: "admins", workspaceId: bot.guild.id };
		await bot.adapter.platform.post(admins, plainCard, "alert:1", soon());
		expect(bot.discord.messages(bot.discord.directChannel(owner))).toHaveLength(1);
		owner.acceptsDirectMessages = false;
		expect((await faultOf(bot.adapter.platform.post(admins, plainCard, "alert:2", soon()))).kind).toBe("permanent");
		const workspace = await bot.store.people.ensureWorkspace("discord", bot.guild.id, "study group", bot.clock.now());
		await bot.store.people.setAdmin(workspace.id, bot.ada.id, true);
		await bot.adapter.platform.post(admins, plainCard, "alert:3", soon());
		expect(bot.discord.messages(bot.discord.directChannel(bot.ada))).toHaveLength(1);
	});

	test("splits a card too long for one message into several, in order, each sent once", async () => {
		await bot.adapter.platform.post(to, longCard, "answer:1", soon());
		await bot.adapter.platform.post(to, longCard, "answer:1", soon());
		expect(posts().length).toBeGreaterThan(1);
		expect(posts().map(textOf).join(" ").match(/word/g)).toHaveLength(3000);
	});
});

describe("faults", () => {
	const failing = (fault: Fault) => {
		// A refused message is sent once more, in words.
		const times = fault.kind === "status" && fault.status === 400 ? 2 : 1;
		bot.discord.faults.add({ fault, when: ({ route }) => route === "POST /channels/{channel}/messages", times });
		return faultOf(bot.adapter.platform.post(to, card, "daily:1", AbortSignal.timeout(800)));
	};

	test.each([
		[{ kind: "status", status: 503 }, "uncertain"],
		[{ kind: "reset" }, "uncertain"],
		[{ kind: "commit-then-drop" }, "uncertain"],
		[{ kind: "hang" }, "uncertain"],
		[{ kind: "status", status: 400 }, "not-sent"],
		[{ kind: "status", status: 401 }, "not-sent"],
		[{ kind: "rate-limit", seconds: 3 }, "not-sent"],
		[{ kind: "rate-limit", seconds: 2, global: true }, "not-sent"],
	] as const)("%o is %s", async (fault, kind) => {
		const told = await failing(fault);
		expect(told.kind).toBe(kind);
		if (fault.kind === "rate-limit") expect(told.retryAfter).toBeGreaterThanOrEqual(fault.seconds * 1000);
	});

	test("a missing channel or permission is permanent, with the remedy", async () => {
		bot.discord.deny(bot.channel, ["SendMessages"]);
		const forbidden = await faultOf(bot.adapter.platform.post(to, card, "daily:1", soon()));
		expect(forbidden).toMatchObject({ kind: "permanent", remedy: expect.stringContaining("Send Messages") });
		bot.discord.deny(bot.channel, ["ViewChannel"]);
		expect((await faultOf(bot.adapter.platform.post(to, card, "daily:1", soon()))).remedy).toContain("View Channel");
		bot.discord.removeChannel(bot.channel, { silent: true });
		expect(await faultOf(bot.adapter.platform.post(to, card, "daily:1", soon()))).toMatchObject({
			kind: "permanent",
			message: "The channel is gone",
		});
	});

	test("the next post finds out that a server removed the bot while it was offline", async () => {
		const workspace = await bot.store.people.ensureWorkspace("discord", bot.guild.id, "study group", bot.clock.now());
		await bot.adapter.stop();
		bot.discord.removeGuild(bot.guild);
		expect((await faultOf(bot.adapter.platform.post(to, card, "daily:1", soon()))).kind).toBe("permanent");
		expect(await bot.store.people.workspace(workspace.id)).toMatchObject({ removedAt: bot.clock.now() });
	});

	test("a Discord that cannot be reached has received nothing", async () => {
		await bot.adapter.stop();
		await bot.discord.stop();
		expect((await faultOf(bot.adapter.platform.post(to, card, "daily:1", soon()))).kind).toBe("not-sent");
		await bot.discord.start();
	});
});

describe("looking up", () => {
	const since = () => bot.clock.now();
	const later = (milliseconds: number) => bot.clock.moveTo(new Date(bot.clock.now().getTime() + milliseconds));

	test("finds a post whose response was lost, even if Discord does not return the nonce", async () => {
		const begun = since();
		bot.discord.faults.add({
			fault: { kind: "commit-then-drop" },
			when: ({ route }) => route === "POST /channels/{channel}/messages",
			times: 1,
		});
		await faultOf(bot.adapter.platform.post(to, card, "daily:1", soon()));
		later(10 * 60_000);
		const [message] = posts();
		expect(await bot.adapter.platform.lookUp(to, "daily:1", begun, soon())).toEqual({
			messageId: message?.id,
			threadId: null,
		});
		for (const each of posts()) Object.assign(each, { nonce: undefined });
		expect(await bot.adapter.platform.lookUp(to, "daily:1", begun, soon())).toMatchObject({ messageId: message?.id });
		expect(await bot.adapter.platform.lookUp(to, "daily:2", begun, soon())).toBe("absent");
	});

	test("reports absent although others wrote many messages", async () => {
		const begun = since();
		for (let count = 0; count < 250; count += 1) bot.discord.say(bot.channel, bot.ada, `message ${count}`);
		expect(await bot.adapter.platform.lookUp(to, "daily:1", begun, soon())).toBe("absent");
		await bot.adapter.platform.post(to, card, "daily:1", soon());
		later(10 * 60_000);
		expect(await bot.adapter.platform.lookUp(to, "daily:1", begun, soon())).toMatchObject({
			messageId: posts().at(-1)?.id,
		});
	});

	test("cannot tell in a channel it may not read, unless the nonce is still valid", async () => {
		const begun = since();
		bot.discord.deny(bot.channel, ["ReadMessageHistory"]);
		expect(await bot.adapter.platform.lookUp(to, "daily:1", begun, soon())).toBe("absent");
		later(10 * 60_000);
		expect(await bot.adapter.platform.lookUp(to, "daily:1", begun, soon())).toBe("cannot-tell");
	});

	test("cannot tell if a message of the bot does not name its delivery", async () => {
		const begun = since();
		await bot.adapter.platform.post(to, plainCard, "answer:1", soon());
		for (const each of posts()) Object.assign(each, { nonce: undefined });
		later(10 * 60_000);
		expect(await bot.adapter.platform.lookUp(to, "answer:2", begun, soon())).toBe("cannot-tell");
	});

	test("cannot tell in a channel that is gone", async () => {
		const begun = since();
		bot.discord.removeChannel(bot.channel);
		later(10 * 60_000);
		expect(await bot.adapter.platform.lookUp(to, "daily:1", begun, soon())).toBe("cannot-tell");
	});
});

describe("editing and checking", () => {
	test("a post is edited in place", async () => {
		const { messageId } = await bot.adapter.platform.post(to, card, "daily:1", soon());
		await bot.adapter.platform.edit(to, messageId, { ...card, title: "Changed" }, soon());
		expect(posts()[0]?.content).toBe("Changed");
		expect((await faultOf(bot.adapter.platform.edit(to, "1", card, soon()))).kind).toBe("permanent");
	});

	test("names what a post needs, with the remedy", async () => {
		const findings = () => bot.adapter.platform.check(bot.guild.id, bot.channel.id, soon());
		expect((await findings()).every(({ ok }) => ok)).toBe(true);
		bot.discord.deny(bot.channel, ["EmbedLinks"]);
		expect((await findings()).filter(({ ok }) => !ok)).toEqual([
			{ name: "Embed Links", ok: false, remedy: expect.stringContaining("Embed Links") },
		]);
		bot.discord.deny(bot.channel, ["ViewChannel"]);
		expect((await findings()).some(({ ok }) => !ok)).toBe(true);
		bot.discord.removeChannel(bot.channel);
		expect((await findings()).map(({ ok }) => ok)).toEqual([false]);
	});
});
