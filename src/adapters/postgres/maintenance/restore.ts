import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { getTableColumns, sql } from "drizzle-orm";
import type { PgTable } from "drizzle-orm/pg-core";
import type * as z from "zod";
import { schedules } from "../../../../drizzle/daily.ts";
import { UserError } from "../../../core/errors.ts";
import { counted } from "../../../core/text/counted.ts";
import type { Db } from "../db.ts";
import type { MigrationState } from "../migrations/migrations.ts";
import { withoutTimeouts } from "../raw.ts";
import { endSchema, FORMAT_VERSION, headerSchema, rowSchema } from "./backup.ts";
import { reapplyErasures, rememberedErasures } from "./erasure.ts";
import { presentName, withPresentNames } from "./former-names.ts";
import { allTables } from "./tables.ts";

/** How many rows are written at a time. */
const BATCH = 500;
/** Tables that are not emptied: the erasures and their salt. */
const REMEMBERED = ["erasures", "installation_values"];

/** The result of a restore. */
export interface Restored {
	readonly rows: number;
	/** When the backup was made. */
	readonly at: Date;
	/** How many members were erased again, because their erasure is later than the backup. */
	readonly erased: number;
}

type Header = z.infer<typeof headerSchema>;

const damaged = (file: string, what: string) =>
	new UserError(
		`${file} ${what}. Nothing was changed.`,
		"Use another backup, or copy this one again from where it came from.",
	);

function parsed(line: string): unknown {
	try {
		return JSON.parse(line);
	} catch {
		return null;
	}
}

/** The unpacked lines of a backup. Only a line feed ends one: members' texts may contain other separators. */
async function* linesOf(file: string): AsyncGenerator<string> {
	const packed = createReadStream(file);
	const text = createGunzip();
	packed.once("error", (error) => text.destroy(error));
	packed.pipe(text).setEncoding("utf8");
	let rest = "";
	try {
		for await (const chunk of text) {
			const lines = `${rest}${chunk}`.split("\n");
			rest = lines.pop() ?? "";
			yield* lines;
		}
		if (rest !== "") yield rest;
	} catch (error) {
		const code = error instanceof Error && "code" in error ? String(error.code) : "";
		if (["ENOENT", "EACCES", "EISDIR"].includes(code)) throw damaged(file, `cannot be read (${code})`);
		throw code.startsWith("Z_") ? damaged(file, "is cut short or not a backup of nlpq") : error;
	} finally {
		packed.destroy();
		text.destroy();
	}
}

async function firstLine(file: string): Promise<string> {
	for await (const line of linesOf(file)) return line;
	return "";
}

async function readHeader(file: string, state: MigrationState): Promise<Header> {
	const header = headerSchema.safeParse(parsed(await firstLine(file)));
	if (!header.success) throw damaged(file, "is not a backup of nlpq");
	if (header.data.version > FORMAT_VERSION || header.data.newestMigration > state.newest)
		throw new UserError(
			`${file} was written by a newer nlpq than this one. Nothing was changed.`,
			"Restore it with that version or a later one.",
		);
	return header.data;
}

/** Inserts rows of one table; columns that the file lacks get their defaults. */
async function insertRows(db: Db, table: PgTable, rows: readonly Record<string, unknown>[]): Promise<void> {
	const [first] = rows;
	if (!first) return;
	// Generated columns cannot be written.
	const known = Object.values(getTableColumns(table)).filter((column) => column.name in first && !column.generated);
	const columns = sql.join(
		known.map((column) => sql.identifier(column.name)),
		sql`, `,
	);
	const all = sql`json_populate_recordset(null::${table}, ${JSON.stringify(rows)}::json)`;
	await db.execute(sql`insert into ${table} (${columns}) select ${columns} from ${all}`);
}

/** Sets every identity column past the highest restored number. */
async function continueIdentities(db: Db): Promise<void> {
	for (const { name, table } of allTables())
		for (const column of Object.values(getTableColumns(table))) {
			if (!column.generatedIdentity) continue;
			const sequence = sql`pg_get_serial_sequence(${name}::text, ${column.name}::text)`;
			await db.execute(
				sql`select setval(${sequence}, coalesce(max(${column}), 1), max(${column}) is not null) from ${table}`,
			);
		}
}

