import { type SQL, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import { expect, onTestFinished, test } from "vitest";
import * as schema from "../../drizzle/schema.ts";
import type { Db } from "../../src/adapters/postgres/db.ts";
import { migrateDatabase, migrationStatus } from "../../src/adapters/postgres/migrations/migrate.ts";
import { type OpenDatabase, openServer } from "../../src/adapters/postgres/open.ts";
import { rawRows } from "../../src/adapters/postgres/raw.ts";
import { freshDatabase } from "../support/postgres.ts";

/** A name that needs quotes. */
const QUOTED_SCHEMA = 'Ours & "theirs"';
const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** A connection that finds only one schema's tables, like an address with a schema. */
function connect(url: string, name: string): Db {
	const connection = { search_path: quoted(name) };
	const client = postgres(url, { max: 1, onnotice: () => undefined, connection });
	onTestFinished(() => client.end());
	return drizzle(client, { schema });
}

/** What a schema contains, without its name. */
async function catalogue(db: Db): Promise<Record<string, string[]>> {
	const lines = async (query: SQL) => (await rawRows(db, query)).map(({ line }) => String(line));
	const here = sql`quote_ident(current_schema())::regnamespace`;
	return {
		columns: await lines(
			sql`select format('%s.%s %s %s %s %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
					a.attidentity, pg_get_expr(d.adbin, d.adrelid)) as line
				from pg_attribute a join pg_class c on c.oid = a.attrelid
				left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
				where c.relnamespace = ${here} and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped order by 1`,
		),
		indexes: await lines(
			sql`select pg_get_indexdef(i.indexrelid, 0, true) as line
				from pg_index i join pg_class c on c.oid = i.indexrelid where c.relnamespace = ${here} order by 1`,
		),
		constraints: await lines(
			sql`select format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid, true)) as line
				from pg_constraint where connamespace = ${here} order by 1`,
		),
		sequences: await lines(
			sql`select format('%s %s %s', c.relname, d.refobjid::regclass, d.refobjsubid) as line
				from pg_class c join pg_depend d on d.objid = c.oid and d.deptype = 'i' and d.refobjsubid > 0
				where c.relnamespace = ${here} and c.relkind = 'S' order by 1`,
		),
	};
}

test("a schema of any name gets the same columns, indexes, constraints and sequences as public, side by side", async () => {
	const url = await freshDatabase();
	const [inPublic, inAwkward] = [connect(url, "public"), connect(url, QUOTED_SCHEMA)];
	await migrateDatabase(inPublic, "migrations", { schema: "public" });
	await migrateDatabase(inAwkward, "migrations", { schema: QUOTED_SCHEMA });
	const [one, other] = [await catalogue(inPublic), await catalogue(inAwkward)];
	for (const [kind, lines] of Object.entries(one)) expect(lines.length, kind).toBeGreaterThan(5);
	expect(other).toEqual(one);
	const [across] = await rawRows(
		inPublic,
		sql`select count(*)::int as constraints from pg_constraint c join pg_class t on t.oid = c.confrelid
			where c.contype = 'f' and c.connamespace <> t.relnamespace`,
	);
	expect(across).toEqual({ constraints: 0 });
	expect(await migrationStatus(inAwkward, "migrations", QUOTED_SCHEMA)).toMatchObject({
		schema: QUOTED_SCHEMA,
		missing: 0,
	});
});

test("without a schema in the address, nlpq stays where it is installed when a schema with the role's name is created", async () => {
	const url = await freshDatabase();
	const db = connect(url, "public");
	await migrateDatabase(db, "migrations");
	await db.execute(sql`create schema nlpq`);
	const later = postgres(url, { max: 1, onnotice: () => undefined });
	onTestFinished(() => later.end());
	const found = drizzle(later, { schema });
	expect(await rawRows(found, sql`select current_schema()::text as name`)).toEqual([{ name: "nlpq" }]);
	await migrateDatabase(found, "migrations");
	expect(await migrationStatus(found, "migrations")).toMatchObject({ schema: "public", missing: 0 });
});

test("a running process stays in its schema when one with the role's name gets an installation of its own", async () => {
	const url = await freshDatabase();
	const first = await openServer(url, "migrations", 4);
	onTestFinished(() => first.close());
	const write = (into: OpenDatabase, name: string) =>
		into.db.execute(sql`insert into installation_values (name, value) values (${name}, 'x')`);
	await write(first, "before");
	const second = await openServer(`${url}?schema=nlpq`, "migrations", 4);
	onTestFinished(() => second.close());
	await write(first, "after");
	await first.db.transaction((inside) =>
		inside.execute(sql`insert into installation_values (name, value) values ('in a transaction', 'x')`),
	);
	const names = sql`select name from public.installation_values where value = 'x' order by 1`;
	expect(await rawRows(second.db, names)).toEqual([
		{ name: "after" },
		{ name: "before" },
		{ name: "in a transaction" },
	]);
});

test.each(["migrations", null])(
	"a search path to two installations is refused, since answers would go to whichever comes first (folder: %s)",
	async (folder) => {
		const url = await freshDatabase();
		for (const name of ["public", "nlpq"]) await (await openServer(`${url}?schema=${name}`, "migrations", 2)).close();
		await expect(openServer(url, folder, 2)).rejects.toMatchObject({
			message: expect.stringContaining('several installations of nlpq, in the schemas "nlpq" and "public"'),
			remedy: expect.stringContaining("`?schema=nlpq` or `?schema=public`"),
		});
		await (await openServer(`${url}?schema=public`, folder, 2)).close();
	},
);

test("a new installation never goes into a session's temporary schema", async () => {
	const url = await freshDatabase();
	const role = postgres(url, { max: 1, onnotice: () => undefined });
	onTestFinished(() => role.end());
	await role`do $$ begin execute format('alter database %I set search_path = missing, pg_temp', current_database()); end $$`;
	await expect(openServer(url, "migrations", 2)).rejects.toMatchObject({
		message: expect.stringContaining("no schema that this role may use"),
	});
});

test("recording that a question arrived changes no index of its row, which has room on its page for the new version", async () => {
	const db = connect(await freshDatabase(), "public");
	await migrateDatabase(db, "migrations", { schema: "public" });
	const indexed = await rawRows(
		db,
		sql`select distinct a.attname as name from pg_depend d join pg_index i on i.indexrelid = d.objid
			join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
			where i.indrelid = 'occurrences'::regclass and d.refobjid = 'occurrences'::regclass`,
	);
	const names = indexed.map(({ name }) => name);
	expect(names).toContain("settled_at");
	for (const written of ["state", "message_id", "thread_id", "fault"]) expect(names).not.toContain(written);
	const [table] = await rawRows(db, sql`select reloptions from pg_class where oid = 'occurrences'::regclass`);
	expect(table?.reloptions).toEqual(["fillfactor=80"]);
});
