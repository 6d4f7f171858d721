import { type GetColumnData, getTableColumns, type SQL, sql } from "drizzle-orm";
import type { PgColumn, PgTable } from "drizzle-orm/pg-core";
import type { Db } from "./db.ts";

/** Runs an SQL statement and returns its rows, which the two drivers wrap differently. */
export async function rawRows(db: Db, statement: SQL): Promise<Record<string, unknown>[]> {
	const result: unknown = await db.execute(statement);
	if (Array.isArray(result)) return [...result];
	const rows = typeof result === "object" && result !== null && "rows" in result ? result.rows : null;
	if (!Array.isArray(rows)) throw new Error("a statement returned no rows");
	return rows;
}

/** Each table's properties and columns, cached: listing them costs as much as reading a row. */
const columns = new WeakMap<PgTable, [property: string, column: PgColumn][]>();

function columnsOf(table: PgTable): [property: string, column: PgColumn][] {
	const known = columns.get(table);
	if (known) return known;
	const listed = Object.entries<PgColumn>(getTableColumns(table));
	columns.set(table, listed);
	return listed;
}

/** Converts JSON that the database made of a table's row: columns by their own names, times as text. */
export function rowFromJson<Table extends PgTable>(
	table: Table,
	json: Readonly<Record<string, unknown>>,
): Table["$inferSelect"] {
	const row: Record<string, unknown> = {};
	for (const [property, column] of columnsOf(table)) row[property] = valueFromJson(column, json[column.name]);
	// Each property has been mapped by the rule of its own column.
	return row as Table["$inferSelect"];
}

/** Converts one column's value in such JSON, or in a row of a statement in SQL. */
export function valueFromJson<Column extends PgColumn>(
	column: Column,
	value: unknown,
): GetColumnData<Column, "raw"> | null {
	return value === null || value === undefined
		? null
		: (column.mapFromDriverValue(value) as GetColumnData<Column, "raw">);
}

/** Ids as a single array parameter, so that the statement's text does not depend on their number. */
export const idsText = (ids: readonly number[]): string => `{${ids.join(",")}}`;

/** Lifts the limits of members' statements for work on whole tables. The last setting exists since Postgres 17. */
export async function withoutTimeouts(transaction: Db): Promise<void> {
	const limits = ["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "transaction_timeout"];
	await transaction.execute(
		sql`select set_config(name, '0', true) from pg_settings where name = any (${`{${limits.join(",")}}`}::text[])`,
	);
}
