import { join } from "node:path";
import { sql } from "drizzle-orm";
import postgres from "postgres";
import { expect, inject, onTestFinished, test } from "vitest";
import { answers } from "../../drizzle/answers.ts";
import { practiceRuns } from "../../drizzle/practice.ts";
import { backUp } from "../../src/adapters/postgres/maintenance/backup.ts";
import { migrationStatus } from "../../src/adapters/postgres/migrations/migrate.ts";
import { openServer } from "../../src/adapters/postgres/open.ts";
import { rawRows } from "../../src/adapters/postgres/raw.ts";
import { COMMANDS } from "../../src/chat/commands/index.ts";
import { readCommand } from "../../src/chat/grammar.ts";
import { UserError } from "../../src/core/errors.ts";
import { openChat } from "../support/chat.ts";
import { freshFolder } from "../support/databases.ts";
import { folderOf } from "../support/migrations.ts";
import { createDatabase } from "../support/postgres.ts";
import { addressAs, documentedDatabase, runAs } from "../support/roles.ts";

/** The error of a start that must be refused. */
async function refusal(url: string, folder = "migrations"): Promise<UserError> {
	const outcome = await openServer(url, folder, 2).then(
		({ close }) => close().then(() => null),
		(error: unknown) => error,
	);
	if (outcome instanceof UserError) return outcome;
	throw new Error(`expected a refusal, got ${outcome}`);
}

async function start(url: string): Promise<void> {
	await (await openServer(url, "migrations", 2)).close();
}

/** A new database, and a new role that may connect to it. */
async function databaseAndRole(encoding = ""): Promise<{ url: string; role: string; asRole: string }> {
	const role = `role_${crypto.randomUUID().slice(0, 8)}`;
	const { url, drop } = await createDatabase(encoding);
	await runAs(url, `create role ${role} login`);
	onTestFinished(async () => {
		await drop();
		await runAs(inject("postgresUrl"), `drop role ${role}`);
	});
	return { url, role, asRole: addressAs(url, role) };
}

async function tablesIn(url: string): Promise<string[]> {
	const client = postgres(url, { max: 1 });
	const rows = await client`select relname as name from pg_class where relnamespace = 'public'::regnamespace`;
	await client.end();
	return rows.map(({ name }) => name);
}

test("the documented rights suffice: the owner creates the tables, and the other role serves without creating any", async () => {
	const { owner, bot } = await documentedDatabase();
	expect((await refusal(bot)).message).toMatch(/may not make tables in the schema "nlpq", and \d+ migrations are/);
	// As many servers are set up: nobody may run what the owner creates.
	await runAs(owner, "alter default privileges revoke execute on functions from public");
	await start(owner);
	const database = await openServer(bot, "migrations", 4);
	onTestFinished(database.close);
	const chat = await openChat({ database });
	for (const text of ["check kv-cache A", "practice 3", "settings export"])
		await chat.dispatcher.run(chat.caller("ana"), readCommand(text, COMMANDS));
	expect(chat.faults).toEqual([]);
	expect(await database.db.$count(answers)).toBe(1);
	expect(await database.db.$count(practiceRuns)).toBe(1);
	await expect(runAs(bot, "create table nlpq.more (id int)")).rejects.toThrow("permission denied");
	await expect(runAs(bot, "drop table nlpq.members")).rejects.toThrow("must be owner");
});

test("a role that may not create tables in public is refused with the remedies, and nothing is changed", async () => {
	const { url, role, asRole } = await databaseAndRole();
	const { message, remedy } = await refusal(asRole);
	expect(message).toContain(`The role "${role}" may not make tables in the schema "public"`);
	expect(remedy).toContain(`grant create on schema "public" to "${role}"`);
	expect(remedy).toContain("npm run migrate");
	expect(await tablesIn(url)).toEqual([]);
	await runAs(url, /`(grant [^`]+)`/.exec(remedy)?.[1] ?? "");
	await start(asRole);
});

test("a role that may only read is refused with the grant that it needs", async () => {
	const { url, role, asRole } = await databaseAndRole();
	await start(url);
	expect((await refusal(asRole)).message).toContain(`The role "${role}" may not select in the tables of the schema`);
	await runAs(url, `grant select on all tables in schema public to ${role}`);
	const { message, remedy } = await refusal(asRole);
	expect(message).toContain(`The role "${role}" may not insert, update, delete in the tables of the schema "public"`);
	await runAs(url, /`(grant [^`]+)`/.exec(remedy)?.[1] ?? "");
	await start(asRole);
});

