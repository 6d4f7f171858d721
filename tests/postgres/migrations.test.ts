import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { migrateDatabase, migrationStanding } from "../../src/adapters/postgres/migrate.ts";
import { openOnServer } from "../support/postgres.ts";

test("how a database stands to the migrations is seen without changing it", async () => {
	const { db, close } = await openOnServer();
	const standing = () => migrationStanding(db, "migrations");
	const { known } = await standing();
	expect(await standing()).toEqual({ known, missing: 0, isNewer: false });
	await db.execute(
		sql`delete from drizzle.__drizzle_migrations where id = (select max(id) from drizzle.__drizzle_migrations)`,
	);
	expect(await standing()).toEqual({ known, missing: 1, isNewer: false });
	const later = Date.UTC(2100, 0, 1);
	await db.execute(sql`insert into drizzle.__drizzle_migrations (hash, created_at) values ('later', ${later})`);
	expect((await standing()).isNewer).toBe(true);
	await expect(migrateDatabase(db, "migrations")).rejects.toThrow("newer nlpq");
	await db.execute(sql`drop schema drizzle cascade`);
	expect(await standing()).toEqual({ known, missing: known, isNewer: false });
	await close();
});
