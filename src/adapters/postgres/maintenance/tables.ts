import { getTableColumns, getTableName, is } from "drizzle-orm";
import { getTableConfig, PgTable } from "drizzle-orm/pg-core";
import * as schema from "../../../../drizzle/schema.ts";

/** Every table with its database name, referenced tables first. */
export function allTables(): { name: string; table: PgTable }[] {
	const tables = Object.values(schema)
		.filter((entry) => is(entry, PgTable))
		.map((table) => ({ name: getTableName(table), table }));
	const ordered: { name: string; table: PgTable }[] = [];
	const place = (entry: { name: string; table: PgTable }): void => {
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

/** Tables with rows of members: those with a column `member_id`. */
export function memberTables(): {
	name: string;
	table: PgTable;
	memberId: ReturnType<typeof getTableColumns<PgTable>>[string];
}[] {
	return allTables().flatMap(({ name, table }) => {
		const column = Object.values(getTableColumns(table)).find((candidate) => candidate.name === "member_id");
		return column ? [{ name, table, memberId: column }] : [];
	});
}
