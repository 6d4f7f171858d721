import { setTimeout as wait } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { UserError } from "../../../core/errors.ts";
import { migratingRefused, namesTaken, readAccess, serverRefused, servingRefused, usingRefused } from "../access.ts";
import { databaseFault, sqlState } from "../database-fault.ts";
import type { Db } from "../db.ts";
import { rawRows, withoutTimeouts } from "../raw.ts";
import { beginRecord, findSchema, type MigrationRecord, readRecord, recordMigration } from "./migration-record.ts";
import { type Migration, type MigrationState, readMigrations } from "./migrations.ts";

/** The advisory lock of a migrating process, for which others wait. Any number that no other program uses. */
const MIGRATION_LOCK = 7_165_902_311;
/** How long an ALTER TABLE waits for its lock: meanwhile other statements queue behind it. */
const TABLE_LOCK_TIMEOUT = "3s";
/** The longest time that a migrating process which has vanished can keep the lock. */
const IDLE_TIMEOUT = "60s";
/** Milliseconds before the next try for the lock or a table. */
const RETRY_PAUSE = 500;
/** SQLSTATEs: a lock was not free in time; a right is missing; a name is taken. */
const [LOCK_NOT_AVAILABLE, NO_RIGHT, NAMES_TAKEN] = ["55P03", "42501", ["42P07", "42710", "42701"]];

/** How a database's migrations compare with the program's. */
export interface MigrationStatus {
	/** The schema of nlpq's tables, which may not exist yet. */
	readonly schema: string;
	readonly known: number;
	readonly missing: number;
	/** How far the applied migrations go. */
	readonly state: MigrationState;
	/** Whether it has migrations that this program does not know. */
	readonly isNewer: boolean;
}

export interface MigrationOptions {
	/** The schema that the address names; null for one from the search path. */
	readonly schema?: string | null;
	/** Receives a line for the operator about each thing that the migration waits for. */
	readonly notice?: (line: string) => void;
}

const missingOf = (migrations: readonly Migration[], { applied }: MigrationRecord) =>
	migrations.filter(({ name }) => !applied.has(name));

function isNewer(migrations: readonly Migration[], { applied }: MigrationRecord): boolean {
	const names = new Set(migrations.map(({ name }) => name));
	return [...applied].some((name) => !names.has(name));
}

/**
 * Compares a database with the program's migrations. Changes nothing.
 * @param folder the folder of the program's migrations
 * @param named the schema that the address names
 * @throws UserError when the role may not read what has been applied
 */
export async function migrationStatus(db: Db, folder: string, named: string | null = null): Promise<MigrationStatus> {
	const migrations = readMigrations(folder);
	const schema = await findSchema(db, named, migrations);
	const record = await readRecord(db, schema, migrations).catch(async (error: unknown) => {
		const refused = sqlState(error) === NO_RIGHT ? usingRefused(await readAccess(db, schema), schema) : null;
		throw refused ?? error;
	});
	const missing = missingOf(migrations, record).length;
	const applied = migrations.filter(({ name }) => record.applied.has(name));
	const state = { count: applied.length, newest: applied.at(-1)?.at ?? 0 };
	return { schema, known: migrations.length, missing, state, isNewer: isNewer(migrations, record) };
}

async function prepareSession(transaction: Db, schema: string): Promise<void> {
	await withoutTimeouts(transaction);
	await transaction.execute(
		sql`select set_config('lock_timeout', ${TABLE_LOCK_TIMEOUT}, true),
			set_config('idle_in_transaction_session_timeout', ${IDLE_TIMEOUT}, true),
			set_config('search_path', quote_ident(${schema}), true)`,
	);
}

/** @throws the first refusal that is not null */
function refuse(...refusals: readonly (UserError | null)[]): void {
	for (const refusal of refusals) if (refusal) throw refusal;
}

function refuseNewer(migrations: readonly Migration[], record: MigrationRecord): void {
	if (isNewer(migrations, record))
		throw new UserError(
			"The database was written by a newer nlpq than this one. Nothing was changed.",
			"Start the newer version, or restore a backup that this version made.",
		);
}

