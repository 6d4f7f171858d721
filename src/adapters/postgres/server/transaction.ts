import type { PgTransactionConfig } from "drizzle-orm/pg-core";
import { Outage } from "../../../core/errors.ts";
import { sqlState } from "../database-fault.ts";
import type { ServerAddress } from "./address.ts";
import { isConflict, PoolerNoticed } from "./conflicts.ts";
import type { ServerConnection, Statement } from "./connection.ts";
import type { ConnectionWatchdog } from "./connection-watchdog.ts";
import { beginStatement } from "./session.ts";

/** Identifies a transaction well enough to ask over another connection whether it is still running. */
export interface TransactionMark {
	readonly pid: number;
	/** When it began, as the server writes it. */
	readonly began: string;
	readonly serverRun: string;
}

/** The connection was lost after COMMIT was sent and before the server's reply. */
export class LostCommit extends Error {
	readonly mark: TransactionMark;

	constructor(mark: TransactionMark, cause: unknown) {
		super("the connection was lost during COMMIT", { cause });
		this.name = "LostCommit";
		this.mark = mark;
	}
}

/** "Current transaction is aborted": the error of every statement after the one that failed. */
const ABORTED = "25P02";

interface TransactionParts {
	readonly connection: ServerConnection;
	readonly watchdog: ConnectionWatchdog;
	readonly address: ServerAddress;
	/** Whether a pooler owns the session, so that its state is unknown. */
	readonly isPooled: boolean;
	/** Whether to prepare a statement. */
	prepares(text: string, parameters: readonly unknown[]): boolean;
}

/**
 * One transaction on one connection. It counts as committed only when the server replies COMMIT: committing an aborted
 * transaction is a rollback without an error. `begin` and `commit` are never prepared, since a pooler may send them to
 * a server connection that does not know them.
 */
export class ServerTransaction {
	readonly #parts: TransactionParts;
	/** The reply to `begin`, which later statements do not wait for. */
	readonly #begun: Promise<TransactionMark>;
	#firstFault: unknown = null;
	/** Statements without a reply. */
	readonly #underway = new Set<Promise<unknown>>();
	#savepoints = 0;
	#isOver = false;

	/** Sends `begin`. Statements follow at once and fail with it: what is sent after it is never run outside of it. */
	constructor(parts: TransactionParts, settings: PgTransactionConfig | undefined) {
		this.#parts = parts;
		this.#begun = this.#begin(settings);
		// Each statement tells of it.
		this.#begun.catch(() => undefined);
	}

	/** @throws PoolerNoticed when another server process answers than the one that was connected to */
	async #begin(settings: PgTransactionConfig | undefined): Promise<TransactionMark> {
		const { connection, watchdog, address, isPooled } = this.#parts;
		const { version, pid } = connection.status;
		const text = beginStatement(address, isPooled ? version : null, settings);
		try {
			const { rows } = await watchdog.watch(() => connection.command(text));
			const [row] = rows;
			const mark = { pid: Number(row?.pid), began: String(row?.began), serverRun: String(row?.run) };
			if (!isPooled && mark.pid !== pid) throw new PoolerNoticed();
			return mark;
		} catch (error) {
			// Its state is unknown, so nobody else may get this connection.
			connection.destroy();
			throw error instanceof PoolerNoticed || error instanceof Outage ? error : new Outage(error);
		}
	}

	/** Runs a statement. Statements sent without waiting run in order. */
	run(statement: Statement): Promise<readonly unknown[]> {
		const ran = this.#run(statement).finally(() => this.#underway.delete(ran));
		this.#underway.add(ran);
		return ran;
	}

	async #run(statement: Statement): Promise<readonly unknown[]> {
		if (this.#isOver) throw new Error("the transaction is over");
		const { connection, watchdog, prepares } = this.#parts;
		try {
			const sent = watchdog.watch(() => connection.run(statement, prepares(statement.text, statement.parameters)));
			const [, rows] = await Promise.all([this.#begun, sent]);
			return rows;
		} catch (error) {
			this.#firstFault ??= error;
			throw error;
		}
	}

	/** Runs work in a savepoint: if it fails, only this work is undone. */
	async nested<Result>(work: () => Promise<Result>): Promise<Result> {
		this.#savepoints += 1;
		const name = `nested_${this.#savepoints}`;
		await this.#command(`savepoint ${name}`);
		try {
			const result = await work();
			await this.#command(`release savepoint ${name}`);
			return result;
		} catch (error) {
			// A conflict undoes the whole transaction, which is then retried.
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
	 * @throws LostCommit when it is unknown whether the server committed
	 * @throws the first statement's fault when the server rolled back
	 */
	async commit(): Promise<void> {
		this.#isOver = true;
		const { connection, watchdog } = this.#parts;
		const mark = await this.#begun;
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
			// An error from the server means that the transaction is undone; after silence it may be either.
			throw isSent && error instanceof Outage ? new LostCommit(mark, error) : error;
		}
		// COMMIT may overtake the handling of an earlier statement's fault in this process.
		await Promise.allSettled(this.#underway);
		if (tag !== "COMMIT") throw this.#firstFault ?? new Error(`the server answered COMMIT with ${tag}`);
		if (connection.warnings === warnings) return;
		// The server was not in a transaction, or it stopped waiting for its standby.
		connection.destroy();
		throw new LostCommit(mark, new Error("the server warned at COMMIT"));
	}

	/**
	 * Undoes everything.
	 * @returns the fault to throw: the given one, or the first fault if the given one only follows from that
	 */
	async rollback(fault: unknown): Promise<unknown> {
		this.#isOver = true;
		try {
			await this.#command("rollback");
		} catch {
			// Ending the connection undoes it too.
			this.#parts.connection.destroy();
		}
		return sqlState(fault) === ABORTED || isConflict(this.#firstFault) ? (this.#firstFault ?? fault) : fault;
	}
}
