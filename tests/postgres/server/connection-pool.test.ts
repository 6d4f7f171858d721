import { beforeEach, expect, onTestFinished, test } from "vitest";
import { readAddress } from "../../../src/adapters/postgres/server/address.ts";
import { ConnectionPool, type Lease } from "../../../src/adapters/postgres/server/connection-pool.ts";
import { Connector } from "../../../src/adapters/postgres/server/connector.ts";
import { Outage } from "../../../src/core/errors.ts";
import { freshDatabase } from "../../support/postgres.ts";

const MAX_CONNECTIONS = 9;
const turn = () => new Promise((resolve) => setImmediate(resolve));

let pool: ConnectionPool;
/** Connections being opened: the test lets each succeed (`go`) or fail. */
let openings: { go(): void; fail(): void }[] = [];

beforeEach(async () => {
	openings = [];
	const address = readAddress(await freshDatabase(), {});
	const connector = new Connector({ address, name: "pool", formats: { parsers: {}, serializers: {} } });
	pool = new ConnectionPool(async (signal) => {
		await new Promise<void>((go, fail) => openings.push({ go, fail: () => fail(new Error("refused")) }));
		return connector.connect(signal, { isLasting: true });
	}, MAX_CONNECTIONS);
	onTestFinished(() => pool.end(0));
});

async function acquire(number: number): Promise<Promise<Lease>[]> {
	const connections = Array.from({ length: number }, () => pool.acquire());
	for (const one of connections) one.catch(() => undefined);
	await turn();
	return connections;
}

test("when many need a connection at once, few are opened at a time, and each has one user", async () => {
	const connections = await acquire(MAX_CONNECTIONS);
	expect(openings).toHaveLength(4);
	for (let number = 0; number < MAX_CONNECTIONS; number += 1) {
		await expect.poll(() => openings[number]).toBeDefined();
		openings[number]?.go();
	}
	const leases = await Promise.all(connections);
	expect(new Set(leases.map(({ connection }) => connection)).size).toBe(MAX_CONNECTIONS);
	for (const { release } of leases) release();
});

test("a waiting caller takes the first free connection, not the one that was opened for it", async () => {
	const [first, second] = await acquire(2);
	openings[0]?.go();
	const lease = await first;
	lease?.release();
	expect((await second)?.connection).toBe(lease?.connection);
	expect(openings).toHaveLength(2);
	openings[1]?.fail();
	(await second)?.release();
});

test("a lost connection is not used again", async () => {
	const [first] = await acquire(1);
	openings[0]?.go();
	const lease = await first;
	const [second] = await acquire(1);
	lease?.connection.destroy();
	lease?.release();
	await expect.poll(() => openings.length).toBe(2);
	openings[1]?.go();
	const next = await second;
	expect(next?.connection).not.toBe(lease?.connection);
	next?.release();
});

test("when a connection cannot be opened and there is no other, all who wait get the error", async () => {
	const connections = await acquire(MAX_CONNECTIONS);
	openings[0]?.fail();
	const results = await Promise.allSettled(connections);
	expect(results.map((result) => result.status === "rejected" && result.reason instanceof Outage)).toEqual(
		Array.from({ length: MAX_CONNECTIONS }, () => true),
	);
	for (const { fail } of openings) fail();
});

test("when a connection cannot be opened and another is in use, one caller gets the error, the others get that connection", async () => {
	const [first] = await acquire(1);
	openings[0]?.go();
	const lease = await first;
	const [second, third] = await acquire(2);
	openings[1]?.fail();
	await expect(second).rejects.toBeInstanceOf(Outage);
	lease?.release();
	expect((await third)?.connection).toBe(lease?.connection);
	for (const { fail } of openings.slice(2)) fail();
	(await third)?.release();
});

test("when all connections are given up, everybody who waits gets the error at once", async () => {
	const connections = await acquire(3);
	pool.discardAll();
	const results = await Promise.allSettled(connections);
	expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
	for (const { fail } of openings) fail();
});
