import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { freshFolder } from "./databases.ts";

/**
 * Within a test: a folder as drizzle-kit writes it, with a migration for each pair of time and SQL.
 * @param names of the migrations; numbered by default
 */
export function folderOf(
	migrations: readonly (readonly [when: number, sql: string])[],
	names: readonly string[] = [],
): string {
	const folder = freshFolder();
	const entries = migrations.map(([when, text], idx) => {
		const tag = names[idx] ?? `000${idx}_step`;
		writeFileSync(join(folder, `${tag}.sql`), text);
		return { idx, version: "7", when, tag, breakpoints: true };
	});
	const journal = join(folder, "meta", "_journal.json");
	mkdirSync(dirname(journal));
	writeFileSync(journal, JSON.stringify({ version: "7", dialect: "postgresql", entries }));
	return folder;
}