async function apply(transaction: Db, schema: string, migration: Migration): Promise<void> {
	try {
		for (const statement of migration.statements(`"${schema.replaceAll('"', '""')}"`))
			await transaction.execute(sql.raw(statement));
	} catch (error) {
		throw migrationFault(schema, migration, error);
	}
	await recordMigration(transaction, schema, migration);
}

function migrationFault(schema: string, { name }: Migration, error: unknown): unknown {
	const state = sqlState(error);
	const found = databaseFault(error);
	if (found === null || state === LOCK_NOT_AVAILABLE) return error;
	const summary = `The migration ${name} could not be applied in the schema "${schema}", and nothing of it was kept.`;
	if (state === NO_RIGHT)
		return new UserError(`${summary} ${found.message}`, "Run `npm run migrate` with the address of the tables' owner.");
	if (state !== null && NAMES_TAKEN.includes(state))
		return new UserError(
			`${summary} ${found.message}`,
			"Give nlpq a schema of its own: `?schema=nlpq` in DATABASE_URL.",
		);
	return new UserError(`${summary} ${found.message}`, found.remedy);
}

type Step = "applied" | "nothing left" | "another process migrates";

/**
 * Applies the oldest missing migration in one transaction. The lock ends with the transaction, so it also works behind
 * a pooler that gives each transaction another connection.
 */
function takeStep(db: Db, schema: string, migrations: readonly Migration[]): Promise<Step> {
	return db.transaction(
		async (transaction): Promise<Step> => {
			await prepareSession(transaction, schema);
			const [lock] = await rawRows(
				transaction,
				sql`select pg_try_advisory_xact_lock(${sql.raw(String(MIGRATION_LOCK))}) as taken`,
			);
			if (lock?.taken !== true) return "another process migrates";
			const record = await readRecord(transaction, schema, migrations);
			refuseNewer(migrations, record);
			if (!record.exists) {
				const access = await readAccess(transaction, schema);
				if (!access.schemaExists) await transaction.execute(sql`create schema ${sql.identifier(schema)}`);
				if (record.applied.size === 0) refuse(namesTaken(access, schema));
				const known = migrations.filter(({ name }) => record.applied.has(name));
				await beginRecord(transaction, schema, known);
			}
			const [next] = missingOf(migrations, record);
			if (!next) return "nothing left";
			await apply(transaction, schema, next);
			return "applied";
		},
		// After waiting for the lock it must see what others have committed meanwhile.
		{ isolationLevel: "read committed" },
	);
}

async function applyMissing(
	db: Db,
	schema: string,
	migrations: readonly Migration[],
	notice: (line: string) => void,
): Promise<void> {
	const printed = new Set<string>();
	const waitFor = async (line: string) => {
		if (!printed.has(line)) notice(line);
		printed.add(line);
		await wait(RETRY_PAUSE);
	};
	for (;;)
		try {
			const step = await takeStep(db, schema, migrations);
			if (step === "nothing left") return;
			if (step !== "applied") await waitFor("waiting for another process to migrate the database …");
		} catch (error) {
			if (sqlState(error) !== LOCK_NOT_AVAILABLE) throw error;
			await waitFor("waiting for other sessions to let go of the tables that a migration changes …");
		}
}

/**
 * Migrates the database: each missing migration in its own transaction, under one lock. If none is missing, it changes
 * nothing, so a role that may only read and write can start nlpq.
 * @param folder the folder of the program's migrations
 * @throws UserError when the database is newer than the program, or the role lacks a right
 */
export async function migrateDatabase(db: Db, folder: string, options: MigrationOptions = {}): Promise<void> {
	const { schema: named = null, notice = () => undefined } = options;
	const migrations = readMigrations(folder);
	const schema = await findSchema(db, named, migrations);
	const access = await readAccess(db, schema);
	refuse(serverRefused(access), usingRefused(access, schema));
	const record = await readRecord(db, schema, migrations);
	refuseNewer(migrations, record);
	const missing = missingOf(migrations, record).length;
	const refused = migratingRefused(access, schema, missing);
	if (missing > 0) refuse(refused);
	// If the role may create our record, move what an older nlpq has recorded into it.
	const isToDo = missing > 0 || (!record.exists && refused === null);
	if (isToDo) await applyMissing(db, schema, migrations, notice);
	refuse(servingRefused(isToDo ? await readAccess(db, schema) : access, schema));
}
