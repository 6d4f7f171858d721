import { type DueDate, dueDates, nextInstant } from "../calendar/calendar.ts";
import type { Occurrence, Schedule } from "../model.ts";
import type { NewOccurrence } from "../ports/occurrences.ts";
import type { DueSchedule, LockedSchedule, ScheduleChanges } from "../ports/schedules.ts";
import type { Services } from "../service/services.ts";
import type { Alert } from "./alerts.ts";
import { type DrawnQuestion, drawFor, eligibleFor, ownFor } from "./draw.ts";
import { enqueue, MAX_LATENESS } from "./enqueue.ts";
import { type Draw, returnQuestion } from "./rotation.ts";

/** After a long downtime, records at most this many local dates as skipped: nobody needs older ones. */
const MAX_SKIPPED = 400;
export const OVERTAKEN_REASON = "overtaken by a newer one";
const TOO_LATE = "more than 12 hours late, or overtaken by a newer one";
/** Warns admins when the bag of a filtered schedule holds fewer questions than this. */
export const LOW_BAG = 7;

const isFiltered = (schedule: Schedule) => schedule.categories.length > 0 || schedule.difficulties.length > 0;

/** The platform of a workspace. */
export async function platformOf(services: Services, workspaceId: number): Promise<string> {
	const workspace = await services.store.people.workspace(workspaceId);
	if (!workspace) throw new Error(`no workspace ${workspaceId}`);
	return workspace.platform;
}

/** Enqueues a notice to the admins, once per key. */
export async function alertAdmins(
	tx: Services,
	platform: string,
	workspaceId: number,
	key: string,
	alert: Alert,
	now: Date,
): Promise<void> {
	await enqueue(tx, platform, { kind: "alert", workspaceId, key, alert }, now);
}

/** Whether this draw is the one at which the admins of a filtered schedule hear that its bag runs low. */
export function isLowBag(schedule: Schedule, { left, bag }: Draw): boolean {
	const reached = left === LOW_BAG - 1 || (left < LOW_BAG && bag.drawn.length === 1);
	return isFiltered(schedule) && reached;
}

async function warnOfLowBag(
	tx: Services,
	platform: string,
	schedule: Schedule,
	draw: Draw,
	localDate: string,
	now: Date,
): Promise<void> {
	if (!isLowBag(schedule, draw)) return;
	const { id, channelName: channel, workspaceId } = schedule;
	const alert = { alert: "low-bag" as const, schedule: id, channel, left: draw.left };
	await alertAdmins(tx, platform, workspaceId, `low-bag:${id}:${localDate}`, alert, now);
}

async function skipForLackOfQuestions(tx: Services, platform: string, schedule: Schedule, due: DueDate, now: Date) {
	const { workspaceId, id: scheduleId, channelName } = schedule;
	if (!(await recordSkipped(tx, schedule, due, "no question fits the filter"))) return;
	const alert = { alert: "empty-filter" as const, schedule: scheduleId, channel: channelName };
	await alertAdmins(tx, platform, workspaceId, `empty:${scheduleId}:${due.localDate}`, alert, now);
}

/** A new occurrence with its reserved question. */
export function dueOccurrence(
	schedule: Schedule,
	{ localDate, dueAt }: DueDate,
	question: DrawnQuestion,
): NewOccurrence {
	const { workspaceId, id: scheduleId, channelId } = schedule;
	const reserved = { questionId: question.id, questionRevision: question.revision };
	return { workspaceId, scheduleId, channelId, localDate, dueAt, state: "due", ...reserved, fault: null };
}

/** Where and how an occurrence is reserved. */
export interface Reservation {
	readonly platform: string;
	/** Its place in its workspace's queue; 0 goes first. */
	readonly fairnessRank: number;
	/** Schedule changes to save with it. */
	readonly changes: ScheduleChanges;
}

/**
 * Records an occurrence with its reserved question and its delivery. Runs inside a transaction.
 * @returns null, with nothing changed, when the date is used or no question fits the filter
 */
export async function reserveOccurrence(
	tx: Services,
	locked: LockedSchedule,
	due: DueDate,
	{ platform, fairnessRank, changes }: Reservation,
	now: Date,
): Promise<Occurrence | null> {
	const schedule = locked.row;
	const drawn = drawFor(tx, schedule, await ownFor(tx, schedule));
	if (!drawn) return null;
	const { draw, question } = drawn;
	const occurrence = await tx.store.occurrences.add(dueOccurrence(schedule, due, question));
	if (!occurrence) return null;
	await locked.change({ ...changes, drawn: draw.bag.drawn, recent: draw.bag.recent });
	await addDailyDelivery(tx, platform, occurrence, now, fairnessRank);
	await warnOfLowBag(tx, platform, schedule, draw, due.localDate, now);
	return occurrence;
}

/** Enqueues an occurrence's delivery. `attempt` distinguishes a later delivery from a first one that failed. */
export async function addDailyDelivery(
	tx: Services,
	platform: string,
	{ id, workspaceId, dueAt }: Occurrence,
	now: Date,
	fairnessRank: number,
	attempt = "",
): Promise<void> {
	await enqueue(tx, platform, { kind: "daily", workspaceId, occurrenceId: id, dueAt, fairnessRank, attempt }, now);
}

/** Returns a cancelled occurrence's question to the bag, and frees its number if that was the last one given. */
async function returnToBag(locked: LockedSchedule, occurrence: Occurrence): Promise<void> {
	const schedule = locked.row;
	const bag = occurrence.questionId === null ? schedule : returnQuestion(schedule, occurrence.questionId);
	const isLast = occurrence.number !== null && occurrence.number === schedule.lastNumber;
	const lastNumber = isLast ? schedule.lastNumber - 1 : schedule.lastNumber;
	await locked.change({ drawn: bag.drawn, recent: bag.recent, lastNumber });
}

