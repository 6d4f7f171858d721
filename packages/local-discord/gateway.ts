import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { GatewayCloseCodes, GatewayIntentBits, GatewayOpcodes } from "discord-api-types/v10";
import { type WebSocket, WebSocketServer } from "ws";
import { z } from "zod";
import { shardOf } from "./clock.ts";
import { guildPayload, userPayload } from "./payloads.ts";
import type { World, WorldEvent } from "./world.ts";

const HEARTBEAT_MS = 41_250;
const KEPT_EVENTS = 1000;
const PRIVILEGED = GatewayIntentBits.GuildMembers | GatewayIntentBits.GuildPresences | GatewayIntentBits.MessageContent;

interface Session {
	readonly id: string;
	readonly shard: number;
	readonly shards: number;
	readonly intents: number;
	sequence: number;
	/** The latest frames, for resuming. */
	readonly kept: { readonly sequence: number; readonly frame: string }[];
	connection: Connection | undefined;
}

interface Connection {
	readonly socket: WebSocket;
	session: Session | undefined;
}

const FrameSchema = z.object({ op: z.number(), d: z.unknown().optional() });
const IdentifySchema = z.object({
	token: z.string(),
	intents: z.number(),
	shard: z.tuple([z.number(), z.number()]).default([0, 1]),
});
const ResumeSchema = z.object({ token: z.string(), session_id: z.string(), seq: z.number() });

export interface GatewayOptions {
	readonly token: string;
	/** The privileged intents that are granted; any other ends the connection with 4014. */
	readonly privilegedIntents: number;
	readonly url: () => string;
	readonly heartbeatMs?: number;
}

/** The server's gateway, and what a test can do to it. */
export class Gateway {
	/** Whether heartbeats are answered. */
	acknowledgesHeartbeats = true;
	/** If false, nothing reaches the bot although its sockets stay open; events are kept for a resume. */
	delivers = true;
	/** If true, the bot's close frames are never answered. */
	ignoresCloseFrames = false;
	/** If true, new connections are refused. */
	refusesConnections = false;
	/** Closes every connection that identifies, with this code; null to let them in. */
	refusesIdentify: number | null = null;
	/** Milliseconds between heartbeats, as connections to come are told. */
	heartbeatMs: number;
	/** How often each of these has happened since the start. */
	readonly counts = { connections: 0, refused: 0, identifies: 0, resumes: 0, heartbeats: 0 };
	readonly #world: World;
	readonly #options: GatewayOptions;
	readonly #server = new WebSocketServer({ noServer: true });
	readonly #connections = new Set<Connection>();
	readonly #sessions = new Map<string, Session>();

	constructor(world: World, options: GatewayOptions) {
		this.#world = world;
		this.#options = options;
		this.heartbeatMs = options.heartbeatMs ?? HEARTBEAT_MS;
		world.emit = (event) => this.#publish(event);
	}

