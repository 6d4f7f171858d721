import type { Logger } from "pino";
import type { Dispatcher } from "../chat/dispatch.ts";
import type { ConnectionObserver, Platform } from "../chat/platform.ts";
import type { UserError } from "../core/errors.ts";
import type { Clock } from "../core/ports/clock.ts";

/** A chat platform's adapter, as the composition wants it. */
export interface ChatAdapter {
	readonly platform: Platform;
	/** Prepares for calls to the platform without listening, for callers that do not `start`. */
	prepare?(): Promise<void>;
	/** May be called again after it failed. @throws UserError when it cannot go on */
	start(dispatcher: Dispatcher): Promise<void>;
	/** Takes nothing new and finishes what is in flight. */
	stop(): Promise<void>;
	healthy(): boolean;
	/** Settles with the reason when the connection has ended for good, for example after a revoked token. */
	readonly failed?: Promise<UserError>;
}

/** What adapters are built with. */
export interface AdapterTools {
	readonly clock: Clock;
	readonly log: Logger;
	/** @param platform by its name */
	connections(platform: string): ConnectionObserver;
}
