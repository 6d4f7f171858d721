import { type DueDate, dueDates, nextInstant } from "../calendar.ts";
import type { Delivery, Occurrence, Schedule } from "../model.ts";
import type { Store } from "../ports.ts";
import { type Bag, drawQuestion, returnQuestion } from "../rotation.ts";
import { closingInstant } from "../streak.ts";
import type { Services } from "./services.ts";

const HOUR = 60 * 60 * 1000;
/** An occurrence that is later than this is skipped. */
export const LATEST = 12 * HOUR;
/** Local dates recorded as skipped after a long downtime: older ones would tell nobody anything. */
const MOST_SKIPPED = 400;
/** Admins are warned when fewer questions than this are left in the bag of a filtered schedule. */
export const LOW_BAG = 7;

const timetableOf = (schedule: Schedule) => ({
	localTime: schedule.localTime,
	zone: schedule.zone,
	weekdays: schedule.weekdays,
});
const isFiltered = (schedule: Schedule) => schedule.categories.length > 0 || schedule.difficulties.length > 0;

/** The platform that a workspace lives on; asked of the store at hand, which may be a transaction's. */
export async function platformOf(store: Store, workspaceId: number): Promise<string> {
	const workspace = await store.people.workspace(workspaceId);
	if (!workspace) throw new Error(`no workspace ${workspaceId}`);
	return workspace.platform;
}

/** Tells the admins once: the key decides what once means. */
export async function alertAdmins(
	store: Store,
	platform: string,
	workspaceId: number,
	key: string,
	facts: Record<string, string | number>,
	now: Date,
): Promise<void> {
	await store.deliveries.add({
		workspaceId,
		platform,
		kind: "alert",
		key,
		occurrenceId: null,
		memberId: null,
		facts,
		turn: 0,
		dueAt: now,
		expiresAt: new Date(now.getTime() + 2 * LATEST),
	});
}

async function warnOfLowBag(
	store: Store,
	platform: string,
	schedule: Schedule,
	left: number,
	bag: Bag,
	localDate: string,
	now: Date,
): Promise<void> {
	const reached = left === LOW_BAG - 1 || (left < LOW_BAG && bag.drawn.length === 1);
	if (!isFiltered(schedule) || !reached) return;
	const facts = { alert: "low-bag", schedule: schedule.id, channel: schedule.channelName, left };
	await alertAdmins(store, platform, schedule.workspaceId, `low-bag:${schedule.id}:${localDate}`, facts, now);
}

/** Records an occurrence with its reserved question and its delivery; null when the date is used or nothing fits the filter. */
export async function reserveOccurrence(
	services: Services,
	store: Store,
	platform: string,
	schedule: Schedule,
	due: DueDate,
	now: Date,
): Promise<Occurrence | null> {
	const draw = drawQuestion(schedule, services.bank.matching(schedule), services.random);
	const question = draw ? services.bank.get(draw.questionId) : undefined;
	const { workspaceId, id: scheduleId, channelId } = schedule;
	const base = { workspaceId, scheduleId, channelId, localDate: due.localDate, dueAt: due.dueAt };
	if (!draw || !question) {
		await store.occurrences.add({
			...base,
			state: "skipped",
			questionId: null,
			questionRevision: null,
			fault: "no question fits the filter",
		});
		await alertAdmins(
			store,
			platform,
			workspaceId,
			`empty:${scheduleId}:${due.localDate}`,
			{ alert: "empty-filter", schedule: scheduleId, channel: schedule.channelName },
			now,
		);
		return null;
	}
	const occurrence = await store.occurrences.add({
		...base,
		state: "due",
		questionId: question.id,
		questionRevision: question.revision,
		fault: null,
	});
	if (!occurrence) return null;
	await store.schedules.change(scheduleId, { drawn: draw.bag.drawn, recent: draw.bag.recent });
	await addDailyDelivery(store, platform, occurrence, now);
	await warnOfLowBag(store, platform, schedule, draw.left, draw.bag, due.localDate, now);
	return occurrence;
}

/** The delivery of an occurrence; `again` tells a second one, after the first was skipped, from the first. */
export async function addDailyDelivery(
	store: Store,
	platform: string,
	occurrence: Occurrence,
	now: Date,
	again = "",
): Promise<void> {
	await store.deliveries.add({
		workspaceId: occurrence.workspaceId,
		platform,
		kind: "daily",
		key: `daily:${occurrence.id}${again}`,
		occurrenceId: occurrence.id,
		memberId: null,
		facts: {},
		turn: await store.deliveries.waitingOf(occurrence.workspaceId),
		dueAt: now < occurrence.dueAt ? occurrence.dueAt : now,
		expiresAt: new Date(occurrence.dueAt.getTime() + LATEST),
	});
}

