import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { expect, inject, onTestFinished, test } from "vitest";
import { startDiscord } from "../../packages/local-discord/local-discord.ts";
import { startSlack } from "../../packages/local-slack/slack.ts";
import { ManualClock } from "../../src/adapters/clock.ts";
import { openServer } from "../../src/adapters/postgres/open.ts";
import { createStore } from "../../src/adapters/postgres/store.ts";
import { OPTIONAL_SCOPES, SCOPES } from "../../src/adapters/slack/install/oauth.ts";
import { type Config, readConfig } from "../../src/config.ts";
import { EVERY_DAY } from "../../src/core/calendar/weekdays.ts";
import { diagnose as diagnoseAll } from "../../src/run/doctor.ts";
import { diagnoseSettings } from "../../src/run/doctor-settings.ts";
import { SIGNING_KEY } from "../adapters/slack/places.ts";
import { httpSettingsOf, startBot } from "../adapters/slack/support.ts";
import { realBank } from "../support/bank.ts";
import { prepareFolder } from "../support/databases.ts";
import { freePort } from "../support/ports.ts";
import { freshDatabase, migratedDatabase } from "../support/postgres.ts";

function folder(): string {
	const folder = mkdtempSync(join(tmpdir(), "nlpq-doctor-"));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	return folder;
}

/** Uses a bank that is parsed once for all tests. */
const diagnose = (config: Config) => diagnoseAll(config, realBank);

const stateOf = (found: Awaited<ReturnType<typeof diagnose>>, name: string) =>
	found.find((diagnosis) => diagnosis.name === name)?.state;

test("a fresh embedded installation has no fault", async () => {
	const data = folder();
	await prepareFolder(data);
	const found = await diagnoseAll(readConfig({ NLPQ_DATA_DIR: data }));
	expect(found.filter((diagnosis) => diagnosis.state === "fault")).toEqual([]);
	expect(stateOf(found, "clock")).toBe("ok");
	expect(stateOf(found, "platforms")).toBe("warning");
});

test("a reachable server is fine; a wrong password and a missing server are told apart, without showing the password", async () => {
	expect(stateOf(await diagnose(readConfig({ DATABASE_URL: await freshDatabase() })), "database")).toBe("ok");
	const missing = new URL(inject("postgresUrl"));
	missing.pathname = "/no_such_database";
	const [gone] = (await diagnose(readConfig({ DATABASE_URL: missing.toString() }))).filter(
		(found) => found.state === "fault",
	);
	expect(gone?.detail).toContain("does not exist");
	const found = await diagnose(readConfig({ DATABASE_URL: "postgres://someone:hunter2@127.0.0.1:1/nlpq" }));
	expect(stateOf(found, "database")).toBe("fault");
	expect(JSON.stringify(found)).not.toContain("hunter2");
});

test("the migrations are checked, but not applied", async () => {
	const url = await freshDatabase();
	const look = async () =>
		(await diagnose(readConfig({ DATABASE_URL: url }))).find(({ name }) => name === "migrations");
	expect(await look()).toMatchObject({ state: "ok", detail: expect.stringMatching(/^0 of \d+ applied/) });
	const { db, close } = await openServer(url, "migrations", 2);
	expect(await look()).toMatchObject({ state: "ok", detail: expect.stringMatching(/^(\d+) of \1 applied$/) });
	await db.execute(sql`delete from nlpq_migrations where name = (select max(name) from nlpq_migrations)`);
	expect(await look()).toMatchObject({ state: "warning", remedy: expect.stringContaining("backup") });
	expect(await look()).toMatchObject({ state: "warning" });
	await db.execute(sql`insert into nlpq_migrations (name, hash) values ('9999_later', 'later')`);
	expect(await look()).toMatchObject({ state: "fault", remedy: expect.stringContaining("newer version") });
	await close();
});

