import { connect, type Socket } from "node:net";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { freePort } from "../support/ports.ts";
import { migratedDatabase } from "../support/postgres.ts";
import { HELP_TITLE, Installation, NO_DISCORD } from "./installation.ts";

let installation: Installation;
beforeEach(async () => {
	installation = await Installation.open();
});
afterEach(() => installation.close());

/** A connection that sends the beginning of a request and then nothing more. */
function halfOpen(port: number, beginning: string): Promise<Socket> {
	return new Promise((resolve, reject) => {
		const socket = connect(port, "127.0.0.1", () => {
			socket.write(beginning);
			resolve(socket);
		});
		socket.once("error", reject);
		onTestFinished(() => void socket.destroy());
	});
}

test("SIGTERM takes a few seconds at most, even with 100 half-open requests", async () => {
	const port = await freePort();
	await installation.start({
		DATABASE_URL: await migratedDatabase(),
		...NO_DISCORD,
		SLACK_APP_TOKEN: "",
		SLACK_SIGNING_SECRET: installation.slack.app.signingSecret,
		PORT: String(port),
	});
	installation.slack.requestUrl = `http://127.0.0.1:${port}/slack/events`;
	expect(await installation.askSlack("http")).toContain(HELP_TITLE);
	const partialRequests = [
		"",
		"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Le",
		"POST /slack/events HTTP/1.1\r\n",
	];
	const body = "POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf of it";
	const sockets = Array.from({ length: 100 }, (_, index) => halfOpen(port, partialRequests[index % 4] ?? body));
	for (const socket of await Promise.all(sockets)) socket.on("error", () => undefined);
	const { code, seconds } = await installation.stop();
	expect(code).toBe(0);
	// Less than the limit for a half-sent request: they are not waited for.
	expect(seconds).toBeLessThan(installation.patience);
	expect(JSON.stringify(installation.lines)).not.toContain("    at ");
});
