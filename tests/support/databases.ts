import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type OpenDatabase, openEmbedded, openServer } from "../../src/adapters/postgres/open.ts";
import { freshDatabase } from "./postgres.ts";

const MIGRATIONS = "migrations";

/** Within a test: a new folder under the system's temporary one, removed when the test ends. */
export function freshFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), "nlpq-test-"));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	return folder;
}

/** A data folder with an empty, migrated database to copy from: made once for each state of the migrations. */
async function template(): Promise<string> {
	const hash = createHash("sha256");
	for (const name of ["package-lock.json", ...readdirSync(MIGRATIONS).filter((file) => file.endsWith(".sql"))])
		hash.update(readFileSync(name === "package-lock.json" ? name : join(MIGRATIONS, name)));
	const folder = join("node_modules", ".nlpq-test");
	const made = join(folder, hash.digest("hex").slice(0, 16));
	if (existsSync(made)) return made;
	mkdirSync(folder, { recursive: true });
	const making = mkdtempSync(join(folder, "making-"));
	await (await openEmbedded(making, MIGRATIONS)).close();
	try {
		renameSync(making, made);
	} catch {
		// Another test made it at the same instant.
		rmSync(making, { recursive: true, force: true });
	}
	return made;
}

/** Puts an empty, migrated embedded database into a folder: what its first start would make there. */
export async function prepareFolder(folder: string): Promise<void> {
	cpSync(join(await template(), "db"), join(folder, "db"), { recursive: true });
}

/** Within a test: an empty, migrated database of each kind, closed when the test ends. */
export const freshDatabases = {
	async embedded(): Promise<OpenDatabase> {
		const folder = freshFolder();
		await prepareFolder(folder);
		const database = await openEmbedded(folder, MIGRATIONS);
		onTestFinished(() => database.close());
		return database;
	},
	async server(): Promise<OpenDatabase> {
		const database = await openServer(await freshDatabase(), MIGRATIONS, 3);
		onTestFinished(() => database.close());
		return database;
	},
} as const;
