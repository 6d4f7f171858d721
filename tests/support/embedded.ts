import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PGlite } from "@electric-sql/pglite";
import { getTableName, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/pglite";
import * as schema from "../../drizzle/schema.ts";
import { questionRevisions, questions } from "../../drizzle/schema.ts";
import type { Db } from "../../src/adapters/postgres/db.ts";
import { createEmbedded } from "../../src/adapters/postgres/embedded/engine.ts";
import { allTables } from "../../src/adapters/postgres/maintenance/tables.ts";
import { migrateDatabase } from "../../src/adapters/postgres/migrations/migrate.ts";
import { createStore } from "../../src/adapters/postgres/store.ts";
import type { RootStore } from "../../src/core/ports/store.ts";
import { MIGRATIONS, madeOnce } from "./made-once.ts";

/** A migrated database for tests, opened once per file and emptied before each test. */
export interface TestDatabase {
	readonly db: Db;
	readonly store: RootStore;
	/** Empties every table. Ids begin at 1 again. */
	clear(): Promise<void>;
	close(): Promise<void>;
}

export const BANK_TABLES: readonly string[] = [questions, questionRevisions].map(getTableName);

/** Empties all tables except some. Quicker than truncating, which makes new files even for empty tables. */
export async function emptyTables(db: Db, kept: readonly string[] = []): Promise<void> {
	// Referring tables first.
	const deletions = allTables()
		.reverse()
		.filter(({ name }) => !kept.includes(name))
		.map(({ name }) => `delete from "${name}";`)
		.join(" ");
	const numbers =
		"perform setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false) from pg_sequences where last_value is not null;";
	await db.execute(sql.raw(`do $$ begin ${deletions} ${numbers} end $$`));
}

/** Wraps an open database for tests. */
export function testDatabase(db: Db, close: () => Promise<void>): TestDatabase {
	return { db, store: createStore(db), clear: () => emptyTables(db), close };
}

const IMAGE = "database.tar";

/** An empty, migrated database in memory. Loading its image is quicker than migrating. */
export async function openMemory(): Promise<{ readonly client: PGlite; readonly db: Db }> {
	const folder = await madeOnce("memory", async (making) => {
		const first = await createEmbedded({});
		await migrateDatabase(drizzle(first, { schema }), MIGRATIONS);
		const image = await first.dumpDataDir("none");
		await first.close();
		writeFileSync(join(making, IMAGE), Buffer.from(await image.arrayBuffer()));
	});
	const client = await createEmbedded({ loadDataDir: new Blob([readFileSync(join(folder, IMAGE))]) });
	return { client, db: drizzle(client, { schema }) };
}

/** The embedded database, in memory. */
export async function openEmbeddedDatabase(): Promise<TestDatabase> {
	const { client, db } = await openMemory();
	return testDatabase(db, () => client.close());
}

/** Ends every claim and lease, as if their time had come by the database's clock. */
export async function endLeases(db: Db): Promise<void> {
	await db.execute(
		sql`update deliveries set lease_until = clock_timestamp() - interval '1 second' where lease_until is not null`,
	);
	await db.execute(sql`update leases set until = clock_timestamp() - interval '1 second'`);
}
