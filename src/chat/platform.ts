import type { Card } from "./card.ts";

/** Where a message goes. Ids are the platform's own. */
export type Destination =
	| { readonly type: "channel"; readonly workspaceId: string; readonly channelId: string }
	/** Below a message: its thread, or a reply where there is none. */
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
	/** Where the platform greets: a channel for such messages, or else whoever let the bot in, privately. */
	| { readonly type: "arrival"; readonly workspaceId: string };

export interface Posted {
	readonly messageId: string;
	/** The thread opened for the message, where the platform opens one. */
	readonly threadId: string | null;
	/** The role that it was to notify is gone: it came without. */
	readonly roleGone?: true;
}

/** What some platforms have, and others lack. */
export type Feature = "roles" | "publishing";

/** One thing that a post needs; `remedy` says what to do when it is missing. */
export interface Finding {
	readonly name: string;
	readonly ok: boolean;
	readonly remedy: string;
	/** What is wrong, as a sentence; that it is missing, if left out. */
	readonly fault?: string;
	/** The post goes out without it. */
	readonly isOptional?: true;
}

/** What else a post should do, and what is already known of the channel. */
export interface PostWishes {
	readonly roleId?: string | null;
	readonly publish?: boolean;
	/** Why the platform refused a thread there lately. */
	readonly threadRefusal?: string | null;
}

/** What became of a send that brought no message id. */
export type DeliveryFaultKind =
	/** It certainly did not arrive, and may be tried again. */
	| "not-sent"
	/** Nobody knows whether it arrived. */
	| "uncertain"
	/** It did not arrive, and will not: the channel is gone, a permission is missing, the token was revoked. */
	| "permanent";

/** Thrown by a platform's sends. `message` says in words what happened; it carries no secret and no member's text. */
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

/** What an adapter tells of its connection, for those who watch it. */
export interface ConnectionObserver {
	/** @param milliseconds from the receipt of an interaction until the platform had its first response */
	acknowledged(milliseconds: number): void;
	/** A connection has replaced one that was lost. */
	reconnected(): void;
}

/** What the program needs of a chat platform. Every method settles within the signal's deadline. */
export interface Platform {
	/** `discord`, `slack`, `terminal`: as in the workspaces' rows. */
	readonly name: string;
	/** Whether its commands are registered: what is only typed cannot be given there then. */
	readonly nativeCommands?: true;
	/** None if left out. */
	readonly features?: readonly Feature[];
	/**
	 * Sends a card once. The key is the same for every try of one delivery; a platform that can
	 * refuses a second message with it.
	 * @throws DeliveryFault
	 */
	post(to: Destination, card: Card, key: string, signal: AbortSignal): Promise<Posted>;
	/**
	 * Looks whether a card with this key has arrived.
	 * @param since instant before which it cannot have been sent
	 */
	lookUp(to: Destination, key: string, since: Date, signal: AbortSignal): Promise<Posted | "absent" | "cannot-tell">;
	/**
	 * Where a message can be opened, as an address; null where messages have none.
	 * @returns `gone` when there is no such message any more
	 * @throws DeliveryFault
	 */
	linkTo?(to: Destination, messageId: string, signal: AbortSignal): Promise<string | null | "gone">;
	/**
	 * Publishes a message to those who follow its channel; one that is published already stays so. Absent where channels
	 * have no followers.
	 * @throws DeliveryFault
	 */
	publish?(to: Destination, messageId: string, signal: AbortSignal): Promise<void>;
	/** Those of the members who have left the workspace, as far as the platform says so in time. It does not throw. */
	whoLeft?(workspaceId: string, memberIds: readonly string[], signal: AbortSignal): Promise<ReadonlySet<string>>;
	/** Replaces a message's card. @throws DeliveryFault */
	edit(to: Destination, messageId: string, card: Card, signal: AbortSignal): Promise<void>;
	/**
	 * The bytes of a file that a member names or attaches; absent where the platform takes none.
	 * @throws UserError when there is no such file, or it is larger than what is read
	 */
	readFile?(workspaceId: string, reference: string): Promise<Uint8Array>;
	/** Whether a form can ask for a file in a workspace; absent where forms cannot. */
	formsTakeFiles?(workspaceId: string): Promise<boolean>;
	/** Checks all that a post into a channel needs, without posting. */
	check(workspaceId: string, channelId: string, signal: AbortSignal, wishes?: PostWishes): Promise<readonly Finding[]>;
}
