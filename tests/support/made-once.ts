import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

export const MIGRATIONS = "migrations";
const FOLDER = join("node_modules", ".nlpq-test");

/** What a migrated database depends on: the migrations, the versions of the programs that make it, and its contents. */
function stateOf(contents: string | null): string {
	const hash = createHash("sha256");
	const migrations = readdirSync(MIGRATIONS).filter((name) => name.endsWith(".sql"));
	const put = contents === null ? [] : readdirSync(contents, { recursive: true, encoding: "utf8" }).sort();
	const files = [...migrations.map((name) => join(MIGRATIONS, name)), ...put.map((name) => join(contents ?? "", name))];
	for (const path of ["package-lock.json", ...files]) if (statSync(path).isFile()) hash.update(readFileSync(path));
	return hash.digest("hex").slice(0, 16);
}

/**
 * A folder that takes long to make, kept between test runs until the migrations change.
 * @param make fills the folder that it is given
 * @param contents a folder with what `make` puts there: the result is also made again when that changes
 */
export async function madeOnce(
	name: string,
	make: (folder: string) => Promise<void>,
	contents: string | null = null,
): Promise<string> {
	const path = join(FOLDER, `${name}-${stateOf(contents)}`);
	if (existsSync(path)) return path;
	mkdirSync(FOLDER, { recursive: true });
	const temporary = mkdtempSync(join(FOLDER, "making-"));
	await make(temporary);
	try {
		renameSync(temporary, path);
	} catch {
		// Another test made it at the same moment.
		rmSync(temporary, { recursive: true, force: true });
	}
	return path;
}
