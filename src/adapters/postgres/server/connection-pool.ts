import { withDeadline } from "../../../chat/deadlines.ts";
import { MINUTE } from "../../../core/durations.ts";
import { Outage } from "../../../core/errors.ts";
import type { ServerConnection } from "./connection.ts";

/** Milliseconds before an idle connection is closed. */
const IDLE = MINUTE;
/** A connection is replaced after one to two times this many milliseconds. */
const LIFETIME = 30 * MINUTE;
const CLEANUP_INTERVAL = 10_000;
/**
 * A prepared statement stays on its connection until that one has this many more users than the least busy; then it is
 * prepared there too.
 */
const MAX_EXTRA_USERS = 16;
/**
 * Connections being opened at the same time. A new one has to plan every statement again, so opening many at once would
 * keep the server busy with nothing else.
 */
const MAX_OPENING = 4;
/** Prepared statements remembered for each connection. */
const MAX_PREPARED = 500;

/** A connection on loan until it is released. */
export interface Lease {
	readonly connection: ServerConnection;
	release(): void;
}

interface Entry {
	readonly opening: Promise<ServerConnection>;
	readonly attempt: AbortController;
	/** Null until it is open. */
	connection: ServerConnection | null;
	users: number;
	/** Statements prepared on it. Preparing one delays all others on the connection by a round trip. */
	readonly preparedStatements: Set<string>;
	/** Times on the monotonic clock, in milliseconds. */
	usedAt: number;
	readonly expiresAt: number;
}

const fewestUsers = (entries: readonly Entry[]): Entry | undefined =>
	entries.reduce<Entry | undefined>((best, entry) => (best && best.users <= entry.users ? best : entry), undefined);

/** Somebody who needs a connection for themselves. */
interface Waiter {
	take(lease: Lease): void;
	fail(outage: Outage): void;
}

/** Opens connections on demand, shares them between users, and closes idle ones. */
export class ConnectionPool {
	readonly #connect: (signal: AbortSignal) => Promise<ServerConnection>;
	readonly #maxConnections: number;
	readonly #staysOpen: boolean;
	readonly #cleanupTimer: NodeJS.Timeout;
	#entries: Entry[] = [];
	readonly #waiters: Waiter[] = [];
	#isEnding = false;
	#whenUnused: (() => void) | null = null;

	/**
	 * @param maxConnections the largest number of connections
	 * @param staysOpen whether connections stay open while nobody uses them
	 */
	constructor(
		connect: (signal: AbortSignal) => Promise<ServerConnection>,
		maxConnections: number,
		{ staysOpen = false } = {},
	) {
		this.#connect = connect;
		this.#maxConnections = maxConnections;
		this.#staysOpen = staysOpen;
		this.#cleanupTimer = setInterval(() => this.#tidy(), CLEANUP_INTERVAL).unref();
	}

	/**
	 * Lends a connection to one user alone: the first that is free or opened.
	 * @throws Outage when none can be opened
	 */
	async acquire(): Promise<Lease> {
		if (this.#isEnding) throw new Outage(null);
		return new Promise((take, fail) => {
			this.#waiters.push({ take, fail });
			this.#serve();
		});
	}

	/** Gives free connections to those who wait, and opens more for the rest. */
	#serve(): void {
		this.#forgetLost();
		for (let free = this.#free(null); free && this.#waiters.length > 0; free = this.#free(null)) {
			const entry = free;
			if (!entry.connection) break;
			entry.users += 1;
			this.#waiters.shift()?.take({ connection: entry.connection, release: () => this.#release(entry) });
		}
		while (this.#mayOpen && this.#opening < this.#waiters.length) this.#open();
	}

	get #opening(): number {
		return this.#entries.filter(({ connection }) => connection === null).length;
	}

