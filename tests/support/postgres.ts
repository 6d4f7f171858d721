import postgres from "postgres";
import { inject, onTestFinished } from "vitest";
import { type OpenDatabase, openServer } from "../../src/adapters/postgres/open.ts";
import { CuttingWire } from "./cutting-wire.ts";
import { BANK_TABLES, emptyTables, type TestDatabase, testDatabase } from "./embedded.ts";
import { MIGRATIONS } from "./made-once.ts";
import { SlowWire } from "./slow-wire.ts";

const CONNECTIONS = 6;

/** An empty database on the real server. */
export interface FreshDatabase {
	readonly url: string;
	/** Drops it, even while connections are open. */
	drop(): Promise<void>;
}

async function onServer(statement: string): Promise<void> {
	const server = postgres(inject("postgresUrl"), { max: 1, onnotice: () => undefined });
	try {
		await server.unsafe(statement);
	} finally {
		await server.end();
	}
}

/** Copies files, which costs the server less than writing each page to its log as well. */
async function createFrom(template: string, more = ""): Promise<FreshDatabase> {
	const name = `${inject("postgresTemplate")}_${crypto.randomUUID().replaceAll("-", "")}`;
	await onServer(`create database ${name} template ${template} strategy file_copy ${more}`);
	const url = new URL(inject("postgresUrl"));
	url.pathname = `/${name}`;
	return { url: url.toString(), drop: () => onServer(`drop database if exists ${name} with (force)`) };
}

/**
 * Creates an empty database with a unique name; the caller drops it.
 * @param more appended to the statement that creates it
 */
export function createDatabase(more = ""): Promise<FreshDatabase> {
	return createFrom("template0", more);
}

type Opened = Pick<OpenDatabase, "db" | "close">;

/**
 * A migrated database on the real server, opened by the program's own code; closing drops it.
 * @param template the database to copy; an empty, migrated one by default
 */
export async function openOnServer(template = inject("postgresTemplate")): Promise<OpenDatabase> {
	const fresh = await createFrom(template);
	const database = await openServer(fresh.url, MIGRATIONS, CONNECTIONS);
	return { ...database, close: () => database.close().then(fresh.drop) };
}

/** The same with the project's bank, whose synchronisation takes longer than most tests. */
export const openWithBank = (): Promise<OpenDatabase> => openOnServer(inject("postgresBankTemplate"));

let shared: Promise<OpenDatabase> | undefined;

/** The same once for all tests of a process, emptied of all but the bank each time it is opened: one test at a time. */
export async function openSharedWithBank(): Promise<OpenDatabase> {
	shared ??= openWithBank();
	const database = await shared;
	await emptyTables(database.db, BANK_TABLES);
	return { ...database, close: async () => undefined };
}

/** The same for many tests of one file, emptied before each. */
export async function openTestDatabase(): Promise<TestDatabase> {
	const { db, close } = await openOnServer();
	return testDatabase(db, close);
}

/**
 * A migrated database on the real server, opened twice, as if by two processes; closing both drops it.
 * @param template the database to copy; an empty, migrated one by default
 */
export async function openTwiceOnServer(template = inject("postgresTemplate")): Promise<[Opened, Opened]> {
	const fresh = await createFrom(template);
	const open = () => openServer(fresh.url, MIGRATIONS, CONNECTIONS);
	const [one, two] = [await open(), await open()];
	let left = 2;
	const closing = (database: OpenDatabase) => async () => {
		await database.close();
		left -= 1;
		if (left === 0) await fresh.drop();
	};
	return [
		{ db: one.db, close: closing(one) },
		{ db: two.db, close: closing(two) },
	];
}

/** The same with the bank, over a wire that can be slow or fall silent. */
export async function openOverWire(): Promise<Opened & { readonly wire: SlowWire }> {
	const fresh = await createFrom(inject("postgresBankTemplate"));
	const address = new URL(fresh.url);
	const wire = new SlowWire(address.hostname, Number(address.port), 0);
	address.hostname = "127.0.0.1";
	address.port = String(await wire.open());
	const { db, close } = await openServer(address.toString(), MIGRATIONS, CONNECTIONS);
	return {
		db,
		wire,
		close: () =>
			close()
				.then(() => wire.close())
				.then(fresh.drop),
	};
}

/** The same with the bank, over a wire that a test can cut at a COMMIT. */
export async function openOverCuttingWire(): Promise<Opened & { readonly wire: CuttingWire }> {
	const fresh = await createFrom(inject("postgresBankTemplate"));
	const address = new URL(fresh.url);
	const wire = new CuttingWire(address.hostname, Number(address.port));
	address.hostname = "127.0.0.1";
	address.port = String(await wire.listen());
	const { db, close } = await openServer(address.toString(), MIGRATIONS, CONNECTIONS);
	return {
		db,
		wire,
		close: () =>
			close()
				.then(() => wire.close())
				.then(fresh.drop),
	};
}

/**
 * Within a test: the address of an empty database that is dropped when the test ends.
 * @param template the database to copy; by default one without tables
 */
export async function freshDatabase(template = "template0"): Promise<string> {
	const database = await createFrom(template);
	onTestFinished(database.drop);
	return database.url;
}

/** The same with all tables and the bank, as after a first start of the program. */
export const migratedDatabase = (): Promise<string> => freshDatabase(inject("postgresBankTemplate"));
