import type { PeerClock } from "./clock.ts";
import type { Credentials, Installation } from "./credentials.ts";
import type { Delivery } from "./delivery.ts";
import type { Violation } from "./errors.ts";
import type { Faults } from "./faults.ts";
import type { RateLimits } from "./rate-limits.ts";
import type { Signal } from "./signal.ts";
import type { Handles } from "./triggers.ts";
import type { Message, World } from "./world.ts";

/** The only app of this local Slack. */
export interface AppRecord {
	id: string;
	clientId: string;
	clientSecret: string;
	signingSecret: string;
	/** The events that the app subscribes to, as in its manifest; all if missing. */
	events?: readonly string[];
}

/** One call of the app. */
export interface LoggedRequest {
	/** A Web API method, `response_url` or `upload`. */
	method: string;
	team: string | undefined;
	/** Milliseconds since the epoch, on the server's clock. */
	at: number;
	/** Without tokens and secrets. */
	args: Record<string, unknown>;
	/** `ok`, Slack's error code, or the fault that happened. */
	outcome: string;
}

/** What the parts of the server share. */
export interface Peer {
	readonly app: AppRecord;
	readonly clock: PeerClock;
	readonly world: World;
	readonly credentials: Credentials;
	readonly faults: Faults;
	readonly rateLimits: RateLimits;
	readonly handles: Handles;
	readonly signal: Signal;
	readonly violations: Violation[];
	/** What Slack accepts but advises against. */
	readonly advice: Violation[];
	readonly requests: LoggedRequest[];
	/** Everything sent to the app, in order. */
	readonly deliveries: Delivery[];
	/** Installations by workspace id, or by enterprise id if organisation-wide. */
	readonly installations: Map<string, Installation>;
	/** `http://127.0.0.1:port`. */
	readonly origin: string;
	/** Makes a new socket's address for apps.connections.open. */
	newSocketUrl(): string;
	/** Reports a message in one of the app's own conversations to it. */
	announceMessage(message: Message): void;
	/** Sends app_uninstalled and tokens_revoked after apps.uninstall. */
	announceUninstall(installation: Installation): void;
}

/** Stores a message, and adds an ephemeral one to the interaction of its member. */
export function keepMessage(peer: Peer, message: Message, delivery?: Delivery): void {
	peer.world.messages.push(message);
	const waiting = peer.deliveries.findLast((one) => one.user === message.ephemeralTo && one.user !== undefined);
	const target = delivery ?? waiting;
	target?.replies.push(message);
	peer.signal.changed();
}
