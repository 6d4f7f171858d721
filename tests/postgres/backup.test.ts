import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { eq, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, onTestFinished, test } from "vitest";
import * as schema from "../../drizzle/schema.ts";
import { members, workspaces } from "../../drizzle/schema.ts";
import type { Db } from "../../src/adapters/postgres/db.ts";
import { backUp } from "../../src/adapters/postgres/maintenance/backup.ts";
import { eraseMember } from "../../src/adapters/postgres/maintenance/erasure.ts";
import { restore } from "../../src/adapters/postgres/maintenance/restore.ts";
import { migrateDatabase, migrationStatus } from "../../src/adapters/postgres/migrations/migrate.ts";
import { migrationState, readMigrations } from "../../src/adapters/postgres/migrations/migrations.ts";
import { openServer } from "../../src/adapters/postgres/open.ts";
import { createStore } from "../../src/adapters/postgres/store.ts";
import { UserError } from "../../src/core/errors.ts";
import { freshDatabases, freshFolder } from "../support/databases.ts";
import { byEffort } from "../support/effort.ts";
import { openEmbeddedDatabase, type TestDatabase } from "../support/embedded.ts";
import { allRows, fillTables } from "../support/filling.ts";
import { folderOf } from "../support/migrations.ts";
import { freshDatabase, openTestDatabase } from "../support/postgres.ts";
import { repeating } from "../support/repeating.ts";

const STATE = migrationState("migrations");
const AT = new Date("2027-03-08T09:00:00.123Z");
const LATER = new Date("2027-03-09T09:00:00Z");
/** More than one batch of a backup and of a restore. */
const ROWS = 1003;
const LARGE = byEffort({
	test: ["workspaces"],
	ci: ["workspaces", "installation_values", "members"],
	full: ["workspaces", "installation_values", "members"],
});

const linesOf = (file: string) => gunzipSync(readFileSync(file)).toString("utf8").split("\n");

async function failure(promise: Promise<unknown>): Promise<UserError> {
	const error = await promise.then(
		() => null,
		(thrown: unknown) => thrown,
	);
	if (error instanceof UserError) return error;
	throw new Error(`expected a UserError, got ${String(error)}`);
}

async function addMembers(db: Db, names: readonly string[], at: Date): Promise<number[]> {
	const { people } = createStore(db);
	const workspace = await people.ensureWorkspace("terminal", "terminal", "Terminal", at);
	const ids: number[] = [];
	for (const name of names) ids.push((await people.ensureMember(workspace.id, name, name, at)).id);
	return ids;
}

const namesIn = async (db: Db) =>
	(await db.select({ name: members.name }).from(members)).map(({ name }) => name).sort();

test("a database goes from embedded to server and back, equal row by row", async () => {
	const folder = freshFolder();
	const [one, two, three] = [join(folder, "a", "one.gz"), join(folder, "two.gz"), join(folder, "three.gz")];
	const [source, server, back] = [
		await openEmbeddedDatabase(),
		await freshDatabases.server(),
		await openEmbeddedDatabase(),
	];
	const rows = await fillTables(source.db, 12, LARGE, ROWS);
	const all = await allRows(source.db);
	expect(await backUp(source.db, STATE, one, AT)).toBe(rows);
	expect(await restore(server.db, STATE, one, false, AT)).toMatchObject({ rows, at: AT });
	expect(await allRows(server.db)).toEqual(all);
	await backUp(server.db, STATE, two, AT);
	await restore(back.db, STATE, two, false, AT);
	expect(await allRows(back.db)).toEqual(all);
	await backUp(back.db, STATE, three, AT);
	expect(linesOf(two)).toEqual(linesOf(one));
	expect(linesOf(three)).toEqual(linesOf(one));
	await Promise.all([source.close(), back.close()]);
});

test("a backup and a restore that meet a conflict start again, and are complete", async () => {
	const file = join(freshFolder(), "backup.gz");
	const [source, target] = [await freshDatabases.server(), await freshDatabases.server()];
	const rows = await fillTables(source.db, 12, ["workspaces"], ROWS);
	expect(await backUp(repeating(source.db), STATE, file, AT)).toBe(rows);
	expect(await restore(repeating(target.db), STATE, file, false, AT)).toMatchObject({ rows, at: AT });
	expect(await allRows(target.db)).toEqual(await allRows(source.db));
});

