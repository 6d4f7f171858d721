import type { Logger } from "pino";
import type { Dispatcher } from "../chat/dispatch.ts";
import type { ConnectionObserver, Platform } from "../chat/platform.ts";
import type { UserError } from "../core/errors.ts";
import type { Clock } from "../core/ports/clock.ts";

/** What the program needs of a chat platform's adapter. */
export interface ChatAdapter {
	readonly platform: Platform;
	/** Prepares for requests to the platform without listening to it, for callers that never `start`. */
	prepare?(): Promise<void>;
	/** May be called again after it fails. @throws UserError when trying again cannot help */
	start(dispatcher: Dispatcher): Promise<void>;
	/** Accepts nothing new, and finishes what is in flight. */
	stop(): Promise<void>;
	healthy(): boolean;
	/** Settles with the reason when the connection cannot come back, for example after a token is revoked. */
	readonly failed?: Promise<UserError>;
}

/** What every adapter receives. */
export interface AdapterTools {
	readonly clock: Clock;
	readonly log: Logger;
	/** @param platform its name */
	connections(platform: string): ConnectionObserver;
}
