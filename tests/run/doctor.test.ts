import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, inject, onTestFinished, test } from "vitest";
import { readConfig } from "../../src/config.ts";
import { diagnose } from "../../src/run/doctor.ts";
import { freshDatabase } from "../support/postgres.ts";

function folder(): string {
	const made = mkdtempSync(join(tmpdir(), "nlpq-doctor-"));
	onTestFinished(() => rmSync(made, { recursive: true, force: true }));
	return made;
}

const stateOf = (found: Awaited<ReturnType<typeof diagnose>>, name: string) =>
	found.find((diagnosis) => diagnosis.name === name)?.state;

test("a fresh embedded installation has no fault", async () => {
	const found = await diagnose(readConfig({ NLPQ_DATA_DIR: folder() }));
	expect(found.filter((diagnosis) => diagnosis.state === "fault")).toEqual([]);
	expect(stateOf(found, "clock")).toBe("ok");
	expect(stateOf(found, "platforms")).toBe("warning");
});

test("a server that answers is fine; a wrong password and a missing server are told apart, without the password", async () => {
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