test("a role that may not run our functions, as after a dump without privileges, is refused with the grant", async () => {
	const { url, role, asRole } = await databaseAndRole();
	await start(url);
	await runAs(
		url,
		`grant select, insert, update, delete on all tables in schema public to ${role};
		revoke execute on all functions in schema public from public`,
	);
	const { message, remedy } = await refusal(asRole);
	expect(message).toContain(`The role "${role}" may not run next_answer_id, next_run_id in the schema "public"`);
	await runAs(url, /`(grant [^`]+)`/.exec(remedy)?.[1] ?? "");
	await start(asRole);
});

test("a role that may read no table gets the same sentence from a check and from a start", async () => {
	const { url, asRole } = await databaseAndRole();
	await start(url);
	const { message, remedy } = await refusal(asRole);
	const { db, close } = await openServer(asRole, null, 2);
	onTestFinished(close);
	await expect(migrationStatus(db, "migrations")).rejects.toMatchObject({ message, remedy });
});

test("a role that may only read the tables can make a backup", async () => {
	const { url, role, asRole } = await databaseAndRole();
	await start(url);
	await runAs(url, `grant select on all tables in schema public to ${role}`);
	const { db, close } = await openServer(asRole, null, 2);
	onTestFinished(close);
	const { state } = await migrationStatus(db, "migrations");
	expect(await backUp(db, state, join(freshFolder(), "backup.gz"), new Date())).toBe(0);
});

test("a role that may use no schema is refused", async () => {
	const { url, asRole } = await databaseAndRole();
	await runAs(url, "revoke usage on schema public from public");
	expect(await refusal(asRole)).toMatchObject({
		message: expect.stringContaining("no schema that this role may use"),
		remedy: expect.stringContaining("?schema=nlpq"),
	});
});

test("a role that does not own the tables cannot upgrade them; the remedy names who can", async () => {
	const { url, role, asRole } = await databaseAndRole();
	const migration: readonly [number, string] = [1, "create table example (id int)"];
	await (await openServer(url, folderOf([migration]), 2)).close();
	await runAs(url, `grant all on schema public to ${role}; grant all on all tables in schema public to ${role}`);
	const longer = folderOf([migration, [2, "alter table example add column more int"]]);
	const { message, remedy } = await refusal(asRole, longer);
	expect(message).toBe(
		'The migration 0001_step could not be applied in the schema "public", and nothing of it was kept. Postgres says: must be owner of table example (SQLSTATE 42501).',
	);
	expect(remedy).toContain("npm run migrate");
});

test("another program's tables under our names are not changed, and the remedy says what to do", async () => {
	const { url } = await databaseAndRole();
	await runAs(url, "create table members (theirs text); insert into members values ('kept')");
	expect(await refusal(url)).toMatchObject({
		message: expect.stringMatching(
			/^The schema "public" holds tables under names that nlpq needs.*: members\. Nothing/,
		),
		remedy: expect.stringContaining("?schema=nlpq"),
	});
	expect(await tablesIn(url)).toEqual(["members"]);
});

test("another program's tables with our names in an earlier schema are never read or written", async () => {
	const { url, role, asRole } = await databaseAndRole();
	await start(url);
	await runAs(
		url,
		`grant select, insert, update, delete on all tables in schema public to ${role};
		create schema "${role}" authorization ${role}`,
	);
	await runAs(asRole, "create table members (theirs text)");
	await start(asRole);
	const { db, close } = await openServer(asRole, null, 2);
	onTestFinished(close);
	expect(await rawRows(db, sql`select 'members'::regclass = 'public.members'::regclass as ours`)).toEqual([
		{ ours: true },
	]);
});

test("a database that cannot store every character is refused in a sentence", async () => {
	const { url } = await databaseAndRole("encoding 'LATIN1' locale 'C'");
	const { message, remedy } = await refusal(url);
	expect(message).toBe(
		"The database's encoding is LATIN1, which cannot be relied on for every character of questions and answers. Nothing was changed.",
	);
	expect(remedy).toContain("encoding 'UTF8'");
	expect(await tablesIn(url)).toEqual([]);
});
