import type { PgDatabase, PgQueryResultHKT } from "drizzle-orm/pg-core";
import type * as schema from "../../../drizzle/schema.ts";

/** One type for both databases, PGlite and Postgres. */
export type Db = PgDatabase<PgQueryResultHKT, typeof schema>;

/** The row of a statement that always returns exactly one. */
export function onlyRow<Row>(rows: readonly Row[]): Row {
	const [row] = rows;
	if (row === undefined) throw new Error("a statement that returns one row returned none");
	return row;
}
