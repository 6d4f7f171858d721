import type { Delivery, DeliveryKind } from "../model.ts";

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
}

export interface DeliveryStore {
	/** Adds a delivery unless its key is taken; true when it is new. */
	add(delivery: NewDelivery): Promise<boolean>;
	/** Claims deliveries whose time has come, by turn; each claim raises the fence. */
	claim(claim: Claim): Promise<Delivery[]>;
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
	/** The earliest try ahead on a platform. */
	nextTry(platform: string): Promise<Date | null>;
}
