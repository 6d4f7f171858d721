import { createWriteStream, existsSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { getTableColumns, sql } from "drizzle-orm";
import { getTableConfig, type PgColumn, type PgTable } from "drizzle-orm/pg-core";
import * as z from "zod";
import { UserError } from "../../../core/errors.ts";
import { makeFolder } from "../../folders.ts";
import type { Db } from "../db.ts";
import type { MigrationState } from "../migrations/migrations.ts";
import { rawRows, withoutTimeouts } from "../raw.ts";
import { namesOf } from "./former-names.ts";
import { allTables, type NamedTable } from "./tables.ts";

/** Increase it whenever the meaning of a line changes. */
export const FORMAT_VERSION = 1;
/** How many rows are read at a time. */
const BATCH = 1000;

/** The first line of a backup. */
export const headerSchema = z.object({
	format: z.literal("nlpq-backup"),
	version: z.number().int(),
	/** The number of the database's migrations, and the newest one's time in milliseconds since 1970. */
	migrations: z.number().int(),
	newestMigration: z.number().int(),
	/** When the snapshot was taken, by the program's clock. */
	at: z.iso.datetime(),
});
/** A row under its table's own column names; times and dates in ISO 8601, UTC. */
export const rowSchema = z.object({ table: z.string(), row: z.record(z.string(), z.unknown()) });
/** The last line. A file without it is incomplete. */
export const endSchema = z.object({ end: z.literal(true), rows: z.number().int() });

/** The columns by which a table's rows are ordered: its primary key, or all columns. */
function orderOf(table: PgTable): PgColumn[] {
	const columns = Object.values(getTableColumns(table));
	const own = columns.filter((column) => column.primary);
	return own.length > 0 ? own : (getTableConfig(table).primaryKeys[0]?.columns ?? columns);
}

/** Rows as JSON. The database writes it, so that both databases give the same text. */
async function* rowsOf(db: Db, { name, table }: NamedTable): AsyncGenerator<string> {
	const order = sql.join(
		orderOf(table).map((column) => sql.identifier(column.name)),
		sql`, `,
	);
	const rows = sql`select to_json(kept)::text as line from ${sql.identifier(name)} as kept order by ${order}`;
	await db.execute(sql`declare backup_rows no scroll cursor for ${rows}`);
	for (;;) {
		const rows = await rawRows(db, sql`fetch ${sql.raw(String(BATCH))} from backup_rows`);
		for (const { line } of rows) yield z.string().parse(line);
		if (rows.length < BATCH) break;
	}
	await db.execute(sql`close backup_rows`);
}

/** Our existing tables by their names there: an older nlpq's database lacks some and has former names of others. */
async function presentTables(db: Db): Promise<readonly NamedTable[]> {
	const candidates = allTables().flatMap(({ name, table }) => namesOf(name).map((each) => ({ name: each, table })));
	const rows = await rawRows(
		db,
		sql`select relname as name from pg_class where relname = any (${`{${candidates.map(({ name }) => name).join(",")}}`}::text[]) and pg_table_is_visible(oid)`,
	);
	const names = new Set(rows.map(({ name }) => String(name)));
	return candidates.filter(({ name }) => names.has(name));
}

async function* linesOf(db: Db, state: MigrationState, at: Date): AsyncGenerator<string> {
	const header: z.infer<typeof headerSchema> = {
		format: "nlpq-backup",
		version: FORMAT_VERSION,
		migrations: state.count,
		newestMigration: state.newest,
		at: at.toISOString(),
	};
	yield `${JSON.stringify(header)}\n`;
	let rows = 0;
	for (const table of await presentTables(db))
		for await (const row of rowsOf(db, table)) {
			rows += 1;
			yield `{"table":${JSON.stringify(table.name)},"row":${row}}\n`;
		}
	yield `${JSON.stringify({ end: true, rows })}\n`;
}

/**
 * Writes all rows of one snapshot to a new file, in batches. Both databases write the same lines for the same rows. The
 * file appears once it is complete, and only its owner can read it.
 * @param at the current time
 * @returns the number of rows
 * @throws UserError when the file exists or cannot be written
 */
export async function backUp(db: Db, state: MigrationState, file: string, at: Date): Promise<number> {
	const part = `${file}.part`;
	let rows = 0;
	try {
		makeFolder(dirname(file));
		if (existsSync(file)) throw new UserError(`The file ${file} exists. Nothing was written.`, "Name another file.");
		await db.transaction(
			async (transaction) => {
				await withoutTimeouts(transaction);
				await transaction.execute(sql`set local time zone 'UTC'`);
				// The first and last line do not count; a repeated transaction counts again from the start.
				rows = -2;
				const lines = async function* () {
					for await (const line of linesOf(transaction, state, at)) {
						rows += 1;
						yield line;
					}
				};
				await pipeline(Readable.from(lines()), createGzip(), createWriteStream(part, { mode: 0o600 }));
			},
			{ isolationLevel: "repeatable read", accessMode: "read only" },
		);
		renameSync(part, file);
	} catch (error) {
		if (existsSync(part)) rmSync(part);
		throw fileFault(file, error);
	}
	return rows;
}

function fileFault(file: string, error: unknown): unknown {
	const code = error instanceof Error && "code" in error ? String(error.code) : "";
	if (!["EACCES", "EPERM", "ENOENT", "ENOSPC", "EROFS", "EISDIR", "ENOTDIR", "EEXIST"].includes(code)) return error;
	return new UserError(
		`The backup ${file} cannot be written (${code}). No file was left behind.`,
		code === "ENOSPC"
			? "Free some space, or name a file on another disk."
			: "Name a file in a folder that you may write to.",
	);
}
