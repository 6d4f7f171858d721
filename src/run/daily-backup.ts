import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { backUp } from "../adapters/postgres/backup.ts";
import { migrationState } from "../adapters/postgres/migrations.ts";
import type { OpenDatabase } from "../adapters/postgres/open.ts";
import { migrationsFolder } from "./open.ts";

/** So many of the embedded database's own dumps are kept, one a day. */
const KEPT = 7;
const DAILY = /^daily-(\d{4}-\d\d-\d\d)\.jsonl\.gz$/;
const DAY = 24 * 60 * 60 * 1000;

const folderOf = (dataFolder: string) => join(dataFolder, "backups");

/** UTC dates of the daily dumps, oldest first. */
function dates(dataFolder: string): string[] {
	const folder = folderOf(dataFolder);
	if (!existsSync(folder)) return [];
	return readdirSync(folder)
		.flatMap((name) => DAILY.exec(name)?.[1] ?? [])
		.sort();
}

/** How old the last daily dump is, in words. */
export function lastBackupWords(dataFolder: string, now: Date): string {
	const last = dates(dataFolder).at(-1);
	if (last === undefined) return "No daily backup yet.";
	const days = Math.floor((Date.parse(now.toISOString().slice(0, 10)) - Date.parse(last)) / DAY);
	return days <= 0
		? "Last daily backup: today."
		: `Last daily backup: ${days === 1 ? "yesterday" : `${days} days ago`}.`;
}

/**
 * Dumps the embedded database once a UTC date into `backups/` of its folder, and keeps seven. Members who are erased
 * later stand in those files until they expire, and are erased again when one is restored.
 * @returns the file written; null when the date has one, or for a server, which has its own tools
 */
export async function backUpDaily(database: OpenDatabase, dataFolder: string, now: Date): Promise<string | null> {
	const today = now.toISOString().slice(0, 10);
	if (database.kind === "server" || dates(dataFolder).includes(today)) return null;
	const file = join(folderOf(dataFolder), `daily-${today}.jsonl.gz`);
	await backUp(database.db, migrationState(migrationsFolder()), file, now);
	for (const date of dates(dataFolder).slice(0, -KEPT))
		rmSync(join(folderOf(dataFolder), `daily-${date}.jsonl.gz`), { force: true });
	return file;
}
