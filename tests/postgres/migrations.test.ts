import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/postgres-js";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import postgres from "postgres";
import { expect, onTestFinished, test } from "vitest";
import * as schema from "../../drizzle/schema.ts";
import type { Db } from "../../src/adapters/postgres/db.ts";
import { migrateDatabase, migrationStatus } from "../../src/adapters/postgres/migrations/migrate.ts";
import { readMigrations } from "../../src/adapters/postgres/migrations/migrations.ts";
import { openServer } from "../../src/adapters/postgres/open.ts";
import { rawRows } from "../../src/adapters/postgres/raw.ts";
import { createStore } from "../../src/adapters/postgres/store.ts";
import { freshFolder } from "../support/databases.ts";
import { folderOf } from "../support/migrations.ts";
import { freshDatabase, openOnServer } from "../support/postgres.ts";
import { TransactionPooler } from "../support/transaction-pooler.ts";

const NOW = new Date("2027-03-08T09:00:00Z");
const KNOWN = readMigrations("migrations").length;

/** A connection like another program's. */
function connect(url: string, settings: Record<string, string | number> = {}): { db: Db; client: postgres.Sql } {
	const client = postgres(url, { max: 2, onnotice: () => undefined, onclose: () => undefined, connection: settings });
	onTestFinished(() => client.end({ timeout: 1 }));
	return { db: drizzle(client, { schema }), client };
}

const tablesIn = async (db: Db, where = "public") =>
	(await rawRows(db, sql`select tablename as name from pg_tables where schemaname = ${where} order by 1`)).map(
		({ name }) => name,
	);
/** A migration's statement that continues when the test opens the gate. */
const WAIT_FOR_GATE = `do $$ begin
	while not exists (select from waiting.gate) loop perform pg_sleep(0.02); end loop;
end $$`;

async function makeGate(db: Db): Promise<{ untilReached(): Promise<void>; open(): Promise<unknown> }> {
	await db.execute(sql`create schema waiting`);
	await db.execute(sql`create table waiting.gate (opened boolean)`);
	const reached = sql`select from pg_stat_activity where query like '%waiting.gate%' and state = 'active'
		and datname = current_database() and pid <> pg_backend_pid()`;
	return {
		untilReached: () => expect.poll(async () => (await rawRows(db, reached)).length).toBeGreaterThan(0),
		open: () => db.execute(sql`insert into waiting.gate values (true)`),
	};
}

const drizzleRows = async (db: Db) =>
	(await rawRows(db, sql`select hash from drizzle.__drizzle_migrations order by id`)).map(({ hash }) => hash);

test("comparing a database with the migrations does not change it", async () => {
	const { db, close } = await openOnServer();
	onTestFinished(close);
	const standing = () => migrationStatus(db, "migrations");
	expect(await standing()).toMatchObject({ schema: "public", known: KNOWN, missing: 0, isNewer: false });
	await db.execute(sql`delete from nlpq_migrations where name = (select max(name) from nlpq_migrations)`);
	expect(await standing()).toMatchObject({ missing: 1, isNewer: false });
	await db.execute(sql`insert into nlpq_migrations (name, hash) values ('9999_later', 'later')`);
	expect(await standing()).toMatchObject({ missing: 1, isNewer: true });
	await expect(migrateDatabase(db, "migrations")).rejects.toThrow("newer nlpq");
	expect(await standing()).toMatchObject({ missing: 1, isNewer: true });
	await db.execute(sql`drop table nlpq_migrations`);
	expect(await standing()).toMatchObject({ missing: KNOWN, isNewer: false });
});

test("an installation recorded in drizzle's table continues with a record of its own", async () => {
	const { db, client } = connect(await freshDatabase());
	// An older nlpq leaves behind what drizzle's own migrator does.
	await migrate(drizzle(client), { migrationsFolder: "migrations" });
	const { people } = createStore(db);
	await people.ensureWorkspace("terminal", "home", "Home", NOW);
	expect(await migrationStatus(db, "migrations")).toMatchObject({ missing: 0, isNewer: false });
	await migrateDatabase(db, "migrations");
	const [record] = await rawRows(db, sql`select count(*)::int as rows from nlpq_migrations`);
	expect(record?.rows).toBe(KNOWN);
	expect(await drizzleRows(db)).toEqual([]);
	expect((await rawRows(db, sql`select name from workspaces`)).map(({ name }) => name)).toEqual(["Home"]);
	await migrateDatabase(db, "migrations");
});

test("another drizzle app in the same database, older or newer, neither stops nlpq nor skips its own migrations", async () => {
	const { db, client } = connect(await freshDatabase());
	const other = drizzle(client);
	const newer = folderOf([[Date.UTC(2100, 0, 1), "create table of_a_newer_app (id int)"]]);
	const older = folderOf([[Date.UTC(2020, 0, 1), "create table of_an_older_app (id int)"]]);
	await migrate(other, { migrationsFolder: newer });
	await migrateDatabase(db, "migrations");
	expect(await migrationStatus(db, "migrations")).toMatchObject({ missing: 0, isNewer: false });
	await client`delete from drizzle.__drizzle_migrations`;
	await migrate(other, { migrationsFolder: older });
	expect(await tablesIn(db)).toEqual(expect.arrayContaining(["of_a_newer_app", "of_an_older_app", "occurrences"]));
});

