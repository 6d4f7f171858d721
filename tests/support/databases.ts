import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inject, onTestFinished } from "vitest";
import { openEmbedded } from "../../src/adapters/postgres/embedded/embedded.ts";
import { type OpenDatabase, openServer } from "../../src/adapters/postgres/open.ts";
import { createStore } from "../../src/adapters/postgres/store.ts";
import { MIGRATIONS, madeOnce } from "./made-once.ts";
import { freshDatabase } from "./postgres.ts";

/** Within a test: a new temporary folder, removed when the test ends. */
export function freshFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), "nlpq-test-"));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	return folder;
}

/** A data folder with an empty, migrated database to copy. */
const template = (): Promise<string> =>
	madeOnce("folder", async (folder) => {
		await (await openEmbedded(folder, MIGRATIONS)).close();
	});

/** The same with the bank: writing it takes half of the program's first start. */
const bankTemplate = (): Promise<string> =>
	madeOnce(
		"folder-bank",
		async (folder) => {
			await prepareFolder(folder);
			const { db, close } = await openEmbedded(folder, MIGRATIONS);
			// Loaded only here: the template is written once.
			const { BANK_KNOWN_SINCE, realBank } = await import("./bank.ts");
			const bank = await realBank();
			await createStore(db).transaction((tx) => tx.bank.synchronise(bank.all(), BANK_KNOWN_SINCE));
			await close();
		},
		"questions",
	);

const copyDatabase = (from: string, to: string): void => cpSync(join(from, "db"), join(to, "db"), { recursive: true });

/** Puts an empty, migrated embedded database into a folder. */
export async function prepareFolder(folder: string): Promise<void> {
	copyDatabase(await template(), folder);
}

/** The same with the bank, as after a first start of the program. */
export async function prepareFolderWithBank(folder: string): Promise<void> {
	copyDatabase(await bankTemplate(), folder);
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
