import { afterEach, beforeEach, expect, test } from "vitest";
import { schedules } from "../../../drizzle/daily.ts";
import { slackInstallations } from "../../../drizzle/slack.ts";
import { KeyRing } from "../../../src/adapters/keys.ts";
import { drawPicture } from "../../../src/adapters/pictures/draw.ts";
import type { SlackSettings } from "../../../src/adapters/slack/settings.ts";
import { createSlack } from "../../../src/adapters/slack/slack.ts";
import { DailyEngine } from "../../../src/chat/daily.ts";
import { EVERY_DAY } from "../../../src/core/calendar/weekdays.ts";
import { RecordingConnection } from "../../support/recording-connection.ts";
import { openRunLog } from "../../support/run-log.ts";
import { type Bot, httpSettings, openStore, type Stage, setStage, socketSettings, startBot, title } from "./support.ts";

let stage: Stage;
let database: Awaited<ReturnType<typeof openStore>>;
beforeEach(async () => {
	database = await openStore();
	stage = await setStage();
});
afterEach(async () => {
	await stage.slack.stop();
	await database.close();
});

/** Adds a daily question that is due now. */
async function dueNow(): Promise<void> {
	const { store } = database;
	const now = stage.clock.now();
	const due = new Date(Math.floor(now.getTime() / 60_000) * 60_000);
	const before = new Date(due.getTime() - 60_000);
	const workspace = await store.people.ensureWorkspace("slack", stage.team.id, "Study Group", now);
	const where = { workspaceId: workspace.id, channelId: stage.channel, channelName: "nlp" };
	const when = { localTime: due.toISOString().slice(11, 16), zone: "UTC", weekdays: EVERY_DAY };
	await store.schedules.add({
		...where,
		...when,
		categories: [],
		difficulties: [],
		nextRunAt: due,
		createdAt: before,
	});
}

const scheduleStates = async () => (await database.db.select().from(schedules)).map(({ state }) => state);
const posted = () =>
	stage.slack.world.messages.filter(
		({ channel, ephemeralTo }) => channel === stage.channel && ephemeralTo === undefined,
	);

/** Lets the waits between tries pass, and the daily engine try again. */
async function later(bot: Pick<Bot, "daily">): Promise<void> {
	stage.clock.moveTo(new Date(stage.clock.now().getTime() + 30 * 60_000));
	await bot.daily.run();
}

test("while Slack is not connected yet, a due question waits and its schedule is not paused", async () => {
	const bot = await startBot(socketSettings(stage), database, stage.clock);
	await dueNow();
	const { db } = database;
	const connection = new RecordingConnection();
	const waiting = createSlack(socketSettings(stage), {
		services: bot.services,
		db,
		urgent: db,
		clock: stage.clock,
		log: openRunLog([]),
		connection,
		drawPicture,
	});
	const observer = { delivered: () => undefined, fault: () => undefined };
	const engine = new DailyEngine({
		services: bot.services,
		platforms: [waiting.platform],
		clock: stage.clock,
		worker: crypto.randomUUID(),
		observer,
	});
	await engine.run();
	expect(await scheduleStates()).toEqual(["active"]);
	expect(posted()).toEqual([]);
	await later(bot);
	expect(posted()).toHaveLength(1);
	await engine.stop();
	await bot.stop();
});

test("if Slack refuses the settings' token, no schedule is paused, and the connection is unhealthy meanwhile", async () => {
	const bot = await startBot(socketSettings(stage), database, stage.clock);
	await dueNow();
	const mend = stage.slack.faults.add({ method: "chat.postMessage", kind: { error: "invalid_auth" } });
	await bot.daily.run();
	expect(await scheduleStates()).toEqual(["active"]);
	expect(bot.adapter.healthy()).toBe(false);
	mend();
	await later(bot);
	expect(posted()).toHaveLength(1);
	expect(bot.adapter.healthy()).toBe(true);
	await bot.stop();
});

/** A bot over HTTP, installed with a token that expires soon. */
async function installedBot(): Promise<Bot> {
	const bot = await startBot(httpSettings(stage), database, stage.clock);
	const origin = `http://127.0.0.1:${bot.adapter.port()}`;
	const { team, admin } = stage;
	const installUrl = `${origin}/slack/install`;
	expect(
		(await stage.slack.walkInstall({ installUrl, user: admin, team: team.id, origin, rotation: true })).status,
	).toBe(200);
	return bot;
}

/** Moves the clock until the token has expired. */
async function expire(): Promise<void> {
	await database.db.update(slackInstallations).set({ expiresAt: new Date(stage.clock.now().getTime() - 1_000) });
}