test("moving our record out of drizzle's table leaves another app's rows there, and lets it apply its own migrations", async () => {
	const { db, client } = connect(await freshDatabase());
	await migrate(drizzle(client), { migrationsFolder: "migrations" });
	await client`insert into drizzle.__drizzle_migrations (hash, created_at) values ('of another app', ${Date.UTC(2019, 0, 1)})`;
	await migrateDatabase(db, "migrations");
	expect(await drizzleRows(db)).toEqual(["of another app"]);
	await migrate(drizzle(client), {
		migrationsFolder: folderOf([[Date.UTC(2020, 0, 1), "create table of_an_older_app (id int)"]]),
	});
	expect(await tablesIn(db)).toContain("of_an_older_app");
});

test("a migration that takes longer than other statements may is applied", async () => {
	const { db } = connect(await freshDatabase(), { statement_timeout: 200 });
	const folder = folderOf([[1, "create table made (id int);--> statement-breakpoint\nselect pg_sleep(0.6)"]]);
	await migrateDatabase(db, folder);
	expect(await tablesIn(db)).toContain("made");
	await expect(db.execute(sql`select pg_sleep(0.6)`)).rejects.toThrow();
});

test("a second process waits for one that is migrating, says so once, and applies nothing twice", async () => {
	const url = await freshDatabase();
	const [one, other] = [connect(url), connect(url, { statement_timeout: 200 })];
	const gate = await makeGate(one.db);
	const folder = folderOf([
		[1, `create table first (id int);--> statement-breakpoint\n${WAIT_FOR_GATE}`],
		[2, "create table second (id int)"],
	]);
	const lines: string[] = [];
	const running = migrateDatabase(one.db, folder);
	await gate.untilReached();
	const waiting = migrateDatabase(other.db, folder, { notice: (line) => lines.push(line) });
	await expect.poll(() => lines).toHaveLength(1);
	await gate.open();
	await Promise.all([running, waiting]);
	expect(lines).toEqual(["waiting for another process to migrate the database …"]);
	expect(await tablesIn(one.db)).toEqual(["first", "nlpq_migrations", "second"]);
});

test("a migration waits for a session that uses the table, and says so", async () => {
	const url = await freshDatabase();
	const folder = folderOf([[1, "create table made (id int)"]]);
	await migrateDatabase(connect(url).db, folder);
	const { client } = connect(url);
	const reader = await client.reserve();
	await reader`begin`;
	await reader`select * from made`;
	const longer = folderOf([
		[1, "create table made (id int)"],
		[2, "alter table made add column more int"],
	]);
	const lines: string[] = [];
	const running = migrateDatabase(connect(url).db, longer, { notice: (line) => lines.push(line) });
	await expect.poll(() => lines).toHaveLength(1);
	await reader`commit`;
	reader.release();
	await running;
	expect(lines).toEqual(["waiting for other sessions to let go of the tables that a migration changes …"]);
});

test("a process killed during a migration leaves nothing of it, and the next start applies it", async () => {
	const url = await freshDatabase();
	const { db } = connect(url);
	const gate = await makeGate(db);
	const folder = folderOf([
		[1, "create table first (id int)"],
		[2, `create table second (id int);--> statement-breakpoint\n${WAIT_FOR_GATE}`],
	]);
	const killed = connect(url);
	const migrating = expect(migrateDatabase(killed.db, folder)).rejects.toThrow();
	await gate.untilReached();
	// Its connections are cut, as the system does for a killed process; the server notices after the statement.
	await killed.client.end({ timeout: 0 });
	await migrating;
	expect(await tablesIn(db)).toEqual(["first", "nlpq_migrations"]);
	await gate.open();
	await migrateDatabase(db, folder);
	expect(await tablesIn(db)).toEqual(["first", "nlpq_migrations", "second"]);
});

test("every hash that drizzle would record is recognised, with any line endings from git", () => {
	const folder = freshFolder();
	const [first] = readMigrations("migrations");
	mkdirSync(join(folder, "meta"));
	writeFileSync(join(folder, "meta", "_journal.json"), readFileSync("migrations/meta/_journal.json"));
	for (const { name } of readMigrations("migrations"))
		writeFileSync(join(folder, `${name}.sql`), readFileSync(`migrations/${name}.sql`, "utf8").replaceAll("\n", "\r\n"));
	const [onWindows] = readMigrations(folder);
	expect(onWindows?.hash).toBe(first?.hash);
	expect(onWindows?.drizzleHashes).toEqual(first?.drizzleHashes);
	expect(new Set(first?.drizzleHashes).size).toBe(2);
});

test("behind a pooler that gives each transaction another connection, two processes apply a slow migration once", async () => {
	const url = await freshDatabase();
	const { db } = connect(url);
	const gate = await makeGate(db);
	const address = new URL(url);
	const pooler = new TransactionPooler(address.hostname, Number(address.port), 4);
	address.port = String(await pooler.listen());
	onTestFinished(() => pooler.close());
	const folder = folderOf([
		// Longer than the silence after which a connection is checked.
		[
			1,
			`create table first (id int);--> statement-breakpoint\nselect pg_sleep(1.5);--> statement-breakpoint\n${WAIT_FOR_GATE}`,
		],
		[2, "create table second (id int)"],
	]);
	const lines: string[] = [];
	const opening = Promise.all(
		Array.from({ length: 2 }, () => openServer(address.toString(), folder, 2, (line) => lines.push(line))),
	);
	await expect.poll(() => lines).toHaveLength(1);
	await gate.open();
	const opened = await opening;
	expect(opened.map(({ isPooled }) => isPooled)).toEqual([true, true]);
	// Whichever is second at a later migration also waits, and says so once.
	expect(new Set(lines)).toEqual(new Set(["waiting for another process to migrate the database …"]));
	expect(lines.length).toBeLessThanOrEqual(2);
	expect(await tablesIn(db)).toEqual(["first", "nlpq_migrations", "second"]);
	await Promise.all(opened.map(({ close }) => close()));
});
