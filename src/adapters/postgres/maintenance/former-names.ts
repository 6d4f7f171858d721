/**
 * What older versions called tables and columns. A backup of theirs, or of a database that has not been migrated yet,
 * still uses these names: without them its rows would be left out in silence. Add to it with every migration that renames.
 */
const TABLES: Readonly<Record<string, string>> = { facts: "installation_values", meetings: "question_views" };
/** By the table's present name. */
const COLUMNS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
	question_views: { met_at: "seen_at" },
	deliveries: { facts: "payload", turn: "fairness_rank" },
};

/** A table's present name and those of older versions. */
export const namesOf = (table: string): string[] => [
	table,
	...Object.keys(TABLES).filter((former) => TABLES[former] === table),
];

/** The present name of a table. */
export const presentName = (table: string): string => TABLES[table] ?? table;

/** A row with its columns' present names. @param table the table's present name */
export function withPresentNames(table: string, row: Readonly<Record<string, unknown>>): Record<string, unknown> {
	const columns = COLUMNS[table] ?? {};
	return Object.fromEntries(Object.entries(row).map(([name, value]) => [columns[name] ?? name, value]));
}
