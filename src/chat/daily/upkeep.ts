import { platformOf } from "../../core/service/daily.ts";
import { settleBatch } from "../../core/service/streaks.ts";
import type { Settled } from "./parts.ts";

/** Occurrences settled and nudges planned in one go. */
const BATCH = 200;
const HOUR = 60 * 60 * 1000;

/** Settles closed occurrences in their order, a batch of members a transaction. */
export async function settleClosed(parts: Settled, stopped: () => boolean): Promise<void> {
	const { services, worker, settings, clock } = parts;
	const { store } = services;
	for (let settled = 1; settled > 0 && !stopped(); ) {
		settled = 0;
		const now = clock.now();
		for (const occurrence of await store.occurrences.toSettle(now, BATCH)) {
			if (stopped()) return;
			const lease = `settle:${occurrence.scheduleId}`;
			if (!(await store.running.takeLease(lease, worker, settings.leaseSeconds))) continue;
			if (await settleOne(parts, occurrence.id, lease, now, stopped)) settled += 1;
			await store.running.giveUpLease(lease, worker);
		}
	}
}

async function settleOne(
	{ services, worker, settings }: Settled,
	occurrenceId: number,
	lease: string,
	now: Date,
	stopped: () => boolean,
): Promise<boolean> {
	for (let held = true; held && !stopped(); ) {
		const done = await services.transaction(async (tx) => {
			const occurrence = await tx.store.occurrences.get(occurrenceId);
			if (!occurrence || occurrence.settledAt !== null) return true;
			const batch = await settleBatch(tx.store, occurrence, now);
			const platform = batch.milestones.length > 0 ? await platformOf(tx, occurrence.workspaceId) : "";
			for (const { workspaceId, memberId, scheduleId, value } of batch.milestones)
				await tx.store.deliveries.add({
					workspaceId,
					platform,
					kind: "milestone",
					key: `milestone:${memberId}:${scheduleId}:${value}`,
					occurrenceId: null,
					memberId,
					facts: { value },
					turn: 0,
					dueAt: now,
					expiresAt: new Date(now.getTime() + 24 * HOUR),
				});
			return batch.done;
		});
		if (done) return true;
		held = (await services.store.running.takeLease(lease, worker, settings.leaseSeconds)) !== null;
	}
	return false;
}

/** Nudges those who asked for it, at most once a day, never after they have answered. */
export async function planReminders(parts: Settled, platform: string, stopped: () => boolean): Promise<void> {
	const { services, clock } = parts;
	for (let planned = 1; planned > 0 && !stopped(); ) {
		planned = 0;
		const now = clock.now();
		const date = now.toISOString().slice(0, 10);
		for (const { memberId, workspaceId, occurrenceId, questionId } of await services.store.reminders.due(
			platform,
			now,
			BATCH,
		)) {
			const title = services.bank.get(questionId)?.title ?? "Today's question";
			planned += await services.transaction(async ({ store }) => {
				if (!(await store.reminders.claim(memberId, date))) return 0;
				await store.deliveries.add({
					workspaceId,
					platform,
					kind: "reminder",
					key: `reminder:${memberId}:${date}`,
					occurrenceId,
					memberId,
					facts: { title, question: questionId },
					turn: 0,
					dueAt: now,
					expiresAt: new Date(now.getTime() + 6 * HOUR),
				});
				return 1;
			});
		}
	}
}
