import { connect, createServer, type Server, type Socket } from "node:net";
import { int32, Messages, message, text } from "./postgres-messages.ts";

/** Parameters that a client may set when it connects; others are refused, as PgBouncer does. */
const TRACKED = ["client_encoding", "datestyle", "timezone", "standard_conforming_strings", "application_name"];
const SSL_REQUEST = 80_877_103;
const PROTOCOL = 196_608;
const [QUERY, SYNC, TERMINATE, READY, ERROR, PARAMETER] = ["Q", "S", "X", "Z", "E", "S"];

function parametersOf(body: Buffer): Map<string, string> {
	const words = body.toString("utf8", 4).split("\0");
	const pairs = new Map<string, string>();
	for (let index = 0; index + 1 < words.length && words[index] !== ""; index += 2)
		pairs.set(words[index] ?? "", words[index + 1] ?? "");
	return pairs;
}

interface Backend {
	readonly socket: Socket;
	ready: Promise<void>;
	client: Client | null;
	/** What the previous client's settings have left in the session. */
	readonly settings: Map<string, string>;
	/** The settings that the pooler is just making, before it passes on what the client has sent. */
	making: ReadonlyMap<string, string> | null;
	hasFailed: boolean;
}

interface Client {
	readonly socket: Socket;
	readonly settings: Map<string, string>;
	backend: Backend | null;
	/** How many replies the server still owes, and whether it has been sent anything without asking for one. */
	owed: number;
	isOpen: boolean;
	readonly waiting: Buffer[];
}

/**
 * A small transaction pooler: each of a client's transactions runs on another server connection, in turn, as behind
 * PgBouncer with `pool_mode=transaction`. A session's prepared statements and settings stay where they were made.
 */
export class TransactionPooler {
	readonly #server: Server;
	readonly #to: { host: string; port: number };
	readonly #size: number;
	readonly #backends: Backend[] = [];
	readonly #queue: Client[] = [];
	readonly #sockets = new Set<Socket>();
	#greeting: Buffer[] = [];
	/** Whether transactions change connections. If not, each client keeps one for itself and gets its real pid. */
	pools = true;
	/** How often a transaction got another server connection than the client's previous one. */
	moves = 0;

	/** @param size the number of server connections */
	constructor(host: string, port: number, size: number) {
		this.#to = { host, port };
		this.#size = size;
		this.#server = createServer((socket) => this.#welcome(socket));
	}

	#keep(socket: Socket): void {
		this.#sockets.add(socket);
		socket.setNoDelay(true);
		socket.on("error", () => undefined);
		socket.on("close", () => this.#sockets.delete(socket));
	}

