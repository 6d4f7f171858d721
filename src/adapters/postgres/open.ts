import { sql } from "drizzle-orm";
import { drizzle as drizzlePostgres } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import * as schema from "../../../drizzle/schema.ts";
import { Outage, UserError } from "../../core/errors.ts";
import type { Db } from "./db.ts";
import { codeOf, Lifeline, type Sign } from "./lifeline.ts";
import { migrateDatabase } from "./migrate.ts";
import { withPreparedStatements } from "./prepared.ts";
import { Turns } from "./turns.ts";

/** How busy the connections for transactions are. */
export type Pool = Pick<Turns, "most" | "running" | "waiting">;

/** An open database. */
export interface OpenDatabase {
	readonly db: Db;
	readonly kind: "embedded" | "server";
	/** Null for the embedded database, which has one connection. */
	readonly pool: Pool | null;
	/** Schema that the address names; null where the search path decides. */
	readonly schema: string | null;
	/** Settles when an embedded database must not be used any longer: it has died, or its folder is another's. */
	readonly broken?: Promise<UserError>;
	/** Ends all connections and gives up the folder. */
	close(): Promise<void>;
}

/** Seconds until a connection attempt is given up. */
const CONNECT_TIMEOUT = 8;
/** Seconds that the server has to answer the question whether it is there. */
const ASK_TIMEOUT = 1.3;
/** What a server says that has no free connection. */
const NO_ROOM = "53300";
/** Seconds that statements under way have to end when the database is closed. */
const CLOSE_TIMEOUT = 5;
/** Milliseconds after which the server ends a statement. */
const STATEMENT_TIMEOUT = 15_000;

/** The address without its password, for messages. */
export function maskedAddress(url: string): string {
	try {
		const address = new URL(url);
		if (address.password !== "") address.password = "***";
		return address.toString();
	} catch {
		return "(not an address)";
	}
}

const rootOf = (error: unknown): unknown => (error instanceof Error && error.cause ? rootOf(error.cause) : error);

function serverFault(url: string, error: unknown): unknown {
	const code = codeOf(error);
	const address = maskedAddress(url);
	const say = (what: string, remedy: string) => new UserError(`${what} (${address}). Nothing was changed.`, remedy);
	if (
		error instanceof Outage ||
		["ECONNREFUSED", "ENOTFOUND", "EHOSTUNREACH", "ETIMEDOUT", "CONNECT_TIMEOUT", "EAI_AGAIN", "ENOENT"].includes(code)
	)
		return say(
			`No Postgres server answers at DATABASE_URL${code && `: ${code}`}`,
			"Start the server, or correct host and port in DATABASE_URL.",
		);
	if (["28P01", "28000"].includes(code))
		return say(
			"Postgres refused the user or password of DATABASE_URL",
			"Correct the user and password in DATABASE_URL.",
		);
	if (code === "3D000")
		return say("The database named in DATABASE_URL does not exist", "Create it with `createdb`, or correct the name.");
	if (code === NO_ROOM) return say("Postgres has no free connection", "Raise max_connections, or lower DATABASE_POOL.");
	return error;
}

/**
 * Asks a server over a connection of its own what it does for this process. One that has no room for it is there.
 * @param name of the connections of this process
 */
async function askServer(url: string, name: string): Promise<Sign> {
	const settings = { max: 1, connect_timeout: ASK_TIMEOUT, fetch_types: false, onnotice: () => undefined };
	const visitor = postgres(url, { ...settings, connection: { application_name: name } });
	const late = setTimeout(() => void visitor.end({ timeout: 0 }), ASK_TIMEOUT * 1000);
	try {
		// A pooler in between may hide the name, also the visitor's own: then nothing can be said.
		const [row] = await visitor`
			select count(*) filter (where state = 'active' and pid <> pg_backend_pid()) > 0
				or count(*) filter (where pid = pg_backend_pid()) = 0 as busy
			from pg_stat_activity where application_name = current_setting('application_name')`.simple();
		return row?.busy ? "busy" : "idle";
	} catch (error) {
		return codeOf(error) === NO_ROOM ? "busy" : "silent";
	} finally {
		clearTimeout(late);
		await visitor.end({ timeout: 0 });
	}
}

/** Of this many connections one carries single statements, the others transactions. */
const CONNECTIONS_FOR_ONE = 4;

/** One query builder for single statements, and in its transactions another one with connections of its own. */
function serverDb(url: string, connections: number): Pick<OpenDatabase, "db" | "pool" | "close"> {
	const forStatements = Math.max(1, Math.ceil(connections / CONNECTIONS_FOR_ONE));
	const forTransactions = Math.max(1, connections - forStatements);
	const name = `nlpq ${crypto.randomUUID().slice(0, 8)}`;
	const connect = (max: number) =>
		postgres(url, {
			max,
			connect_timeout: CONNECT_TIMEOUT,
			idle_timeout: 60,
			onnotice: () => undefined,
			connection: { application_name: name, statement_timeout: STATEMENT_TIMEOUT },
		});
	const lifeline = new Lifeline(() => askServer(url, name));
	const clientOf = (most: number) =>
		// The query builder uses nothing else of a client.
		lifeline.client(() => withPreparedStatements(connect(most))) as postgres.Sql;
	const [statements, transactions] = [clientOf(forStatements), clientOf(forTransactions)];
	const db = drizzlePostgres(statements, { schema });
	const inTransactions = drizzlePostgres(transactions, { schema });
	// The driver lines up statements on connections that are busy. A `begin` among them can be sent without the connection
	// being kept for its transaction, and what others send would then be part of it. So a transaction begins only when a
	// connection is free, where no single statement ever goes.
	const turns = new Turns(forTransactions);
	db.transaction = (work, settings) => turns.run(() => inTransactions.transaction(work, settings));
	const close = async () => {
		lifeline.close();
		await Promise.all([statements, transactions].map((each) => each.end({ timeout: CLOSE_TIMEOUT })));
	};
	return { db, pool: turns, close };
}

/**
 * Opens a Postgres server.
 * @param migrationsFolder null to leave the schema as it is
 * @param connections largest number of connections of this process, two at least: single statements and transactions
 *   have connections of their own
 * @param notice is told, in words for an operator, what the start waits for
 * @throws UserError when it does not answer or refuses us
 */
export async function openServer(
	url: string,
	migrationsFolder: string | null,
	connections = 10,
	notice: (line: string) => void = () => undefined,
): Promise<OpenDatabase> {
	const { db, pool, close } = serverDb(url, connections);
	try {
		await db.execute(sql`select 1`).catch((error: unknown) => {
			throw serverFault(url, rootOf(error));
		});
		if (migrationsFolder !== null) await migrateDatabase(db, migrationsFolder, { notice });
	} catch (error) {
		await close();
		throw error;
	}
	return { db, kind: "server", pool, schema: null, close };
}
