/** Session settings, set explicitly because a server, database or role may have other defaults. */

import type { PgTransactionConfig } from "drizzle-orm/pg-core";
import { MINUTE } from "../../../core/durations.ts";
import type { ServerAddress } from "./address.ts";

/** Milliseconds before the server cancels a statement. */
const STATEMENT_TIMEOUT = 15_000;
/** Milliseconds before the server ends a transaction that waits for us: a stopped process must not hold locks. */
const IDLE_IN_TRANSACTION_TIMEOUT = MINUTE;
/** The oldest server version with `transaction_timeout`. */
const HAS_TRANSACTION_TIMEOUT = 170_000;

/**
 * Start-up parameters that change the meaning of text. These are the few that PgBouncer restores for each client on
 * every server connection.
 */
export const STARTUP_PARAMETERS = {
	client_encoding: "UTF8",
	DateStyle: "ISO, MDY",
	TimeZone: "UTC",
	standard_conforming_strings: "on",
} as const;

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** One call per setting. @param until what the settings last for */
function setCalls(settings: Readonly<Record<string, string>>, until: "session" | "transaction"): string[] {
	return Object.entries(settings).map(([name, value]) => `set_config('${name}', ${value}, ${until === "transaction"})`);
}

/** Settings of a transaction, each value as an SQL expression. */
function transactionSettings({ schemas }: Pick<ServerAddress, "schemas">, version: number): Record<string, string> {
	return {
		statement_timeout: quoted(String(STATEMENT_TIMEOUT)),
		lock_timeout: "'0'",
		idle_in_transaction_session_timeout: quoted(String(IDLE_IN_TRANSACTION_TIMEOUT)),
		...(version >= HAS_TRANSACTION_TIMEOUT ? { transaction_timeout: "'0'" } : {}),
		intervalstyle: "'postgres'",
		bytea_output: "'hex'",
		extra_float_digits: "'1'",
		array_nulls: "'on'",
		transform_null_equals: "'off'",
		// Debian's Postgres 15 took several times as long to compile the leaderboards' statements as to run them.
		jit: "'off'",
		// `off` would acknowledge commits that a server crash loses; stronger settings are kept.
		synchronous_commit:
			"case current_setting('synchronous_commit') when 'off' then 'on' else current_setting('synchronous_commit') end",
		...(schemas ? { search_path: quoted(schemas.map(identifier).join(", ")) } : {}),
	};
}

/** The commands that set up an exclusive session. */
export function sessionSetup(address: Pick<ServerAddress, "schemas">, version: number): string {
	const settings = {
		...transactionSettings(address, version),
		idle_session_timeout: "'0'",
		default_transaction_isolation: "'read committed'",
		default_transaction_read_only: "'off'",
		default_transaction_deferrable: "'off'",
	};
	return `select ${setCalls(settings, "session").join(", ")}`;
}

/** Identifies one run of one server, since a pooler may reach another server. */
export const SERVER_RUN = "extract(epoch from pg_postmaster_start_time())::text as run";

/** Identifies a transaction, so that another connection can see later whether it is still running. */
const TRANSACTION_MARK = `pg_backend_pid() as pid, now()::text as began, ${SERVER_RUN}`;

/**
 * The commands that begin a transaction and return its mark.
 * @param version the server's, to send the settings along behind a pooler; null if the session has them
 */
export function beginStatement(
	address: Pick<ServerAddress, "schemas">,
	version: number | null,
	{ isolationLevel = "read committed", accessMode = "read write", deferrable }: PgTransactionConfig = {},
): string {
	// Not part of `begin`, which could then fail: the next statements, sent without waiting, would run outside.
	const mode = `isolation level ${isolationLevel}, ${accessMode}${deferrable ? ", deferrable" : ""}`;
	const calls = version === null ? [] : setCalls(transactionSettings(address, version), "transaction");
	return `begin; set local transaction ${mode}; select ${[...calls, TRANSACTION_MARK].join(", ")}`;
}