	#welcome(socket: Socket): void {
		this.#keep(socket);
		if (!this.pools) {
			const direct = connect({ ...this.#to, noDelay: true });
			this.#keep(direct);
			socket.pipe(direct).pipe(socket);
			socket.on("close", () => direct.destroy());
			direct.on("close", () => socket.destroy());
			return;
		}
		const messages = new Messages();
		let client: Client | null = null;
		socket.on("data", (bytes) => {
			for (const { type, body, whole } of messages.read(bytes, () => client !== null))
				if (client) this.#forward(client, type, whole);
				else if (body.readInt32BE(0) === SSL_REQUEST) socket.write("N");
				else client = this.#admit(socket, body);
		});
	}

	#admit(socket: Socket, body: Buffer): Client | null {
		const parameters = parametersOf(body);
		const [user, database] = [parameters.get("user") ?? "", parameters.get("database") ?? ""];
		const settings = new Map([...parameters].filter(([name]) => !["user", "database"].includes(name)));
		const foreign = [...settings.keys()].find((name) => !TRACKED.includes(name.toLowerCase()));
		if (body.readInt32BE(0) !== PROTOCOL || foreign !== undefined) {
			const reason = `unsupported startup parameter: ${foreign}`;
			socket.end(message(ERROR, text("SFATAL"), text("VFATAL"), text("C08P01"), text(`M${reason}`), Buffer.alloc(1)));
			return null;
		}
		const client: Client = { socket, settings, backend: null, owed: 0, isOpen: false, waiting: [] };
		socket.on("close", () => this.#leave(client));
		void this.#open(user, database).then(() => {
			// A made-up pid and key, like PgBouncer's.
			const key = [int32(Math.floor(Math.random() * 2 ** 31)), int32(Math.floor(Math.random() * 2 ** 31))];
			socket.write(
				Buffer.concat([
					message("R", int32(0)),
					...this.#greeting,
					message("K", ...key),
					message(READY, Buffer.from("I")),
				]),
			);
		});
		return client;
	}

	/** Opens the server connections that are missing. */
	async #open(user: string, database: string): Promise<void> {
		while (this.#backends.length < this.#size) this.#openBackend(user, database);
		await Promise.all(this.#backends.map(({ ready }) => ready));
	}

	#openBackend(user: string, database: string): void {
		const socket = connect({ ...this.#to, noDelay: true });
		this.#keep(socket);
		const backend: Backend = {
			socket,
			client: null,
			settings: new Map(),
			making: null,
			hasFailed: false,
			ready: Promise.resolve(),
		};
		this.#backends.push(backend);
		const start = Buffer.concat([
			int32(PROTOCOL),
			text("user"),
			text(user),
			text("database"),
			text(database),
			Buffer.alloc(1),
		]);
		socket.write(Buffer.concat([int32(start.length + 4), start]));
		const messages = new Messages();
		const greeting: Buffer[] = [];
		let isReady = false;
		backend.ready = new Promise((resolve) => {
			socket.on("close", () => {
				this.#backends.splice(this.#backends.indexOf(backend), 1);
				backend.client?.socket.destroy();
				resolve();
			});
			socket.on("data", (bytes) => {
				for (const { type, body, whole } of messages.read(bytes, () => true)) {
					if (isReady) this.#reply(backend, type, body, whole);
					else if (type === PARAMETER) greeting.push(whole);
					else if (type === READY) {
						isReady = true;
						this.#greeting = greeting;
						resolve();
					}
				}
			});
		});
	}

	#forward(client: Client, type: string, whole: Buffer): void {
		if (type === TERMINATE) return void client.socket.end();
		client.waiting.push(whole);
		if (type === QUERY || type === SYNC) {
			client.owed += 1;
			client.isOpen = false;
		} else client.isOpen = true;
		if (client.backend?.making) return;
		if (client.backend) this.#flush(client, client.backend);
		else if (!this.#queue.includes(client)) {
			this.#queue.push(client);
			this.#assign();
		}
	}

	#flush(client: Client, backend: Backend): void {
		for (const each of client.waiting.splice(0)) backend.socket.write(each);
	}

	/** Gives free server connections to waiting clients, the one that was free longest first. */
	#assign(): void {
		for (;;) {
			const index = this.#backends.findIndex((backend) => backend.client === null);
			const client = this.#queue[0];
			const [backend] = index < 0 ? [] : this.#backends.splice(index, 1);
			if (backend) this.#backends.push(backend);
			if (!backend || !client) return;
			this.#queue.shift();
			backend.client = client;
			client.backend = backend;
			this.moves += 1;
			const missing = [...client.settings].filter(([name, value]) => backend.settings.get(name) !== value);
			if (missing.length > 0) this.#make(backend, new Map(missing));
			else this.#flush(client, backend);
		}
	}

	#make(backend: Backend, settings: ReadonlyMap<string, string>): void {
		backend.making = settings;
		backend.hasFailed = false;
		const sets = [...settings].map(([name, value]) => `set ${name} = '${value}'`);
		backend.socket.write(message(QUERY, text(sets.join("; "))));
	}

	/** A reply to the pooler's own settings. On a busy machine they may run into the role's time limit: then again. */
	#made(backend: Backend, made: ReadonlyMap<string, string>, type: string): void {
		if (type === ERROR) backend.hasFailed = true;
		if (type !== READY) return;
		if (backend.hasFailed) {
			this.#make(backend, made);
			return;
		}
		for (const [name, value] of made) backend.settings.set(name, value);
		backend.making = null;
		if (backend.client) this.#flush(backend.client, backend);
	}

	#reply(backend: Backend, type: string, body: Buffer, whole: Buffer): void {
		const { client, making } = backend;
		if (making) this.#made(backend, making, type);
		if (making || !client) return;
		client.socket.write(whole);
		if (type !== READY) return;
		client.owed -= 1;
		const isIdle = body.toString("latin1") === "I";
		if (!isIdle || client.owed > 0 || client.isOpen) return;
		client.backend = null;
		backend.client = null;
		this.#assign();
	}

	/** A client that leaves in the middle of its transaction takes its server connection with it. */
	#leave(client: Client): void {
		const place = this.#queue.indexOf(client);
		if (place >= 0) this.#queue.splice(place, 1);
		client.backend?.socket.destroy();
	}

	/** Cuts all connections on both sides, as if it were killed. It accepts new ones at once. */
	kill(): void {
		for (const socket of this.#sockets) socket.destroy();
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
		this.kill();
		this.#server.close();
	}
}
