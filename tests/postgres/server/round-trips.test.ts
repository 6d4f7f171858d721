import { connect, createServer, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { openServer } from "../../../src/adapters/postgres/open.ts";
import { COMMANDS } from "../../../src/chat/commands/index.ts";
import { readCommand } from "../../../src/chat/grammar.ts";
import { openChat } from "../../support/chat.ts";
import { migratedDatabase } from "../../support/postgres.ts";

/** Answers until all statements are prepared on their connections. */
const WARM_UP = 6;

/** A proxy that counts the round trips of each transaction: how often the client spoke after the server had. */
async function countTrips(url: string): Promise<{ url: string; trips: number[] }> {
	const trips: number[] = [];
	const sockets = new Set<Socket>();
	const server = createServer((near) => {
		const address = new URL(url);
		const far = connect({ host: address.hostname, port: Number(address.port), noDelay: true });
		let count = 0;
		let serverSpoke = true;
		near.on("data", (bytes) => {
			const text = bytes.toString("latin1");
			if (text.includes("begin;")) count = 0;
			if (serverSpoke) count += 1;
			serverSpoke = false;
			if (text.includes("commit\0")) trips.push(count);
			far.write(bytes);
		});
		far.on("data", (bytes) => {
			serverSpoke = true;
			near.write(bytes);
		});
		for (const [socket, other] of [
			[near, far],
			[far, near],
		] as const) {
			sockets.add(socket);
			socket.on("error", () => undefined).on("close", () => other.destroy());
		}
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	onTestFinished(() => {
		for (const socket of sockets) socket.destroy();
		server.close();
	});
	const through = new URL(url);
	const bound = server.address();
	if (typeof bound !== "object" || !bound) throw new Error("the proxy has no port");
	through.hostname = "127.0.0.1";
	through.port = String(bound.port);
	return { url: through.toString(), trips };
}

test("an answer holds a connection for two round trips: what it reads, and what it keeps together with COMMIT", async () => {
	const proxy = await countTrips(await migratedDatabase());
	const chat = await openChat({ database: await openServer(proxy.url, null, 2) });
	onTestFinished(() => chat.close());
	const say = (who: string, line: string) => chat.dispatcher.run(chat.caller(who, true), readCommand(line, COMMANDS));
	await say("ana", "schedule add 09:00 UTC");
	chat.clock.moveTo(new Date("2027-03-08T09:00:00Z"));
	await chat.daily.run();
	for (let number = 0; number < WARM_UP; number += 1) await say(`member ${number}`, "check today A");
	proxy.trips.length = 0;
	expect(await say("ben", "check today A")).toMatchObject({ type: "reply", reply: { data: { counted: true } } });
	expect(proxy.trips).toEqual([2]);
});
