import type { PgTransactionConfig } from "drizzle-orm/pg-core";
import pLimit, { type LimitFunction } from "p-limit";
import { CommitUnknown, Outage } from "../../../core/errors.ts";
import type { ServerAddress } from "./address.ts";
import { type Pacing, realPacing, repeatOnConflict, showsPooler } from "./conflicts.ts";
import type { Formats, ServerConnection, ServerStanding, Statement } from "./connection.ts";
import { ConnectionPool } from "./connection-pool.ts";
import { ConnectionWatchdog, type Sign } from "./connection-watchdog.ts";
import { Connector } from "./connector.ts";
import { codeOf, rootOf } from "./faults.ts";
import { StatementCounter } from "./statement-counter.ts";
import { LostCommit, ServerTransaction, type TransactionMark } from "./transaction.ts";

/** How busy the connections for transactions are. */
export interface PoolStanding {
	readonly most: number;
	readonly running: number;
	readonly waiting: number;
}

/** Of this many connections one carries single statements, the others transactions. */
const CONNECTIONS_FOR_ONE = 4;
/** Milliseconds that the server has to answer the question whether it is there. */
const ASK_PATIENCE = 1_300;
/** Milliseconds that statements under way have to end when the database is closed. */
const CLOSE_PATIENCE = 5_000;
/** What a server says that has no free connection. */
const NO_ROOM = "53300";
/** How often, and at which intervals, it is asked whether a lost transaction has ended. */
const END_LOOKS = 12;
const END_LOOK_EVERY = 250;
/** After this many looks a transaction that nobody can end any more is ended by force. */
const END_BY_FORCE_AFTER = 2;

/**
 * A client of a Postgres server that can be trusted: what it acknowledges the server has committed, nobody waits for a
 * server that has gone, work that met a conflict is done again, and a pooler in between is noticed and respected.
 */
export class GuardedClient {
	readonly formats: Formats = { parsers: {}, serializers: {} };
	readonly #address: ServerAddress;
	readonly #pacing: Pacing;
	readonly #connector: Connector;
	readonly #statements: ConnectionPool;
	readonly #transactions: ConnectionPool;
	readonly #statementLimit: LimitFunction;
	readonly #transactionLimit: LimitFunction;
	readonly #watchdog: ConnectionWatchdog;
	readonly #counter = new StatementCounter();
	readonly #poolerListeners: (() => void)[] = [];
	#pooler: boolean;

