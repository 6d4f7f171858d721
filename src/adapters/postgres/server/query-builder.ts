import type { PgTransactionConfig } from "drizzle-orm/pg-core";
import { drizzle } from "drizzle-orm/postgres-js";
import type postgres from "postgres";
import * as schema from "../../../../drizzle/schema.ts";
import type { Db } from "../db.ts";
import type { Statement } from "./connection.ts";
import type { GuardedClient, Urgency } from "./guarded-client.ts";
import type { ServerTransaction } from "./transaction.ts";

type Rows = Promise<readonly unknown[]>;

/**
 * Makes statements as the query builder expects them: sent when awaited, with rows as objects or as values. Those that
 * are made one after another are sent in that order, although the builder asks for values earlier than for objects.
 */
function statementMaker(run: (statement: Statement) => Rows) {
	let unsent: (() => Rows) | null = null;
	return (text: string, parameters: readonly unknown[] = []) => {
		unsent?.().catch(() => undefined);
		let sent: Rows | null = null;
		const send = (asValues: boolean): Rows => {
			if (unsent === sendObjects) unsent = null;
			sent ??= run({ text, parameters, asValues });
			return sent;
		};
		const sendObjects = () => send(false);
		unsent = sendObjects;
		return {
			// biome-ignore lint/suspicious/noThenProperty: the driver's own queries are sent when they are awaited
			then: (...given: Parameters<Rows["then"]>) => sendObjects().then(...given),
			values: () => send(true),
		};
	};
}

/** The part of the driver's client that the query builder uses in a transaction. */
function clientIn(client: GuardedClient, transaction: ServerTransaction): object {
	const own = {
		options: client.formats,
		unsafe: statementMaker((statement) => transaction.run(statement)),
		savepoint: (work: (inner: object) => Promise<unknown>) => transaction.nested(() => work(own)),
	};
	return own;
}

/** The same outside of transactions; transactions that it begins have the given settings. */
function clientOf(client: GuardedClient, settings: PgTransactionConfig | undefined, urgency: Urgency): object {
	return {
		options: client.formats,
		unsafe: statementMaker((statement) => client.statement(statement, urgency)),
		begin: (work: (inner: object) => Promise<unknown>) =>
			client.transaction((transaction) => work(clientIn(client, transaction)), settings),
	};
}

/** Creates a query builder on a guarded client. @param urgency of its single statements */
export function queryBuilder(client: GuardedClient, urgency: Urgency = "ordinary"): Db {
	const build = (settings?: PgTransactionConfig) =>
		drizzle(clientOf(client, settings, urgency) as postgres.Sql, { schema });
	const db = build();
	// `begin` itself takes the settings: a separate statement would come too late.
	const others = new Map<string, ReturnType<typeof build>>();
	const begin = db.transaction.bind(db);
	db.transaction = (work, settings) => {
		if (!settings) return begin(work);
		const key = JSON.stringify(settings);
		const other = others.get(key) ?? build(settings);
		others.set(key, other);
		return other.transaction(work);
	};
	return db;
}