	get #mayOpen(): boolean {
		return this.#entries.length < this.#maxConnections && this.#opening < MAX_OPENING;
	}

	/** Fails one waiter after a connection could not be opened; all of them if no other connection is open. */
	#failWaiters(outage: Outage): void {
		const others = this.#entries.some(({ connection }) => connection?.isLost === false);
		for (const { fail } of this.#waiters.splice(0, others ? 1 : this.#waiters.length)) fail(outage);
	}

	#forgetLost(): void {
		this.#entries = this.#entries.filter(({ connection }) => !connection?.isLost);
	}

	async #leaseEntry(choose: () => Entry | undefined): Promise<Lease> {
		if (this.#isEnding) throw new Outage(null);
		this.#forgetLost();
		const entry = choose() ?? this.#open();
		entry.users += 1;
		try {
			return { connection: await entry.opening, release: () => this.#release(entry) };
		} catch (error) {
			this.#release(entry);
			throw error;
		}
	}

	/**
	 * Lends a connection to a single statement, which may share it: opening another takes several round trips, so the
	 * statement does not wait for that.
	 * @param text the statement's text if it is to be prepared: a connection that has prepared it is preferred
	 * @throws Outage when none can be opened
	 */
	async use<Result>(
		work: (connection: ServerConnection) => Promise<Result>,
		text: string | null = null,
	): Promise<Result> {
		const { connection, release } = await this.#leaseEntry(() => this.#shared(text));
		try {
			return await work(connection);
		} finally {
			release();
		}
	}

	get isUnused(): boolean {
		return this.#waiters.length === 0 && this.#entries.every(({ users }) => users === 0);
	}

	#release(entry: Entry): void {
		entry.users -= 1;
		entry.usedAt = performance.now();
		if (this.#waiters.length > 0) this.#serve();
		if (this.#whenUnused && this.isUnused) this.#whenUnused();
	}

	#free(text: string | null): Entry | undefined {
		const free = this.#entries.filter(({ users, connection }) => users === 0 && connection !== null);
		const prepared = text === null ? [] : free.filter(({ preparedStatements }) => preparedStatements.has(text));
		// Take the one used last, so that the others become idle and close.
		return (prepared.length > 0 ? prepared : free).reduce<Entry | undefined>(
			(best, entry) => (best && best.usedAt >= entry.usedAt ? best : entry),
			undefined,
		);
	}

	#shared(text: string | null): Entry | undefined {
		const entry = this.#free(text) ?? this.#leastBusyOpeningAnother(text);
		if (entry && text !== null) {
			if (entry.preparedStatements.size >= MAX_PREPARED) entry.preparedStatements.clear();
			entry.preparedStatements.add(text);
		}
		return entry;
	}

	#leastBusyOpeningAnother(text: string | null): Entry | undefined {
		const opening = this.#mayOpen ? this.#open() : undefined;
		const open = this.#entries.filter(({ connection }) => connection !== null);
		const fewest = fewestUsers(open);
		if (!fewest) return opening ?? fewestUsers(this.#entries);
		const prepared =
			text === null ? undefined : fewestUsers(open.filter(({ preparedStatements }) => preparedStatements.has(text)));
		return prepared && prepared.users <= fewest.users + MAX_EXTRA_USERS ? prepared : fewest;
	}

	#open(): Entry {
		const now = performance.now();
		const attempt = new AbortController();
		const entry: Entry = {
			attempt,
			opening: this.#connect(attempt.signal).then(
				(connection) => {
					entry.connection = connection;
					if (attempt.signal.aborted) connection.destroy();
					// Runs after callers that await this connection itself.
					else if (this.#waiters.length > 0) queueMicrotask(() => this.#serve());
					return connection;
				},
				(error: unknown) => {
					this.#remove(entry);
					const outage = new Outage(error);
					this.#failWaiters(outage);
					if (this.#waiters.length > 0) this.#serve();
					throw outage;
				},
			),
			connection: null,
			users: 0,
			preparedStatements: new Set(),
			usedAt: now,
			expiresAt: now + LIFETIME * (1 + Math.random()),
		};
		// A shared connection is opened ahead, so nobody may be there to handle its error.
		entry.opening.catch(() => undefined);
		this.#entries.push(entry);
		return entry;
	}

	#remove(entry: Entry): void {
		this.#entries = this.#entries.filter((other) => other !== entry);
	}

	#tidy(): void {
		const now = performance.now();
		const idle = this.#staysOpen ? Number.POSITIVE_INFINITY : IDLE;
		for (const entry of this.#entries) {
			if (entry.users > 0 || (now - entry.usedAt < idle && now < entry.expiresAt)) continue;
			this.#remove(entry);
			void entry.connection?.end();
			if (this.#staysOpen) this.#open();
		}
	}

	/** Ends all connections at once: pending statements fail, and later ones get new connections. */
	discardAll(): void {
		const all = this.#entries;
		this.#entries = [];
		this.#failWaiters(new Outage(null));
		for (const { attempt, connection } of all) {
			attempt.abort();
			connection?.destroy();
		}
	}

	/** Waits at most `patience` milliseconds until no connection is in use, then ends all. */
	async end(patience: number): Promise<void> {
		this.#isEnding = true;
		clearInterval(this.#cleanupTimer);
		if (!this.isUnused) {
			const unused = new Promise<void>((resolve) => {
				this.#whenUnused = resolve;
			});
			await withDeadline(unused, patience, undefined);
		}
		const open = this.#entries.flatMap(({ connection }) => (connection?.isLost === false ? [connection] : []));
		await Promise.all(open.map((connection) => connection.end()));
		this.discardAll();
	}
}
