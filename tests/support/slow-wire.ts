import { connect, createServer, type Server, type Socket } from "node:net";

/** One connection through the wire: its two ends, and whether it still carries anything. */
interface Link {
	readonly near: Socket;
	readonly far: Socket;
	dead: boolean;
}

/** A proxy to a server that delays everything by some milliseconds, in order, or drops it. */
export class SlowWire {
	readonly #server: Server;
	readonly #links = new Set<Link>();
	#delay: number;
	/** If true, new connections are accepted but carry nothing. */
	#isDead = false;

	constructor(host: string, port: number, delay: number) {
		this.#delay = delay;
		this.#server = createServer((near) => {
			const far = connect({ host, port, noDelay: true });
			near.setNoDelay(true);
			const link: Link = { near, far, dead: this.#isDead };
			this.#links.add(link);
			// Only the way to the server is delayed.
			near.on("data", (bytes) => setTimeout(() => this.#carry(link, far, bytes), this.#delay));
			far.on("data", (bytes) => this.#carry(link, near, bytes));
			for (const [end, other] of [
				[near, far],
				[far, near],
			] as const) {
				end.on("close", () => this.#closed(link, other));
				end.on("error", () => undefined);
			}
		});
	}

	#carry(link: Link, to: Socket, bytes: Buffer): void {
		if (!link.dead && to.writable) to.write(bytes);
	}

	/** On a dead link, neither end learns that the other has gone. */
	#closed(link: Link, other: Socket): void {
		if (!link.dead) other.destroy();
		if (link.near.destroyed && link.far.destroyed) this.#links.delete(link);
	}

	set delay(milliseconds: number) {
		this.#delay = milliseconds;
	}

	/**
	 * From now on the open connections carry nothing, and nobody is told. @param newToo whether new ones carry nothing
	 * either
	 */
	fallSilent(newToo: boolean): void {
		for (const link of this.#links) link.dead = true;
		this.#isDead = newToo;
	}

	/** New connections work again; those that fell silent stay silent. */
	recover(): void {
		this.#isDead = false;
	}

	/** Settles with the loopback port on which it listens. */
	open(): Promise<number> {
		return new Promise((resolve, reject) => {
			this.#server.once("error", reject);
			this.#server.listen(0, "127.0.0.1", () => {
				const address = this.#server.address();
				if (typeof address === "object" && address) resolve(address.port);
				else reject(new Error("no port"));
			});
		});
	}

	close(): void {
		for (const { near, far } of this.#links) {
			near.destroy();
			far.destroy();
		}
		this.#server.close();
	}
}
