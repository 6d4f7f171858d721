import { randomBytes } from "node:crypto";
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { isRecord } from "./schema/exactly.ts";
import type { Signal } from "./signal.ts";

/** A socket that the app keeps open. */
interface Link {
	number: number;
	socket: WebSocket;
	frozen: boolean;
}

/** Real milliseconds between the server's pings. */
const PING_EVERY_MS = 5000;
/** How long an app may take for its part of closing a socket, in real milliseconds. */
const CLOSE_WITHIN_MS = 500;

/** Closes a socket together with the app. Cuts off a frozen one, or one whose app does not answer. */
function close({ socket, frozen }: Link): Promise<void> {
	return new Promise((resolve) => {
		const giveUp = setTimeout(() => socket.terminate(), CLOSE_WITHIN_MS);
		socket.once("close", () => {
			clearTimeout(giveUp);
			resolve();
		});
		if (frozen) socket.terminate();
		else socket.close();
	});
}

/** The Socket Mode side: sockets, their envelopes and acks, and everything that can happen to a socket. */
export class Sockets {
	/** How many sockets have been opened in total. */
	opened = 0;
	/** While true, apps.connections.open answers, but sockets are refused with HTTP 503. */
	refusing = false;
	onAck: (envelopeId: string, payload: unknown) => void = () => {};
	private links: Link[] = [];
	private next = 0;
	private readonly tickets = new Set<string>();
	private readonly server = new WebSocketServer({ noServer: true, autoPong: false });
	private readonly signal: Signal;
	private readonly appId: string;
	private readonly pinging: NodeJS.Timeout;

	constructor(signal: Signal, appId: string) {
		this.signal = signal;
		this.appId = appId;
		this.pinging = setInterval(() => {
			for (const link of this.links) if (!link.frozen) link.socket.ping();
		}, PING_EVERY_MS);
		this.pinging.unref();
	}

	/** Handles the HTTP server's upgrade requests. */
	attach(http: Server): void {
		http.on("upgrade", (request, socket, head) => this.upgrade(request, socket, head));
	}

	/** The path of a socket, usable once. */
	newPath(): string {
		const ticket = randomBytes(12).toString("hex");
		this.tickets.add(ticket);
		return `/link/?ticket=${ticket}&app_id=${this.appId}`;
	}

	/** The numbers of the open sockets, in order of opening. */
	get open(): number[] {
		return this.links.map((link) => link.number);
	}

	/** Waits until exactly `count` sockets are open. */
	waitFor(count: number, milliseconds?: number): Promise<number[]> {
		const find = () => (this.links.length === count ? this.open : undefined);
		return this.signal.until(`${count} open sockets`, find, milliseconds);
	}

	/** Sends to the next socket in turn. Returns its number; undefined if none is open. */
	send(envelope: Record<string, unknown>): number | undefined {
		const link = this.links[this.next % Math.max(1, this.links.length)];
		this.next += 1;
		// What is sent to a dead socket is lost, and nobody is told.
		if (link !== undefined && !link.frozen) link.socket.send(JSON.stringify(envelope));
		return link?.number;
	}

	/** Sends a text unchanged to every socket. */
	sendText(text: string): void {
		for (const link of this.links) link.socket.send(text);
	}

	/** Freezes sockets: they send nothing, read nothing and answer no ping. */
	freeze(number?: number): void {
		for (const link of this.chosen(number)) {
			link.frozen = true;
			link.socket.pause();
		}
	}

	/** Cuts sockets off without a close frame. */
	drop(number?: number): void {
		for (const link of this.chosen(number)) link.socket.terminate();
	}

	/** Tells the app that Slack is about to close: `warning` about 10 seconds before, `refresh_requested` at once. */
	disconnect(reason: "warning" | "refresh_requested" | "link_disabled", number?: number): void {
		const text = JSON.stringify({ type: "disconnect", reason, debug_info: { host: "applink-local" } });
		for (const link of this.chosen(number)) link.socket.send(text);
	}

	/** Ends everything. An app whose socket is cut while it closes would wait half a minute for the close frame. */
	async stop(): Promise<void> {
		clearInterval(this.pinging);
		await Promise.all(this.links.map(close));
		this.server.close();
	}

	private chosen(number: number | undefined): Link[] {
		return this.links.filter((link) => number === undefined || link.number === number);
	}

	private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
		const ticket = new URL(request.url ?? "/", "http://local").searchParams.get("ticket") ?? "";
		if (this.refusing || !this.tickets.delete(ticket)) {
			socket.end(`HTTP/1.1 ${this.refusing ? "503 Service Unavailable" : "408 Request Timeout"}\r\n\r\n`);
			return;
		}
		this.server.handleUpgrade(request, socket, head, (opened) => this.welcome(opened));
	}

	private welcome(socket: WebSocket): void {
		this.opened += 1;
		const link: Link = { number: this.opened, socket, frozen: false };
		this.links.push(link);
		socket.on("ping", (data) => {
			if (!link.frozen) socket.pong(data);
		});
		socket.on("error", () => socket.terminate());
		socket.on("close", () => {
			this.links = this.links.filter((other) => other !== link);
			this.signal.changed();
		});
		socket.on("message", (data) => this.receive(String(data)));
		socket.send(
			JSON.stringify({
				type: "hello",
				num_connections: this.links.length,
				debug_info: { host: "applink-local", build_number: 1, approximate_connection_time: 18_060 },
				connection_info: { app_id: this.appId },
			}),
		);
		this.signal.changed();
	}

	private receive(text: string): void {
		const message: unknown = JSON.parse(text);
		if (isRecord(message) && typeof message.envelope_id === "string") this.onAck(message.envelope_id, message.payload);
	}
}