	/** Open connections that have identified or resumed. */
	get connected(): number {
		return [...this.#connections].filter((connection) => connection.session).length;
	}

	/** Destroys every socket without a close frame. Sessions can be resumed. */
	dropConnections(): void {
		for (const { socket } of this.#connections) socket.terminate();
	}

	/** Closes every connection with one of Discord's codes. */
	closeConnections(code: number): void {
		for (const { socket } of this.#connections) socket.close(code);
	}

	/** Asks every connection to reconnect and resume (op 7). */
	requestReconnect(): void {
		for (const connection of this.#connections) send(connection, GatewayOpcodes.Reconnect, null);
	}

	/** Tells every connection that its session is invalid (op 9). */
	invalidateSessions(resumable: boolean): void {
		for (const connection of this.#connections) {
			if (!resumable && connection.session) this.#sessions.delete(connection.session.id);
			send(connection, GatewayOpcodes.InvalidSession, resumable);
		}
	}

	/** Forgets all sessions, so that every resume gets op 9. */
	forgetSessions(): void {
		this.#sessions.clear();
	}

	stop(): void {
		this.dropConnections();
		this.#server.close();
	}

	/** Takes over an HTTP upgrade. */
	upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
		if (this.refusesConnections) {
			this.counts.refused += 1;
			socket.destroy();
			return;
		}
		this.#server.handleUpgrade(request, socket, head, (opened) => this.#open(opened, request.url ?? ""));
	}

	#open(socket: WebSocket, url: string): void {
		const query = new URL(url, "http://gateway").searchParams;
		const refusal = connectionRefusal(query);
		if (refusal !== undefined) {
			socket.close(refusal);
			return;
		}
		this.counts.connections += 1;
		const connection: Connection = { socket, session: undefined };
		this.#connections.add(connection);
		// ws answers close frames by calling close() itself.
		if (this.ignoresCloseFrames) socket.close = () => {};
		socket.on("error", () => socket.terminate());
		socket.on("message", (data) => {
			const closeCode = this.#receive(connection, data.toString());
			if (closeCode !== undefined) socket.close(closeCode);
		});
		socket.on("close", (code) => this.#closed(connection, code));
		send(connection, GatewayOpcodes.Hello, { heartbeat_interval: this.heartbeatMs });
	}

	#closed(connection: Connection, code: number): void {
		this.#connections.delete(connection);
		const { session } = connection;
		if (session?.connection !== connection) return;
		session.connection = undefined;
		// A bot that closes with one of these codes ends its session.
		if (code === 1000 || code === 1001) this.#sessions.delete(session.id);
	}

	/** Handles one frame. Returns the code with which to close the connection if the frame was wrong. */
	#receive(connection: Connection, text: string): number | undefined {
		const frame = FrameSchema.safeParse(readJson(text));
		if (!frame.success) return GatewayCloseCodes.DecodeError;
		const { op, d } = frame.data;
		if (op === GatewayOpcodes.Heartbeat) {
			this.counts.heartbeats += 1;
			if (this.acknowledgesHeartbeats) send(connection, GatewayOpcodes.HeartbeatAck, null);
			return undefined;
		}
		if (op === GatewayOpcodes.Identify) return this.#identify(connection, d);
		if (op === GatewayOpcodes.Resume) return this.#resume(connection, d);
		return connection.session ? undefined : GatewayCloseCodes.NotAuthenticated;
	}

	#identify(connection: Connection, data: unknown): number | undefined {
		const parsed = IdentifySchema.safeParse(data);
		if (!parsed.success) return GatewayCloseCodes.DecodeError;
		if (connection.session) return GatewayCloseCodes.AlreadyAuthenticated;
		const { token, intents, shard } = parsed.data;
		this.counts.identifies += 1;
		if (this.refusesIdentify !== null) return this.refusesIdentify;
		if (token !== this.#options.token) return GatewayCloseCodes.AuthenticationFailed;
		if (shard[0] >= shard[1] || shard[0] < 0) return GatewayCloseCodes.InvalidShard;
		const disallowed = intents & PRIVILEGED & ~this.#options.privilegedIntents;
		if (disallowed !== 0) return GatewayCloseCodes.DisallowedIntents;
		const id = `session-${this.#world.ids.next()}`;
		const session: Session = { id, shard: shard[0], shards: shard[1], intents, sequence: 0, kept: [], connection };
		connection.session = session;
		this.#sessions.set(id, session);
		this.#ready(session);
		return undefined;
	}

	#ready(session: Session): void {
		const { applicationId, bot, guilds } = this.#world;
		const own = [...guilds.values()].filter((guild) => shardOf(guild.id, session.shards) === session.shard);
		this.#send(session, "READY", {
			v: 10,
			user: userPayload(bot),
			guilds: own.map((guild) => ({ id: guild.id, unavailable: true })),
			session_id: session.id,
			resume_gateway_url: this.#options.url(),
			shard: [session.shard, session.shards],
			application: { id: applicationId, flags: 0 },
		});
		if ((session.intents & GatewayIntentBits.Guilds) === 0) return;
		for (const guild of own) this.#send(session, "GUILD_CREATE", guildPayload(this.#world, guild));
	}

	#resume(connection: Connection, data: unknown): number | undefined {
		const parsed = ResumeSchema.safeParse(data);
		if (!parsed.success) return GatewayCloseCodes.DecodeError;
		const { token, session_id, seq } = parsed.data;
		if (token !== this.#options.token) return GatewayCloseCodes.AuthenticationFailed;
		this.counts.resumes += 1;
		const session = this.#sessions.get(session_id);
		const oldest = session?.kept[0]?.sequence ?? 1;
		if (!session || seq < oldest - 1) {
			send(connection, GatewayOpcodes.InvalidSession, false);
			return undefined;
		}
		if (seq > session.sequence) return GatewayCloseCodes.InvalidSeq;
		session.connection?.socket.terminate();
		session.connection = connection;
		connection.session = session;
		for (const { sequence, frame } of session.kept) if (sequence > seq) connection.socket.send(frame);
		this.#send(session, "RESUMED", {});
		return undefined;
	}

	#publish(event: WorldEvent): void {
		const needed = intentsFor(event);
		for (const session of this.#sessions.values()) {
			const shard = event.guildId === undefined ? 0 : shardOf(event.guildId, session.shards);
			const wanted = needed === 0 || (session.intents & needed) !== 0;
			if (shard === session.shard && wanted) this.#send(session, event.name, event.data);
		}
	}

	#send(session: Session, name: string, data: object): void {
		session.sequence += 1;
		const { sequence } = session;
		const frame = JSON.stringify({ op: GatewayOpcodes.Dispatch, t: name, s: sequence, d: data });
		session.kept.push({ sequence, frame });
		if (session.kept.length > KEPT_EVENTS) session.kept.shift();
		if (this.delivers) session.connection?.socket.send(frame);
	}
}

function send({ socket }: Connection, op: number, data: unknown): void {
	socket.send(JSON.stringify({ op, d: data, s: null, t: null }));
}

function connectionRefusal(query: URLSearchParams): number | undefined {
	if (query.get("v") !== "10") return GatewayCloseCodes.InvalidAPIVersion;
	return query.get("encoding") === "json" ? undefined : GatewayCloseCodes.DecodeError;
}

function readJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** Any of these intents lets an event through; 0 means everybody gets it. */
function intentsFor({ name, directMessage }: WorldEvent): number {
	if (name === "INTERACTION_CREATE") return 0;
	if (!name.startsWith("MESSAGE_")) return GatewayIntentBits.Guilds;
	return directMessage ? GatewayIntentBits.DirectMessages : GatewayIntentBits.GuildMessages;
}