test("a renewal that fails for a passing reason is retried, and pauses no schedule", async () => {
	const bot = await installedBot();
	await dueNow();
	await expire();
	const mend = stage.slack.faults.add({ method: "oauth.v2.access", kind: "reset" });
	await bot.daily.run();
	expect(await scheduleStates()).toEqual(["active"]);
	expect(posted()).toEqual([]);
	mend();
	await later(bot);
	expect(posted()).toHaveLength(1);
	await bot.stop();
});

test("a token that Slack calls expired early, and that cannot be renewed now, pauses no schedule", async () => {
	const bot = await installedBot();
	await dueNow();
	const mends = [
		stage.slack.faults.add({ method: "chat.postMessage", kind: { error: "token_expired" } }),
		stage.slack.faults.add({ method: "oauth.v2.access", kind: { error: "internal_error" } }),
	];
	await bot.daily.run();
	expect(await scheduleStates()).toEqual(["active"]);
	for (const mend of mends) mend();
	await later(bot);
	expect(posted()).toHaveLength(1);
	await bot.stop();
});

test("a revoked token ends its workspace's installation, and the schedule pauses until there is another", async () => {
	const bot = await installedBot();
	await dueNow();
	stage.slack.faults.add({ method: "chat.postMessage", kind: { error: "token_revoked" } });
	await bot.daily.run();
	const [workspace] = await database.db.query.workspaces.findMany();
	expect(workspace?.removedAt).not.toBeNull();
	await bot.stop();
});

test("a refresh token that Slack refuses pauses the schedule, since only a new installation helps", async () => {
	const bot = await installedBot();
	await dueNow();
	await expire();
	stage.slack.faults.add({ method: "oauth.v2.access", kind: { error: "invalid_refresh_token" } });
	await bot.daily.run();
	expect(await scheduleStates()).toEqual(["paused"]);
	await bot.stop();
});

test("a wrong client secret is the operator's to correct: it pauses no schedule", async () => {
	const bot = await installedBot();
	await dueNow();
	await expire();
	stage.slack.faults.add({ method: "oauth.v2.access", kind: { error: "bad_client_secret" } });
	await bot.daily.run();
	expect(await scheduleStates()).toEqual(["active"]);
	await bot.stop();
});

const otherSecret = `k1:${Buffer.alloc(32, 3).toString("base64")}`;

test("a wrong secret under a known key id is reported at the start in one sentence: which key, how many tokens", async () => {
	await (await installedBot()).stop();
	const start = (encryptionKey: string) =>
		startBot({ ...httpSettings(stage), encryptionKey } as SlackSettings, database, stage.clock);
	await expect(start(otherSecret)).rejects.toThrow(
		'1 of 1 stored tokens do not open: the key "k1" of NLPQ_ENCRYPTION_KEY has another secret than when it sealed them.',
	);
	const newer = otherSecret.replace("k1", "k2");
	await expect(start(newer)).rejects.toThrow(
		'1 of 1 stored tokens do not open: the key "k1" is missing from NLPQ_ENCRYPTION_KEY.',
	);
});

test("if some tokens open and others do not, their workspaces are served, and the others' schedules wait", async () => {
	const installed = await installedBot();
	await installed.stop();
	const [row] = await database.db.select().from(slackInstallations);
	const stranger = new KeyRing(otherSecret).seal("xoxb-lost", "slack:T0LOST:token");
	if (row)
		await database.db.insert(slackInstallations).values({ ...row, id: "T0LOST", token: stranger, refreshToken: null });
	await dueNow();
	const lost = await database.store.people.ensureWorkspace("slack", "T0LOST", "Lost", stage.clock.now());
	const bot = await startBot(httpSettings(stage), database, stage.clock);
	expect(bot.lines.join("")).toContain('1 of 2 stored tokens do not open: the key \\"k1\\"');
	await database.db.update(schedules).set({ workspaceId: lost.id });
	await bot.daily.run();
	expect(await scheduleStates()).toEqual(["active"]);
	await bot.stop();
});

test("one workspace over HTTP with a bot token and a signing secret: it answers, posts, and accepts no installations", async () => {
	const { app, apiUrl } = stage.slack;
	const settings: SlackSettings = {
		way: "http-single",
		botToken: stage.token,
		signingSecret: app.signingSecret,
		port: 0,
		host: "127.0.0.1",
		apiUrl,
	};
	const bot = await startBot(settings, database, stage.clock);
	const origin = `http://127.0.0.1:${bot.adapter.port()}`;
	stage.slack.requestUrl = `${origin}/slack/events`;
	const reply = await stage.slack
		.command({ user: stage.ana, channel: stage.channel, text: "help", via: "http" })
		.reply();
	expect(title(reply)).toBe("What I can do, here and now");
	await dueNow();
	await bot.daily.run();
	expect(posted()).toHaveLength(1);
	for (const path of ["/", "/slack/install", "/slack/oauth_redirect"])
		expect((await fetch(`${origin}${path}`)).status).toBe(404);
	await bot.stop();
});
