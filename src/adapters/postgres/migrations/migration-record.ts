import { type SQL, sql } from "drizzle-orm";
import { UserError } from "../../../core/errors.ts";
import type { Db } from "../db.ts";
import { tableNames } from "../maintenance/tables.ts";
import { rawRows } from "../raw.ts";
import type { Migration } from "./migrations.ts";

/** The table in nlpq's schema that lists the migrations applied there. */
export const RECORD = "nlpq_migrations";
/** The schema that nlpq always used when its migrations were in drizzle's table, shared by all drizzle apps. */
const OLD_SCHEMA = "public";
const OLD_RECORD = sql.raw("drizzle.__drizzle_migrations");

/** What a database records about nlpq's migrations. */
export interface MigrationRecord {
	/** Whether the record exists. */
	readonly exists: boolean;
	readonly applied: ReadonlySet<string>;
}

const recordIn = (schema: string): SQL => sql`${sql.identifier(schema)}.${sql.identifier(RECORD)}`;

/** Whether an older nlpq made the tables in a schema and recorded it in drizzle's table, which we may read. */
async function hasOldRecord(db: Db): Promise<boolean> {
	const rows = await rawRows(
		db,
		sql`select 1 as found from pg_class c join pg_namespace n on n.oid = c.relnamespace
			where n.nspname = 'drizzle' and c.relname = '__drizzle_migrations'
				and has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select')
				and exists (
					select from pg_class t join pg_namespace s on s.oid = t.relnamespace
					where s.nspname = ${OLD_SCHEMA} and t.relname = any (${tableNames()}::text[])
				)`,
	);
	return rows.length > 0;
}

/** The migrations that an older nlpq recorded in drizzle's table, identified by hash among other apps' rows. */
async function fromOldRecord(db: Db, migrations: readonly Migration[]): Promise<ReadonlySet<string>> {
	if (!(await hasOldRecord(db))) return new Set();
	const hashes = new Set((await rawRows(db, sql`select hash from ${OLD_RECORD}`)).map(({ hash }) => String(hash)));
	const known = migrations.filter(({ drizzleHashes }) => drizzleHashes.some((hash) => hashes.has(hash)));
	return new Set(known.map(({ name }) => name));
}

/** The schemas of the search path in which a program may keep tables, in order. */
async function searchPath(db: Db): Promise<readonly { readonly name: string; readonly isOurs: boolean }[]> {
	const rows = await rawRows(
		db,
		sql`select path.name, exists (
				select from pg_class c join pg_namespace n on n.oid = c.relnamespace
				where n.nspname = path.name and c.relname = ${RECORD}
			) as recorded
			from unnest(current_schemas(false)) with ordinality as path (name, place)
			where path.name !~ '^pg_' order by path.place`,
	);
	return rows.map(({ name, recorded }) => ({ name: String(name), isOurs: recorded === true }));
}

function severalInstallations(schemas: readonly string[]): UserError {
	return new UserError(
		`The search path leads to several installations of nlpq, in the schemas "${schemas.join('" and "')}". Nothing was changed.`,
		`Say in DATABASE_URL which one is meant: ${schemas.map((name) => `\`?schema=${encodeURIComponent(name)}\``).join(" or ")}.`,
	);
}

/**
 * Finds the only schema in the search path where nlpq is installed; null if there is none.
 * @param migrations to recognise an installation that drizzle's table records
 * @throws UserError when there are several: members' answers must not go to whichever comes first
 */
export async function findInstallation(db: Db, migrations: readonly Migration[]): Promise<string | null> {
	const path = await searchPath(db);
	const installed: string[] = [];
	for (const { name, isOurs } of path)
		if (isOurs || (name === OLD_SCHEMA && (await fromOldRecord(db, migrations)).size > 0)) installed.push(name);
	if (installed.length > 1) throw severalInstallations(installed);
	return installed[0] ?? null;
}

/**
 * Finds the schema of nlpq's tables: the one that the address names, otherwise the one in the search path where nlpq is
 * installed, otherwise the first where it could be.
 * @throws UserError when no schema in the search path exists, or several hold an installation
 */
export async function findSchema(db: Db, named: string | null, migrations: readonly Migration[]): Promise<string> {
	const found = named ?? (await findInstallation(db, migrations));
	if (found !== null) return found;
	const [first] = await searchPath(db);
	if (first !== undefined) return first.name;
	throw new UserError(
		"The database has no schema that this role may use. Nothing was changed.",
		"Add `?schema=nlpq` to DATABASE_URL: the first start makes that schema. Or grant the role the schema public.",
	);
}

/** Reads which migrations have been applied in a schema. Changes nothing. */
export async function readRecord(db: Db, schema: string, migrations: readonly Migration[]): Promise<MigrationRecord> {
	const [found] = await rawRows(
		db,
		sql`select exists (
			select from pg_class c join pg_namespace n on n.oid = c.relnamespace
			where n.nspname = ${schema} and c.relname = ${RECORD}
		) as recorded`,
	);
	if (found?.recorded === true) {
		const rows = await rawRows(db, sql`select name from ${recordIn(schema)}`);
		return { exists: true, applied: new Set(rows.map(({ name }) => String(name))) };
	}
	const applied = schema === OLD_SCHEMA ? await fromOldRecord(db, migrations) : new Set<string>();
	return { exists: false, applied };
}

/** Records a migration as applied. */
export async function recordMigration(db: Db, schema: string, { name, hash }: Migration): Promise<void> {
	await db.execute(sql`insert into ${recordIn(schema)} (name, hash) values (${name}, ${hash})`);
}

/**
 * Creates the record and moves our rows from drizzle's table into it: there they would make another drizzle app skip
 * its own migrations.
 */
export async function beginRecord(db: Db, schema: string, known: readonly Migration[]): Promise<void> {
	await db.execute(
		sql`create table ${recordIn(schema)} (
			name text primary key, hash text not null, applied_at timestamptz not null default now()
		)`,
	);
	for (const migration of known) await recordMigration(db, schema, migration);
	if (known.length === 0) return;
	const [may] = await rawRows(
		db,
		sql`select has_table_privilege('drizzle.__drizzle_migrations'::regclass, 'delete') as remove`,
	);
	if (may?.remove !== true) return;
	const hashes = known.flatMap(({ drizzleHashes }) => drizzleHashes);
	await db.execute(sql`delete from ${OLD_RECORD} where hash = any (${`{${hashes.join(",")}}`}::text[])`);
}
