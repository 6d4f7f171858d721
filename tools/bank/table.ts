export type Cell = string | number;

/** The lines of a table, with numbers aligned right and words left. */
export function table(rows: readonly (readonly Cell[])[]): string {
	const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => String(row[column] ?? "").length)));
	const numeric = widths.map((_, column) => rows.slice(1).every((row) => typeof row[column] === "number"));
	const line = (row: readonly Cell[]) =>
		row.map((cell, column) => {
			const width = widths[column] ?? 0;
			return numeric[column] ? String(cell).padStart(width) : String(cell).padEnd(width);
		});
	return rows.map((row) => `  ${line(row).join("  ").trimEnd()}`).join("\n");
}
