import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OpenDatabase, openServer } from "../../src/adapters/postgres/open.ts";
import { rawRows } from "../../src/adapters/postgres/raw.ts";
import { createDatabase, type FreshDatabase } from "../support/postgres.ts";

const CONNECTIONS = 8;
/** How many of them carry single statements only. */
const STATEMENT_CONNECTIONS = 2;

let fresh: FreshDatabase;
let database: OpenDatabase;
beforeAll(async () => {
	fresh = await createDatabase();
	database = await openServer(fresh.url, "migrations", CONNECTIONS);
	const { db } = database;
	await db.execute(sql`create table counted (number int)`);
	// Opens every connection, so that the statements below are spread over all of them.
	await Promise.all(Array.from({ length: CONNECTIONS }, () => db.execute(sql`select pg_sleep(0.1)`)));
});
afterAll(async () => {
	await database.close();
	await fresh.drop();
});

/** How many statements the driver queues on a busy connection. */
const QUEUE_LENGTH = 100;

test.each([-2, -1, 0, 1].map((difference) => STATEMENT_CONNECTIONS * QUEUE_LENGTH + difference))(
	"transactions have connections of their own while %d statements wait on the others",
	async (count) => {
		const { db } = database;
		const transactionId = sql`select pg_current_xact_id_if_assigned()::text as id`;
		const statements = Array.from({ length: count }, (_, index) =>
			index < STATEMENT_CONNECTIONS
				? db.execute(sql`select pg_sleep(0.2)`).then(() => null)
				: rawRows(db, transactionId).then((rows) => rows[0]?.id),
		);
		// The statements are sent before the first transaction asks for a connection.
		await new Promise((resolve) => setImmediate(resolve));
		const transactions = Array.from({ length: 20 }, (_, index) =>
			db.transaction(async (transaction) => {
				await transaction.execute(sql`insert into counted values (${index})`);
				return (await rawRows(transaction, transactionId))[0]?.id;
			}),
		);
		const ids = await Promise.all(transactions);
		expect(new Set(ids).size).toBe(20);
		expect(ids).not.toContain(null);
		// No single statement ran inside a transaction.
		expect((await Promise.all(statements)).filter((id) => id !== null)).toEqual([]);
		const [idle] = await rawRows(
			db,
			sql`select count(*)::int as value from pg_stat_activity where datname = current_database() and state = 'idle in transaction'`,
		);
		expect(idle?.value).toBe(0);
	},
);

test("a failing transaction frees its connection for the next", async () => {
	const { db } = database;
	const failing = Array.from({ length: 10 }, () =>
		db.transaction(async (transaction) => {
			await transaction.execute(sql`select 1`);
			throw new Error("on purpose");
		}),
	);
	for (const each of await Promise.allSettled(failing)) expect(each.status).toBe("rejected");
	await expect(db.transaction(async () => "works")).resolves.toBe("works");
});