/** Puts the question of an occurrence that did not take place back into the bag. */
export async function returnToBag(store: Store, occurrence: Occurrence): Promise<void> {
	const schedule = await store.schedules.lock(occurrence.scheduleId, true);
	if (!schedule || occurrence.questionId === null) return;
	const bag = returnQuestion(schedule, occurrence.questionId);
	const lastNumber =
		occurrence.number !== null && occurrence.number === schedule.lastNumber
			? schedule.lastNumber - 1
			: schedule.lastNumber;
	await store.schedules.change(schedule.id, { drawn: bag.drawn, recent: bag.recent, lastNumber });
}

/**
 * Gives up an occurrence that certainly did not arrive: its question returns to the bag, its number is free again.
 * If a member has answered it all the same, it is unknown rather than skipped. Runs inside a transaction.
 */
export async function giveUpOccurrence(
	store: Store,
	occurrence: Occurrence,
	state: "skipped" | "failed",
	fault: string,
): Promise<void> {
	if (await store.occurrences.hasAttempts(occurrence.id)) {
		await store.occurrences.change(occurrence.id, { state: "unknown", fault });
		return;
	}
	await returnToBag(store, occurrence);
	await store.occurrences.change(occurrence.id, { state, fault, number: null, deliveredAt: null });
}

/** Skips what still waits of a schedule: a newer date is due, or the schedule was paused or removed. */
export async function skipWaiting(store: Store, scheduleId: number, reason: string): Promise<void> {
	for (const occurrence of await store.occurrences.waiting(scheduleId)) {
		await store.deliveries.cancel(occurrence.id, "daily", reason);
		await giveUpOccurrence(store, occurrence, "skipped", reason);
	}
}

/** The schedule as it stands at `now`, its pause ended if it carried an end that has come. */
async function resumed(store: Store, schedule: Schedule, now: Date): Promise<Schedule | null> {
	if (schedule.state === "active") return schedule;
	if (schedule.state !== "paused" || schedule.pausedUntil === null || schedule.pausedUntil > now) return null;
	const from = schedule.pausedUntil;
	const changes = {
		state: "active" as const,
		pausedUntil: null,
		pauseReason: null,
		effectiveFrom: from,
		nextRunAt: nextInstant(timetableOf(schedule), from),
	};
	await store.schedules.change(schedule.id, changes);
	return { ...schedule, ...changes };
}

async function recordSkipped(store: Store, schedule: Schedule, due: DueDate): Promise<void> {
	const { workspaceId, id: scheduleId, channelId } = schedule;
	await store.occurrences.add({
		workspaceId,
		scheduleId,
		channelId,
		localDate: due.localDate,
		dueAt: due.dueAt,
		state: "skipped",
		questionId: null,
		questionRevision: null,
		fault: "more than 12 hours late, or overtaken by a newer one",
	});
}

/**
 * Plans one schedule: records what has fallen due since it was planned last. Only the newest date can still be
 * delivered, if it is at most 12 hours late; all before it are skipped and recorded. One transaction.
 * @returns whether something was planned
 */
export async function planSchedule(services: Services, scheduleId: number, now: Date): Promise<boolean> {
	return services.store.transaction(async (store) => {
		const locked = await store.schedules.lock(scheduleId);
		const schedule = locked && (await resumed(store, locked, now));
		if (!schedule?.nextRunAt || schedule.nextRunAt > now) return false;
		const timetable = timetableOf(schedule);
		const since = new Date(schedule.nextRunAt.getTime() - 1);
		const all = dueDates(timetable, since, now, MOST_SKIPPED);
		const newest = all.at(-1);
		const latest = await store.occurrences.latestDate(schedule.id);
		// A date that is used stays as it is: recording it again changes nothing.
		for (const due of all.slice(0, -1)) await recordSkipped(store, schedule, due);
		const overtaken = newest !== undefined && latest !== null && newest.localDate <= latest;
		if (newest && (overtaken || now.getTime() - newest.dueAt.getTime() > LATEST))
			await recordSkipped(store, schedule, newest);
		else if (newest) {
			await skipWaiting(store, schedule.id, "overtaken by a newer one");
			const fresh = (await store.schedules.lock(schedule.id, true)) ?? schedule;
			await reserveOccurrence(services, store, await platformOf(store, schedule.workspaceId), fresh, newest, now);
		}
		await store.schedules.change(schedule.id, { nextRunAt: nextInstant(timetable, now) });
		return true;
	});
}

/**
 * Notes that a send begins: from here on nobody can say that it did not arrive. A daily question gets its number
 * at its first send, and its window opens with the send that arrives. One transaction.
 * @returns the occurrence with its number, or false when the claim was lost
 */
