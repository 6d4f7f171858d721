import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { freshFolder, prepareFolderWithBank } from "../support/databases.ts";
import { isQuickRun } from "../support/effort.ts";
import { migratedDatabase } from "../support/postgres.ts";
import { HELP_TITLE, Installation } from "./installation.ts";

let installation: Installation;
beforeEach(async () => {
	installation = await Installation.open();
});
afterEach(() => installation.close());

/** How often the program says that it has lost a platform's connection and connected again. */
async function reconnectsOf(platform: "discord" | "slack"): Promise<number> {
	const { text } = await installation.get("/metrics");
	return Number(new RegExp(`nlpq_reconnects_total\\{platform="${platform}"\\} (\\d+)`).exec(text)?.[1]);
}

/** The program keeps two sockets to Slack; every further one that Slack saw is a reconnect. */
async function allSlackReconnectsCounted(): Promise<void> {
	const { sockets } = installation.slack;
	await expect.poll(async () => sockets.opened - (await reconnectsOf("slack"))).toBe(2);
}

test("one process serves Discord and Slack from the embedded database, and reports its health", async () => {
	const folder = freshFolder();
	await prepareFolderWithBank(folder);
	expect(await installation.start({ NLPQ_DATA_DIR: folder })).toMatchObject({
		platforms: ["discord", "slack"],
		database: "embedded",
		backup: "No daily backup yet.",
	});
	expect(await installation.askDiscord()).toContain(HELP_TITLE);
	expect(await installation.askSlack()).toContain(HELP_TITLE);
	// While the bot runs, the data folder is its own: a backup points to the bot's daily dump.
	const dump = join(folder, "backups", `daily-${new Date().toISOString().slice(0, 10)}.jsonl.gz`);
	await expect.poll(() => existsSync(dump)).toBe(true);
	const refused = spawnSync(process.execPath, ["dist/scripts/backup.js"], {
		env: { PATH: process.env.PATH, NLPQ_DATA_DIR: folder },
		encoding: "utf8",
	});
	expect(refused).toMatchObject({ status: 1, stdout: "", stderr: expect.stringContaining(dump) });
	const { status, text } = await installation.get("/readyz");
	expect(status).toBe(200);
	expect(JSON.parse(text)).toEqual([
		{ name: "database", ready: true, detail: "embedded" },
		{ name: "migrations", ready: true, detail: expect.stringMatching(/^(\d+) of \1 applied$/) },
		{ name: "discord", ready: true, detail: "connected" },
		{ name: "slack", ready: true, detail: "connected" },
	]);
	const metrics = (await installation.get("/metrics")).text.split("\n");
	for (const platform of ["discord", "slack"]) {
		expect(metrics).toContain(`nlpq_commands_total{platform="${platform}",command="help",outcome="reply"} 1`);
		expect(metrics).toContain(`nlpq_acknowledgement_seconds_count{platform="${platform}"} 1`);
	}
	// A busy machine may lose a connection that answers pings too late: the platforms know how often that happened.
	const { gateway } = installation.discord;
	await expect.poll(async () => gateway.counts.connections - (await reconnectsOf("discord"))).toBe(1);
	await allSlackReconnectsCounted();
	const { code, seconds } = await installation.stop();
	expect(code).toBe(0);
	expect(seconds).toBeLessThan(installation.patience);
});

test("a platform that goes down does not stop another, and is counted when it is back", async () => {
	await installation.start({ DATABASE_URL: await migratedDatabase() });
	const { sockets } = installation.slack;
	sockets.refusing = true;
	sockets.drop();
	await expect.poll(async () => (await installation.get("/readyz")).status).toBe(503);
	expect((await installation.get("/readyz")).text).toContain('{"name":"slack","ready":false,"detail":"not connected"}');
	expect(await installation.askDiscord()).toContain(HELP_TITLE);
	sockets.refusing = false;
	await expect.poll(async () => (await installation.get("/readyz")).status).toBe(200);
	expect(await installation.askSlack()).toContain(HELP_TITLE);
	await allSlackReconnectsCounted();
	expect((await installation.get("/metrics")).text).toMatch(/nlpq_pool_connections \d+\n/);
});

test.skipIf(isQuickRun)(
	"a platform that is down at the start does not stop another, and is served once it is up",
	async () => {
		const { discord } = installation;
		const away = { kind: "status", status: 503 } as const;
		discord.faults.add({ fault: away, when: ({ route }) => route === "GET /applications/@me", times: 3 });
		await installation.start({ DATABASE_URL: await migratedDatabase() });
		expect(installation.line(`Discord answered 503 at ${discord.url}/api.`)).toMatchObject({ platform: "discord" });
		expect((await installation.get("/readyz")).status).toBe(503);
		expect(await installation.askSlack()).toContain(HELP_TITLE);
		await expect.poll(async () => (await installation.get("/readyz")).status).toBe(200);
		expect(await installation.askDiscord()).toContain(HELP_TITLE);
	},
);

test.skipIf(isQuickRun)("a token that one platform refuses does not stop another", async () => {
	await installation.start({ DATABASE_URL: await migratedDatabase(), DISCORD_TOKEN: "wrong" });
	expect(installation.line("Discord refuses the bot's token.")).toMatchObject({
		platform: "discord",
		remedy: expect.stringContaining("DISCORD_TOKEN"),
	});
	expect(await installation.askSlack()).toContain(HELP_TITLE);
	expect((await installation.get("/readyz")).status).toBe(503);
});
