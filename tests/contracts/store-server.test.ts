import { afterAll, beforeAll, beforeEach, describe } from "vitest";
import { type OpenDatabase, openServer } from "../../src/adapters/postgres/open.ts";
import { type TestDatabase, testDatabase } from "../support/embedded.ts";
import { createDatabase, type FreshDatabase } from "../support/postgres.ts";
import { claimedTogetherContract } from "./store/claimed-together.ts";
import { dailyTogetherContract } from "./store/daily-together.ts";
import { StoreFixture } from "./store/fixture.ts";
import { togetherContract } from "./store/together.ts";
import { storeContract } from "./store.contract.ts";

const drops: (() => Promise<void>)[] = [];

/** A new database on the real server, opened by the program's own code. */
async function openOwn(): Promise<TestDatabase> {
	const fresh = await createDatabase();
	drops.push(fresh.drop);
	const database = await openServer(fresh.url, "migrations");
	return testDatabase(database.db, database.close);
}

afterAll(async () => {
	for (const drop of drops) await drop();
});

storeContract("a Postgres server", openOwn);

describe("the store on a Postgres server", () => {
	let fresh: FreshDatabase | null = null;
	let pools: OpenDatabase[] = [];
	let database: TestDatabase | null = null;

	beforeAll(async () => {
		fresh = await createDatabase();
		// Two pools stand for two processes: they share nothing but the server.
		for (let process = 0; process < 2; process += 1) pools.push(await openServer(fresh.url, "migrations", 8));
		const own = await openServer(fresh.url, "migrations", 2);
		database = testDatabase(own.db, own.close);
	});
	beforeEach(() => database?.clear());
	afterAll(async () => {
		await Promise.all(pools.map(({ close }) => close()));
		pools = [];
		await database?.close();
		await fresh?.drop();
	});

	const fixture = new StoreFixture(() => {
		if (!database) throw new Error("the database is not open");
		return database;
	});
	togetherContract(fixture, () => pools);
	claimedTogetherContract(fixture, () => pools);
	dailyTogetherContract(fixture, () => pools);
});
