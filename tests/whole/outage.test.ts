import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { MINUTE } from "../../src/core/durations.ts";
import { isQuickRun } from "../support/effort.ts";
import { startPostgres } from "../support/postgres-server.ts";
import { HELP_TITLE, Installation } from "./installation.ts";

let installation: Installation;
beforeEach(async () => {
	installation = await Installation.open();
});
afterEach(() => installation.close());

/** The value of a series in the text of a scrape. */
const measured = (metrics: string, series: string): number =>
	Number(
		metrics
			.split("\n")
			.find((line) => line.startsWith(`${series} `))
			?.slice(series.length + 1) ?? Number.NaN,
	);

test.skipIf(isQuickRun)(
	"a database that is gone: one plain line, metrics that show it, and one line when it is back",
	async () => {
		const server = await startPostgres(40);
		onTestFinished(() => server.stop());
		await installation.start({ DATABASE_URL: server.url });
		const metrics = async () => (await installation.get("/metrics")).text;
		expect(measured(await metrics(), "nlpq_database_up")).toBe(1);
		expect(measured(await metrics(), 'nlpq_platform_connected{platform="slack"}')).toBe(1);

		const before = installation.lines.length;
		await server.kill();
		await expect.poll(async () => measured(await metrics(), "nlpq_database_up")).toBe(0);
		// Members' commands and a lost socket meanwhile.
		expect(await installation.askDiscord()).toContain("The database isn't answering right now.");
		expect(await installation.askSlack()).toContain("The database isn't answering right now.");
		installation.slack.sockets.refusing = true;
		installation.slack.sockets.drop();
		await expect.poll(async () => measured(await metrics(), 'nlpq_platform_connected{platform="slack"}')).toBe(0);
		installation.slack.sockets.refusing = false;
		const during = installation.lines.slice(before).filter(({ msg }) => !/socket/i.test(msg));
		const messages = new Set(during.map(({ msg }) => msg));
		expect([...messages]).toEqual(["The database does not answer. Due work waits and will be retried."]);
		const times = during.map(({ time }) => time.getTime());
		times.slice(1).forEach((time, index) => {
			expect(time - (times[index] ?? 0)).toBeGreaterThan(MINUTE - 1_000);
		});
		expect(JSON.stringify(installation.lines)).not.toContain("    at ");

		await server.restart();
		await expect.poll(() => installation.line("The database answers again.")).toBeDefined();
		expect(measured(await metrics(), "nlpq_database_up")).toBe(1);
		expect(await installation.askDiscord()).toContain(HELP_TITLE);
		expect(installation.lines.filter(({ msg }) => msg === "The database answers again.")).toHaveLength(1);
	},
);
