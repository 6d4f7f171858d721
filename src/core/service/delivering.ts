import type { Delivery, Occurrence, Schedule } from "../model.ts";
import type { Store } from "../ports.ts";
import { closingInstant } from "../streak.ts";
import { alertAdmins, giveUpOccurrence, LATEST, skipWaiting } from "./daily.ts";
import type { Services } from "./services.ts";

const UNKNOWN = "it cannot be told whether it arrived";

interface Subject {
	readonly schedule: Schedule;
	readonly occurrence: Occurrence;
}

/**
 * What a daily delivery is about. The schedule is held from here on, before any other row is: so nobody waits in a
 * circle, and whoever pauses or overtakes it sees either no send or one that has begun.
 */
async function subjectOf(store: Store, delivery: Delivery): Promise<Subject | null> {
	if (delivery.kind !== "daily" || delivery.occurrenceId === null) return null;
	const schedule = await store.schedules.lockOf(delivery.occurrenceId);
	const occurrence = await store.occurrences.get(delivery.occurrenceId);
	return schedule && occurrence && { schedule, occurrence };
}

/**
 * Notes that a send begins: from here on nobody can say that it did not arrive. A daily question gets its number
 * at its first send, and its window opens with the send that arrives. One transaction.
 * @returns the occurrence with its number, or false when nothing may be sent: the claim was lost, or it has expired
 */
export async function beginSend(
	services: Services,
	delivery: Delivery,
	now: Date,
	leaseSeconds: number,
): Promise<Occurrence | null | false> {
	if (delivery.kind !== "daily")
		return (await services.store.deliveries.beginSend(delivery, now, leaseSeconds)) ? null : false;
	return services.store.transaction(async (store) => {
		const subject = await subjectOf(store, delivery);
		if (!subject || !(await store.deliveries.beginSend(delivery, now, leaseSeconds))) return false;
		const { schedule, occurrence } = subject;
		const number = occurrence.number ?? schedule.lastNumber + 1;
		if (occurrence.number === null) await store.schedules.change(schedule.id, { lastNumber: number });
		const changes = { state: "sending" as const, number, deliveredAt: now };
		await store.occurrences.change(occurrence.id, changes);
		return { ...occurrence, ...changes };
	});
}

/** Sets the end of a window, and plans the answer that is made public then. Runs inside a transaction. */
export async function closeWindow(store: Store, platform: string, occurrence: Occurrence, next: Date): Promise<void> {
	if (occurrence.deliveredAt === null) return;
	const closesAt = closingInstant(occurrence.deliveredAt, next);
	await store.occurrences.change(occurrence.id, { closesAt });
	if (occurrence.messageId === null) return;
	await store.deliveries.add({
		workspaceId: occurrence.workspaceId,
		platform,
		kind: "answer",
		key: `answer:${occurrence.id}`,
		occurrenceId: occurrence.id,
		memberId: null,
		facts: {},
		turn: 0,
		dueAt: closesAt,
		expiresAt: new Date(closesAt.getTime() + LATEST),
	});
}

/** Closes the windows that the delivery of a later one closes. */
async function closeEarlier(store: Store, platform: string, occurrence: Occurrence): Promise<void> {
	const { scheduleId, number, deliveredAt } = occurrence;
	if (number === null || number === 1 || deliveredAt === null) return;
	for (const earlier of await store.occurrences.unclosed(scheduleId, number))
		await closeWindow(store, platform, earlier, deliveredAt);
}

/** Records that a delivery arrived. One transaction; false when the claim was lost, and another has seen to it. */
export async function recordSent(
	services: Services,
	delivery: Delivery,
	messageId: string,
	threadId: string | null,
): Promise<boolean> {
	const sent = { state: "sent" as const, messageId, fault: null };
	if (delivery.kind !== "daily") return services.store.deliveries.change(delivery, sent);
	return services.store.transaction(async (store) => {
		const subject = await subjectOf(store, delivery);
		if (!(await store.deliveries.change(delivery, sent))) return false;
		if (!subject) return true;
		const { schedule, occurrence } = subject;
		await store.occurrences.change(occurrence.id, { state: "delivered", messageId, threadId, fault: null });
		if (schedule.lastFault !== null && schedule.state === "active")
			await store.schedules.change(schedule.id, { lastFault: null });
		await closeEarlier(store, delivery.platform, occurrence);
		if (schedule.state === "removed" && occurrence.deliveredAt)
			await closeWindow(store, delivery.platform, { ...occurrence, messageId }, occurrence.deliveredAt);
		return true;
	});
}

/**
 * Gives a delivery up that certainly did not arrive, and will not be tried again. One transaction.
 * @returns false when the claim was lost
 */
export async function recordSkipped(services: Services, delivery: Delivery, fault: string): Promise<boolean> {
	return services.store.transaction(async (store) => {
		const subject = await subjectOf(store, delivery);
		if (!(await store.deliveries.change(delivery, { state: "skipped", fault }))) return false;
		if (subject) await giveUpOccurrence(store, subject.occurrence, "skipped", fault);
		return true;
	});
}

/**
 * The platform will never take it. A daily question's schedule is paused, its settings are kept, and the admins are
 * told once, with the remedy. One transaction.
 * @returns false when the claim was lost
 */
export async function recordFailed(
	services: Services,
	delivery: Delivery,
	fault: string,
	remedy: string,
	now: Date,
): Promise<boolean> {
	return services.store.transaction(async (store) => {
		const subject = await subjectOf(store, delivery);
		if (!(await store.deliveries.change(delivery, { state: "failed", fault }))) return false;
		if (!subject) return true;
		const { schedule, occurrence } = subject;
		await giveUpOccurrence(store, occurrence, "failed", fault);
		if (schedule.state !== "active") return true;
		await skipWaiting(store, schedule.id, "the schedule was paused", now);
		const paused = { state: "paused" as const, pausedUntil: null, pauseReason: fault, lastFault: fault };
		await store.schedules.change(schedule.id, paused);
		const facts = { alert: "paused", schedule: schedule.id, channel: schedule.channelName, fault, remedy };
		const key = `paused:${schedule.id}:${delivery.id}`;
		await alertAdmins(store, delivery.platform, delivery.workspaceId, key, facts, now);
		return true;
	});
}

/**
 * Nobody can tell whether it arrived: it is not sent again, and the admins are told. One transaction.
 * @returns false when the claim was lost
 */
export async function recordUnknown(services: Services, delivery: Delivery, now: Date): Promise<boolean> {
	return services.store.transaction(async (store) => {
		const subject = await subjectOf(store, delivery);
		if (!(await store.deliveries.change(delivery, { state: "unknown", fault: UNKNOWN }))) return false;
		if (!subject) return true;
		const { schedule, occurrence } = subject;
		await store.occurrences.change(occurrence.id, { state: "unknown", fault: UNKNOWN });
		await store.schedules.change(schedule.id, { lastFault: UNKNOWN });
		const facts = { alert: "unknown", schedule: schedule.id, date: occurrence.localDate };
		await alertAdmins(store, delivery.platform, delivery.workspaceId, `unknown:${occurrence.id}`, facts, now);
		return true;
	});
}
