import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openEmbedded } from "../../src/adapters/postgres/embedded.ts";
import type { OpenDatabase } from "../../src/adapters/postgres/open.ts";
import { backUpDaily, lastBackupWords } from "../../src/run/daily-backup.ts";

const folder = mkdtempSync(join(tmpdir(), "nlpq-daily-backup-"));
let database: OpenDatabase;
beforeAll(async () => {
	database = await openEmbedded(folder, "migrations");
});
afterAll(async () => {
	await database.close();
	rmSync(folder, { recursive: true, force: true });
});

test("the embedded database dumps itself once a date, keeps seven, and says how old the last one is", async () => {
	const day = (date: number) => new Date(Date.UTC(2027, 2, date, 12));
	expect(lastBackupWords(folder, day(1))).toBe("No daily backup yet.");
	for (let date = 1; date <= 9; date += 1) {
		const file = await backUpDaily(database, folder, day(date));
		expect(file !== null && existsSync(file)).toBe(true);
		expect(await backUpDaily(database, folder, day(date))).toBeNull();
	}
	const kept = readdirSync(join(folder, "backups")).sort();
	expect(kept).toEqual([3, 4, 5, 6, 7, 8, 9].map((date) => `daily-2027-03-0${date}.jsonl.gz`));
	expect(lastBackupWords(folder, day(9))).toBe("Last daily backup: today.");
	expect(lastBackupWords(folder, day(10))).toBe("Last daily backup: yesterday.");
	expect(lastBackupWords(folder, day(12))).toBe("Last daily backup: 3 days ago.");
});
