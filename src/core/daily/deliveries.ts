import type { Delivery, Occurrence } from "../model.ts";
import type { ClaimedDelivery, Closing, NewDelivery, OpenWindow } from "../ports/deliveries.ts";
import type { LockedSchedule } from "../ports/schedules.ts";
import type { Services } from "../service/services.ts";
import { closingInstant } from "../streak/streak.ts";
import { pauseLocked } from "./change-schedule.ts";
import { deliveryOf } from "./enqueue.ts";
import { alertAdmins, giveUpOccurrence } from "./occurrences.ts";

const UNKNOWN = "it cannot be told whether it arrived";

interface Subject {
	readonly locked: LockedSchedule;
	readonly occurrence: Occurrence;
}

/**
 * The schedule and occurrence of a daily delivery. Locks the schedule before any other row: this prevents deadlocks, and
 * a pause or an edit sees either no send or one that has begun.
 */
async function subjectOf(tx: Services, delivery: Delivery): Promise<Subject | null> {
	if (delivery.kind !== "daily" || delivery.occurrenceId === null) return null;
	const locked = await tx.store.schedules.lockByOccurrence(delivery.occurrenceId);
	const occurrence = await tx.store.occurrences.get(delivery.occurrenceId);
	return locked && occurrence && { locked, occurrence };
}

/**
 * Records that a send begins: from now on it may have arrived. A daily question gets its number at its first send, and
 * its window opens at the send that arrives. One transaction.
 * @returns the occurrence with its number; null for other kinds; false when the claim was lost or the delivery expired,
 * so nothing may be sent
 */
export async function beginSend(
	services: Services,
	delivery: Delivery,
	now: Date,
	leaseSeconds: number,
): Promise<Occurrence | null | false> {
	if (delivery.kind !== "daily")
		return (await services.store.deliveries.beginSend(delivery, now, leaseSeconds)) ? null : false;
	return services.transaction(async (tx) => {
		const { deliveries, occurrences } = tx.store;
		const subject = await subjectOf(tx, delivery);
		if (!subject || !(await deliveries.beginSend(delivery, now, leaseSeconds))) return false;
		const { locked, occurrence } = subject;
		const number = occurrence.number ?? locked.row.lastNumber + 1;
		if (occurrence.number === null) await locked.change({ lastNumber: number });
		const changes = { state: "sending" as const, number, deliveredAt: now };
		await occurrences.change(occurrence.id, changes);
		return { ...occurrence, ...changes };
	});
}

/** The closing of a window: when it closes, given the next question's delivery, and the post of the public answer. */
function closingOf(platform: string, { id, workspaceId, deliveredAt }: OpenWindow, next: Date): Closing {
	const closesAt = closingInstant(deliveredAt, next);
	const message = { kind: "answer" as const, workspaceId, occurrenceId: id, closesAt };
	const answer = deliveryOf(platform, message, closesAt);
	return { occurrenceId: id, closesAt, answer };
}

/** Sets the end of a window, and enqueues the answer that becomes public then. Runs inside a transaction. */
export async function closeWindow(tx: Services, platform: string, occurrence: Occurrence, next: Date): Promise<void> {
	const { id, deliveredAt, messageId } = occurrence;
	if (deliveredAt === null) return;
	const { closesAt, answer } = closingOf(platform, { ...occurrence, deliveredAt }, next);
	await tx.store.occurrences.change(id, { closesAt });
	if (messageId !== null) await tx.store.deliveries.add(answer);
}

/** Closes the window of a send that outlived its schedule: no later question will close it. */
async function closeLast(tx: Services, platform: string, occurrence: Occurrence): Promise<void> {
	if (occurrence.deliveredAt) await closeWindow(tx, platform, occurrence, occurrence.deliveredAt);
}

/** Closes the earlier windows of a schedule when a later question is delivered. */
export async function closeEarlier(tx: Services, platform: string, occurrence: Occurrence): Promise<void> {
	const { scheduleId, number, deliveredAt } = occurrence;
	if (number === null || number === 1 || deliveredAt === null) return;
	for (const earlier of await tx.store.occurrences.unclosed(scheduleId, number))
		await closeWindow(tx, platform, earlier, deliveredAt);
}

/** The delivery that publishes a post after it arrives; null when its schedule does not publish. */
function publishingOf(
	{ kind, platform, workspaceId, occurrence }: ClaimedDelivery,
	messageId: string,
): NewDelivery | null {
	if (kind !== "daily" || !occurrence?.publish || !occurrence.deliveredAt) return null;
	const message = { kind: "publish" as const, workspaceId, occurrenceId: occurrence.id, messageId };
	return deliveryOf(platform, message, occurrence.deliveredAt);
}

/** Records that a delivery arrived. One transaction; false when another worker took the claim over and records it. */
export async function recordSent(
	services: Services,
	delivery: ClaimedDelivery,
	messageId: string,
	threadId: string | null,
): Promise<boolean> {
	const sent = { state: "sent" as const, messageId, fault: null };
	if (delivery.kind !== "daily") return services.store.deliveries.change(delivery, sent);
	return services.transaction(async (tx) => {
		const { deliveries, occurrences } = tx.store;
		const subject = await subjectOf(tx, delivery);
		if (!(await deliveries.change(delivery, sent))) return false;
		if (!subject) return true;
		const { locked, occurrence } = subject;
		const { lastFault, state } = locked.row;
		await occurrences.change(occurrence.id, { state: "delivered", messageId, threadId, fault: null });
		if (lastFault !== null && state === "active") await locked.change({ lastFault: null });
		await closeEarlier(tx, delivery.platform, occurrence);
		const publishing = publishingOf(delivery, messageId);
		if (publishing) await deliveries.add(publishing);
		if (state === "removed") await closeLast(tx, delivery.platform, { ...occurrence, messageId });
		return true;
	});
}

