import type { Socket } from "node:net";
import postgres from "postgres";
import { codeOf } from "../../network-errors.ts";
import type { ServerAddress, ServerHost } from "./address.ts";
import { CLOSED, LostConnection, READ_ONLY } from "./faults.ts";
import { SERVER_RUN, STARTUP_PARAMETERS, sessionSetup } from "./session.ts";
import { type Encryption, openSocket } from "./tls.ts";

/**
 * How values are converted. The query builder changes the driver's serializers, and every connection must share them.
 */
export type Formats = Pick<postgres.ParsedOptions, "parsers" | "serializers">;

/** A statement with its parameters, from the query builder. */
export interface Statement {
	readonly text: string;
	readonly parameters: readonly unknown[];
	/** Rows as arrays of values instead of objects. */
	readonly asValues: boolean;
}

/** What a server reports about itself and the connection to it. */
export interface ServerStatus {
	/** Postgres's version number, such as 150004. */
	readonly version: number;
	readonly takesWrites: boolean;
	/** Identifies one run of one server. */
	readonly serverRun: string;
	readonly pid: number;
	/** Whether a pooler in between may give each transaction another server connection. */
	readonly isPooled: boolean;
}

export interface ConnectionSettings {
	readonly address: ServerAddress;
	/** Name of this process's connections in `pg_stat_activity`. */
	readonly name: string;
	readonly formats: Formats;
}

const HELLO = `select pg_backend_pid() as pid,
	${SERVER_RUN},
	current_setting('server_version_num')::int as version,
	not pg_is_in_recovery() as writes`;

/** A parameter as the text that the server reads, as the driver does not know its type. */
function plainly(value: unknown): unknown {
	if (value === undefined) return null;
	if (value instanceof Date) return value.toISOString();
	return typeof value === "object" && value !== null ? JSON.stringify(value) : value;
}

/**
 * One connection: a driver client with a pool size of one. It never reconnects, as work begun here must not continue
 * elsewhere. Every statement settles, even if the driver forgets a reply.
 */
export class ServerConnection {
	readonly #client: postgres.Sql;
	readonly #pending = new Set<(reason: Error) => void>();
	#socket: Socket | null = null;
	#isLost = false;
	#lastReceived: Buffer | null = null;
	#warnings = 0;
	#status: ServerStatus | null = null;

