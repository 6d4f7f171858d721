import { sql } from "drizzle-orm";
import { readMigrationFiles } from "drizzle-orm/migrator";
import { bigint, pgSchema, serial, text } from "drizzle-orm/pg-core";
import { UserError } from "../../core/errors.ts";
import type { Db } from "./db.ts";

/** Where drizzle's own migrator keeps its record; ours is the same, so that its tools can read it. */
const record = pgSchema("drizzle").table("__drizzle_migrations", {
	id: serial("id").primaryKey(),
	hash: text("hash").notNull(),
	createdAt: bigint("created_at", { mode: "number" }),
});

/** Held while migrating, so that of two processes that start at once one waits. Any number serves that no other program uses. */
const MIGRATION_LOCK = 7_165_902_311;

/** How far a program's migrations go: their number, and the newest one's time in milliseconds since 1970. */
export interface MigrationState {
	readonly count: number;
	readonly newest: number;
}

/** The migrations of a folder, which is where a migrated database stands. */
export function migrationState(folder: string): MigrationState {
	const migrations = readMigrationFiles({ migrationsFolder: folder });
	return { count: migrations.length, newest: migrations.at(-1)?.folderMillis ?? 0 };
}

/** How a database stands to the program's migrations. */
export interface MigrationStanding {
	readonly known: number;
	readonly missing: number;
	/** Whether it has migrations that this program does not know. */
	readonly isNewer: boolean;
}

/** Looks, and changes nothing. @param folder of the program's migrations */
export async function migrationStanding(db: Db, folder: string): Promise<MigrationStanding> {
	const migrations = readMigrationFiles({ migrationsFolder: folder });
	const [row] = await db
		.select({ exists: sql<boolean>`to_regclass('drizzle.__drizzle_migrations') is not null` })
		.from(sql`(select 1)`);
	const done = row?.exists ? await db.select({ at: record.createdAt }).from(record) : [];
	const instants = new Set(done.map(({ at }) => at));
	return {
		known: migrations.length,
		missing: migrations.filter(({ folderMillis }) => !instants.has(folderMillis)).length,
		isNewer: done.some(({ at }) => (at ?? 0) > (migrations.at(-1)?.folderMillis ?? 0)),
	};
}

/**
 * Brings the database to the program's schema: all missing migrations, in one transaction under one lock.
 * @throws UserError when the database is newer than the program; nothing is changed then
 */
export async function migrateDatabase(db: Db, folder: string): Promise<void> {
	const migrations = readMigrationFiles({ migrationsFolder: folder });
	await db.transaction(async (transaction) => {
		await transaction.execute(sql`select pg_advisory_xact_lock(${sql.raw(String(MIGRATION_LOCK))})`);
		await transaction.execute(sql`create schema if not exists drizzle`);
		await transaction.execute(
			sql`create table if not exists drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)`,
		);
		const done = await transaction.select({ at: record.createdAt, hash: record.hash }).from(record);
		const newest = migrations.at(-1)?.folderMillis ?? 0;
		if (done.some((migration) => (migration.at ?? 0) > newest))
			throw new UserError(
				"The database was written by a newer nlpq than this one. Nothing was changed.",
				"Start the newer version, or restore a backup that this version made.",
			);
		const known = new Set(done.map((migration) => migration.at));
		for (const migration of migrations) {
			if (known.has(migration.folderMillis)) continue;
			for (const statement of migration.sql) await transaction.execute(sql.raw(statement));
			await transaction.insert(record).values({ hash: migration.hash, createdAt: migration.folderMillis });
		}
	});
}
