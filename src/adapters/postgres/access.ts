import { sql } from "drizzle-orm";
import * as z from "zod";
import { UserError } from "../../core/errors.ts";
import type { Db } from "./db.ts";
import { onlyRow } from "./db.ts";
import { tableNames } from "./maintenance/tables.ts";
import { RECORD } from "./migrations/migration-record.ts";
import { rawRows } from "./raw.ts";

/** The oldest server that nlpq is tested with. */
const OLDEST_VERSION = 15;
/** The encoding that holds every character. SQL_ASCII takes any bytes, and cuts in the middle of characters. */
const ENCODING = "UTF8";
/** The functions that the migrations create. A dump without privileges loses who may run them. */
const FUNCTIONS = "{next_answer_id,next_run_id}";
const NOTHING_CHANGED = "Nothing was changed.";

const accessSchema = z.object({
	version: z.number(),
	encoding: z.string(),
	role: z.string(),
	/** Whether the role may create a schema in this database. */
	mayMakeSchema: z.boolean(),
	schemaExists: z.boolean(),
	mayUse: z.boolean(),
	/** False if there is a record of migrations that the role may not read. */
	mayReadRecord: z.boolean(),
	/** Whether the role may create tables in the schema. */
	mayCreate: z.boolean(),
	/** Which of our tables exist. */
	present: z.array(z.string()),
	/** Statements that the role may not use on some of our tables. */
	lacking: z.array(z.string()),
	/** Our functions that the role may not run. */
	forbidden: z.array(z.string()),
});

/** What the server and the role are, and what the role may do in nlpq's schema. */
export type Access = z.infer<typeof accessSchema>;

/** Reads the role's rights. Changes nothing. */
export async function readAccess(db: Db, schema: string): Promise<Access> {
	const rows = await rawRows(
		db,
		sql`with home as (select oid from pg_namespace where nspname = ${schema}),
			ours as (
				select c.oid, c.relname as name from pg_class c
				where c.relnamespace = (select oid from home) and c.relname = any (${tableNames()}::text[])
			)
			select json_build_object(
				'version', current_setting('server_version_num')::int / 10000,
				'encoding', getdatabaseencoding(),
				'role', current_user,
				'mayMakeSchema', has_database_privilege(current_database(), 'create'),
				'schemaExists', exists (select from home),
				'mayUse', coalesce((select has_schema_privilege(oid, 'usage') from home), false),
				'mayReadRecord', coalesce((
					select has_table_privilege(c.oid, 'select') from pg_class c
					where c.relnamespace = (select oid from home) and c.relname = ${RECORD}
				), true),
				'mayCreate', coalesce((select has_schema_privilege(oid, 'create') from home), false),
				'present', array(select name from ours order by name),
				'lacking', array(
					select word from unnest(array['select', 'insert', 'update', 'delete']) with ordinality as r (word, place)
					where exists (select from ours where not has_table_privilege(ours.oid, r.word)) order by place
				),
				'forbidden', array(
					select proname from pg_proc
					where pronamespace = (select oid from home) and proname = any (${FUNCTIONS}::text[])
						and not has_function_privilege(oid, 'execute') order by 1
				)
			)::text as access`,
	);
	return accessSchema.parse(JSON.parse(String(onlyRow(rows).access)));
}

/** Why nlpq cannot work on the server at all; null if it can. */
export function serverRefused({ version, encoding }: Access): UserError | null {
	if (version < OLDEST_VERSION)
		return new UserError(
			`The server is Postgres ${version}; nlpq needs ${OLDEST_VERSION} or later. ${NOTHING_CHANGED}`,
			"Upgrade the server, or name another one with DATABASE_URL.",
		);
	if (encoding !== ENCODING)
		return new UserError(
			`The database's encoding is ${encoding}, which cannot be relied on for every character of questions and answers. ${NOTHING_CHANGED}`,
			"Name a database that was made with `create database nlpq encoding 'UTF8' template template0`.",
		);
	return null;
}

/** Why the role cannot even look into the schema; null if it can. */
export function usingRefused(access: Access, schema: string): UserError | null {
	const { role, schemaExists, mayUse, mayReadRecord } = access;
	if (schemaExists && !mayUse)
		return new UserError(
			`The role "${role}" may not use the schema "${schema}". ${NOTHING_CHANGED}`,
			`As the schema's owner: \`grant usage on schema "${schema}" to "${role}"\`.`,
		);
	return mayReadRecord ? null : tablesRefused(access, schema, ["select"]);
}

const tablesRefused = ({ role }: Access, schema: string, lacking: readonly string[]) =>
	new UserError(
		`The role "${role}" may not ${lacking.join(", ")} in the tables of the schema "${schema}". ${NOTHING_CHANGED}`,
		`As their owner: \`grant select, insert, update, delete on all tables in schema "${schema}" to "${role}"\`.`,
	);

/**
 * Why the role cannot create or change tables although migrations are missing; null if it can try.
 * @param missing number of missing migrations
 */
export function migratingRefused(access: Access, schema: string, missing: number): UserError | null {
	const { role, schemaExists, mayMakeSchema, mayCreate } = access;
	const missingText = missing === 1 ? "a migration is missing" : `${missing} migrations are missing`;
	if (!schemaExists && !mayMakeSchema)
		return new UserError(
			`There is no schema "${schema}", and the role "${role}" may not make one. ${NOTHING_CHANGED}`,
			`As a superuser of this database: \`create schema "${schema}" authorization "${role}"\`.`,
		);
	if (schemaExists && !mayCreate)
		return new UserError(
			`The role "${role}" may not make tables in the schema "${schema}", and ${missingText}. ${NOTHING_CHANGED}`,
			`As the schema's owner: \`grant create on schema "${schema}" to "${role}"\`. Or run \`npm run migrate\` with the address of a role that may. Or add \`?schema=nlpq\` to DATABASE_URL for a schema of nlpq's own.`,
		);
	return null;
}

/** Why the role cannot serve members from migrated tables; null if it can. */
export function servingRefused(access: Access, schema: string): UserError | null {
	const { role, lacking, forbidden } = access;
	if (lacking.length > 0) return tablesRefused(access, schema, lacking);
	if (forbidden.length === 0) return null;
	return new UserError(
		`The role "${role}" may not run ${forbidden.join(", ")} in the schema "${schema}". ${NOTHING_CHANGED}`,
		`As their owner: \`grant execute on all functions in schema "${schema}" to "${role}"\`.`,
	);
}

/** Why nlpq's tables do not fit into a schema; null if all their names are free. */
export function namesTaken({ present }: Access, schema: string): UserError | null {
	if (present.length === 0) return null;
	const shown = present.slice(0, 5).join(", ");
	return new UserError(
		`The schema "${schema}" holds tables under names that nlpq needs, and no record that nlpq made them: ${shown}${present.length > 5 ? " …" : ""}. ${NOTHING_CHANGED}`,
		"Add `?schema=nlpq` to DATABASE_URL for a schema of nlpq's own, which the first start makes. If they are nlpq's, from a dump that left out the schema drizzle, restore that one too.",
	);
}
