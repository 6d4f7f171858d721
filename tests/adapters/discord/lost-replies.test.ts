import { randomBytes } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import type { Interaction } from "../../../packages/local-discord/interactions.ts";
import type { DiscordSettings } from "../../../src/adapters/discord/discord.ts";
import { Responder } from "../../../src/adapters/discord/outgoing/responder.ts";
import { Composer, interactionRest } from "../../../src/adapters/discord/outgoing/rest.ts";
import { Tickets } from "../../../src/adapters/discord/outgoing/tickets.ts";
import { KeyRing } from "../../../src/adapters/keys.ts";
import { drawPicture } from "../../../src/adapters/pictures/draw.ts";
import { openRunLog } from "../../support/run-log.ts";
import { answerWhileDeaf, type Bot, endHolds, makeBot, openBot, textOf, type } from "./support.ts";

const keys = new KeyRing(`k1:${randomBytes(32).toString("base64")}`);
const WITH_KEYS = { settings: { keys } };

let bot: Bot;
afterEach(async () => {
	await bot.close();
	expect(bot.discord.violations).toEqual([]);
});

/** Until it is removed, this fault makes Discord refuse every reply. */
function refuseReplies(status = 500) {
	return bot.discord.faults.add({
		fault: { kind: "status", status },
		when: ({ route }) => route.startsWith("PATCH /webhooks") || route.startsWith("POST /webhooks"),
	});
}

/** Adds a schedule whose reply cannot be sent before its process ends. */
async function addUnanswered(): Promise<Interaction> {
	const refused = refuseReplies();
	const given = type(bot, bot.boss, bot.channel, "schedule add", { time: "09:00", zone: "UTC" });
	await given.firstResponse();
	await expect.poll(async () => (await schedules()).length).toBe(1);
	await bot.adapter.stop();
	bot.discord.faults.clear();
	expect(refused.hits).toBeGreaterThan(0);
	return given;
}

async function schedules() {
	const workspace = await bot.store.people.findWorkspace("discord", bot.guild.id);
	return workspace ? bot.store.schedules.list(workspace.id) : [];
}

/** Starts another process of the same bot. */
async function another(settings: Partial<DiscordSettings> = {}) {
	await endHolds();
	const next = await makeBot({ discord: bot.discord, store: bot.store, clock: bot.clock, settings });
	await next.adapter.start(next.dispatcher);
	return next;
}

test("a reply that its process could not send is sent by the next one with the stored token, and nothing is done twice", async () => {
	bot = await openBot({}, WITH_KEYS);
	const given = await addUnanswered();
	const next = await another({ keys });
	const reply = await given.reply();
	expect(textOf(reply)).toMatch(/Schedule #\d+ is set[\s\S]*The next five/);
	expect(reply.visibleTo).toBe(bot.boss);
	expect(await schedules()).toHaveLength(1);
	// It is told only once: the next command does not mention it.
	expect(textOf(await type(bot, bot.boss, bot.channel, "help").reply())).not.toContain("Your last command");
	await next.adapter.stop();
});

test("without a key, the member's next command begins with the result of the last one", async () => {
	bot = await openBot();
	await addUnanswered();
	const next = await another();
	const help = () => type(bot, bot.boss, bot.channel, "help").reply();
	expect(textOf(await help())).toMatch(/^What I can do, here and now\s+Your last command, schedule add, was saved\./);
	expect(textOf(await help())).not.toContain("Your last command");
	expect(await schedules()).toHaveLength(1);
	await next.adapter.stop();
});

test("with an expired token, the member's next command tells the result", async () => {
	bot = await openBot({}, WITH_KEYS);
	await addUnanswered();
	bot.clock.moveTo(new Date(bot.clock.now().getTime() + 16 * 60_000));
	const next = await another({ keys });
	const help = type(bot, bot.boss, bot.channel, "help");
	expect(textOf(await help.reply())).toContain("Your last command, schedule add, was saved.");
	await next.adapter.stop();
});

test("if nothing was saved when the process ended, the member is told so, and it cannot be saved later", async () => {
	bot = await openBot({}, WITH_KEYS);
	await type(bot, bot.boss, bot.channel, "help").reply();
	await bot.adapter.stop();
	// The process has sent the first response and recorded what it owes, but ends before its commit.
	const given = type(bot, bot.boss, bot.channel, "schedule add", { time: "09:00", zone: "UTC" });
	const rest = interactionRest({ token: bot.discord.token, apiUrl: `${bot.discord.url}/api` });
	const once = rest;
	const { connection } = bot;
	const composer = new Composer(drawPicture, openRunLog([]));
	await new Responder({ rest, once, composer, applicationId: "", connection }, given).acknowledge("private");
	const key = `discord:${given.id}`;
	const workspace = await bot.store.people.findWorkspace("discord", bot.guild.id);
	const facts = { key, workspaceId: workspace?.id ?? 0, command: "schedule add", at: bot.clock.now() };
	const ticket = new Tickets(keys).seal(given.token, key);
	await bot.store.interactions.owe({ ...facts, platform: "discord", memberExternalId: bot.boss.id, ticket }, 20);
	const next = await another({ keys });
	expect(textOf(await given.reply())).toContain("Not saved: schedule add");
	// The old process wakes up and wants to commit: too late.
	expect(await bot.store.interactions.handle({ ...facts, memberId: null })).toBe(false);
	await next.adapter.stop();
});

test("an answer that came too late for a response is reported with the next command", async () => {
	bot = await openBot();
	await answerWhileDeaf(bot);
	await expect.poll(() => bot.store.answers.countAnswered(1)).toBe(1);
	await expect
		.poll(async () => textOf(await type(bot, bot.ada, bot.channel, "help").reply()))
		.toContain("Your last command, answer, was saved.");
});

test("a sealed token opens only for its own interaction and key", () => {
	const sealed = new Tickets(keys).seal("token", "discord:1");
	expect(sealed).not.toContain("token");
	expect(new Tickets(keys).open(sealed, "discord:1")).toBe("token");
	expect(new Tickets(keys).open(sealed, "discord:2")).toBeNull();
	expect(new Tickets(new KeyRing(`k2:${randomBytes(32).toString("base64")}`)).open(sealed, "discord:1")).toBeNull();
	expect(new Tickets(null).seal("token", "discord:1")).toBeNull();
});
