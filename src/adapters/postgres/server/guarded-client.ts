import type { PgTransactionConfig } from "drizzle-orm/pg-core";
import pLimit, { type LimitFunction } from "p-limit";
import { CommitUnknown, Outage } from "../../../core/errors.ts";
import type { ServerAddress } from "./address.ts";
import { type Pacing, realPacing, repeatOnConflict, showsPooler } from "./conflicts.ts";
import type { Formats, ServerConnection, ServerStatus, Statement } from "./connection.ts";
import { ConnectionPool } from "./connection-pool.ts";
import { ConnectionWatchdog } from "./connection-watchdog.ts";
import { Connector } from "./connector.ts";
import { ServerVisitor } from "./server-visitor.ts";
import { StatementCounter } from "./statement-counter.ts";
import { LostCommit, ServerTransaction } from "./transaction.ts";

/** How busy the connections for transactions are. */
export interface PoolStatus {
	readonly most: number;
	readonly running: number;
	readonly waiting: number;
}

/** One connection in this many carries single statements, the others carry transactions. */
const CONNECTIONS_FOR_SINGLE_STATEMENTS = 4;
/**
 * How quickly a single statement must go out. Someone waits a second or two for an urgent one, such as the record
 * before an acknowledgement, so it has a connection of its own: it never queues behind a long query.
 */
export type Urgency = "ordinary" | "urgent";

/** How much of a name `pg_stat_activity` keeps, less the part that identifies this process. */
const MAX_NAME_LENGTH = 54;
/** How long running statements may take to end when the database closes, in milliseconds. */
const CLOSE_TIMEOUT = 5_000;
/**
 * A reliable client of a Postgres server: acknowledged work is committed, nobody waits for a server that is gone,
 * conflicts are retried, and a pooler in between is detected and respected.
 */
export class GuardedClient {
	readonly formats: Formats = { parsers: {}, serializers: {} };
	readonly #address: ServerAddress;
	readonly #pacing: Pacing;
	readonly #connector: Connector;
	readonly #visitor: ServerVisitor;
	readonly #statements: ConnectionPool;
	readonly #urgent: ConnectionPool;
	readonly #transactions: ConnectionPool;
	readonly #statementLimit: LimitFunction;
	readonly #transactionLimit: LimitFunction;
	readonly #watchdog: ConnectionWatchdog;
	readonly #counter = new StatementCounter();
	readonly #poolerListeners: (() => void)[] = [];
	#pooler: boolean;

	/** @param connections most connections; single statements and transactions use separate ones */
	constructor(address: ServerAddress, connections: number, pacing: Pacing = realPacing) {
		this.#address = address;
		this.#pacing = pacing;
		this.#pooler = address.isPooled;
		const shown = address.applicationName.replaceAll(/[^ -~]/g, "?").slice(0, MAX_NAME_LENGTH);
		const name = `${shown} ${crypto.randomUUID().slice(0, 8)}`;
		this.#connector = new Connector({ address, name, formats: this.formats });
		this.#visitor = new ServerVisitor(this.#connector, pacing);
		const forSingle = Math.max(1, Math.ceil(connections / CONNECTIONS_FOR_SINGLE_STATEMENTS));
		const forTransactions = Math.max(1, connections - forSingle);
		// A blocked statement must not block all others, so two are left to them.
		const forUrgent = forSingle > 2 ? 1 : 0;
		const forStatements = forSingle - forUrgent;
		const open = (signal: AbortSignal) => this.#connect(signal);
		this.#statements = new ConnectionPool(open, forStatements);
		this.#urgent = forUrgent > 0 ? new ConnectionPool(open, forUrgent, { staysOpen: true }) : this.#statements;
		this.#transactions = new ConnectionPool(open, forTransactions);
		this.#statementLimit = pLimit(forStatements);
		this.#transactionLimit = pLimit(forTransactions);
		this.#watchdog = new ConnectionWatchdog(
			() => this.#visitor.ask(),
			() => {
				for (const pool of this.#pools) pool.discardAll();
			},
		);
	}

