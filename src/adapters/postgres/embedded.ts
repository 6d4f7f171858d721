import { accessSync, constants, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { PGlite, type PGliteOptions } from "@electric-sql/pglite";
import { drizzle } from "drizzle-orm/pglite";
import * as schema from "../../../drizzle/schema.ts";
import { UserError } from "../../core/errors.ts";
import type { Db } from "./db.ts";
import { lockFolder } from "./lock.ts";
import { migrateDatabase } from "./migrate.ts";
import type { OpenDatabase } from "./open.ts";

/** Version of Postgres inside the embedded database; a folder made by another cannot be read. */
const VERSION_FILE = "PG_VERSION";

/**
 * Starts the embedded database. V8 otherwise spends a third of a program's start on optimising WebAssembly that most
 * terminal sessions end before they profit from; without it a command takes about a tenth longer.
 */
export function createEmbedded(options: PGliteOptions): Promise<PGlite> {
	for (const flag of ["--no-wasm-tier-up", "--no-wasm-dynamic-tiering"]) setFlagsFromString(flag);
	return PGlite.create(options);
}

function usableFolder(folder: string): void {
	try {
		mkdirSync(folder, { recursive: true });
		accessSync(folder, constants.R_OK | constants.W_OK);
	} catch (error) {
		const reason = error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
		throw new UserError(
			`The data folder ${folder} cannot be written (${reason}). Nothing was changed.`,
			"Give this user the right to write there, or name another folder with NLPQ_DATA_DIR.",
		);
	}
}

function refuseForeignFolder(folder: string): void {
	const store = join(folder, "db");
	if (existsSync(store) || readdirSync(folder).every((name) => name === "in-use.sock" || name === "backups")) return;
	throw new UserError(
		`The folder ${folder} holds files that are not nlpq's. Nothing was changed.`,
		"Name an empty folder, or one that nlpq made, with NLPQ_DATA_DIR.",
	);
}

function embeddedFault(folder: string, error: unknown): UserError {
	const version = join(folder, "db", VERSION_FILE);
	const made = existsSync(version)
		? ` It was made by version ${readFileSync(version, "utf8").trim()} of Postgres.`
		: "";
	const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
	const full = /ENOSPC|no space/i.test(String(reason));
	return new UserError(
		full
			? `The disk that holds ${folder} is full. What was acknowledged is kept.`
			: `The database in ${folder} cannot be opened: ${reason}.${made}`,
		full
			? "Free some space and start again."
			: "Start the version of nlpq that made it and run `npm run backup`, then restore that file with this one; or restore the latest file in its backups folder.",
	);
}

/**
 * Opens the embedded database in a folder, which is held for this process alone.
 * @param migrationsFolder null to leave the schema as it is
 * @throws UserError when the folder is in use, not writable, or not readable by this version
 */
export async function openEmbedded(folder: string, migrationsFolder: string | null): Promise<OpenDatabase> {
	usableFolder(folder);
	const lock = await lockFolder(folder);
	try {
		refuseForeignFolder(folder);
		const client = await createEmbedded({ dataDir: join(folder, "db") }).catch((error: unknown) => {
			throw embeddedFault(folder, error);
		});
		const db: Db = drizzle(client, { schema });
		if (migrationsFolder !== null) await migrateDatabase(db, migrationsFolder);
		return {
			db,
			kind: "embedded",
			pool: null,
			schema: null,
			close: async () => {
				await client.close();
				await lock.release();
			},
		};
	} catch (error) {
		await lock.release();
		throw error;
	}
}
