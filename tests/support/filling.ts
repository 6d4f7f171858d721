import { getTableColumns } from "drizzle-orm";
import { getTableConfig, type PgColumn, type PgTable } from "drizzle-orm/pg-core";
import type { Db } from "../../src/adapters/postgres/db.ts";
import { allTables } from "../../src/adapters/postgres/maintenance/tables.ts";

/** A text that a careless export would damage. */
const HARD_TO_STORE = `'; drop table members; -- "\\n\n\t\r\u0001 \u2028 🧠 \u202eשלום {"a":1} \\u0000`;

/** A value that fits a column, different for each row. */
function fitting(column: PgColumn, index: number): unknown {
	if (!column.notNull && index % 3 === 2) return null;
	switch (column.getSQLType().replace(/[ (].*/, "")) {
		case "bigint":
		case "integer":
		case "smallint":
			return index + 1;
		case "boolean":
			return index % 2 === 0;
		case "timestamp":
			return new Date(Date.UTC(2027, 2, 28, 0, 59, 59, index % 1000) + index * 3_600_000);
		case "date":
			return new Date(Date.UTC(2024, 1, 28 + index)).toISOString().slice(0, 10);
		case "jsonb":
			return [{ text: HARD_TO_STORE, none: null, numbers: [index, 0.1, -1e21] }];
		case "real":
		case "double":
		case "numeric":
			return index / 3;
		case "bytea":
			return Buffer.from(`${index}`);
		default:
			return `${index} ${HARD_TO_STORE}`;
	}
}

/** A row for a table. References point to rows with the same index. */
function rowOf(table: PgTable, index: number): Record<string, unknown> {
	const row: Record<string, unknown> = {};
	for (const [property, column] of Object.entries(getTableColumns(table))) row[property] = fitting(column, index);
	for (const { reference } of getTableConfig(table).foreignKeys) {
		const { columns, foreignColumns } = reference();
		for (const [at, column] of columns.entries()) {
			const property = Object.entries(getTableColumns(table)).find(([, other]) => other.name === column.name)?.[0];
			const foreign = foreignColumns[at];
			if (property && foreign && row[property] !== null) row[property] = fitting(foreign, index);
		}
	}
	return row;
}

/**
 * Fills every table with rows of awkward values.
 * @param large tables that get `many` rows instead of `few`
 */
export async function fillTables(db: Db, few: number, large: readonly string[] = [], many = few): Promise<number> {
	let total = 0;
	for (const { name, table } of allTables()) {
		const rows = large.includes(name) ? many : few;
		for (let from = 0; from < rows; from += 100) {
			const batch = Array.from({ length: Math.min(100, rows - from) }, (_, index) => rowOf(table, from + index));
			await db.insert(table).values(batch);
		}
		total += rows;
	}
	return total;
}

/** All rows of all tables as the driver returns them, ordered by their JSON. */
export async function allRows(db: Db): Promise<Record<string, string[]>> {
	const found: Record<string, string[]> = {};
	for (const { name, table } of allTables()) {
		const rows = await db.select().from(table);
		found[name] = rows.map((row) => JSON.stringify(row)).sort();
	}
	return found;
}
