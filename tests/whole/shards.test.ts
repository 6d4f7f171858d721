import { afterEach, beforeEach, expect, test } from "vitest";
import { isQuickRun } from "../support/effort.ts";
import { freePort } from "../support/ports.ts";
import { migratedDatabase } from "../support/postgres.ts";
import { startProgram, untilEnd } from "../support/program.ts";
import { Installation, NO_SLACK } from "./installation.ts";

let installation: Installation;
beforeEach(async () => {
	installation = await Installation.open();
});
afterEach(() => installation.close());

/** The names that a process reports as ready; null while it does not answer, or is not ready. */
async function readyOn(port: number): Promise<string[] | null> {
	const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null);
	if (!answer?.ok) return null;
	const parts: { name: string }[] = JSON.parse(await answer.text());
	return parts.map(({ name }) => name);
}

/** Two consecutive free ports. */
async function freePorts(): Promise<number> {
	for (;;) {
		const port = await freePort();
		if (
			await fetch(`http://127.0.0.1:${port + 1}`)
				.then(() => false)
				.catch(() => true)
		)
			return port;
	}
}

test("each shard's process serves its metrics on a separate port, and one of them serves Slack", async () => {
	const port = await freePorts();
	const env = {
		...installation.environment,
		DATABASE_URL: await migratedDatabase(),
		DISCORD_SHARDS: "2",
		NLPQ_HEALTH_PORT: String(port),
	};
	const program = startProgram({ env, args: [] });
	const ended = untilEnd(program);
	await expect
		.poll(() => readyOn(port), { timeout: 100_000, interval: 200 })
		.toEqual(["database", "migrations", "discord", "slack"]);
	await expect
		.poll(() => readyOn(port + 1), { timeout: 100_000, interval: 200 })
		.toEqual(["database", "migrations", "discord"]);
	expect(installation.slack.sockets.open).toHaveLength(2);
	program.kill("SIGTERM");
	expect((await ended).code).toBe(0);
});

test.skipIf(isQuickRun)(
	"a refused token ends them with 1 and one sentence, instead of restarting shards for ever",
	async () => {
		const settings = {
			DATABASE_URL: await migratedDatabase(),
			DISCORD_SHARDS: "2",
			DISCORD_TOKEN: "wrong",
			...NO_SLACK,
		};
		const { code, err } = await installation.run(settings);
		expect(code).toBe(1);
		expect(err.split("Discord refuses the bot's token.")).toHaveLength(2);
	},
);