	/** @param connections most connections; single statements and transactions have connections of their own */
	constructor(address: ServerAddress, connections: number, pacing: Pacing = realPacing) {
		this.#address = address;
		this.#pacing = pacing;
		this.#pooler = address.isPooled;
		const name = `${address.applicationName} ${crypto.randomUUID().slice(0, 8)}`;
		this.#connector = new Connector({ address, name, formats: this.formats });
		const forStatements = Math.max(1, Math.ceil(connections / CONNECTIONS_FOR_ONE));
		const forTransactions = Math.max(1, connections - forStatements);
		this.#statements = new ConnectionPool((signal) => this.#connect(signal), forStatements);
		this.#transactions = new ConnectionPool((signal) => this.#connect(signal), forTransactions);
		this.#statementLimit = pLimit(forStatements);
		this.#transactionLimit = pLimit(forTransactions);
		this.#watchdog = new ConnectionWatchdog(
			() => this.#ask(),
			() => {
				this.#statements.discardAll();
				this.#transactions.discardAll();
			},
		);
	}

	/** Whether somebody stands before the server who may give each transaction another connection. */
	get pooler(): boolean {
		return this.#pooler;
	}

	/** Tells once when a pooler is noticed, now or later. */
	onPooler(listener: () => void): void {
		if (this.#pooler) listener();
		else this.#poolerListeners.push(listener);
	}

	get pool(): PoolStanding {
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
		const connection = await this.#connector.connect(signal, true);
		if (connection.standing.isPooled) this.#noticePooler();
		return connection;
	}

	/** Connects, and returns what the server says of itself. @throws Outage when there is none */
	meet(): Promise<ServerStanding> {
		return this.#watchdog.watch(() => this.#statements.use(async ({ standing }) => standing));
	}

	#noticePooler(): void {
		if (this.#pooler) return;
		this.#pooler = true;
		for (const listener of this.#poolerListeners) listener();
	}

	#prepares(text: string, parameters: readonly unknown[]): boolean {
		return !this.#pooler && parameters.length > 0 && this.#counter.isFrequent(text);
	}

	/** Runs a statement by itself. @throws Outage when the server is not there: it may have been done or not */
	async statement(statement: Statement): Promise<readonly unknown[]> {
		try {
			return await this.#repeated(() =>
				this.#pooler ? this.#asTransaction(statement) : this.#watchdog.watch(() => this.#alone(statement)),
			);
		} catch (error) {
			throw error instanceof LostCommit ? new Outage(error.cause) : error;
		}
	}

	#alone(statement: Statement): Promise<readonly unknown[]> {
		return this.#statements.use((connection) =>
			connection.run(statement, this.#prepares(statement.text, statement.parameters)),
		);
	}

	/** Behind a pooler the session's settings are not ours: what a statement needs is set in its own transaction. */
	#asTransaction(statement: Statement): Promise<readonly unknown[]> {
		return this.#statementLimit(() =>
			this.#inTransaction(this.#statements, undefined, (transaction) => transaction.run(statement)),
		);
	}

	/**
	 * Runs a transaction, again when it met a conflict: the work must bear repetition.
	 * @throws CommitUnknown when it cannot be told whether it was committed
	 * @throws Outage when the server is not there; nothing was done
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
			// What wrote nothing has nothing to lose.
			if (settings?.accessMode === "read only") throw new Outage(error.cause);
			throw new CommitUnknown(error.cause, await this.#hasEnded(error.mark));
		}
	}

	async #inTransaction<Result>(
		pool: ConnectionPool,
		settings: PgTransactionConfig | undefined,
		work: (transaction: ServerTransaction) => Promise<Result>,
	): Promise<Result> {
		const { connection, release } = await this.#watchdog.watch(() => pool.acquire());
		try {
			const transaction = await ServerTransaction.begin(
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

	/**
	 * Asks what the server does for this process. One that has no room for the question is there, and a pooler may hide
	 * the name of its connections: then nothing can be said.
	 */
	async #ask(): Promise<Sign> {
		try {
			const busy = await this.#visit(
				(visitor) =>
					visitor.command(
						`select count(*) filter (where state = 'active' and pid <> pg_backend_pid()) > 0
							or count(*) filter (where pid = pg_backend_pid()) = 0 as answer
						from pg_stat_activity where application_name = current_setting('application_name')`,
					),
				ASK_PATIENCE,
			);
			return busy ? "busy" : "idle";
		} catch (error) {
			return codeOf(rootOf(error)) === NO_ROOM ? "busy" : "silent";
		}
	}

	/** Asks a question over a connection of its own. @returns the column `answer` of its row */
	async #visit(ask: (visitor: ServerConnection) => ReturnType<ServerConnection["command"]>, patience: number) {
		const signal = AbortSignal.timeout(patience);
		const visitor = await this.#connector.connect(signal, false);
		const giveUp = () => visitor.destroy();
		signal.addEventListener("abort", giveUp, { once: true });
		try {
			const { rows } = await ask(visitor);
			return rows[0]?.answer;
		} finally {
			signal.removeEventListener("abort", giveUp);
			visitor.destroy();
		}
	}

	/**
	 * Whether a transaction whose connection was lost is known to have ended, waiting some seconds for it. One that still
	 * waits for its client is ended by force where the server process is ours alone.
	 */
	async #hasEnded({ pid, began, serverRun }: TransactionMark): Promise<boolean> {
		// Of other users' sessions nothing but the process is told: then its end is what to wait for.
		const running = `from pg_stat_activity where pid = ${pid}
			and (xact_start::text = '${began}' or (xact_start is null and usename is distinct from current_user))`;
		for (let look = 1; look <= END_LOOKS; look += 1) {
			const force =
				look > END_BY_FORCE_AFTER && !this.#pooler ? `, (select count(pg_terminate_backend(pid)) ${running})` : "";
			try {
				const ended = await this.#visit(async (visitor) => {
					// Another run of a server has none of this one's transactions.
					if (visitor.standing.serverRun !== serverRun) return { tag: "", rows: [{ answer: true }] };
					return visitor.command(`select not exists (select ${running}) as answer ${force}`);
				}, ASK_PATIENCE);
				if (ended === true) return true;
			} catch {
				// Not reachable yet.
			}
			await this.#pacing.sleep(END_LOOK_EVERY);
		}
		return false;
	}

	async close(): Promise<void> {
		this.#watchdog.close();
		await Promise.all([this.#statements.end(CLOSE_PATIENCE), this.#transactions.end(CLOSE_PATIENCE)]);
	}
}