export async function beginSend(services: Services, delivery: Delivery, now: Date): Promise<Occurrence | null | false> {
	return services.store.transaction(async (store) => {
		const changes = { state: "sending" as const, sendBegunAt: now, tries: delivery.tries + 1 };
		if (!(await store.deliveries.change(delivery, changes, true))) return false;
		if (delivery.kind !== "daily" || delivery.occurrenceId === null) return null;
		const occurrence = await store.occurrences.get(delivery.occurrenceId);
		if (!occurrence) return false;
		let { number } = occurrence;
		if (number === null) {
			const schedule = await store.schedules.lock(occurrence.scheduleId, true);
			if (!schedule) return false;
			number = schedule.lastNumber + 1;
			await store.schedules.change(schedule.id, { lastNumber: number });
		}
		await store.occurrences.change(occurrence.id, { state: "sending", number, deliveredAt: now });
		return { ...occurrence, state: "sending", number, deliveredAt: now };
	});
}

/** Closes the windows that the delivery of a later one closes, and plans their answers. */
async function closeEarlier(
	store: Store,
	platform: string,
	scheduleId: number,
	below: number,
	next: Date,
): Promise<void> {
	for (const earlier of await store.occurrences.unclosed(scheduleId, below)) {
		if (earlier.deliveredAt === null) continue;
		const closesAt = closingInstant(earlier.deliveredAt, next);
		await store.occurrences.change(earlier.id, { closesAt });
		if (earlier.messageId === null) continue;
		await store.deliveries.add({
			workspaceId: earlier.workspaceId,
			platform,
			kind: "answer",
			key: `answer:${earlier.id}`,
			occurrenceId: earlier.id,
			memberId: null,
			facts: {},
			turn: 0,
			dueAt: closesAt,
			expiresAt: new Date(closesAt.getTime() + LATEST),
		});
	}
}

/** Records that a delivery arrived. One transaction; false when the claim was lost, and another has seen to it. */
export async function recordSent(
	services: Services,
	delivery: Delivery,
	messageId: string,
	threadId: string | null,
): Promise<boolean> {
	return services.store.transaction(async (store) => {
		if (!(await store.deliveries.change(delivery, { state: "sent", messageId, fault: null }))) return false;
		if (delivery.kind !== "daily" || delivery.occurrenceId === null) return true;
		const occurrence = await store.occurrences.get(delivery.occurrenceId);
		if (!occurrence) return true;
		await store.occurrences.change(occurrence.id, { state: "delivered", messageId, threadId, fault: null });
		await store.schedules.change(occurrence.scheduleId, { lastFault: null });
		if (occurrence.number !== null && occurrence.deliveredAt !== null)
			await closeEarlier(store, delivery.platform, occurrence.scheduleId, occurrence.number, occurrence.deliveredAt);
		return true;
	});
}

/** Gives a delivery up: it certainly did not arrive, and will not be tried again. One transaction. */
export async function recordGivenUp(
	services: Services,
	delivery: Delivery,
	state: "skipped" | "failed",
	fault: string,
): Promise<void> {
	await services.store.transaction(async (store) => {
		if (!(await store.deliveries.change(delivery, { state, fault }))) return;
		const occurrence =
			delivery.kind === "daily" && delivery.occurrenceId !== null
				? await store.occurrences.get(delivery.occurrenceId)
				: null;
		if (occurrence) await giveUpOccurrence(store, occurrence, state, fault);
	});
}

/** Nobody can tell whether it arrived: it is not sent again, and the admins are told. One transaction. */
export async function recordUnknown(services: Services, delivery: Delivery, now: Date): Promise<void> {
	await services.store.transaction(async (store) => {
		if (!(await store.deliveries.change(delivery, { state: "unknown", fault: "it cannot be told whether it arrived" })))
			return;
		if (delivery.kind !== "daily" || delivery.occurrenceId === null) return;
		const occurrence = await store.occurrences.get(delivery.occurrenceId);
		if (!occurrence) return;
		await store.occurrences.change(occurrence.id, { state: "unknown", fault: "it cannot be told whether it arrived" });
		const facts = { alert: "unknown", schedule: occurrence.scheduleId, date: occurrence.localDate };
		await alertAdmins(store, delivery.platform, delivery.workspaceId, `unknown:${occurrence.id}`, facts, now);
	});
}

/** Pauses the schedule that a delivery belongs to, keeps its settings, and tells the admins once. One transaction. */
export async function pauseForFault(
	services: Services,
	delivery: Delivery,
	fault: string,
	remedy: string,
	now: Date,
): Promise<void> {
	await services.store.transaction(async (store) => {
		const occurrence = delivery.occurrenceId === null ? null : await store.occurrences.get(delivery.occurrenceId);
		const schedule = occurrence && (await store.schedules.lock(occurrence.scheduleId, true));
		if (schedule?.state !== "active") return;
		await store.schedules.change(schedule.id, {
			state: "paused",
			pausedUntil: null,
			pauseReason: fault,
			lastFault: fault,
		});
		const facts = { alert: "paused", schedule: schedule.id, channel: schedule.channelName, fault, remedy };
		await alertAdmins(
			store,
			delivery.platform,
			delivery.workspaceId,
			`paused:${schedule.id}:${delivery.id}`,
			facts,
			now,
		);
	});
}
