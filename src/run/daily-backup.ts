import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { backUp } from "../adapters/postgres/maintenance/backup.ts";
import { migrationState } from "../adapters/postgres/migrations/migrations.ts";
import type { OpenDatabase } from "../adapters/postgres/open.ts";
import { DAY } from "../core/durations.ts";
import { migrationsFolder } from "./open.ts";

/** How many days the daily dumps are kept. PRIVACY.md promises that it is no longer. */
const KEPT_DAYS = 7;
const DAILY = /^daily-(\d{4}-\d\d-\d\d)\.jsonl\.gz$/;
/** An interrupted dump. */
const BROKEN = /\.jsonl\.gz\.part$/;

const folderOf = (dataFolder: string) => join(dataFolder, "backups");
const namesIn = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : []);
const dateOf = (now: Date): string => now.toISOString().slice(0, 10);

/** UTC dates of the daily dumps, oldest first. */
const dates = (dataFolder: string): string[] =>
	namesIn(folderOf(dataFolder))
		.flatMap((name) => DAILY.exec(name)?.[1] ?? [])
		.sort();

const fileOf = (dataFolder: string, date: string) => join(folderOf(dataFolder), `daily-${date}.jsonl.gz`);

/** The date and file of the newest daily dump; null if there is none. */
export function newestDump(dataFolder: string): { readonly date: string; readonly file: string } | null {
	const date = dates(dataFolder).at(-1);
	return date === undefined ? null : { date, file: fileOf(dataFolder, date) };
}

/** Says in words how old the newest daily dump is. */
export function lastBackupWords(dataFolder: string, now: Date): string {
	const last = newestDump(dataFolder)?.date;
	if (last === undefined) return "No daily backup yet.";
	const days = Math.floor((Date.parse(dateOf(now)) - Date.parse(last)) / DAY);
	return days <= 0
		? "Last daily backup: today."
		: `Last daily backup: ${days === 1 ? "yesterday" : `${days} days ago`}.`;
}

/** Whether the dump of a UTC date has expired. */
const isExpired = (date: string, now: Date) => Date.parse(dateOf(now)) - Date.parse(date) >= KEPT_DAYS * DAY;

/**
 * Removes expired and interrupted dumps that the program itself made.
 * @param isOurs whether this process owns the folder. Nobody else can then be writing a dump, and the newest complete
 *   one stays until there is a newer one
 */
function expire(dataFolder: string, now: Date, { isOurs }: { readonly isOurs: boolean }): void {
	const folder = folderOf(dataFolder);
	const newest = isOurs ? newestDump(dataFolder)?.date : undefined;
	for (const date of dates(dataFolder)) if (date !== newest && isExpired(date, now)) rmSync(fileOf(dataFolder, date));
	for (const name of namesIn(folder)) {
		if (!BROKEN.test(name)) continue;
		const path = join(folder, name);
		const made = dateOf(statSync(path).mtime);
		if ((isOurs && name.startsWith("daily-")) || isExpired(made, now)) rmSync(path, { force: true });
	}
}

/**
 * Dumps the embedded database once per UTC date into `backups/` in its folder, and removes expired dumps, also after the
 * data has moved to a server. Members erased later stay in old dumps until those expire; a restore erases them again.
 * @returns the file; null when the date has its dump, or for a server, which has its own backup tools
 */
export async function backUpDaily(database: OpenDatabase, dataFolder: string, now: Date): Promise<string | null> {
	const isEmbedded = database.kind === "embedded";
	expire(dataFolder, now, { isOurs: isEmbedded });
	const today = dateOf(now);
	if (!isEmbedded || dates(dataFolder).includes(today)) return null;
	const file = fileOf(dataFolder, today);
	await backUp(database.db, migrationState(migrationsFolder()), file, now);
	// Remove the old dump that was kept until there was a newer one.
	expire(dataFolder, now, { isOurs: true });
	return file;
}
