import {
	accessSync,
	chmodSync,
	constants,
	existsSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { PGlite } from "@electric-sql/pglite";
import * as schema from "../../../../drizzle/schema.ts";
import { withDeadline } from "../../../chat/deadlines.ts";
import { UserError } from "../../../core/errors.ts";
import { COMMAND_HISTORY, makeFolder, UNFINISHED_TEXTS } from "../../folders.ts";
import { codeOf } from "../../network-errors.ts";
import type { Db } from "../db.ts";
import { migrateDatabase } from "../migrations/migrate.ts";
import type { OpenDatabase } from "../open.ts";
import { guardEmbedded, reasonOf, saysDiskFull } from "./embedded-guard.ts";
import { createEmbedded, loadEngine } from "./engine.ts";
import { LOCK_FILE, type LockTools, lockFolder } from "./lock.ts";

/** Holds the version of the embedded Postgres, which cannot read a folder of another version. */
const VERSION_FILE = "PG_VERSION";
const DATABASE_FOLDER = "db";
const BACKUPS_FOLDER = "backups";
/** Present while the database is being created. If it is left over, there is no data yet. */
const MAKING_FILE = "being-made";
/** The embedded database creates files that everybody can read and write, so close its folders to others. */
const OWNER_ONLY_MODE = 0o700;
/** How long a dead database may take to close, in milliseconds. */
const CLOSE_TIMEOUT = 2_000;

function diskFull(folder: string): UserError {
	return new UserError(
		`The disk that holds ${folder} is full. Everything nlpq confirmed is saved.`,
		"Free some space and start again.",
	);
}

function ensureUsable(folder: string): void {
	try {
		makeFolder(folder, OWNER_ONLY_MODE);
		accessSync(folder, constants.R_OK | constants.W_OK);
	} catch (error) {
		if (saysDiskFull(error)) throw diskFull(folder);
		throw new UserError(
			`The data folder ${folder} cannot be written (${codeOf(error) || "unknown reason"}). Nothing was changed.`,
			"Give this user the right to write there, or name another folder with NLPQ_DATA_DIR.",
		);
	}
}

function refuseForeignFolder(folder: string): void {
	const isOurs = (name: string) =>
		["in-use.", UNFINISHED_TEXTS].some((start) => name.startsWith(start)) ||
		[BACKUPS_FOLDER, MAKING_FILE, COMMAND_HISTORY].includes(name);
	if (existsSync(join(folder, DATABASE_FOLDER)) || readdirSync(folder).every(isOurs)) return;
	throw new UserError(
		`The folder ${folder} holds files that are not nlpq's. Nothing was changed.`,
		"Name an empty folder, or one that nlpq made, with NLPQ_DATA_DIR.",
	);
}

/** Whether a data folder already has a database. */
export const hasDatabase = (folder: string): boolean => existsSync(join(folder, DATABASE_FOLDER));

/** Whether other users of the machine can read the data folder; false on systems without such rights. */
export function isOpenToOthers(folder: string): boolean {
	if (process.platform === "win32") return false;
	return [folder, join(folder, DATABASE_FOLDER), join(folder, BACKUPS_FOLDER)].some(
		(each) => ((statSync(each, { throwIfNoEntry: false })?.mode ?? 0) & 0o077) !== 0,
	);
}

/** Closes the folders to other users, including those that an earlier version left open. */
function restrictToOwner(folder: string): void {
	for (const each of [folder, join(folder, DATABASE_FOLDER), join(folder, BACKUPS_FOLDER)])
		try {
			if (existsSync(each)) chmodSync(each, OWNER_ONLY_MODE);
		} catch {
			// Another user's folder, or a file system without permissions: reported below.
		}
	if (isOpenToOthers(folder))
		process.stderr.write(
			`Other users of this machine can read ${folder}, and this user cannot change that: the folder holds members' answers. Move it to a file system with access rights, and make this user its owner.\n`,
		);
}

function embeddedFault(folder: string, thrown: unknown): UserError {
	if (thrown instanceof UserError) return thrown;
	if (saysDiskFull(thrown)) return diskFull(folder);
	const version = join(folder, DATABASE_FOLDER, VERSION_FILE);
	const made = /^\d{1,2}$/.exec(existsSync(version) ? readFileSync(version, "utf8").trim() : "");
	return new UserError(
		`The database in ${folder} cannot be opened: ${reasonOf(thrown)}.${made ? ` It was made by version ${made[0]} of Postgres.` : ""} Nothing was changed.`,
		`If it was made by another version of nlpq, run \`npm run backup\` with that version and restore the file with this one. If it is damaged, move ${join(folder, DATABASE_FOLDER)} away and restore the latest file of ${join(folder, BACKUPS_FOLDER)} with \`npm run restore\`.`,
	);
}

/** Starts over when an earlier process died while creating the database. */
function prepareFirstStart(folder: string): void {
	const database = join(folder, DATABASE_FOLDER);
	const making = join(folder, MAKING_FILE);
	if (existsSync(making)) rmSync(database, { recursive: true, force: true });
	if (!existsSync(database)) writeFileSync(making, "", { mode: 0o600 });
	makeFolder(database, OWNER_ONLY_MODE);
}

interface Opened {
	readonly client: PGlite;
	readonly db: Db;
	readonly died: Promise<unknown>;
}

async function openFolder(folder: string, migrationsFolder: string | null): Promise<Opened> {
	refuseForeignFolder(folder);
	// A mere check creates no database and changes no permissions.
	if (migrationsFolder !== null) {
		prepareFirstStart(folder);
		restrictToOwner(folder);
	}
	const { client, died } = guardEmbedded(await createEmbedded({ dataDir: join(folder, DATABASE_FOLDER) }));
	const { drizzle } = await loadEngine();
	const db: Db = drizzle(client, { schema });
	if (migrationsFolder !== null) {
		await migrateDatabase(db, migrationsFolder);
		rmSync(join(folder, MAKING_FILE), { force: true });
	}
	return { client, db, died };
}

/** Settles with the reason when the database can no longer be used. */
function endOf(folder: string, died: Promise<unknown>, lost: Promise<void>): Promise<UserError> {
	return Promise.race([
		died.then((thrown) =>
			saysDiskFull(thrown)
				? diskFull(folder)
				: new UserError(
						`The database in ${folder} has stopped: ${reasonOf(thrown)}. Everything nlpq confirmed is saved.`,
						"Check that the disk has free space, and start nlpq again.",
					),
		),
		lost.then(
			() =>
				new UserError(
					`Another process has taken over the data folder ${folder}: this one stops. Everything nlpq confirmed is saved.`,
					`Give each process a folder of its own with NLPQ_DATA_DIR; ${LOCK_FILE} in the folder names the other one.`,
				),
		),
	]);
}

/**
 * Opens the embedded database in a folder and locks the folder for this process.
 * @param migrationsFolder null to leave the schema as it is
 * @throws UserError when the folder is in use, not writable, full, damaged, or not readable by this version
 */
export async function openEmbedded(
	folder: string,
	migrationsFolder: string | null,
	lockTools: Partial<LockTools> = {},
): Promise<OpenDatabase> {
	ensureUsable(folder);
	// Load the engine while waiting for the lock. If loading fails, the next use of the engine reports it.
	loadEngine().catch(() => undefined);
	const lock = await lockFolder(folder, lockTools).catch((error: unknown) => {
		throw embeddedFault(folder, error);
	});
	try {
		const { client, db, died } = await openFolder(folder, migrationsFolder);
		let isDead = false;
		void died.then(() => {
			isDead = true;
		});
		const close = async () => {
			const closing = client.close();
			// A dead database may never close: release the folder anyway.
			await (isDead
				? withDeadline(
						closing.catch(() => undefined),
						CLOSE_TIMEOUT,
						undefined,
					)
				: closing);
			await lock.release();
		};
		const noServer = { pool: null, schema: null, isPooled: false, onPooler: () => undefined };
		return { db, urgent: db, kind: "embedded", ...noServer, broken: endOf(folder, died, lock.lost), close };
	} catch (error) {
		await lock.release();
		throw embeddedFault(folder, error);
	}
}
