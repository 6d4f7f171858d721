import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

export const MIGRATIONS = "migrations";
const FOLDER = join("node_modules", ".nlpq-test");

/** What a migrated database depends on: the migrations, and the versions of what makes it. */
function stateOfMigrations(): string {
	const hash = createHash("sha256");
	const migrations = readdirSync(MIGRATIONS).filter((name) => name.endsWith(".sql"));
	for (const path of ["package-lock.json", ...migrations.map((name) => join(MIGRATIONS, name))])
		hash.update(readFileSync(path));
	return hash.digest("hex").slice(0, 16);
}

/**
 * A folder that takes long to make, kept between runs of the tests until the migrations change.
 * @param make fills the folder that it is given
 */
export async function madeOnce(name: string, make: (folder: string) => Promise<void>): Promise<string> {
	const made = join(FOLDER, `${name}-${stateOfMigrations()}`);
	if (existsSync(made)) return made;
	mkdirSync(FOLDER, { recursive: true });
	const making = mkdtempSync(join(FOLDER, "making-"));
	await make(making);
	try {
		renameSync(making, made);
	} catch {
		// Another test made it at the same instant.
		rmSync(making, { recursive: true, force: true });
	}
	return made;
}
