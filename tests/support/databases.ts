import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inject, onTestFinished } from "vitest";
import { openEmbedded } from "../../src/adapters/postgres/embedded/embedded.ts";
import { type OpenDatabase, openServer } from "../../src/adapters/postgres/open.ts";
import { MIGRATIONS, madeOnce } from "./made-once.ts";
import { freshDatabase } from "./postgres.ts";

/** Within a test: a new folder under the system's temporary one, removed when the test ends. */
export function freshFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), "nlpq-test-"));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	return folder;
}

/** A data folder with an empty, migrated database to copy from. */
const template = (): Promise<string> =>
	madeOnce("folder", async (folder) => {
		await (await openEmbedded(folder, MIGRATIONS)).close();
	});

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
		const database = await openServer(await freshDatabase(inject("postgresTemplate")), MIGRATIONS, 3);
		onTestFinished(() => database.close());
		return database;
	},
} as const;
