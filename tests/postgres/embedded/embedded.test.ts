import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { expect, onTestFinished, test } from "vitest";
import { openEmbedded } from "../../../src/adapters/postgres/embedded/embedded.ts";
import { faultCard } from "../../../src/chat/cards/faults.ts";
import { readConfig } from "../../../src/config.ts";
import { isOutage, UserError } from "../../../src/core/errors.ts";
import { diagnose } from "../../../src/run/doctor.ts";
import { prepareFolder } from "../../support/databases.ts";
import { isQuickRun } from "../../support/effort.ts";
import { MIGRATIONS } from "../../support/made-once.ts";
import { smallDisk } from "../../support/small-disk.ts";

function freshFolder(): string {
	const made = mkdtempSync(join(tmpdir(), "nlpq-embedded-"));
	onTestFinished(() => rmSync(made, { recursive: true, force: true }));
	return made;
}

/** A folder with a migrated, empty database. */
async function preparedFolder(): Promise<string> {
	const folder = freshFolder();
	await prepareFolder(folder);
	return folder;
}

const modeOf = (path: string) => statSync(path).mode & 0o777;
const refusalOf = (folder: string) =>
	openEmbedded(folder, MIGRATIONS).then(
		async ({ close }) => close().then(() => null),
		(error: unknown) => error,
	);

test("other users can read neither a new data folder nor one that an earlier version left open", async () => {
	const folder = await preparedFolder();
	for (const each of [folder, join(folder, "db")]) chmodSync(each, 0o755);
	mkdirSync(join(folder, "backups"), { mode: 0o755 });
	const word = (await diagnose(readConfig({ NLPQ_DATA_DIR: folder }))).find(({ name }) => name === "privacy");
	expect(word).toMatchObject({ state: "warning", detail: expect.stringContaining("other users") });
	expect(modeOf(folder)).toBe(0o755);
	await (await openEmbedded(folder, MIGRATIONS)).close();
	for (const each of [folder, join(folder, "db"), join(folder, "backups")]) expect(modeOf(each)).toBe(0o700);
	const after = (await diagnose(readConfig({ NLPQ_DATA_DIR: folder }))).find(({ name }) => name === "privacy");
	expect(after).toMatchObject({ state: "ok" });
});

test("the doctor creates no database", async () => {
	const folder = join(freshFolder(), "data");
	const found = await diagnose(readConfig({ NLPQ_DATA_DIR: folder }));
	expect(found.filter(({ state }) => state === "fault")).toEqual([]);
	expect(existsSync(folder)).toBe(false);
});

test("a first start that was killed half-way starts over", async () => {
	const folder = freshFolder();
	mkdirSync(join(folder, "db", "global"), { recursive: true });
	writeFileSync(join(folder, "db", "PG_VERSION"), "1");
	writeFileSync(join(folder, "being-made"), "");
	const { db, close } = await openEmbedded(folder, MIGRATIONS);
	await db.execute(sql`select count(*) from members`);
	await close();
	expect(existsSync(join(folder, "being-made"))).toBe(false);
});

const DAMAGES: readonly [what: string, damage: (folder: string) => void][] = [
	["half of it is gone", (folder) => rmSync(join(folder, "db", "global"), { recursive: true })],
	["its log is gone", (folder) => rmSync(join(folder, "db", "pg_wal"), { recursive: true })],
	["its control file is noise", (folder) => writeFileSync(join(folder, "db", "global", "pg_control"), "noise")],
	["its version is noise", (folder) => writeFileSync(join(folder, "db", "PG_VERSION"), "ÿþnoise")],
];

test.each(isQuickRun ? DAMAGES.slice(-2) : DAMAGES)(
	"a damaged folder is refused with the remedy: %s",
	async (_, damage) => {
		const folder = await preparedFolder();
		damage(folder);
		const error = await refusalOf(folder);
		expect(error).toBeInstanceOf(UserError);
		expect(String((error as UserError).message)).toMatch(/cannot be opened/);
		expect((error as UserError).message).not.toContain("[object Object]");
		expect((error as UserError).remedy).toContain("npm run restore");
	},
);

test.skipIf(isQuickRun)(
	"a full disk at the first start is reported, and the next start with room works",
	async (context) => {
		const disk = smallDisk(20);
		if (!disk) return context.skip("this user may not mount a file system");
		expect(await refusalOf(disk.folder)).toMatchObject({
			message: expect.stringMatching(/disk that holds .* is full/),
		});
		expect(existsSync(join(disk.folder, "being-made"))).toBe(true);
		const bigger = freshFolder();
		cpSync(disk.folder, bigger, { recursive: true });
		expect(await refusalOf(bigger)).toBeNull();
	},
);

test("a disk that fills up while running is reported to the member, and nothing acknowledged is lost", async (context) => {
	const disk = smallDisk(80);
	if (!disk) return context.skip("this user may not mount a file system");
	await prepareFolder(disk.folder);
	const { db, close } = await openEmbedded(disk.folder, MIGRATIONS);
	const insert = (name: string, value = "x") =>
		db.execute(sql`insert into installation_values (name, value) values (${name}, ${value})`);
	await insert("kept");
	disk.fill();
	const failure: unknown = await insert("large", "x".repeat(3_000_000)).catch((error: unknown) => error);
	expect(faultCard(failure, "ref").title).toMatch(/no room left on its disk/);
	disk.empty();
	await insert("after");
	expect(await db.execute(sql`select name from installation_values order by 1`)).toMatchObject({
		rows: [{ name: "after" }, { name: "kept" }],
	});
	await close();
});

test.skipIf(isQuickRun)(
	"a database that died of a full disk keeps nobody waiting, and the next start has everything that was acknowledged",
	async (context) => {
		const disk = smallDisk(70);
		if (!disk) return context.skip("this user may not mount a file system");
		await prepareFolder(disk.folder);
		const { db, close, broken } = await openEmbedded(disk.folder, MIGRATIONS);
		await db.execute(sql`insert into installation_values (name, value) values ('kept', 'x')`);
		disk.fill();
		const failure: unknown = await db.execute(sql`checkpoint`).catch((error: unknown) => error);
		expect(isOutage(failure)).toBe(true);
		expect(await broken).toMatchObject({ message: expect.stringMatching(/disk that holds .* is full/) });
		// Inside the database, this statement would never settle.
		await expect(db.execute(sql`select 1`)).rejects.toThrow();
		await close();
		disk.empty();
		const again = await openEmbedded(disk.folder, MIGRATIONS);
		expect(await again.db.execute(sql`select name from installation_values`)).toMatchObject({
			rows: [{ name: "kept" }],
		});
		await again.close();
	},
);
