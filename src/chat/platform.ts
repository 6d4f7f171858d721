import type { Card } from "./card.ts";

/** Where a message goes. Ids are the platform's own. */
export type Destination =
	| { readonly type: "channel"; readonly workspaceId: string; readonly channelId: string }
	/** Below a message: in its thread, or as a reply if it has none. */
	| {
			readonly type: "thread";
			readonly workspaceId: string;
			readonly channelId: string;
			readonly messageId: string;
			readonly threadId: string | null;
	  }
	| { readonly type: "member"; readonly workspaceId: string; readonly memberId: string }
	/** The workspace's admins, privately. */
	| { readonly type: "admins"; readonly workspaceId: string }
	/** The place for a greeting: a channel for such messages, or else a private message to whoever installed the bot. */
	| { readonly type: "arrival"; readonly workspaceId: string };

export interface Posted {
	readonly messageId: string;
	/** The thread opened for the message; null if there is none. */
	readonly threadId: string | null;
	/** The role to mention no longer exists, so the message was posted without it. */
	readonly roleGone?: true;
}

/** A feature that only some platforms have. */
export type Feature = "roles" | "publishing";

/** One requirement of a post. `remedy` says what to do when it is missing. */
export interface Finding {
	readonly name: string;
	readonly ok: boolean;
	readonly remedy: string;
	/** The fault as a sentence. Default: that it is missing. */
	readonly fault?: string;
	/** The post is sent even without it. */
	readonly isOptional?: true;
}

/** What else a post should do, and what is already known about the channel. */
export interface PostWishes {
	readonly roleId?: string | null;
	readonly publish?: boolean;
	/** Why the platform recently refused a thread there. */
	readonly threadRefusal?: string | null;
}

/** The outcome of a send that returned no message id. */
export type DeliveryFaultKind =
	/** It certainly did not arrive, and may be retried. */
	| "not-sent"
	/** Nobody knows whether it arrived. */
	| "uncertain"
	/** It did not arrive and never will: the channel is gone, a permission is missing, or the token was revoked. */
	| "permanent";

/** Remedies for faults that need nobody's help. */
export const RETRIED = "nlpq tries again by itself, after growing pauses.";
export const RETRIED_IN_TIME = "nlpq tries again by itself when that time is over.";
export const LOOKED_UP = "nlpq checks whether it arrived, and sends it again if it did not.";

/** Thrown by a platform's sends. `message` says what happened, without secrets or members' texts. */
export class DeliveryFault extends Error {
	readonly kind: DeliveryFaultKind;
	readonly remedy: string;
	/** How long the platform asks to wait, in milliseconds. */
	readonly retryAfter: number | null;

	constructor(kind: DeliveryFaultKind, message: string, remedy: string, retryAfter: number | null = null) {
		super(message);
		this.name = "DeliveryFault";
		this.kind = kind;
		this.remedy = remedy;
		this.retryAfter = retryAfter;
	}
}

/** Events of an adapter's connection, for metrics. */
export interface ConnectionObserver {
	/** @param milliseconds from receipt of an interaction until the platform got its first response */
	acknowledged(milliseconds: number): void;
	/** A connection has replaced one that was lost. */
	reconnected(): void;
}

/** A chat platform, as the program needs it. Every method settles within the signal's deadline. */
export interface Platform {
	/** The adapter's name, as in the `workspaces` table, such as `slack`. */
	readonly name: string;
	/** Whether commands are registered with the platform. If so, members cannot type text-only commands there. */
	readonly nativeCommands?: true;
	/** Default: none. */
	readonly features?: readonly Feature[];
	/**
	 * Sends a card once. The idempotency key is the same for every attempt of one delivery; a platform that supports it
	 * refuses a second message with the same key.
	 * @throws DeliveryFault
	 */
	post(to: Destination, card: Card, key: string, signal: AbortSignal): Promise<Posted>;
	/**
	 * Checks whether a card with this key has arrived.
	 * @param since the earliest instant at which it can have been sent
	 */
	lookUp(to: Destination, key: string, since: Date, signal: AbortSignal): Promise<Posted | "absent" | "cannot-tell">;
	/**
	 * A message's URL; null if messages have none.
	 * @returns `gone` when the message no longer exists
	 * @throws DeliveryFault
	 */
	linkTo?(to: Destination, messageId: string, signal: AbortSignal): Promise<string | null | "gone">;
	/**
	 * Publishes a message to the channel's followers. Does nothing if it is already published. Missing on platforms without
	 * followers.
	 * @throws DeliveryFault
	 */
	publish?(to: Destination, messageId: string, signal: AbortSignal): Promise<void>;
	/** Which of these members have left the workspace, as far as the platform answers in time. Never throws. */
	whoLeft?(workspaceId: string, memberIds: readonly string[], signal: AbortSignal): Promise<ReadonlySet<string>>;
	/** Replaces a message's card. @throws DeliveryFault */
	edit(to: Destination, messageId: string, card: Card, signal: AbortSignal): Promise<void>;
	/**
	 * Reads a file that a member names or attaches. Missing on platforms without files.
	 * @throws UserError when there is no such file, or it is too large
	 */
	readFile?(workspaceId: string, reference: string): Promise<Uint8Array>;
	/** Whether a form can ask for a file in a workspace. Missing on platforms whose forms never can. */
	formsTakeFiles?(workspaceId: string): Promise<boolean>;
	/** Checks everything that a post in a channel needs, without posting. */
	check(workspaceId: string, channelId: string, signal: AbortSignal, wishes?: PostWishes): Promise<readonly Finding[]>;
}
