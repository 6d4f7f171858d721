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

/** A worker's request for deliveries. */
export interface Claim {
	readonly platform: string;
	readonly worker: string;
	readonly now: Date;
	/** How long the claim lasts, by the database's clock. */
	readonly leaseSeconds: number;
	readonly limit: number;
	/** Workspaces to skip for now. */
	readonly without: readonly number[];
	/** Whether the claim also begins the first sends of daily questions and answers. */
	readonly begin?: boolean;
}

/** A claimed delivery with its destination and subject, read in the same statement. */
export interface ClaimedDelivery extends Delivery {
	/** Whether the claim began its first send, so that no earlier send can have arrived. */
	readonly isBegun: boolean;
	readonly workspaceExternalId: string;
	/** The member that it concerns; null if there is none, or the member was forgotten. */
	readonly memberExternalId: string | null;
	readonly occurrence: ClaimedOccurrence | null;
}

export type ClaimedOccurrence = Pick<
	Occurrence,
	"id" | "number" | "deliveredAt" | "questionId" | "questionRevision" | "channelId" | "messageId" | "threadId"
> & {
	/** The schedule's earlier questions whose windows this one's arrival closes. */
	readonly open: readonly OpenWindow[];
	/** The role that the schedule's posts mention, and whether to publish them. */
	readonly roleId: string | null;
	readonly publish: boolean;
	/** When an active schedule posts its next question. */
	readonly nextRunAt: Date | null;
};

/** A delivered question whose closing time is not yet known. */
export type OpenWindow = Pick<Occurrence, "id" | "workspaceId" | "messageId"> & { readonly deliveredAt: Date };

/** The end of a window, and the delivery that makes the answer public. */
export interface Closing {
	readonly occurrenceId: number;
	readonly closesAt: Date;
	readonly answer: NewDelivery;
}

/** The record of a delivery that arrived. */
export interface Arrival {
	readonly id: number;
	readonly fence: number;
	/** The daily question's occurrence; null for other kinds. */
	readonly occurrenceId: number | null;
	readonly messageId: string;
	readonly threadId: string | null;
	/** The windows that its arrival closes. */
	readonly closings: readonly Closing[];
	/** The delivery that publishes the post to the channel's followers; null: do not publish. */
	readonly publishing: NewDelivery | null;
}

export interface DeliveryStore {
	/** Adds a delivery unless its key exists. @returns whether it was added */
	add(delivery: NewDelivery): Promise<boolean>;
	/**
	 * Claims due deliveries by fairness rank and raises their fencing tokens, in one statement. With `begin`, it also begins
	 * first sends and numbers daily questions, except those whose schedule is locked.
	 */
	claim(claim: Claim): Promise<ClaimedDelivery[]>;
	/**
	 * Records arrivals and closes windows in one statement. Skips lost claims and unusual cases: a removed or locked
	 * schedule, or an open window that is not in `closings`.
	 * @returns ids of the recorded deliveries
	 */
	recordArrivals(arrivals: readonly Arrival[]): Promise<number[]>;
	/**
	 * Records that a send begins, and renews the lease by the database's clock. False when the claim was lost or the
	 * delivery has expired: then nothing may be sent.
	 */
	beginSend(delivery: Delivery, now: Date, leaseSeconds: number): Promise<boolean>;
	/** Writes if the fencing token is still current, and releases the lease unless `keepLease`; false if it is stale. */
	change(delivery: Delivery, changes: DeliveryChanges, options?: { readonly keepLease?: boolean }): Promise<boolean>;
	get(id: number): Promise<Delivery | null>;
	byKey(key: string): Promise<Delivery | null>;
	/** Cancels an occurrence's delivery if its send has not begun. @returns whether it cancelled one */
	cancel(occurrenceId: number, kind: DeliveryKind, reason: string): Promise<boolean>;
	/** Expires a delivery whose send has begun: the worker looks it up but never sends it again. */
	expire(occurrenceId: number, kind: DeliveryKind, at: Date): Promise<void>;
	/** When a platform's oldest waiting delivery fell due; null when none waits. */
	oldestWaiting(platform: string, now: Date): Promise<Date | null>;
	/** A few of a workspace's notices to admins that reached nobody, oldest first. */
	untold(workspaceId: number): Promise<Delivery[]>;
	/** Records that an admin has seen these notices. */
	markShown(ids: readonly number[]): Promise<void>;
	/** When a platform's next try is due. */
	nextTry(platform: string): Promise<Date | null>;
}
