/**
 * Former names of tables and columns. Backups of older versions, or of a database that is not migrated yet, use them;
 * without this list a restore would silently skip their rows. Extend it with every migration that renames something.
 */
const TABLES: Readonly<Record<string, string>> = { facts: "installation_values", meetings: "question_views" };
/** By the table's current name. */
const COLUMNS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
	question_views: { met_at: "seen_at" },
	deliveries: { facts: "payload", turn: "fairness_rank" },
};

/** A table's current name and its former names. */
export const namesOf = (table: string): string[] => [
	table,
	...Object.keys(TABLES).filter((former) => TABLES[former] === table),
];

/** A table's current name. */
export const presentName = (table: string): string => TABLES[table] ?? table;

/** A row under its columns' current names. @param table the table's current name */
export function withPresentNames(table: string, row: Readonly<Record<string, unknown>>): Record<string, unknown> {
	const columns = COLUMNS[table] ?? {};
	return Object.fromEntries(Object.entries(row).map(([name, value]) => [columns[name] ?? name, value]));
}
