import { beforeEach, expect, onTestFinished, test } from "vitest";
import { readAddress } from "../../../src/adapters/postgres/server/address.ts";
import { ConnectionPool, type Lease } from "../../../src/adapters/postgres/server/connection-pool.ts";
import { Connector } from "../../../src/adapters/postgres/server/connector.ts";
import { Outage } from "../../../src/core/errors.ts";
import { freshDatabase } from "../../support/postgres.ts";

const MAX_CONNECTIONS = 9;
const turn = () => new Promise((resolve) => setImmediate(resolve));

let pool: ConnectionPool;
/** Openings that wait until the test lets them go on, or fails them. */
let openings: { go(): void; fail(): void }[] = [];

beforeEach(async () => {
	openings = [];
	const address = readAddress(await freshDatabase(), {});
	const connector = new Connector({ address, name: "pool", formats: { parsers: {}, serializers: {} } });
	pool = new ConnectionPool(async (signal) => {
		await new Promise<void>((go, fail) => openings.push({ go, fail: () => fail(new Error("refused")) }));
		return connector.connect(signal, true);
	}, MAX_CONNECTIONS);
	onTestFinished(() => pool.end(0));
});

async function lend(number: number): Promise<Promise<Lease>[]> {
	const connections = Array.from({ length: number }, () => pool.acquire());
	for (const one of connections) one.catch(() => undefined);
	await turn();
	return connections;
}

test("of many who need a connection at once, few open one at a time, and each connection has one user", async () => {
	const connections = await lend(MAX_CONNECTIONS);
	expect(openings).toHaveLength(4);
	for (let number = 0; number < MAX_CONNECTIONS; number += 1) {
		await expect.poll(() => openings[number]).toBeDefined();
		openings[number]?.go();
	}
	const leases = await Promise.all(connections);
	expect(new Set(leases.map(({ connection }) => connection)).size).toBe(MAX_CONNECTIONS);
	for (const { release } of leases) release();
});

test("whoever waits takes the first connection that is free, and not the one that was opened for them", async () => {
	const [first, second] = await lend(2);
	openings[0]?.go();
	const lease = await first;
	lease?.release();
	expect((await second)?.connection).toBe(lease?.connection);
	expect(openings).toHaveLength(2);
	openings[1]?.fail();
	(await second)?.release();
});

test("a connection that is lost is not lent again", async () => {
	const [first] = await lend(1);
	openings[0]?.go();
	const lease = await first;
	const [second] = await lend(1);
	lease?.connection.destroy();
	lease?.release();
	await expect.poll(() => openings.length).toBe(2);
	openings[1]?.go();
	const next = await second;
	expect(next?.connection).not.toBe(lease?.connection);
	next?.release();
});

test("when one cannot be opened and there is no other, all who wait are told", async () => {
	const connections = await lend(MAX_CONNECTIONS);
	openings[0]?.fail();
	const results = await Promise.allSettled(connections);
	expect(results.map((result) => result.status === "rejected" && result.reason instanceof Outage)).toEqual(
		Array.from({ length: MAX_CONNECTIONS }, () => true),
	);
	for (const { fail } of openings) fail();
});

test("when one cannot be opened and another is in use, one is told, and the others get that one", async () => {
	const [first] = await lend(1);
	openings[0]?.go();
	const lease = await first;
	const [second, third] = await lend(2);
	openings[1]?.fail();
	await expect(second).rejects.toBeInstanceOf(Outage);
	lease?.release();
	expect((await third)?.connection).toBe(lease?.connection);
	for (const { fail } of openings.slice(2)) fail();
	(await third)?.release();
});

test("whoever waits when all connections are given up is told at once", async () => {
	const connections = await lend(3);
	pool.discardAll();
	const results = await Promise.allSettled(connections);
	expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
	for (const { fail } of openings) fail();
});
