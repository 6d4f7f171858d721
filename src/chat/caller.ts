import type { Place } from "./command.ts";

/** One action of a member, which a platform may deliver more than once. */
export interface InteractionOfCaller {
	/** The idempotency key: the same for every delivery, so that the effect happens once. */
	readonly key: string;
	/** Whether another process received it and died. It may have taken effect. */
	readonly repeated: boolean;
	/** How to recover a lost reply; null if none needs to be, as for an adapter with an inbox, or a call at its start. */
	readonly owed: {
		/** Encrypted token for another process to reply with; null: the member's next command reports the result. */
		readonly ticket: string | null;
	} | null;
}

/** Who gave a command and where, as the platform reports it. */
export interface Caller {
	readonly interaction: InteractionOfCaller;
	/** Null in a direct message, which means the workspace that the member used last. */
	readonly workspace: { readonly externalId: string; readonly name: string } | null;
	readonly member: { readonly externalId: string; readonly name: string };
	/** Whether the platform says that this member may manage schedules. */
	readonly admin: boolean;
	/** Whether the platform could not be asked about the member's rights, so that `admin: false` is not certain. */
	readonly rightsUnknown?: boolean;
	/** The member's IANA zone, if the platform reports it. */
	readonly zone?: string | null;
	readonly place: Place;
	readonly mentioned: ReadonlyMap<string, string>;
	/** The instant of receipt. */
	readonly receivedAt: Date;
}
