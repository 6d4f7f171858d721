import { showClosed } from "../../core/daily/closed-posts.ts";
import { enqueue } from "../../core/daily/enqueue.ts";
import { platformOf } from "../../core/daily/occurrences.ts";
import { planRecap } from "../../core/daily/recap.ts";
import { isOutage } from "../../core/errors.ts";
import type { Occurrence } from "../../core/model.ts";
import type { Reminder } from "../../core/ports/reminders.ts";
import { questionById } from "../../core/question/workspace-bank.ts";
import type { Services } from "../../core/service/services.ts";
import { settleBatch } from "../../core/streak/streaks.ts";
import type { EngineOptions } from "./engine-options.ts";

/** Occurrences, recaps or reminders per query. */
const BATCH = 200;

/**
 * Settles closed occurrences in the order of closing, with one transaction per batch of members. Sets a failing schedule
 * aside for a while.
 * @param added called when there is more to send
 */
export async function settleClosed(parts: EngineOptions, stopped: () => boolean, added: () => void): Promise<void> {
	const { services, clock, backoffs, observer } = parts;
	for (let settled = 1; settled > 0 && !stopped(); ) {
		settled = 0;
		let failed = 0;
		const now = clock.now();
		const closed = await services.store.occurrences.toSettle(now, BATCH, backoffs.settle.resting(now));
		const { done, fault } = await settleUnawaited(parts, closed, now);
		settled += done.size;
		const unsettled = new Set(closed.flatMap(({ id, scheduleId }) => (done.has(id) ? [] : [scheduleId])));
		for (const { scheduleId } of closed) if (!unsettled.has(scheduleId)) backoffs.settle.succeeded(scheduleId);
		for (const { id, scheduleId } of closed) {
			if (stopped()) return;
			if (done.has(id)) continue;
			if (backoffs.settle.isResting(scheduleId, now)) continue;
			const isSettled = await backoffs.settle.attempt(scheduleId, now, () =>
				settleHeld(parts, id, scheduleId, now, stopped, added),
			);
			if (isSettled) settled += 1;
			else if (isSettled === null) failed += 1;
		}
		// An occurrence that also fails alone has already reported its error.
		if (fault && failed === 0) observer.fault("settle", fault.error);
	}
}

/**
 * Settles, in one transaction, the occurrences that no streak depends on.
 * @returns their ids; none on failure, so that each is then settled alone
 */
async function settleUnawaited(
	{ services }: EngineOptions,
	closed: readonly Occurrence[],
	now: Date,
): Promise<{ done: Set<number>; fault: { error: unknown } | null }> {
	if (closed.length === 0) return { done: new Set(), fault: null };
	try {
		const ids = closed.map(({ id }) => id);
		const done = await services.transaction(async ({ store }) => {
			const settled = new Set(await store.occurrences.settleUnawaited(ids, now));
			await showClosed(
				store,
				closed.filter(({ id }) => settled.has(id)),
				now,
			);
			return settled;
		});
		return { done, fault: null };
	} catch (error) {
		if (isOutage(error)) throw error;
		return { done: new Set(), fault: { error } };
	}
}

/** @returns false when another process is settling it, or took over */
async function settleHeld(
	parts: EngineOptions,
	occurrenceId: number,
	scheduleId: number,
	now: Date,
	stopped: () => boolean,
	added: () => void,
): Promise<boolean> {
	const { services, worker, settings } = parts;
	const { running } = services.store;
	const lease = `settle:${scheduleId}`;
	if (!(await running.takeLease(lease, worker, settings.leaseSeconds))) return false;
	try {
		return await settleOne(parts, occurrenceId, lease, now, stopped, added);
	} finally {
		await running.giveUpLease(lease, worker);
	}
}

async function settleOne(
	{ services, worker, settings }: EngineOptions,
	occurrenceId: number,
	lease: string,
	now: Date,
	stopped: () => boolean,
	added: () => void,
): Promise<boolean> {
	for (let isHeld = true; isHeld && !stopped(); ) {
		const { done, milestones } = await services.transaction(async (tx) => {
			const occurrence = await tx.store.occurrences.get(occurrenceId);
			if (!occurrence || occurrence.settledAt !== null) return { done: true, milestones: 0 };
			const batch = await settleBatch(tx.store, occurrence, now);
			if (batch.done) await showClosed(tx.store, [occurrence], now);
			const platform = batch.milestones.length > 0 ? await platformOf(tx, occurrence.workspaceId) : "";
			for (const { workspaceId, memberId, scheduleId, value } of batch.milestones)
				await enqueue(
					tx,
					platform,
					{ kind: "milestone", workspaceId, memberId, scheduleId, value, occurrenceId: null },
					now,
				);
			return { done: batch.done, milestones: batch.milestones.length };
		});
		if (milestones > 0) added();
		if (done) return true;
		isHeld = (await services.store.running.takeLease(lease, worker, settings.leaseSeconds)) !== null;
	}
	return false;
}

/** Plans the due weekly recaps. Sets a failing schedule aside for a while. */
export async function planRecaps(
	parts: EngineOptions,
	platform: string,
	stopped: () => boolean,
	added: () => void,
): Promise<void> {
	const { services, clock, backoffs } = parts;
	for (let planned = 1; planned > 0 && !stopped(); ) {
		planned = 0;
		const now = clock.now();
		const due = await services.store.recaps.due(platform, now, BATCH, backoffs.recap.resting(now));
		for (const { scheduleId } of due) {
			if (stopped()) return;
			const done = await backoffs.recap.attempt(scheduleId, now, () => planRecap(services, scheduleId, now));
			if (done) planned += 1;
		}
		if (planned > 0) added();
	}
}

/**
 * Plans reminders for members who asked for them: at most one a day, and none after they have answered. Sets a failing
 * member aside for a while.
 */
export async function planReminders(
	parts: EngineOptions,
	platform: string,
	stopped: () => boolean,
	added: () => void,
): Promise<void> {
	const { services, clock, backoffs } = parts;
	for (let planned = 1; planned > 0 && !stopped(); ) {
		planned = 0;
		const now = clock.now();
		const due = await services.store.reminders.due(platform, now, BATCH, backoffs.remind.resting(now));
		for (const reminder of due) {
			if (stopped()) return;
			const isNew = await backoffs.remind.attempt(reminder.memberId, now, () =>
				remind(services, platform, reminder, now),
			);
			if (isNew) planned += 1;
		}
		if (planned > 0) added();
	}
}

/** After this many unanswered reminders in a row, reminders are turned off. */
const LAST_UNANSWERED = 5;

/** @returns false when the member already got a reminder on this UTC date */
async function remind(services: Services, platform: string, reminder: Reminder, now: Date): Promise<boolean> {
	const { memberId, workspaceId, occurrenceId, questionId } = reminder;
	const date = now.toISOString().slice(0, 10);
	const question = await questionById(services, workspaceId, questionId);
	const title = question?.title ?? "Today's question";
	const nudge = { workspaceId, memberId, occurrenceId, date, title, question: questionId };
	return services.transaction(async (tx) => {
		const unanswered = await tx.store.reminders.claim(memberId, date, LAST_UNANSWERED);
		if (unanswered === null) return false;
		await enqueue(tx, platform, { kind: "reminder", ...nudge, isLast: unanswered >= LAST_UNANSWERED }, now);
		return true;
	});
}
