import postgres from "postgres";
import type { ServerAddress, ServerHost } from "./address.ts";
import { type ConnectionSettings, ServerConnection } from "./connection.ts";
import { isRefusal, NoServer, NotWritable } from "./faults.ts";
import { encryptionsOf, TlsFault } from "./tls.ts";

/** Milliseconds to wait for an address's only host, and for each of several hosts. */
const CONNECT_TIMEOUT = 8_000;
const HOST_TIMEOUT = 3_000;

/** Whether to try another encryption after this error, as libpq does in its modes allow and prefer. */
function mayTryOtherwise(error: unknown): boolean {
	return error instanceof TlsFault || (error instanceof postgres.PostgresError && /^(28000|08)/.test(error.code));
}

/** Connects to the host of an address that accepts writes. */
export class Connector {
	readonly #settings: ConnectionSettings;
	readonly #patience: number;
	/** The next attempt begins with this host: the one that served last, or the one after a failed host. */
	#first = 0;

	constructor(settings: ConnectionSettings) {
		const { hosts, connectSeconds } = settings.address;
		this.#settings = settings;
		this.#patience = connectSeconds ? connectSeconds * 1000 : hosts.length > 1 ? HOST_TIMEOUT : CONNECT_TIMEOUT;
	}

	get #address(): ServerAddress {
		return this.#settings.address;
	}

	/**
	 * Connects to the first host that accepts writes.
	 * @param signal aborts the attempt; the next one begins with another host
	 * @param isLasting whether to set the session up for work; false for a mere probe
	 * @throws the host's own error if there is one host, otherwise NoServer with each host's reason
	 */
	async connect(signal: AbortSignal, { isLasting }: { readonly isLasting: boolean }): Promise<ServerConnection> {
		const { hosts } = this.#address;
		const reasons: { host: string; error: unknown }[] = [];
		const start = this.#first;
		for (const step of hosts.keys()) {
			const index = (start + step) % hosts.length;
			const host = hosts[index];
			if (!host || signal.aborted) break;
			try {
				const connection = await this.#connectTo(host, signal, isLasting);
				this.#first = index;
				return connection;
			} catch (error) {
				this.#first = (index + 1) % hosts.length;
				if (hosts.length === 1 || isRefusal(error)) throw error;
				reasons.push({ host: `${host.name}:${host.port}`, error });
			}
		}
		throw new NoServer(reasons);
	}

	async #connectTo(host: ServerHost, signal: AbortSignal, isLasting: boolean): Promise<ServerConnection> {
		// Not AbortSignal.any with a timeout: Node 20 may collect that timeout, which then never fires.
		const attempt = new AbortController();
		const giveUp = () => attempt.abort();
		const timer = setTimeout(giveUp, this.#patience);
		signal.addEventListener("abort", giveUp, { once: true });
		try {
			return await this.#openOn(host, attempt.signal, isLasting);
		} finally {
			clearTimeout(timer);
			signal.removeEventListener("abort", giveUp);
		}
	}

	async #openOn(host: ServerHost, signal: AbortSignal, isLasting: boolean): Promise<ServerConnection> {
		let refused: unknown;
		for (const encryption of encryptionsOf(this.#address.tls)) {
			try {
				const connection = await ServerConnection.open(host, encryption, this.#settings, signal, isLasting);
				if (connection.status.takesWrites) return connection;
				connection.destroy();
				throw new NotWritable();
			} catch (error) {
				refused ??= error;
				if (!mayTryOtherwise(error)) throw error;
			}
		}
		throw refused;
	}
}
