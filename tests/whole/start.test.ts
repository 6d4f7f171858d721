import { connect, createServer } from "node:net";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { isQuickRun } from "../support/effort.ts";
import { freePort } from "../support/ports.ts";
import { freshDatabase, migratedDatabase } from "../support/postgres.ts";
import { HELP_TITLE, Installation, NO_DISCORD, NO_SLACK } from "./installation.ts";

let installation: Installation;
beforeEach(async () => {
	installation = await Installation.open();
});
afterEach(() => installation.close());

test("Discord only, answering 500 at first: it is retried until it serves", async () => {
	const { discord } = installation;
	discord.faults.add({
		fault: { kind: "status", status: 500 },
		when: ({ route }) => route === "GET /applications/@me",
		times: 2,
	});
	await installation.start({ DATABASE_URL: await freshDatabase(), ...NO_SLACK });
	expect(installation.line(`Discord answered 500 at ${discord.url}/api.`)).toMatchObject({ platform: "discord" });
	expect((await installation.get("/readyz")).status).toBe(503);
	await expect.poll(async () => (await installation.get("/readyz")).status).toBe(200);
	expect(await installation.askDiscord()).toContain(HELP_TITLE);
});

test.skipIf(isQuickRun)("Discord only, with the network not up yet: it is retried until it serves", async () => {
	const port = await freePort();
	const target = Number(new URL(installation.discord.url).port);
	await installation.start({
		DATABASE_URL: await migratedDatabase(),
		DISCORD_API_URL: `http://127.0.0.1:${port}/api`,
		...NO_SLACK,
	});
	expect(installation.line(`Discord cannot be reached at http://127.0.0.1:${port}/api.`)).toBeDefined();
	expect(installation.exitCode).toBeNull();
	const network = createServer((near) => {
		const far = connect(target, "127.0.0.1");
		for (const socket of [near, far]) socket.on("error", () => undefined);
		near.pipe(far).pipe(near);
	});
	await new Promise<void>((resolve) => network.listen(port, "127.0.0.1", resolve));
	onTestFinished(() => void network.close());
	await expect.poll(async () => (await installation.get("/readyz")).status).toBe(200);
	expect(await installation.askDiscord()).toContain(HELP_TITLE);
});

test.skipIf(isQuickRun)(
	"Discord only, with a gateway that accepts no connection at first: it is retried until it serves",
	async () => {
		const { gateway } = installation.discord;
		gateway.refusesConnections = true;
		const starting = installation.start({ DATABASE_URL: await migratedDatabase(), ...NO_SLACK });
		await expect.poll(() => gateway.counts.refused).toBeGreaterThan(0);
		gateway.refusesConnections = false;
		await starting;
		await expect.poll(async () => (await installation.get("/readyz")).status).toBe(200);
		expect(await installation.askDiscord()).toContain(HELP_TITLE);
	},
);

test("Slack only, answering 500 at first: it is retried until it serves", async () => {
	installation.slack.faults.add({ method: "auth.test", kind: "500", times: 2 });
	await installation.start({ DATABASE_URL: await migratedDatabase(), ...NO_DISCORD });
	expect(installation.line("Slack does not answer.")).toMatchObject({ platform: "slack" });
	await expect.poll(async () => (await installation.get("/readyz")).status).toBe(200);
	expect(await installation.askSlack()).toContain(HELP_TITLE);
});

test.skipIf(isQuickRun).each([
	["Discord", { DISCORD_TOKEN: "wrong", ...NO_SLACK }, "Discord refuses the bot's token."],
	["Slack", { SLACK_BOT_TOKEN: "xoxb-wrong", ...NO_DISCORD }, "Slack refuses SLACK_BOT_TOKEN (invalid_auth)."],
	["Slack", { SLACK_APP_TOKEN: "xapp-wrong", ...NO_DISCORD }, "Slack refuses SLACK_APP_TOKEN (invalid_auth)."],
])("%s only, refusing the token: the program exits with 1 and one sentence", async (_name, settings, sentence) => {
	const { code, err } = await installation.run({ DATABASE_URL: await migratedDatabase(), ...settings });
	expect(code).toBe(1);
	expect(err.split(sentence)).toHaveLength(2);
	expect(err).not.toContain("    at ");
});

test("every platform refuses its token: the program exits with 1 and reports each", async () => {
	const settings = { DISCORD_TOKEN: "wrong", SLACK_BOT_TOKEN: "xoxb-wrong" };
	const { code, err } = await installation.run({ DATABASE_URL: await migratedDatabase(), ...settings });
	expect(code).toBe(1);
	expect(err).toContain("Discord refuses the bot's token.");
	expect(err).toContain("Slack refuses SLACK_BOT_TOKEN (invalid_auth).");
	expect(err).toContain("Every platform refuses to be connected.\n");
});
