import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { sql } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { migrationStatus } from "../../src/adapters/postgres/migrations/migrate.ts";
import { openServer } from "../../src/adapters/postgres/open.ts";
import { rawRows } from "../../src/adapters/postgres/raw.ts";
import { freshDatabase } from "../support/postgres.ts";

describe("a database that two processes open at once", () => {
	test("is migrated once", async () => {
		const url = await freshDatabase();
		const program = `import { openServer } from "./src/adapters/postgres/open.ts"; const { close } = await openServer(process.env.DATABASE_URL, "migrations", 2); await close(); console.log("open");`;
		const run = promisify(execFile);
		const options = { env: { ...process.env, DATABASE_URL: url } };
		const started = [1, 2].map(() =>
			run(process.execPath, ["--import", "tsx", "--input-type=module", "-e", program], options),
		);
		expect((await Promise.all(started)).map(({ stdout }) => stdout.trim())).toEqual(["open", "open"]);
		const database = await openServer(url, "migrations", 1);
		const status = await migrationStatus(database.db, "migrations");
		await database.close();
		expect(status).toMatchObject({ missing: 0, isNewer: false });
	});

	test("by many connections too, and again without a change", async () => {
		const url = await freshDatabase();
		const opened = await Promise.all([1, 2, 3, 4].map(() => openServer(url, "migrations", 1)));
		const counts = await Promise.all(
			opened.map(async ({ db }) => (await rawRows(db, sql`select count(*) as value from nlpq_migrations`))[0]?.value),
		);
		await Promise.all(opened.map(({ close }) => close()));
		expect(new Set(counts.map(String)).size).toBe(1);
	});

	test("that is newer than the program is refused and not changed", async () => {
		const url = await freshDatabase();
		const database = await openServer(url, "migrations", 1);
		await database.db.execute(sql`insert into nlpq_migrations (name, hash) values ('9999_later', 'later')`);
		await database.close();
		await expect(openServer(url, "migrations", 1)).rejects.toThrow(
			"The database was written by a newer nlpq than this one. Nothing was changed.",
		);
	});
});