/** Numbers the schedules of a backup from before schedules had numbers, as the migration does. */
async function numberSchedules(db: Db): Promise<void> {
	const { id, workspaceId, number } = schedules;
	const counted = sql`select ${id} as id, row_number() over (partition by ${workspaceId} order by ${id}) as place from ${schedules}`;
	await db.execute(
		sql`update ${schedules} set number = counted.place from (${counted}) as counted where counted.id = ${id} and ${number} = 0`,
	);
}

/** Loads all rows; a row that the database refuses is a fault of the file. */
async function loadWhole(db: Db, file: string, lines: AsyncIterator<string>): Promise<number> {
	try {
		return await load(db, file, lines);
	} catch (error) {
		const cause = error instanceof Error ? error.cause : null;
		const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
		// Classes 22 and 23: values and references that do not fit.
		throw /^2[23]/.test(code) ? damaged(file, `has rows that do not fit together (${code})`) : error;
	}
}

async function hasRows(db: Db, table: PgTable): Promise<boolean> {
	const rows = await db.select({ one: sql<number>`1` }).from(table).limit(1);
	return rows.length > 0;
}

/** Refuses a database with rows, or empties it if it is to be replaced. */
async function makeEmpty(db: Db, replace: boolean): Promise<void> {
	for (const { name, table } of allTables().reverse()) {
		if (!REMEMBERED.includes(name) && !replace && (await hasRows(db, table)))
			throw new UserError(
				`The database is not empty: ${name} has rows. Nothing was changed.`,
				"Name a new folder with NLPQ_DATA_DIR or a new database with DATABASE_URL; or add --replace, which removes all that is there first.",
			);
		await db.delete(table);
	}
}

/** Loads all rows of the file and checks that none is missing. @returns their number */
async function load(db: Db, file: string, lines: AsyncIterator<string>): Promise<number> {
	const tables = new Map(allTables().map(({ name, table }) => [name, table]));
	let [pending, name, rows]: [Record<string, unknown>[], string, number] = [[], "", 0];
	const write = async (): Promise<void> => {
		const table = tables.get(name);
		// Skip a table that a later version dropped, as its migration would.
		if (table) await insertRows(db, table, pending);
		pending = [];
	};
	for (let next = await lines.next(); !next.done; next = await lines.next()) {
		const value = parsed(next.value);
		const end = endSchema.safeParse(value);
		if (end.success) {
			await write();
			if (end.data.rows !== rows) throw damaged(file, `has ${rows} of ${counted(end.data.rows, "row")}`);
			return rows;
		}
		const line = rowSchema.safeParse(value);
		if (!line.success) throw damaged(file, `is damaged after ${counted(rows, "row")}`);
		const table = presentName(line.data.table);
		if (table !== name || pending.length >= BATCH) await write();
		name = table;
		pending.push(withPresentNames(table, line.data.row));
		rows += 1;
	}
	throw damaged(file, `ends after ${counted(rows, "row")}, before its last line`);
}

/**
 * Restores a backup in one transaction, and repeats remembered erasures that are later than the backup.
 * @param replace whether to delete existing rows first; otherwise the database must be empty
 * @param now the current time
 * @throws UserError when the database is not empty, or the file is damaged or of a newer version
 */
export async function restore(
	db: Db,
	state: MigrationState,
	file: string,
	replace: boolean,
	now: Date,
): Promise<Restored> {
	const header = await readHeader(file, state);
	const at = new Date(header.at);
	return db.transaction(async (transaction) => {
		// Opened here, because a retried transaction must read from the beginning.
		const lines = linesOf(file);
		try {
			await lines.next();
			await withoutTimeouts(transaction);
			const remembered = await rememberedErasures(transaction);
			await makeEmpty(transaction, replace);
			const rows = await loadWhole(transaction, file, lines);
			await continueIdentities(transaction);
			await numberSchedules(transaction);
			return { rows, at, erased: await reapplyErasures(transaction, remembered, at, now) };
		} finally {
			await lines.return(undefined);
		}
	});
}
