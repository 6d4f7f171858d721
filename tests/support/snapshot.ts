import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Db } from "../../src/adapters/postgres/db.ts";
import { allTables } from "../../src/adapters/postgres/maintenance/tables.ts";
import { rawRows } from "../../src/adapters/postgres/raw.ts";
import { BANK_TABLES } from "./embedded.ts";

/** Columns about when somebody was last seen, and what they were shown. They may change at any time. */
const LAST_SEEN_COLUMNS: Readonly<Record<string, readonly string[]>> = {
	members: ["last_used_at", "last_question_id", "name"],
};
/** Tables with nothing but such sightings, and the records of interactions. */
const IGNORED_TABLES = ["question_views", "handled_interactions", "owed_replies"];

/** A row's text. For the bank's many long rows: where it is stored, and which transaction wrote it last. */
function rowText(name: string): SQL {
	if (BANK_TABLES.includes(name)) return sql`t.ctid::text || ' ' || t.xmin::text`;
	return sql`(${(LAST_SEEN_COLUMNS[name] ?? []).reduce((row, column) => sql`${row} - ${column}::text`, sql`to_jsonb(t)`)})::text`;
}

const rowsSchema = z.object({ rows: z.string() });

async function tableText(db: Db, name: string): Promise<string> {
	const text = rowText(name);
	const [row] = await rawRows(
		db,
		sql`select coalesce(string_agg(${text}, ${"\n"} order by (${text}) collate "C"), '') as rows from ${sql.identifier(name)} as t`,
	);
	return rowsSchema.parse(row).rows;
}

/** The whole database, table by table, without sightings and records of interactions. */
export async function snapshot(db: Db): Promise<Record<string, string>> {
	const names = allTables().flatMap(({ name }) => (IGNORED_TABLES.includes(name) ? [] : [name]));
	return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await tableText(db, name)])));
}
