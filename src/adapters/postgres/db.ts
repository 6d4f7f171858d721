import type { PgDatabase, PgQueryResultHKT } from "drizzle-orm/pg-core";
import type * as schema from "../../../drizzle/schema.ts";

/** One type for both drivers: PGlite and postgres.js. */
export type Db = PgDatabase<PgQueryResultHKT, typeof schema>;

/** The single row that a statement is sure to return. */
export function onlyRow<Row>(rows: readonly Row[]): Row {
	const [row] = rows;
	if (row === undefined) throw new Error("a statement that returns one row returned none");
	return row;
}