test("tokens, scopes and the daily questions' channels are checked on the platforms", async () => {
	const [discord, slack] = [await startDiscord({ rateLimits: false }), await startSlack()];
	onTestFinished(async () => {
		await discord.stop();
		await slack.stop();
	});
	const guild = discord.addGuild("study group");
	const rooms = { discord: discord.addChannel(guild, "daily"), slack: "C0DAILY" };
	const team = slack.settings.addTeam({ id: "T0TEAM" }).id;
	slack.settings.addChannel({ team, id: rooms.slack, name: "daily", withBot: false });
	const url = await migratedDatabase();
	const settings = {
		DATABASE_URL: url,
		DISCORD_TOKEN: discord.token,
		DISCORD_API_URL: `${discord.url}/api`,
		SLACK_BOT_TOKEN: slack.settings.install(team, { scopes: [...SCOPES] }).token,
		SLACK_APP_TOKEN: slack.credentials.newAppToken(),
		SLACK_API_URL: slack.apiUrl,
	};
	const { db, close } = await openServer(url, null, 2);
	onTestFinished(close);
	const store = createStore(db);
	const schedule = async (platform: string, externalId: string, channelId: string) => {
		const now = new Date();
		const workspace = await store.people.ensureWorkspace(platform, externalId, "study group", now);
		const where = { workspaceId: workspace.id, channelId, channelName: "daily", localTime: "09:00", zone: "UTC" };
		const what = { weekdays: EVERY_DAY, categories: [], difficulties: [] };
		await store.schedules.add({ ...where, ...what, nextRunAt: now, createdAt: now });
	};
	await schedule("discord", guild.id, rooms.discord.id);
	await schedule("slack", team, rooms.slack);

	const bad = await diagnose(readConfig({ ...settings, SLACK_APP_TOKEN: "xapp-wrong" }));
	expect(stateOf(bad, "discord")).toBe("ok");
	expect(stateOf(bad, "slack")).toBe("ok");
	expect(bad.find(({ name }) => name === "slack sockets")).toMatchObject({
		state: "fault",
		remedy: expect.stringContaining("connections:write"),
	});
	expect(bad.find(({ name }) => name === "channels of discord")?.detail).toBe("1 of 1 schedules can post");
	expect(bad.find(({ name }) => name === "channels of slack")).toMatchObject({
		state: "fault",
		detail: expect.stringContaining("cannot post in #daily: it lacks the bot in the channel"),
		remedy: expect.stringContaining("/invite @nlpq"),
	});

	expect(bad.find(({ name }) => name === "slack optional scopes")).toMatchObject({
		state: "warning",
		detail: expect.stringMatching(/app_mentions:read \(no answer to a mention\).*im:history \(no answer to a direct/),
		remedy: expect.stringContaining("slack-manifest.yaml"),
	});
	const completeToken = slack.settings.install(team, { scopes: [...SCOPES, ...OPTIONAL_SCOPES] }).token;
	const complete = await diagnose(readConfig({ ...settings, SLACK_BOT_TOKEN: completeToken }));
	expect(complete.map(({ name }) => name)).not.toContain("slack optional scopes");

	discord.deny(rooms.discord, ["SendMessages"]);
	slack.settings.setBotIn(rooms.slack, true);
	const better = await diagnose(readConfig(settings));
	expect(stateOf(better, "slack sockets")).toBe("ok");
	expect(stateOf(better, "channels of slack")).toBe("ok");
	expect(better.find(({ name }) => name === "channels of discord")).toMatchObject({
		state: "fault",
		detail: expect.stringContaining("lacks Send Messages"),
		remedy: expect.stringContaining("Send Messages"),
	});

	const incompleteToken = slack.settings.install(team, { scopes: ["commands", "chat:write"] }).token;
	const found = await diagnose(readConfig({ ...settings, SLACK_BOT_TOKEN: incompleteToken }));
	expect(found.find(({ name }) => name === "slack")).toMatchObject({
		state: "fault",
		detail: "the bot token lacks channels:read, files:write, groups:read, users:read",
		remedy: expect.stringContaining("slack-manifest.yaml"),
	});
	expect([...discord.violations, ...slack.violations]).toEqual([]);
	for (const secret of [settings.DISCORD_TOKEN, settings.SLACK_BOT_TOKEN, settings.SLACK_APP_TOKEN, incompleteToken])
		expect(JSON.stringify([bad, better, found])).not.toContain(secret);
});

test("a refused Discord token is a fault with the remedy, and never shown", async () => {
	const discord = createServer((_request, response) => response.writeHead(401).end("{}"));
	await new Promise<void>((resolve) => discord.listen(0, "127.0.0.1", resolve));
	onTestFinished(() => void discord.close());
	const { port } = discord.address() as AddressInfo;
	const settings = {
		NLPQ_DATA_DIR: folder(),
		DISCORD_TOKEN: "secret-token-value",
		DISCORD_API_URL: `http://127.0.0.1:${port}`,
	};
	const found = await diagnose(readConfig(settings));
	const discordFault = found.find((diagnosis) => diagnosis.name === "discord");
	expect(discordFault?.state).toBe("fault");
	expect(discordFault?.remedy).toContain("DISCORD_TOKEN");
	expect(JSON.stringify(found)).not.toContain("secret-token-value");
});

test("Slack over HTTP is checked: its settings, its public address, and whether the stored tokens open", async () => {
	const slack = await startSlack();
	onTestFinished(() => slack.stop());
	const url = await migratedDatabase();
	const port = await freePort();
	const settings = {
		DATABASE_URL: url,
		SLACK_SIGNING_SECRET: slack.app.signingSecret,
		SLACK_CLIENT_ID: slack.app.clientId,
		SLACK_CLIENT_SECRET: slack.app.clientSecret,
		NLPQ_ENCRYPTION_KEY: SIGNING_KEY,
		SLACK_API_URL: slack.apiUrl,
		PORT: String(port),
		PUBLIC_URL: `http://127.0.0.1:${port}`,
	};
	const look = async (changes: Readonly<Record<string, string>> = {}) => {
		const found = await diagnose(readConfig({ ...settings, ...changes }));
		return Object.fromEntries(found.map((each) => [each.name, each]));
	};
	const opened = await openServer(url, null, 2);
	onTestFinished(() => opened.close());
	const store = createStore(opened.db);
	const clock = new ManualClock(new Date());
	expect((await look())["slack way in"]).toMatchObject({ state: "warning", remedy: expect.stringContaining("Start") });

	const bot = await startBot({ ...httpSettingsOf(slack), port }, { db: opened.db, store }, clock);
	onTestFinished(() => bot.stop());
	const team = slack.settings.addTeam().id;
	const user = slack.settings.addMember({ team }).id;
	const origin = settings.PUBLIC_URL;
	await slack.walkInstall({ installUrl: `${origin}/slack/install`, user, team, origin });
	const good = await look();
	expect(good["slack settings"]).toMatchObject({ state: "ok", detail: expect.stringContaining("many workspaces") });
	expect(good["slack public address"]).toMatchObject({ state: "ok" });
	expect(good["slack way in"]).toMatchObject({ state: "ok", detail: expect.stringContaining("takes signed requests") });
	expect(good["slack tokens"]).toMatchObject({ state: "ok", detail: expect.stringMatching(/^1 stored/) });

	const wrong = await look({
		SLACK_SIGNING_SECRET: "another-signing-secret",
		NLPQ_ENCRYPTION_KEY: `k1:${Buffer.alloc(32, 3).toString("base64")}`,
	});
	expect(wrong["slack way in"]).toMatchObject({
		state: "fault",
		detail: expect.stringContaining("refuses our signature"),
	});
	expect(wrong["slack tokens"]).toMatchObject({
		state: "fault",
		detail: expect.stringContaining('1 of 1 stored tokens do not open: the key "k1"'),
	});

	const missing = await look({ PORT: "", SLACK_CLIENT_SECRET: "", PUBLIC_URL: "" });
	expect(missing["slack settings"]).toMatchObject({
		state: "fault",
		detail: "The settings for Slack are incomplete: SLACK_CLIENT_SECRET, PORT are missing.",
	});
	const plain = diagnoseSettings(readConfig({ ...settings, PUBLIC_URL: "http://nlpq.example.org" }));
	expect(plain.find(({ name }) => name === "slack public address")?.state).toBe("fault");
});