	get #pools(): readonly ConnectionPool[] {
		return [...new Set([this.#statements, this.#urgent, this.#transactions])];
	}

	/** Whether a pooler in front of the server may give each transaction another connection. */
	get pooler(): boolean {
		return this.#pooler;
	}

	/** Calls the listener once when a pooler is detected, now or later. */
	onPooler(listener: () => void): void {
		if (this.#pooler) listener();
		else this.#poolerListeners.push(listener);
	}

	get pool(): PoolStatus {
		const limit = this.#transactionLimit;
		return {
			get most() {
				return limit.concurrency;
			},
			get running() {
				return limit.activeCount;
			},
			get waiting() {
				return limit.pendingCount;
			},
		};
	}

	async #connect(signal: AbortSignal): Promise<ServerConnection> {
		const connection = await this.#connector.connect(signal, { isLasting: true });
		if (connection.status.isPooled) this.#noticePooler();
		return connection;
	}

	/** Connects, and returns what the server reports about itself. @throws Outage when no server answers */
	handshake(): Promise<ServerStatus> {
		// Not watched: no member is waiting yet, and each host of the address gets its full time.
		return this.#statements.use(async ({ status }) => status);
	}

	#noticePooler(): void {
		if (this.#pooler) return;
		this.#pooler = true;
		for (const listener of this.#poolerListeners) listener();
	}

	#prepares(text: string, parameters: readonly unknown[]): boolean {
		return !this.#pooler && parameters.length > 0 && this.#counter.isFrequent(text);
	}

	/** Runs a single statement. @throws Outage when the server is gone: the statement may or may not have run */
	async statement(statement: Statement, urgency: Urgency = "ordinary"): Promise<readonly unknown[]> {
		try {
			return await this.#repeated(() =>
				this.#pooler
					? this.#asTransaction(statement, urgency)
					: this.#watchdog.watch(() => this.#alone(statement, urgency)),
			);
		} catch (error) {
			throw error instanceof LostCommit ? new Outage(error.cause) : error;
		}
	}

	#alone(statement: Statement, urgency: Urgency): Promise<readonly unknown[]> {
		const { text, parameters } = statement;
		const prepares = this.#prepares(text, parameters);
		const pool = urgency === "urgent" ? this.#urgent : this.#statements;
		return pool.use((connection) => connection.run(statement, prepares), prepares ? text : null);
	}

	/**
	 * Behind a pooler the session is not ours, so a statement's settings are set in its own transaction. An urgent one
	 * queues with the others while the urgent connection is in use.
	 */
	#asTransaction(statement: Statement, urgency: Urgency): Promise<readonly unknown[]> {
		const run = (pool: ConnectionPool) =>
			this.#inTransaction(pool, undefined, (transaction) => transaction.run(statement));
		const hasOwn = urgency === "urgent" && this.#urgent !== this.#statements && this.#urgent.isUnused;
		return hasOwn ? run(this.#urgent) : this.#statementLimit(() => run(this.#statements));
	}

	/**
	 * Runs a transaction and retries it after conflicts, so the work must be repeatable.
	 * @throws CommitUnknown when nobody can tell whether it was committed
	 * @throws Outage when the server is gone; nothing was done
	 */
	async transaction<Result>(
		work: (transaction: ServerTransaction) => Promise<Result>,
		settings?: PgTransactionConfig,
	): Promise<Result> {
		try {
			return await this.#repeated(() =>
				this.#transactionLimit(() => this.#inTransaction(this.#transactions, settings, work)),
			);
		} catch (error) {
			if (!(error instanceof LostCommit)) throw error;
			// A read-only transaction has nothing to lose.
			if (settings?.accessMode === "read only") throw new Outage(error.cause);
			throw new CommitUnknown(error.cause, await this.#visitor.hasEnded(error.mark, !this.#pooler));
		}
	}

	async #inTransaction<Result>(
		pool: ConnectionPool,
		settings: PgTransactionConfig | undefined,
		work: (transaction: ServerTransaction) => Promise<Result>,
	): Promise<Result> {
		const { connection, release } = await this.#watchdog.watch(() => pool.acquire());
		try {
			const transaction = new ServerTransaction(
				{
					connection,
					watchdog: this.#watchdog,
					address: this.#address,
					isPooled: this.#pooler,
					prepares: (text, parameters) => this.#prepares(text, parameters),
				},
				settings,
			);
			let result: Result;
			try {
				result = await work(transaction);
			} catch (error) {
				throw await transaction.rollback(error);
			}
			await transaction.commit();
			return result;
		} finally {
			release();
		}
	}

	#repeated<Result>(work: () => Promise<Result>): Promise<Result> {
		return repeatOnConflict(
			() =>
				work().catch((error: unknown) => {
					if (showsPooler(error)) this.#noticePooler();
					throw error;
				}),
			this.#pacing,
		);
	}

	async close(): Promise<void> {
		this.#watchdog.close();
		await Promise.all(this.#pools.map((pool) => pool.end(CLOSE_TIMEOUT)));
	}
}