/** A delivery that arrived. */
export interface Arrived {
	readonly delivery: ClaimedDelivery;
	readonly messageId: string;
	readonly threadId: string | null;
}

/** The windows that the arrival of a daily question closes. */
function closingsOf({ kind, platform, occurrence }: ClaimedDelivery): Closing[] {
	const deliveredAt = occurrence?.deliveredAt;
	if (kind !== "daily" || !deliveredAt) return [];
	return occurrence.open.map((window) => closingOf(platform, window, deliveredAt));
}

/**
 * Records ordinary arrivals in one statement. The caller passes the rest to `recordSent`.
 * @returns ids of the recorded deliveries
 */
export async function recordArrived(services: Services, arrived: readonly Arrived[]): Promise<Set<number>> {
	const arrivals = arrived.map(({ delivery, messageId, threadId }) => ({
		id: delivery.id,
		fence: delivery.fence,
		occurrenceId: delivery.kind === "daily" ? delivery.occurrenceId : null,
		messageId,
		threadId,
		closings: closingsOf(delivery),
		publishing: publishingOf(delivery, messageId),
	}));
	return new Set(await services.store.deliveries.recordArrivals(arrivals));
}

/**
 * Gives up on a delivery that certainly did not arrive and gets no retry. One transaction.
 * @returns false when the claim was lost
 */
export async function recordSkipped(services: Services, delivery: Delivery, fault: string): Promise<boolean> {
	return services.transaction(async (tx) => {
		const subject = await subjectOf(tx, delivery);
		if (!(await tx.store.deliveries.change(delivery, { state: "skipped", fault }))) return false;
		if (subject) await giveUpOccurrence(tx, subject.locked, subject.occurrence, "skipped", fault);
		return true;
	});
}

/** Tells the admins that a post was not published. Once per reason: the next post may fail in the same way. */
async function tellUnpublished(tx: Services, delivery: Delivery, fault: string, remedy: string, now: Date) {
	const { workspaceId, platform, occurrenceId } = delivery;
	const occurrence = occurrenceId === null ? null : await tx.store.occurrences.get(occurrenceId);
	const schedule = occurrence && (await tx.store.schedules.get(workspaceId, occurrence.scheduleId));
	if (!schedule) return;
	const alert = { alert: "unpublished" as const, schedule: schedule.id, channel: schedule.channelName, fault, remedy };
	await alertAdmins(tx, platform, workspaceId, `unpublished:${schedule.id}:${fault}`, alert, now);
}

/** The role to mention is gone: the schedule continues without it, and the admins are told. One transaction. */
export async function forgetRole(services: Services, delivery: ClaimedDelivery, now: Date): Promise<void> {
	const { workspaceId, platform, occurrence } = delivery;
	if (!occurrence?.roleId) return;
	const { id, roleId } = occurrence;
	await services.transaction(async (tx) => {
		const locked = await tx.store.schedules.lockByOccurrence(id);
		// An admin has chosen another role in the meantime.
		if (locked?.row.roleId !== roleId) return;
		await locked.change({ roleId: null });
		const alert = { alert: "role-gone" as const, schedule: locked.row.id, channel: locked.row.channelName };
		await alertAdmins(tx, platform, workspaceId, `role-gone:${locked.row.id}:${roleId}`, alert, now);
	});
}

/**
 * Records that the platform will never accept a delivery. For a daily question, pauses the schedule, keeps its settings
 * and tells the admins the remedy, once. One transaction.
 * @returns false when the claim was lost
 */
export async function recordFailed(
	services: Services,
	delivery: Delivery,
	fault: string,
	remedy: string,
	now: Date,
): Promise<boolean> {
	return services.transaction(async (tx) => {
		const subject = await subjectOf(tx, delivery);
		if (!(await tx.store.deliveries.change(delivery, { state: "failed", fault }))) return false;
		if (delivery.kind === "publish") await tellUnpublished(tx, delivery, fault, remedy, now);
		if (!subject) return true;
		const { locked, occurrence } = subject;
		await giveUpOccurrence(tx, locked, occurrence, "failed", fault);
		await pauseLocked(tx, locked, { fault, remedy, alertKey: `paused:${locked.row.id}:${delivery.id}` }, now);
		return true;
	});
}

/**
 * Records that nobody can tell whether a delivery arrived. It is never sent again, and the admins are told about a daily
 * question, unless its schedule was removed: then they could not settle it. One transaction.
 * @returns false when the claim was lost
 */
export async function recordUnknown(services: Services, delivery: Delivery, now: Date): Promise<boolean> {
	return services.transaction(async (tx) => {
		const { deliveries, occurrences } = tx.store;
		const subject = await subjectOf(tx, delivery);
		if (!(await deliveries.change(delivery, { state: "unknown", fault: UNKNOWN }))) return false;
		if (!subject) return true;
		const { locked, occurrence } = subject;
		await occurrences.change(occurrence.id, { state: "unknown", fault: UNKNOWN });
		if (locked.row.state === "removed") {
			await closeLast(tx, delivery.platform, occurrence);
			return true;
		}
		await locked.change({ lastFault: UNKNOWN });
		const alert = { alert: "unknown" as const, schedule: locked.row.id, date: occurrence.localDate };
		await alertAdmins(
			tx,
			delivery.platform,
			delivery.workspaceId,
			`unknown:${occurrence.id}:${delivery.id}`,
			alert,
			now,
		);
		return true;
	});
}
