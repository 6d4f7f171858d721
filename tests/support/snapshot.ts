import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Db } from "../../src/adapters/postgres/db.ts";
import { allTables } from "../../src/adapters/postgres/maintenance/tables.ts";
import { rawRows } from "../../src/adapters/postgres/raw.ts";

/** Columns that say when somebody was seen last, and what they were shown: noted any number of times. */
const SIGHTINGS: Readonly<Record<string, readonly string[]>> = {
	members: ["last_used_at", "last_question_id", "name"],
};
/** Tables of sightings alone, and the accounts of interactions themselves. */
const LEFT_OUT = ["question_views", "handled_interactions", "owed_replies"];

const rowsSchema = z.object({ rows: z.string() });

async function tableText(db: Db, name: string): Promise<string> {
	const without = (SIGHTINGS[name] ?? []).reduce((row, column) => sql`${row} - ${column}::text`, sql`to_jsonb(t)`);
	const [row] = await rawRows(
		db,
		sql`select coalesce(string_agg((${without})::text, ${"\n"} order by (${without})::text), '') as rows from ${sql.identifier(name)} as t`,
	);
	return rowsSchema.parse(row).rows;
}

/** All that the database keeps, table by table, but for sightings and accounts of interactions. */
export async function snapshot(db: Db): Promise<Record<string, string>> {
	const kept: Record<string, string> = {};
	for (const { name } of allTables()) if (!LEFT_OUT.includes(name)) kept[name] = await tableText(db, name);
	return kept;
}