describe.each(["embedded", "server"] as const)("on the %s database", (kind) => {
	let target: TestDatabase;
	beforeAll(async () => {
		target = await (kind === "embedded" ? openEmbeddedDatabase() : openTestDatabase());
	});
	beforeEach(() => target.clear());
	afterAll(() => target.close());

	test("ids continue after the restored rows", async () => {
		const file = join(freshFolder(), "backup.gz");
		const source = await freshDatabases.server();
		const [, bob = 0] = await addMembers(source.db, ["ana", "bob"], AT);
		await backUp(source.db, STATE, file, AT);
		await restore(target.db, STATE, file, false, AT);
		const [known, next = 0] = await addMembers(target.db, ["bob", "cy"], AT);
		expect(known).toBe(bob);
		expect(next).toBeGreaterThan(bob);
	});

	test("a database with rows is refused and not changed; --replace replaces the rows", async () => {
		const file = join(freshFolder(), "backup.gz");
		const source = await freshDatabases.server();
		await addMembers(source.db, ["ana"], AT);
		await addMembers(target.db, ["zoe"], AT);
		await backUp(source.db, STATE, file, AT);
		const error = await failure(restore(target.db, STATE, file, false, AT));
		expect(error.message).toContain("not empty");
		expect(error.remedy).toContain("--replace");
		expect(await namesIn(target.db)).toEqual(["zoe"]);
		await restore(target.db, STATE, file, true, AT);
		expect(await namesIn(target.db)).toEqual(["ana"]);
	});

	test("a member erased after the backup is erased again; one who came back before it is kept", async () => {
		const file = join(freshFolder(), "backup.gz");
		const { db } = target;
		const [ana = 0, bob = 0] = await addMembers(db, ["ana", "bob", "cy"], AT);
		await db.transaction((transaction) => eraseMember(transaction, ana, new Date(AT.getTime() - 1000)));
		await addMembers(db, ["ana"], AT);
		await backUp(db, STATE, file, AT);
		await db.transaction((transaction) => eraseMember(transaction, bob, LATER));
		const restored = await restore(db, STATE, file, true, LATER);
		expect(restored.erased).toBe(1);
		expect(await namesIn(db)).toEqual(["ana", "cy"]);
		const again = await restore(db, STATE, file, true, LATER);
		expect(again.erased).toBe(1);
		expect(await namesIn(db)).toEqual(["ana", "cy"]);
	});

	test("a damaged, truncated, foreign or newer file is refused, and nothing is changed", async () => {
		const folder = freshFolder();
		const [file, bad] = [join(folder, "backup.gz"), join(folder, "bad.gz")];
		const source = await freshDatabases.server();
		await fillTables(source.db, 5);
		await backUp(source.db, STATE, file, AT);
		const lines = linesOf(file);
		const packed = readFileSync(file);
		const without = (index: number) => lines.filter((_, at) => at !== index).join("\n");
		const newest = JSON.stringify({ ...JSON.parse(lines[0] ?? ""), newestMigration: STATE.newest + 1 });
		const files: [string, Buffer | string, RegExp][] = [
			["cut in the middle", packed.subarray(0, packed.length / 2), /cut short/],
			["without its last line", gzipSync(lines.slice(0, -2).join("\n")), /before its last line/],
			["without its last row", gzipSync(without(lines.length - 3)), /rows/],
			["without a row that others refer to", gzipSync(without(1)), /do not fit together/],
			["with a line that is not JSON", gzipSync(lines.with(5, "{oops").join("\n")), /damaged after 4 rows/],
			["not packed", lines.join("\n"), /not a backup/],
			["empty", "", /not a backup/],
			["something else", gzipSync("hello\n"), /not a backup/],
			["of a newer version", gzipSync(lines.with(0, newest).join("\n")), /newer/],
		];
		for (const [what, content, message] of files) {
			writeFileSync(bad, content);
			const error = await failure(restore(target.db, STATE, bad, false, AT));
			expect(error.message, what).toMatch(message);
			expect(error.message, what).toContain("Nothing was changed");
		}
		expect((await failure(restore(target.db, STATE, join(folder, "none"), false, AT))).message).toContain("ENOENT");
		expect(Object.values(await allRows(target.db)).flat()).toEqual([]);
	});
});

test("a restore into large tables may take longer than other statements may", async () => {
	const file = join(freshFolder(), "backup.gz");
	const url = await freshDatabase(inject("postgresTemplate"));
	const { db, close } = await openServer(url, "migrations", 2);
	onTestFinished(close);
	await addMembers(db, ["ana"], AT);
	await backUp(db, STATE, file, AT);
	// Emptying and filling a large table takes as long as this trigger.
	await db.execute(
		sql`create function slow() returns trigger language plpgsql as 'begin perform pg_sleep(0.3); return null; end'`,
	);
	await db.execute(
		sql`create trigger slow after insert or delete on members for each statement execute function slow()`,
	);
	const client = postgres(url, { max: 1, onnotice: () => undefined, connection: { statement_timeout: 100 } });
	const limited = drizzle(client, { schema });
	await expect(limited.execute(sql`select pg_sleep(0.3)`)).rejects.toThrow();
	expect(await restore(limited, STATE, file, true, AT)).toMatchObject({ at: AT });
	expect(await namesIn(db)).toEqual(["ana"]);
	await client.end();
});

