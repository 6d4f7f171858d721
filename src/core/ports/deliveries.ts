import type { Delivery, DeliveryKind, Occurrence } from "../model.ts";

export interface NewDelivery {
	readonly workspaceId: number;
	readonly platform: string;
	readonly kind: DeliveryKind;
	readonly key: string;
	readonly occurrenceId: number | null;
	readonly memberId: number | null;
	readonly payload: Readonly<Record<string, string | number>>;
	readonly fairnessRank: number;
	readonly dueAt: Date;
	readonly expiresAt: Date;
}

export type DeliveryChanges = Partial<
	Pick<Delivery, "state" | "nextTryAt" | "tries" | "sendBegunAt" | "messageId" | "fault" | "dueAt" | "expiresAt">
>;

/** Which worker claims which deliveries. */
export interface Claim {
	readonly platform: string;
	readonly worker: string;
	readonly now: Date;
	/** How long the claim holds, by the database's clock. */
	readonly leaseSeconds: number;
	readonly limit: number;
	/** Workspaces to skip for now. */
	readonly without: readonly number[];
	/** Whether the first sends of daily questions and answers begin with their claim. */
	readonly begin?: boolean;
}

/** A claimed delivery with its destination and subject, which the claim reads too. */
export interface ClaimedDelivery extends Delivery {
	/** Whether its send began with the claim: no earlier one can have arrived. */
	readonly isBegun: boolean;
	readonly workspaceExternalId: string;
	/** The member it concerns; null without one, and when it was forgotten. */
	readonly memberExternalId: string | null;
	readonly occurrence: ClaimedOccurrence | null;
}

export type ClaimedOccurrence = Pick<
	Occurrence,
	"id" | "number" | "deliveredAt" | "questionId" | "questionRevision" | "channelId" | "messageId" | "threadId"
> & {
	/** Earlier questions of the schedule whose windows its arrival closes. */
	readonly open: readonly OpenWindow[];
	/** The role that the schedule's posts notify, and whether they are published. */
	readonly roleId: string | null;
	readonly publish: boolean;
};

/** A delivered question whose window has no end yet. */
export type OpenWindow = Pick<Occurrence, "id" | "workspaceId" | "messageId"> & { readonly deliveredAt: Date };

/** The end of a window, and the delivery of its public answer. */
export interface Closing {
	readonly occurrenceId: number;
	readonly closesAt: Date;
	readonly answer: NewDelivery;
}

/** What to record of a delivery that arrived. */
export interface Arrival {
	readonly id: number;
	readonly fence: number;
	/** Of a daily question; null for everything else. */
	readonly occurrenceId: number | null;
	readonly messageId: string;
	readonly threadId: string | null;
	/** The windows that it closes. */
	readonly closings: readonly Closing[];
	/** Publishes the post to those who follow its channel; null where that is not wanted. */
	readonly publishing: NewDelivery | null;
}

export interface DeliveryStore {
	/** Adds a delivery unless its key is taken; true when it is new. */
	add(delivery: NewDelivery): Promise<boolean>;
	/**
	 * Claims due deliveries by fairness rank, and raises their fences. One statement: where sends begin with it, daily
	 * questions get their numbers too. A send whose schedule is locked does not begin.
	 */
	claim(claim: Claim): Promise<ClaimedDelivery[]>;
	/**
	 * Records arrivals and closing windows in one statement. Skips lost claims and unusual cases: a removed or locked
	 * schedule, a window that is not among the closings.
	 * @returns ids of the deliveries recorded
	 */
	recordArrivals(arrivals: readonly Arrival[]): Promise<number[]>;
	/**
	 * Notes that a send begins, and renews the lease from now on by the database's clock. False when the claim was
	 * lost or the delivery has expired: then nothing may be sent.
	 */
	beginSend(delivery: Delivery, now: Date, leaseSeconds: number): Promise<boolean>;
	/** Writes if the fence is still the claim's and gives up the lease unless told to keep it; false when it was lost. */
	change(delivery: Delivery, changes: DeliveryChanges, keepLease?: boolean): Promise<boolean>;
	get(id: number): Promise<Delivery | null>;
	byKey(key: string): Promise<Delivery | null>;
	/** Cancels an occurrence's delivery unless its send has begun; false when there is none. */
	cancel(occurrenceId: number, kind: DeliveryKind, reason: string): Promise<boolean>;
	/** Expires a delivery with an unknown outcome: it is looked up, but never sent again. */
	expire(occurrenceId: number, kind: DeliveryKind, at: Date): Promise<void>;
	/** When a platform's oldest waiting delivery fell due; null when none waits. */
	oldestWaiting(platform: string, now: Date): Promise<Date | null>;
	/** A workspace's notices to its admins that reached nobody, oldest first: a few. */
	untold(workspaceId: number): Promise<Delivery[]>;
	/** An admin has been shown them. */
	tellUntold(ids: readonly number[]): Promise<void>;
	/** When a platform's next try is due. */
	nextTry(platform: string): Promise<Date | null>;
}
