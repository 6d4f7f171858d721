import { getTableColumns, getTableName, is } from "drizzle-orm";
import { getTableConfig, PgTable } from "drizzle-orm/pg-core";
import * as schema from "../../../../drizzle/schema.ts";

/** A table and its name in the database. */
export interface NamedTable {
	readonly name: string;
	readonly table: PgTable;
}

/** Every table, referenced tables first. */
export function allTables(): NamedTable[] {
	const tables = Object.values(schema)
		.filter((entry) => is(entry, PgTable))
		.map((table) => ({ name: getTableName(table), table }));
	const ordered: NamedTable[] = [];
	const place = (entry: NamedTable): void => {
		if (ordered.some((other) => other.name === entry.name)) return;
		for (const key of getTableConfig(entry.table).foreignKeys) {
			const name = getTableName(key.reference().foreignTable);
			const other = tables.find((table) => table.name === name);
			if (other && name !== entry.name) place(other);
		}
		ordered.push(entry);
	};
	for (const entry of tables) place(entry);
	return ordered;
}

/** The names of all tables as a text array literal. */
export const tableNames = (): string =>
	`{${allTables()
		.map(({ name }) => name)
		.join(",")}}`;

/** Tables about members: those with a column `member_id`. */
export function memberTables(): (NamedTable & { memberId: ReturnType<typeof getTableColumns<PgTable>>[string] })[] {
	return allTables().flatMap(({ name, table }) => {
		const column = Object.values(getTableColumns(table)).find((candidate) => candidate.name === "member_id");
		return column ? [{ name, table, memberId: column }] : [];
	});
}
