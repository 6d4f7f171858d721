import type { PeerClock } from "./clock.ts";
import type { Credentials, Installation } from "./credentials.ts";
import type { Delivery } from "./delivery.ts";
import type { Violation } from "./errors.ts";
import type { Faults } from "./faults.ts";
import type { RateLimits } from "./rate-limits.ts";
import type { Signal } from "./signal.ts";
import type { Handles } from "./triggers.ts";
import type { Message, World } from "./world.ts";

/** The one app that is installed in this local Slack. */
export interface AppRecord {
	id: string;
	clientId: string;
	clientSecret: string;
	signingSecret: string;
	/** The events that the app subscribes to, as in its manifest; all of them if left out. */
	events?: readonly string[];
}

/** One call that the app made. */
export interface LoggedRequest {
	/** A Web API method, `response_url` or `upload`. */
	method: string;
	team: string | undefined;
	/** Milliseconds since the epoch, on the server's clock. */
	at: number;
	/** Without tokens and secrets. */
	args: Record<string, unknown>;
	/** `ok`, Slack's error code, or the fault that struck. */
	outcome: string;
}

/** Everything that the parts of the server share. */
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
	/** What Slack takes but advises against. */
	readonly advice: Violation[];
	readonly requests: LoggedRequest[];
	/** Everything that was sent to the app, in order. */
	readonly deliveries: Delivery[];
	/** Installations by workspace id, or by enterprise id for one in a whole organisation. */
	readonly installations: Map<string, Installation>;
	/** `http://127.0.0.1:port`. */
	readonly origin: string;
	/** Makes the address of a socket for apps.connections.open. */
	newSocketUrl(): string;
	/** Tells the app of a message in a conversation of its own. */
	announceMessage(message: Message): void;
	/** Sends app_uninstalled and tokens_revoked after apps.uninstall. */
	announceUninstall(installation: Installation): void;
}

/** Keeps a message, and hands an ephemeral one to the interactions of its member. */
export function keepMessage(peer: Peer, message: Message, delivery?: Delivery): void {
	peer.world.messages.push(message);
	const waiting = peer.deliveries.findLast((one) => one.user === message.ephemeralTo && one.user !== undefined);
	const target = delivery ?? waiting;
	target?.replies.push(message);
	peer.signal.changed();
}
