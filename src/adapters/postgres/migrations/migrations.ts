import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";

/** Drizzle-kit's list of the migrations, oldest first. */
const journalSchema = z.object({ entries: z.array(z.object({ tag: z.string(), when: z.number().int() })) });
const BREAK = "--> statement-breakpoint";
/** Drizzle-kit writes this schema before every table that a foreign key refers to. */
const WRITTEN_SCHEMA = /"public"\./g;

/** One migration. */
export interface Migration {
	/** Such as `0002_leaderboards`. */
	readonly name: string;
	/** When drizzle-kit wrote it, in milliseconds since 1970. */
	readonly at: number;
	/** SHA-256 of the file with LF line ends. */
	readonly hash: string;
	/** The hashes that drizzle's own migrator may have recorded: git may check the file out with CRLF line ends. */
	readonly drizzleHashes: readonly string[];
	/** @param schema as an SQL identifier */
	statements(schema: string): readonly string[];
}

/** How far migrations go: their number, and the newest one's time in milliseconds since 1970. */
export interface MigrationState {
	readonly count: number;
	readonly newest: number;
}

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

function readMigration(folder: string, tag: string, when: number): Migration {
	const text = readFileSync(join(folder, `${tag}.sql`), "utf8").replaceAll("\r\n", "\n");
	const hash = sha256(text);
	return {
		name: tag,
		at: when,
		hash,
		drizzleHashes: [hash, sha256(text.replaceAll("\n", "\r\n"))],
		statements: (schema) => text.replaceAll(WRITTEN_SCHEMA, () => `${schema}.`).split(BREAK),
	};
}

/** Reads a folder's migrations, oldest first. */
export function readMigrations(folder: string): readonly Migration[] {
	const journal: unknown = JSON.parse(readFileSync(join(folder, "meta", "_journal.json"), "utf8"));
	return journalSchema.parse(journal).entries.map(({ tag, when }) => readMigration(folder, tag, when));
}

/** How far a folder's migrations go. */
export function migrationState(folder: string): MigrationState {
	const migrations = readMigrations(folder);
	return { count: migrations.length, newest: migrations.at(-1)?.at ?? 0 };
}