/**
 * Gives up on an occurrence that certainly did not arrive: returns its question to the bag and frees its number.
 * If a member has answered it anyway, it becomes `unknown` instead. Runs inside a transaction.
 * @param locked the occurrence's schedule
 */
export async function giveUpOccurrence(
	tx: Services,
	locked: LockedSchedule,
	occurrence: Occurrence,
	state: "skipped" | "failed",
	fault: string,
): Promise<void> {
	const { occurrences } = tx.store;
	// Waits for a member who is answering it right now, so that the answer counts.
	await occurrences.lock(occurrence.id);
	if (await occurrences.hasAttempts(occurrence.id)) {
		await occurrences.change(occurrence.id, { state: "unknown", fault });
		return;
	}
	await returnToBag(locked, occurrence);
	await occurrences.change(occurrence.id, { state, fault, number: null, deliveredAt: null });
}

/**
 * Skips a schedule's waiting occurrences because a newer date is due, or because the schedule was paused or removed.
 * A send that may be in flight is only looked up, never sent again. Runs inside a transaction.
 * @param newer keep occurrences that are due at or after this one
 */
export async function skipWaiting(
	tx: Services,
	locked: LockedSchedule,
	reason: string,
	now: Date,
	newer: Occurrence | null = null,
): Promise<void> {
	const { occurrences, deliveries } = tx.store;
	for (const occurrence of await occurrences.waiting(locked.row.id)) {
		if (newer && occurrence.dueAt >= newer.dueAt) continue;
		if (await deliveries.cancel(occurrence.id, "daily", reason))
			await giveUpOccurrence(tx, locked, occurrence, "skipped", reason);
		else await deliveries.expire(occurrence.id, "daily", now);
	}
}

/** Ends a pause whose end date has come. @returns whether the schedule is active at `now` */
async function resumeIfDue(locked: LockedSchedule, now: Date): Promise<boolean> {
	const schedule = locked.row;
	if (schedule.state === "active") return true;
	if (schedule.state !== "paused" || schedule.pausedUntil === null || schedule.pausedUntil > now) return false;
	const from = schedule.pausedUntil;
	await locked.change({
		state: "active",
		pausedUntil: null,
		pauseReason: null,
		pauseRemedy: null,
		nextRunAt: nextInstant(schedule, new Date(from.getTime() - 1)),
	});
	return true;
}

/**
 * Records a date as skipped. Runs inside a transaction that holds the schedule.
 * @returns false when the date is already used
 */
export async function recordSkipped(tx: Services, schedule: Schedule, due: DueDate, fault: string): Promise<boolean> {
	const { workspaceId, id: scheduleId, channelId } = schedule;
	const { localDate, dueAt } = due;
	const base = { workspaceId, scheduleId, channelId, localDate, dueAt, questionId: null, questionRevision: null };
	return (await tx.store.occurrences.add({ ...base, state: "skipped", fault })) !== null;
}

/** Reserves the newest due date unless it is used, and skips earlier occurrences that still wait. */
async function planNewest(
	tx: Services,
	locked: LockedSchedule,
	newest: DueDate,
	reservation: Reservation,
	now: Date,
): Promise<void> {
	const occurrence = await reserveOccurrence(tx, locked, newest, reservation, now);
	if (occurrence) return skipWaiting(tx, locked, OVERTAKEN_REASON, now, occurrence);
	await locked.change(reservation.changes);
	const eligible = eligibleFor(tx, locked.row, await ownFor(tx, locked.row));
	if (eligible.own.length + eligible.bank.length === 0)
		await skipForLackOfQuestions(tx, reservation.platform, locked.row, newest, now);
}

/** Dates that fell due since the schedule was last planned, oldest first; after a long downtime only the latest. */
export function unplannedDates(schedule: Schedule, now: Date): DueDate[] {
	const { nextRunAt } = schedule;
	if (nextRunAt === null || nextRunAt > now) return [];
	return dueDates(schedule, new Date(nextRunAt.getTime() - 1), now, MAX_SKIPPED);
}

/**
 * Plans one schedule: records the dates that fell due since it was last planned. Only the newest can still be delivered,
 * if it is at most 12 hours late; earlier ones are recorded as skipped. Used dates do not change. One transaction.
 * @returns whether this call planned or resumed it; false when another process does, or nothing is due
 */
export async function planSchedule(services: Services, due: DueSchedule, now: Date): Promise<boolean> {
	return services.transaction(async (tx) => {
		const locked = await tx.store.schedules.tryLock(due.id);
		if (!locked) return false;
		const wasActive = locked.row.state === "active";
		if (!(await resumeIfDue(locked, now))) return false;
		if (!locked.row.nextRunAt || locked.row.nextRunAt > now) return !wasActive;
		const dates = unplannedDates(locked.row, now);
		const newest = dates.at(-1);
		const inTime = newest !== undefined && now.getTime() - newest.dueAt.getTime() <= MAX_LATENESS;
		for (const date of inTime ? dates.slice(0, -1) : dates) await recordSkipped(tx, locked.row, date, TOO_LATE);
		const changes = { nextRunAt: nextInstant(locked.row, now) };
		if (inTime) await planNewest(tx, locked, newest, { ...due, changes }, now);
		else await locked.change(changes);
		return true;
	});
}
