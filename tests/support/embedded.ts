import { PGlite } from "@electric-sql/pglite";
import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/pglite";
import * as schema from "../../drizzle/schema.ts";
import type { Db } from "../../src/adapters/postgres/db.ts";
import { migrateDatabase } from "../../src/adapters/postgres/migrate.ts";
import { createStore } from "../../src/adapters/postgres/store.ts";
import { allTables } from "../../src/adapters/postgres/tables.ts";
import type { Store } from "../../src/core/ports.ts";

/** A migrated database for tests, opened once a file and emptied before each test. */
export interface TestDatabase {
	readonly db: Db;
	readonly store: Store;
	/** Empties every table. */
	clear(): Promise<void>;
	close(): Promise<void>;
}

/** A test's view of an open database. */
export function testDatabase(db: Db, close: () => Promise<void>): TestDatabase {
	// Those that refer to others first. Quicker than truncating, which pays for every table, however empty.
	const deletions = allTables()
		.reverse()
		.map(({ name }) => `delete from "${name}";`)
		.join(" ");
	return {
		db,
		store: createStore(db),
		clear: async () => {
			await db.execute(sql.raw(`do $$ begin ${deletions} end $$`));
		},
		close,
	};
}

/** The embedded database, in memory. */
export async function openEmbeddedDatabase(): Promise<TestDatabase> {
	const client = await PGlite.create();
	const db: Db = drizzle(client, { schema });
	await migrateDatabase(db, "migrations");
	return testDatabase(db, () => client.close());
}

/** Lets every claim and lease end, as if their time by the database's clock had come. */
export async function endLeases(db: Db): Promise<void> {
	await db.execute(
		sql`update deliveries set lease_until = clock_timestamp() - interval '1 second' where lease_until is not null`,
	);
	await db.execute(sql`update leases set until = clock_timestamp() - interval '1 second'`);
}
