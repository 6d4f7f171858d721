import type { PgTransactionConfig } from "drizzle-orm/pg-core";
import { Outage } from "../../../core/errors.ts";
import { sqlState } from "../database-fault.ts";
import type { ServerAddress } from "./address.ts";
import { isConflict, PoolerNoticed } from "./conflicts.ts";
import type { ServerConnection, Statement } from "./connection.ts";
import type { ConnectionWatchdog } from "./connection-watchdog.ts";
import { beginStatement } from "./session.ts";

/** Who carries a transaction: enough to ask from another connection whether it still runs. */
export interface TransactionMark {
	readonly pid: number;
	/** Instant of its beginning, in the server's own words. */
	readonly began: string;
	readonly serverRun: string;
}

/** The connection was lost between a COMMIT and the server's word for it. */
export class LostCommit extends Error {
	readonly mark: TransactionMark;

	constructor(mark: TransactionMark, cause: unknown) {
		super("the connection was lost during COMMIT", { cause });
		this.name = "LostCommit";
		this.mark = mark;
	}
}

/** "Current transaction is aborted": what comes after the statement that failed. */
const ABORTED = "25P02";

interface TransactionParts {
	readonly connection: ServerConnection;
	readonly watchdog: ConnectionWatchdog;
	readonly address: ServerAddress;
	/** Whether the session is a pooler's, so that nothing may be expected of it. */
	readonly isPooled: boolean;
	/** Whether a statement is to be prepared. */
	prepares(text: string, parameters: readonly unknown[]): boolean;
}

/**
 * One transaction on one connection. It is believed to be committed only when the server says COMMIT: the commit of an
 * aborted transaction is a rollback without an error, and `begin` and `commit` are never prepared, as a pooler may give
 * them to a server connection that does not know them.
 */
export class ServerTransaction {
	readonly #parts: TransactionParts;
	readonly #mark: TransactionMark;
	#firstFault: unknown = null;
	#savepoints = 0;
	#isOver = false;

	private constructor(parts: TransactionParts, mark: TransactionMark) {
		this.#parts = parts;
		this.#mark = mark;
	}

	/** @throws PoolerNoticed when another server process answers than the one that was connected to */
	static async begin(parts: TransactionParts, settings: PgTransactionConfig | undefined): Promise<ServerTransaction> {
		const { connection, watchdog, address, isPooled } = parts;
		const { version, pid } = connection.standing;
		const text = beginStatement(address, isPooled ? version : null, settings);
		try {
			const { rows } = await watchdog.watch(() => connection.command(text));
			const [row] = rows;
			const mark = { pid: Number(row?.pid), began: String(row?.began), serverRun: String(row?.run) };
			if (!isPooled && mark.pid !== pid) throw new PoolerNoticed();
			return new ServerTransaction(parts, mark);
		} catch (error) {
			// Whatever state it is in, nobody else may find it.
			connection.destroy();
			throw error instanceof PoolerNoticed || error instanceof Outage ? error : new Outage(error);
		}
	}

	/** Runs a statement. Statements sent without waiting run in order. */
	async run(statement: Statement): Promise<readonly unknown[]> {
		if (this.#isOver) throw new Error("the transaction is over");
		const { connection, watchdog, prepares } = this.#parts;
		try {
			return await watchdog.watch(() => connection.run(statement, prepares(statement.text, statement.parameters)));
		} catch (error) {
			this.#firstFault ??= error;
			throw error;
		}
	}

	/** Does work that may fail by itself: then it alone is undone. */
	async nested<Result>(work: () => Promise<Result>): Promise<Result> {
		this.#savepoints += 1;
		const name = `nested_${this.#savepoints}`;
		await this.#command(`savepoint ${name}`);
		try {
			const result = await work();
			await this.#command(`release savepoint ${name}`);
			return result;
		} catch (error) {
			// A conflict undoes the whole transaction, which is then repeated.
			if (!isConflict(this.#firstFault)) {
				await this.#command(`rollback to savepoint ${name}`);
				this.#firstFault = null;
			}
			throw error;
		}
	}

	#command(text: string): ReturnType<ServerConnection["command"]> {
		const { connection, watchdog } = this.#parts;
		return watchdog.watch(() => connection.command(text));
	}

	/**
	 * Commits.
	 * @throws LostCommit when it cannot be told whether it was
	 * @throws the first statement's fault when the server rolled back
	 */
	async commit(): Promise<void> {
		this.#isOver = true;
		const { connection, watchdog } = this.#parts;
		if (connection.isLost) throw new Outage(this.#firstFault);
		const warnings = connection.warnings;
		let isSent = false;
		let tag: string;
		try {
			const reply = await watchdog.watch(() => {
				isSent = true;
				return connection.command("commit");
			});
			tag = reply.tag;
		} catch (error) {
			connection.destroy();
			// An error that the server reports has undone the transaction; silence may mean either.
			throw isSent && error instanceof Outage ? new LostCommit(this.#mark, error) : error;
		}
		if (tag !== "COMMIT") throw this.#firstFault ?? new Error(`the server answered COMMIT with ${tag}`);
		if (connection.warnings === warnings) return;
		// It was not in a transaction, or stopped waiting for its standby.
		connection.destroy();
		throw new LostCommit(this.#mark, new Error("the server warned at COMMIT"));
	}

	/**
	 * Undoes everything.
	 * @returns the fault to throw: the one that began it, where the given one only follows from it
	 */
	async rollback(fault: unknown): Promise<unknown> {
		this.#isOver = true;
		try {
			await this.#command("rollback");
		} catch {
			// Its end undoes it too.
			this.#parts.connection.destroy();
		}
		return sqlState(fault) === ABORTED || isConflict(this.#firstFault) ? (this.#firstFault ?? fault) : fault;
	}
}
