import { withDeadline } from "../../../chat/deadlines.ts";
import { MINUTE } from "../../../core/durations.ts";
import { Outage } from "../../../core/errors.ts";
import type { ServerConnection } from "./connection.ts";

/** Milliseconds before an idle connection is closed. */
const IDLE = MINUTE;
/** A connection is replaced after one to two times this many milliseconds. */
const LIFETIME = 30 * MINUTE;
const TIDY_EVERY = 10_000;

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
	/** Times on the monotonic clock, in milliseconds. */
	usedAt: number;
	readonly expiresAt: number;
}

/** Opens connections on demand, shares them between users, and closes idle ones. */
export class ConnectionPool {
	readonly #connect: (signal: AbortSignal) => Promise<ServerConnection>;
	readonly #most: number;
	readonly #tidying: NodeJS.Timeout;
	#entries: Entry[] = [];
	#isEnding = false;
	#whenUnused: (() => void) | null = null;

	/** @param most the largest number of connections */
	constructor(connect: (signal: AbortSignal) => Promise<ServerConnection>, most: number) {
		this.#connect = connect;
		this.#most = most;
		this.#tidying = setInterval(() => this.#tidy(), TIDY_EVERY).unref();
	}

	/**
	 * Lends a connection: a free one, otherwise a new one, otherwise the one with the fewest users.
	 * @throws Outage when it cannot be opened
	 */
	async acquire(): Promise<Lease> {
		if (this.#isEnding) throw new Outage(null);
		const entry = this.#choose();
		entry.users += 1;
		try {
			return { connection: await entry.opening, release: () => this.#release(entry) };
		} catch (error) {
			this.#release(entry);
			throw error;
		}
	}

	/** Lends a connection to a piece of work. @throws Outage when it cannot be opened */
	async use<Result>(work: (connection: ServerConnection) => Promise<Result>): Promise<Result> {
		const { connection, release } = await this.acquire();
		try {
			return await work(connection);
		} finally {
			release();
		}
	}

	#release(entry: Entry): void {
		entry.users -= 1;
		entry.usedAt = performance.now();
		if (this.#whenUnused && this.#entries.every(({ users }) => users === 0)) this.#whenUnused();
	}

	#choose(): Entry {
		this.#entries = this.#entries.filter(({ connection }) => !connection?.isLost);
		const free = this.#entries.filter(({ users }) => users === 0);
		// Take the one used last, so that the others become idle and close.
		if (free.length > 0) return free.reduce((best, entry) => (entry.usedAt > best.usedAt ? entry : best));
		const [first] = this.#entries;
		if (!first || this.#entries.length < this.#most) return this.#open();
		return this.#entries.reduce((best, entry) => (entry.users < best.users ? entry : best), first);
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
					return connection;
				},
				(error: unknown) => {
					this.#remove(entry);
					throw new Outage(error);
				},
			),
			connection: null,
			users: 0,
			usedAt: now,
			expiresAt: now + LIFETIME * (1 + Math.random()),
		};
		this.#entries.push(entry);
		return entry;
	}

	#remove(entry: Entry): void {
		this.#entries = this.#entries.filter((other) => other !== entry);
	}

	#tidy(): void {
		const now = performance.now();
		for (const entry of this.#entries) {
			if (entry.users > 0 || (now - entry.usedAt < IDLE && now < entry.expiresAt)) continue;
			this.#remove(entry);
			void entry.connection?.end();
		}
	}

	/** Ends all connections at once: pending statements fail, and later ones get new connections. */
	discardAll(): void {
		const all = this.#entries;
		this.#entries = [];
		for (const { attempt, connection } of all) {
			attempt.abort();
			connection?.destroy();
		}
	}

	/** Waits at most `patience` milliseconds until no connection is in use, then ends all. */
	async end(patience: number): Promise<void> {
		this.#isEnding = true;
		clearInterval(this.#tidying);
		if (this.#entries.some(({ users }) => users > 0)) {
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
