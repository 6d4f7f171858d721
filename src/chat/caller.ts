import type { Place } from "./command.ts";

/** One thing that a member did, however often a platform delivers it. */
export interface InteractionOfCaller {
	/** The same for every delivery: what it changes happens once. */
	readonly key: string;
	/** Whether another process had it and ended: then it may have had its effect. */
	readonly repeated: boolean;
	/** How a reply that was lost is made up for; null where an inbox of the platform's adapter sees to it. */
	readonly owed: {
		/** What lets another process reply, sealed; null when nothing does, and the member's next command tells. */
		readonly ticket: string | null;
	} | null;
}

/** Who gave a command, and where, as a platform knows it. */
export interface Caller {
	readonly interaction: InteractionOfCaller;
	/** Null in a direct message, which means the workspace that the member used last. */
	readonly workspace: { readonly externalId: string; readonly name: string } | null;
	readonly member: { readonly externalId: string; readonly name: string };
	/** Whether the platform says that this member may look after the schedules. */
	readonly admin: boolean;
	/** The platform could not be asked just now whether this member may: not known is not no. */
	readonly rightsUnknown?: boolean;
	/** The member's IANA zone, where the platform tells it. */
	readonly zone?: string | null;
	readonly place: Place;
	readonly mentioned: ReadonlyMap<string, string>;
	/** The instant of receipt. */
	readonly receivedAt: Date;
}
