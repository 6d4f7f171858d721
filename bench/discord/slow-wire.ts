import { connect, createServer, type Server, type Socket } from "node:net";

/** A way to a server on which everything that is said arrives later by so many milliseconds, in order. */
export class SlowWire {
	readonly #server: Server;
	readonly #sockets = new Set<Socket>();
	#delay: number;

	constructor(host: string, port: number, delay: number) {
		this.#delay = delay;
		this.#server = createServer((near) => {
			const far = connect({ host, port, noDelay: true });
			near.setNoDelay(true);
			for (const socket of [near, far]) {
				this.#sockets.add(socket);
				socket.on("close", () => this.#sockets.delete(socket));
			}
			// The delay lies on the way there; the way back is as fast as it is.
			near.on("data", (bytes) => setTimeout(() => far.writable && far.write(bytes), this.#delay));
			far.on("data", (bytes) => near.writable && near.write(bytes));
			near.on("close", () => far.destroy());
			far.on("close", () => near.destroy());
			near.on("error", () => far.destroy());
			far.on("error", () => near.destroy());
		});
	}

	set delay(milliseconds: number) {
		this.#delay = milliseconds;
	}

	/** Settles with the port of loopback on which it listens. */
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
		for (const socket of this.#sockets) socket.destroy();
		this.#server.close();
	}
}
