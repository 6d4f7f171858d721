import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openEmbedded } from "../../src/adapters/postgres/embedded/embedded.ts";
import type { OpenDatabase } from "../../src/adapters/postgres/open.ts";
import { backUpDaily, lastBackupWords } from "../../src/run/daily-backup.ts";
import { prepareFolder } from "../support/databases.ts";
import { MIGRATIONS } from "../support/made-once.ts";

const folder = mkdtempSync(join(tmpdir(), "nlpq-daily-backup-"));
let database: OpenDatabase;
beforeAll(async () => {
	await prepareFolder(folder);
	database = await openEmbedded(folder, MIGRATIONS);
});
afterAll(async () => {
	await database.close();
	rmSync(folder, { recursive: true, force: true });
});

const day = (date: number) => new Date(Date.UTC(2027, 2, date, 12));
const backups = join(folder, "backups");
const names = () => readdirSync(backups).sort();
const daily = (...dates: number[]) => dates.map((date) => `daily-2027-03-${String(date).padStart(2, "0")}.jsonl.gz`);
beforeEach(() => rmSync(backups, { recursive: true, force: true }));

/** A file that was changed at noon of a day. */
function put(name: string, date: number): void {
	mkdirSync(backups, { recursive: true });
	writeFileSync(join(backups, name), "");
	utimesSync(join(backups, name), day(date), day(date));
}

test("the embedded database dumps itself once a date, keeps seven dumps, and says how old the last one is", async () => {
	expect(lastBackupWords(folder, day(1))).toBe("No daily backup yet.");
	for (let date = 1; date <= 9; date += 1) {
		const file = await backUpDaily(database, folder, day(date));
		expect(file !== null && existsSync(file)).toBe(true);
		expect(await backUpDaily(database, folder, day(date))).toBeNull();
	}
	expect(names()).toEqual(daily(3, 4, 5, 6, 7, 8, 9));
	expect(lastBackupWords(folder, day(9))).toBe("Last daily backup: today.");
	expect(lastBackupWords(folder, day(10))).toBe("Last daily backup: yesterday.");
	expect(lastBackupWords(folder, day(12))).toBe("Last daily backup: 3 days ago.");
});

test("dumps expire by their date, not by their number, complete and partial ones", async () => {
	await backUpDaily(database, folder, day(1));
	put("daily-2027-03-02.jsonl.gz.part", 2);
	put("nlpq-2027-03-01T06-59-00-000Z.jsonl.gz.part", 1);
	put("nlpq-2027-03-19T06-59-00-000Z.jsonl.gz.part", 19);
	put("nlpq-2027-03-01T06-59-00-000Z.jsonl.gz", 1);
	await backUpDaily(database, folder, day(20));
	expect(names()).toEqual([
		...daily(20),
		// What somebody else has made is theirs to keep; one that may still be written is left.
		"nlpq-2027-03-01T06-59-00-000Z.jsonl.gz",
		"nlpq-2027-03-19T06-59-00-000Z.jsonl.gz.part",
	]);
});

test("the only complete dump is kept until there is a newer one", async () => {
	await backUpDaily(database, folder, day(1));
	await backUpDaily(database, folder, day(2));
	const transaction = () => Promise.reject(new Error("no space left on the disk"));
	const full = { ...database, db: Object.create(database.db, { transaction: { value: transaction } }) };
	await expect(backUpDaily(full, folder, day(20))).rejects.toThrow("no space left");
	expect(names()).toEqual(daily(2));
	await backUpDaily(database, folder, day(20));
	expect(names()).toEqual(daily(20));
});

test("dumps of an embedded database that has moved to a server expire too", async () => {
	await backUpDaily(database, folder, day(1));
	await backUpDaily(database, folder, day(5));
	expect(await backUpDaily({ ...database, kind: "server" }, folder, day(9))).toBeNull();
	expect(names()).toEqual(daily(5));
	await backUpDaily({ ...database, kind: "server" }, folder, day(12));
	expect(names()).toEqual([]);
});
