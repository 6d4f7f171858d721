import type { Delivery, DeliveryKind, Occurrence } from "../model.ts";

export interface NewDelivery {
	readonly workspaceId: number;
	readonly platform: string;
	readonly kind: DeliveryKind;
	readonly key: string;
	readonly occurrenceId: number | null;
	readonly memberId: number | null;
	readonly facts: Readonly<Record<string, string | number>>;
	readonly turn: number;
	readonly dueAt: Date;
	readonly expiresAt: Date;
}

export type DeliveryChanges = Partial<
	Pick<Delivery, "state" | "nextTryAt" | "tries" | "sendBegunAt" | "messageId" | "fault" | "dueAt" | "expiresAt">
>;

/** Who claims what. */
export interface Claim {
	readonly platform: string;
	readonly worker: string;
	readonly now: Date;
	/** How long the claim holds, by the database's clock. */
	readonly leaseSeconds: number;
	readonly limit: number;
	/** Workspaces that are to wait. */
	readonly without: readonly number[];
	/** Whether the first sends of daily questions and answers begin with their claim. */
	readonly begin?: boolean;
}

/** A delivery that its worker holds, with all that the claim knows about where it goes and what it is about. */
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
};

/** A delivered question whose window has no end yet. */
export type OpenWindow = Pick<Occurrence, "id" | "workspaceId" | "messageId"> & { readonly deliveredAt: Date };

/** The end of a window, and the answer to be made public then. */
export interface Closing {
	readonly occurrenceId: number;
	readonly closesAt: Date;
	readonly answer: NewDelivery;
}

/** What is recorded of a delivery that arrived. */
export interface Arrival {
	readonly id: number;
	readonly fence: number;
	/** Of a daily question; null for everything else. */
	readonly occurrenceId: number | null;
	readonly messageId: string;
	readonly threadId: string | null;
	/** The windows that it closes. */
	readonly closings: readonly Closing[];
}

export interface DeliveryStore {
	/** Adds a delivery unless its key is taken; true when it is new. */
	add(delivery: NewDelivery): Promise<boolean>;
	/**
	 * Claims deliveries whose time has come, by turn; each claim raises the fence. One statement: where sends begin with
	 * it, daily questions get their numbers too. A send whose schedule is held just now does not begin.
	 */
	claim(claim: Claim): Promise<ClaimedDelivery[]>;
	/**
	 * Records in one statement what has arrived, with the windows that close. Leaves out lost claims, and whatever is not
	 * as usual: a removed or held schedule, a window that is not among the closings.
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
	/** Takes back an occurrence's delivery of which no send is in the air; false when there is none. */
	cancel(occurrenceId: number, kind: DeliveryKind, reason: string): Promise<boolean>;
	/** Lets a delivery of which nobody knows whether it arrived be looked up, and never sent again. */
	expire(occurrenceId: number, kind: DeliveryKind, at: Date): Promise<void>;
	/** Instant at which the oldest waiting delivery of a platform fell due; null when none waits. */
	oldestWaiting(platform: string, now: Date): Promise<Date | null>;
	/** A workspace's notices to its admins that reached nobody, oldest first: a few. */
	untold(workspaceId: number): Promise<Delivery[]>;
	/** An admin has been shown them. */
	tellUntold(ids: readonly number[]): Promise<void>;
	/** The earliest try ahead on a platform. */
	nextTry(platform: string): Promise<Date | null>;
}
