import type { UserError } from "../../core/errors.ts";
import type { Db } from "./db.ts";
import { migrateDatabase } from "./migrations/migrate.ts";
import { readAddress } from "./server/address.ts";
import { serverFault } from "./server/faults.ts";
import { GuardedClient, type PoolStanding } from "./server/guarded-client.ts";
import { queryBuilder } from "./server/query-builder.ts";

/** How busy the connections for transactions are. */
export type Pool = PoolStanding;

/** An open database. */
export interface OpenDatabase {
	readonly db: Db;
	readonly kind: "embedded" | "server";
	/** Null for the embedded database, which has one connection. */
	readonly pool: Pool | null;
	/** Schema that the address names; null where the search path decides. */
	readonly schema: string | null;
	/** Whether a pooler stands before the server: statements are then not prepared, and each is a transaction. */
	readonly pooler: boolean;
	/** Calls once when a pooler is noticed: now, or at a later connection. */
	onPooler(listener: () => void): void;
	/** Settles when an embedded database must not be used any longer: it has died, or its folder is another's. */
	readonly broken?: Promise<UserError>;
	/** Ends all connections and gives up the folder. */
	close(): Promise<void>;
}

/**
 * Opens a Postgres server.
 * @param url an address as libpq, Prisma or a vendor prints it
 * @param migrationsFolder null to leave the schema as it is
 * @param connections largest number of connections of this process, two at least: single statements and transactions
 *   have connections of their own
 * @param notice receives, in words for an operator, what the start is waiting for
 * @throws UserError when it does not answer or refuses us
 */
export async function openServer(
	url: string,
	migrationsFolder: string | null,
	connections = 10,
	notice: (line: string) => void = () => undefined,
): Promise<OpenDatabase> {
	const address = readAddress(url, process.env);
	const client = new GuardedClient(address, connections);
	const schema = address.schemas?.[0] ?? null;
	try {
		const db = queryBuilder(client);
		await client.handshake();
		if (migrationsFolder !== null) await migrateDatabase(db, migrationsFolder, { schema, notice });
		return {
			db,
			kind: "server",
			pool: client.pool,
			schema,
			get pooler() {
				return client.pooler;
			},
			onPooler: (listener) => client.onPooler(listener),
			close: () => client.close(),
		};
	} catch (error) {
		await client.close();
		throw serverFault(address, error);
	}
}
