import { connect, createServer, type Server, type Socket } from "node:net";
import { Messages } from "./postgres-messages.ts";

/**
 * Where a connection is cut at its next COMMIT: before the server gets it, or after the server has committed; or only
 * on our side, so that the server still waits for it, or is still busy with it.
 */
export type Cut = "before the commit" | "after the commit" | "on our side before" | "on our side after";

const SSL_REQUEST_LENGTH = 8;

/** A proxy to a server that cuts the connection at a COMMIT when a test asks for it. */
export class CuttingWire {
	readonly #server: Server;
	readonly #sockets = new Set<Socket>();
	/** Called when a client has noticed that the server has ended its session. */
	readonly #losses: (() => void)[] = [];
	/** How to cut the next COMMIT on any connection; null not to. */
	cut: Cut | null = null;
	/** Whether new connections are refused. */
	isClosed = false;

	constructor(host: string, port: number) {
		this.#server = createServer((near) => {
			if (this.isClosed) return void near.destroy();
			const far = connect({ host, port, noDelay: true });
			for (const socket of [near, far]) {
				this.#sockets.add(socket);
				socket.setNoDelay(true);
				socket.on("error", () => undefined);
			}
			this.#carry(near, far);
		});
	}

	#carry(near: Socket, far: Socket): void {
		const messages = new Messages();
		let isStarted = false;
		let isDeaf = false;
		near.on("data", (bytes) => {
			for (const { type, body, whole } of messages.read(bytes, () => isStarted)) {
				isStarted ||= whole.length > SSL_REQUEST_LENGTH;
				const cut = type === "Q" && body.toString("utf8").startsWith("commit") ? this.cut : null;
				if (cut) this.cut = null;
				if (cut === null || cut.includes("after")) far.write(whole);
				if (cut === "after the commit") isDeaf = true;
				if (cut === "before the commit") far.destroy();
				if (cut?.startsWith("on our side")) {
					far.removeAllListeners("close");
					near.removeAllListeners("close");
					near.destroy();
				}
			}
		});
		far.on("data", (bytes) => {
			if (isDeaf) far.destroy();
			else near.write(bytes);
		});
		far.on("close", () => {
			// Not destroyed: the client closes its side once it has noticed.
			near.end();
			near.once("close", () =>
				setImmediate(() => {
					for (const noticed of this.#losses.splice(0)) noticed();
				}),
			);
		});
		near.on("close", () => far.destroy());
	}

	/** Settles when a client has noticed that the server has ended its session. Call it before the session ends. */
	nextLoss(): Promise<void> {
		return new Promise((resolve) => this.#losses.push(resolve));
	}

	/** Settles with the loopback port on which it listens. */
	listen(): Promise<number> {
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
