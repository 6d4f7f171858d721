import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { presentName, withPresentNames } from "../../src/adapters/postgres/maintenance/former-names.ts";

const migrations = readdirSync("migrations")
	.filter((file) => file.endsWith(".sql"))
	.map((file) => readFileSync(`migrations/${file}`, "utf8"))
	.join("\n");

/** The names in a statement, in the order of its quotes. */
const namesIn = (pattern: RegExp) => [...migrations.matchAll(pattern)].map(([, ...names]) => names);

test("a backup of an older version is read under every name that a migration has changed since", () => {
	const tables = namesIn(/ALTER TABLE "(\w+)" RENAME TO "(\w+)"/g);
	expect(tables.length).toBeGreaterThan(0);
	expect(tables.filter(([from = "", to]) => presentName(from) !== to)).toEqual([]);
	const columns = namesIn(/ALTER TABLE "(\w+)" RENAME COLUMN "(\w+)" TO "(\w+)"/g);
	expect(columns.length).toBeGreaterThan(0);
	const forgotten = columns.filter(
		([table = "", from = "", to = ""]) => !(to in withPresentNames(presentName(table), { [from]: 1 })),
	);
	expect(forgotten).toEqual([]);
});
