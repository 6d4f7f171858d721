import type { UserError } from "../../core/errors.ts";
import type { Db } from "./db.ts";
import { migrateDatabase } from "./migrations/migrate.ts";
import { findInstallation, findSchema } from "./migrations/migration-record.ts";
import { readMigrations } from "./migrations/migrations.ts";
import { readAddress, type ServerAddress } from "./server/address.ts";
import { serverFault } from "./server/faults.ts";
import { GuardedClient, type PoolStatus } from "./server/guarded-client.ts";
import { queryBuilder } from "./server/query-builder.ts";

/** An open database. */
export interface OpenDatabase {
	readonly db: Db;
	/** For short single statements that somebody waits for: they do not queue behind those of `db`. */
	readonly urgent: Db;
	readonly kind: "embedded" | "server";
	/** Null for the embedded database, which has a single connection. */
	readonly pool: PoolStatus | null;
	/** The schema of nlpq's tables, in which alone sessions look; null if the search path decides. */
	readonly schema: string | null;
	/**
	 * Whether a pooler is in front of the server. Statements are then not prepared, and each is its own transaction.
	 */
	readonly isPooled: boolean;
	/** Calls the listener once when a pooler is detected: now, or on a later connection. */
	onPooler(listener: () => void): void;
	/** Settles when the embedded database can no longer be used: it has died, or another process took its folder. */
	readonly broken?: Promise<UserError>;
	/** Ends all connections and releases the folder. */
	close(): Promise<void>;
}

/**
 * Finds nlpq's schema where the address names none. Sessions then look nowhere else: another schema that appears on the
 * search path later, such as one with the role's name, would take over the statements of a running process.
 */
async function withSchema(address: ServerAddress, migrationsFolder: string | null): Promise<ServerAddress> {
	if (address.schemas) return address;
	const client = new GuardedClient(address, 2);
	try {
		const db = queryBuilder(client);
		await client.handshake();
		const schema =
			migrationsFolder === null
				? await findInstallation(db, [])
				: await findSchema(db, null, readMigrations(migrationsFolder));
		return { ...address, schemas: schema === null ? null : [schema] };
	} finally {
		await client.close();
	}
}

async function openAt(
	address: ServerAddress,
	migrationsFolder: string | null,
	connections: number,
	notice: (line: string) => void,
): Promise<OpenDatabase> {
	const client = new GuardedClient(address, connections);
	const schema = address.schemas?.[0] ?? null;
	try {
		const db = queryBuilder(client);
		await client.handshake();
		if (migrationsFolder !== null) await migrateDatabase(db, migrationsFolder, { schema, notice });
		return {
			db,
			urgent: queryBuilder(client, "urgent"),
			kind: "server",
			pool: client.pool,
			schema,
			get isPooled() {
				return client.pooler;
			},
			onPooler: (listener) => client.onPooler(listener),
			close: () => client.close(),
		};
	} catch (error) {
		await client.close();
		throw error;
	}
}

/**
 * Opens a Postgres server.
 * @param url an address in the form of libpq, Prisma or a vendor
 * @param migrationsFolder null to leave the schema as it is
 * @param connections most connections of this process, at least two: single statements and transactions use separate
 * ones
 * @param notice receives a line for the operator when the start has to wait for something
 * @throws UserError when the server does not answer or refuses us
 */
export async function openServer(
	url: string,
	migrationsFolder: string | null,
	connections = 10,
	notice: (line: string) => void = () => undefined,
): Promise<OpenDatabase> {
	const written = readAddress(url, process.env);
	try {
		const address = await withSchema(written, migrationsFolder);
		return await openAt(address, migrationsFolder, connections, notice);
	} catch (error) {
		throw serverFault(written, error);
	}
}