test("a database of an older version is backed up without changes, and restored into a newer one", async () => {
	const file = join(freshFolder(), "backup.gz");
	const url = await freshDatabase();
	const [first] = readMigrations("migrations");
	if (!first) throw new Error("there are no migrations");
	const client = postgres(url, { max: 1, onnotice: () => undefined });
	onTestFinished(() => client.end());
	const db = drizzle(client, { schema });
	const older = folderOf([[first.at, readFileSync(`migrations/${first.name}.sql`, "utf8")]], [first.name]);
	await migrateDatabase(db, older);
	await client`insert into workspaces (platform, external_id, name, created_at) values ('slack', 'T1', 'Ours', now())`;
	const { state, missing } = await migrationStatus(db, "migrations");
	expect(await backUp(db, state, file, AT)).toBe(1);
	expect(await migrationStatus(db, "migrations")).toMatchObject({ missing });
	const newer = await freshDatabases.server();
	expect(await restore(newer.db, STATE, file, false, AT)).toMatchObject({ rows: 1 });
	const rows = await newer.db.select({ name: workspaces.name }).from(workspaces);
	expect(rows).toEqual([{ name: "Ours" }]);
});

test("what an older version stored under other names is backed up before the migration, and restored after it", async () => {
	const file = join(freshFolder(), "backup.gz");
	const url = await freshDatabase();
	const steps = readMigrations("migrations").filter(({ name }) => name < "0018");
	const client = postgres(url, { max: 1, onnotice: () => undefined });
	onTestFinished(() => client.end());
	const db = drizzle(client, { schema });
	const texts = steps.map(({ at, name }) => [at, readFileSync(`migrations/${name}.sql`, "utf8")] as const);
	await migrateDatabase(
		db,
		folderOf(
			texts,
			steps.map(({ name }) => name),
		),
	);
	await client`insert into workspaces (platform, external_id, name, created_at) values ('slack', 'T1', 'Ours', now())`;
	await client`insert into members (workspace_id, external_id, name, joined_at, last_used_at) values (1, 'U1', 'ana', now(), now())`;
	await client`insert into facts values ('erasure-salt', 'pepper')`;
	await client`insert into meetings (member_id, question_id, workspace_id, met_at) values (1, 'bleu', 1, ${AT.toISOString()})`;
	await client`insert into deliveries (workspace_id, platform, kind, key, facts, state, turn, due_at, expires_at, next_try_at)
		values (1, 'slack', 'milestone', 'milestone:1', '{"value":7}', 'pending', 3, now(), now(), now())`;
	expect(await backUp(db, (await migrationStatus(db, "migrations")).state, file, AT)).toBe(5);
	const newer = await freshDatabases.server();
	expect(await restore(newer.db, STATE, file, false, AT)).toMatchObject({ rows: 5 });
	const restored = {
		values: await newer.db.select().from(schema.installationValues),
		views: await newer.db.select().from(schema.questionViews),
		deliveries: await newer.db.select().from(schema.deliveries),
	};
	expect(restored).toMatchObject({
		values: [{ name: "erasure-salt", value: "pepper" }],
		views: [{ questionId: "bleu", seenAt: AT }],
		deliveries: [{ payload: { value: 7 }, fairnessRank: 3 }],
	});
	// Migrated in place, it has the same rows.
	await migrateDatabase(db, "migrations");
	expect(await db.select().from(schema.questionViews)).toEqual(restored.views);
	expect(await db.select().from(schema.deliveries)).toEqual(restored.deliveries);
	expect(await db.select().from(schema.installationValues)).toEqual(restored.values);
});

test("a backup shows a single instant, even while others write", async () => {
	const file = join(freshFolder(), "backup.gz");
	const { db } = await freshDatabases.server();
	await fillTables(db, 3, ["workspaces", "members"], 1500);
	let writing = true;
	const write = (index: number) =>
		db.transaction(async (transaction) => {
			const change = { name: `changed ${index}` };
			await transaction.update(workspaces).set(change).where(eq(workspaces.id, 1));
			await transaction.update(members).set(change).where(eq(members.id, 1500));
		});
	await write(0);
	const writer = (async () => {
		for (let index = 1; writing; index += 1) await write(index);
	})();
	await backUp(db, STATE, file, AT);
	writing = false;
	await writer;
	const rows = linesOf(file)
		.slice(1, -2)
		.map((line) => JSON.parse(line));
	const name = (table: string, id: number) => rows.find((line) => line.table === table && line.row.id === id)?.row.name;
	expect(name("workspaces", 1)).toMatch(/^changed/);
	expect(name("members", 1500)).toBe(name("workspaces", 1));
});

test("a backup is only for its owner, overwrites nothing, and leaves no partial file", async () => {
	const folder = freshFolder();
	const file = join(folder, "backup.gz");
	const { db } = await freshDatabases.server();
	await backUp(db, STATE, file, AT);
	expect(statSync(file).mode & 0o777).toBe(0o600);
	expect((await failure(backUp(db, STATE, file, AT))).message).toContain("exists");
	const below = await failure(backUp(db, STATE, join(file, "below.gz"), AT));
	expect(below.message).toContain("cannot be written");
});