	private constructor(host: ServerHost, encryption: Encryption, settings: ConnectionSettings, signal: AbortSignal) {
		const { address, name, formats } = settings;
		const parameters: Record<string, string> = {
			application_name: name,
			...STARTUP_PARAMETERS,
			...(address.options ? { options: address.options } : {}),
		};
		// The driver's types leave out `socket`, which it documents.
		const options = {
			max: 1,
			fetch_types: false,
			// The pool ends it, since only the pool knows whether a transaction is open.
			idle_timeout: 0,
			max_lifetime: null,
			host: host.name,
			port: host.port,
			user: address.user,
			// Not an empty string, or the driver would look in the environment.
			password: () => address.password,
			database: address.database,
			ssl: false,
			connection: parameters,
			onnotice: ({ severity }: postgres.Notice) => {
				if (severity === "WARNING") this.#warnings += 1;
			},
			onclose: () => this.#lose(),
			// The driver calls this again to reconnect, which is refused.
			socket: async () => {
				if (this.#socket || this.#isLost) throw new LostConnection(this.#lastReceived);
				this.#socket = await openSocket(host, encryption, address.tls, signal);
				this.#socket.on("data", (bytes) => {
					this.#lastReceived = bytes;
				});
				return this.#socket;
			},
		};
		this.#client = postgres(options);
		Object.assign(this.#client.options.parsers, formats.parsers);
		Object.assign(this.#client.options.serializers, formats.serializers);
	}

	/**
	 * Connects.
	 * @param signal aborts the attempt
	 * @param isLasting whether to set the session up for work; false for a mere probe
	 */
	static async open(
		host: ServerHost,
		encryption: Encryption,
		settings: ConnectionSettings,
		signal: AbortSignal,
		isLasting: boolean,
	): Promise<ServerConnection> {
		// The caller's signal may fire later, when the connection is in use.
		const attempt = new AbortController();
		const connection = new ServerConnection(host, encryption, settings, attempt.signal);
		const giveUp = () => {
			attempt.abort();
			connection.destroy();
		};
		signal.addEventListener("abort", giveUp, { once: true });
		try {
			await connection.#handshake(settings.address);
			if (isLasting) await connection.#setUp(settings.address);
		} catch (error) {
			connection.destroy();
			throw signal.aborted ? Object.assign(new Error("no reply in time"), { code: "CONNECT_TIMEOUT" }) : error;
		} finally {
			signal.removeEventListener("abort", giveUp);
		}
		return connection;
	}

	async #handshake({ isPooled }: ServerAddress): Promise<void> {
		const result = await this.#orLost(this.#client.unsafe(HELLO));
		const [row] = result;
		if (!row) throw new Error("the server does not say who it is");
		this.#status = {
			version: row.version,
			takesWrites: row.writes,
			serverRun: row.run,
			pid: row.pid,
			isPooled: isPooled || result.state.pid !== row.pid,
		};
	}

	get status(): ServerStatus {
		if (!this.#status) throw new Error("the connection is not open yet");
		return this.#status;
	}

	/** Sets up an exclusive session. */
	async #setUp(address: ServerAddress): Promise<void> {
		const { isPooled, takesWrites, version } = this.status;
		if (!isPooled && takesWrites) await this.command(sessionSetup(address, version));
	}

	get isLost(): boolean {
		return this.#isLost;
	}

	/** How many warnings the server has sent since the connection was opened. */
	get warnings(): number {
		return this.#warnings;
	}

	/** Runs a statement. Statements sent without waiting run in order. */
	run({ text, parameters, asValues }: Statement, prepare: boolean): Promise<readonly unknown[]> {
		// The driver serializes whatever the query builder passes to it.
		// Parameters given as arguments make the driver ask for their types first: a round trip that everything else on the
		// connection waits for. It takes `parameters` that a query already has as they are (`build` in its connection.js).
		const options = { prepare, simple: parameters.length === 0 } as postgres.UnsafeQueryOptions;
		const hasBytes = parameters.some((value) => value instanceof Uint8Array);
		const query = hasBytes
			? this.#client.unsafe(text, [...parameters] as postgres.ParameterOrJSON<never>[], { prepare })
			: Object.assign(this.#client.unsafe(text, [], options), { parameters: parameters.map(plainly) });
		return this.#orLost<readonly unknown[]>(asValues ? query.values() : query);
	}

	/** Runs commands without parameters, never prepared. @returns the last command's rows and tag */
	async command(text: string): Promise<{ readonly tag: string; readonly rows: readonly postgres.Row[] }> {
		const result: unknown = await this.#orLost<unknown>(this.#client.unsafe(text).simple());
		const all = Array.isArray(result) && Array.isArray(result[0]) ? result : [result];
		// A result is an array of rows that knows its command; several commands return an array of results.
		const last = all.at(-1) as postgres.RowList<postgres.Row[]>;
		return { tag: last.command, rows: [...last] };
	}

	/** Ends the connection in order. */
	async end(): Promise<void> {
		await this.#client.end({ timeout: 1 }).catch(() => undefined);
		this.destroy();
	}

	/** Ends the connection at once: pending statements fail. */
	destroy(): void {
		this.#lose();
		this.#socket?.destroy();
		void this.#client.end({ timeout: 0 }).catch(() => undefined);
	}

	#lose(): void {
		this.#isLost = true;
		// The driver's own error, if any, comes first.
		queueMicrotask(() => {
			for (const fail of this.#pending) fail(new LostConnection(this.#lastReceived));
			this.#pending.clear();
		});
	}

	#orLost<Result>(query: PromiseLike<Result>): Promise<Result> {
		if (this.#isLost) return Promise.reject(new LostConnection(this.#lastReceived));
		return new Promise((resolve, reject) => {
			this.#pending.add(reject);
			const settle = () => this.#pending.delete(reject);
			query.then(
				(result) => {
					settle();
					resolve(result);
				},
				(error: unknown) => {
					settle();
					// The server has become a standby, so later work must find another server.
					if (codeOf(error) === READ_ONLY) this.destroy();
					reject(codeOf(error) === CLOSED ? new LostConnection(this.#lastReceived) : error);
				},
			);
		});
	}
}
