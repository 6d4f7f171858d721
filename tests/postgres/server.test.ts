import postgres from "postgres";
import { expect, test } from "vitest";
import { createDatabase, freshDatabase } from "../support/postgres.ts";

test("tests run on a real Postgres server of version 15 or later, on separate databases", async () => {
	const [one, other] = [await freshDatabase(), await freshDatabase()];
	expect(one).not.toBe(other);
	const client = postgres(one, { max: 1 });
	const [row] = await client`select current_setting('server_version_num')::int as version, current_database() as name`;
	await client.end();
	expect(row?.version).toBeGreaterThan(150_000);
	expect(one).toContain(row?.name);
});

test("a dropped database is gone, with its connections", async () => {
	const database = await createDatabase();
	const client = postgres(database.url, { max: 1, onclose: () => undefined });
	await client`select 1`;
	await database.drop();
	await expect(client`select 1`).rejects.toThrow();
	await client.end();
});
