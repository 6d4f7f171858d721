import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Db } from "../../src/adapters/postgres/db.ts";
import { allTables } from "../../src/adapters/postgres/maintenance/tables.ts";
import { rawRows } from "../../src/adapters/postgres/raw.ts";
import { BANK_TABLES } from "./embedded.ts";

/** Columns that say when somebody was seen last, and what they were shown: noted any number of times. */
const SIGHTINGS: Readonly<Record<string, readonly string[]>> = {
	members: ["last_used_at", "last_question_id", "name"],
};
/** Tables of sightings alone, and the accounts of interactions themselves. */
const LEFT_OUT = ["question_views", "handled_interactions", "owed_replies"];

/** What stands for a row: its words, or for the many long ones of the bank where it lies, and what wrote it last. */
function rowText(name: string): SQL {
	if (BANK_TABLES.includes(name)) return sql`t.ctid::text || ' ' || t.xmin::text`;
	return sql`(${(SIGHTINGS[name] ?? []).reduce((row, column) => sql`${row} - ${column}::text`, sql`to_jsonb(t)`)})::text`;
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

/** All that the database keeps, table by table, but for sightings and accounts of interactions. */
export async function snapshot(db: Db): Promise<Record<string, string>> {
	const names = allTables().flatMap(({ name }) => (LEFT_OUT.includes(name) ? [] : [name]));
	return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await tableText(db, name)])));
}
