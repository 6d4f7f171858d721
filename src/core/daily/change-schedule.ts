import { addDays, type LocalDate, localDateOf, nextDueDates, type Timetable } from "../calendar/calendar.ts";
import { UserError } from "../errors.ts";
import type { Schedule } from "../model.ts";
import type { HeldSchedule, ScheduleChanges } from "../ports/schedules.ts";
import type { ReadServices, Services } from "../service/services.ts";
import { alertAdmins, skipWaiting } from "./occurrences.ts";

/** Which schedule, and whose. Nothing else that was read before the lock may be trusted. */
export type ScheduleKey = Pick<Schedule, "id" | "workspaceId">;

/** What an admin wants to do to a schedule that is no longer there. */
const removed = (which: string) =>
	new UserError(
		`${which} has been removed. Nothing was changed.`,
		"`/nlpq schedule list` shows what is there; `/nlpq schedule add` begins a new one.",
	);

/**
 * Locks a workspace's schedule until the transaction ends. Runs inside one.
 * @throws UserError when it was removed
 */
export async function holdSchedule(tx: Services, { workspaceId, id }: ScheduleKey): Promise<HeldSchedule> {
	const held = await tx.store.schedules.lock(id, true);
	if (held?.row.workspaceId !== workspaceId || held.row.state === "removed")
		throw removed(held?.row.workspaceId === workspaceId ? `Schedule #${held.row.number}` : "That schedule");
	return held;
}

/**
 * Changes a schedule from its locked row: what was read before the lock may be stale, because another
 * admin or the engine changes it too. Ask the platform first; the lock is held until the transaction ends. One transaction.
 * @param decide what changes; it throws what stops the change
 * @returns the schedule afterwards
 * @throws UserError when it was removed
 */
export function changeSchedule(
	services: ReadServices,
	key: ScheduleKey,
	decide: (held: HeldSchedule, tx: Services) => ScheduleChanges | Promise<ScheduleChanges>,
): Promise<Schedule> {
	return services.transaction(
		async (tx) => {
			const held = await holdSchedule(tx, key);
			return held.change(await decide(held, tx));
		},
		({ id }) => id,
	);
}

/** Local dates around and after an instant that a schedule has used: no question comes on them again. */
async function usedDates(services: ReadServices, id: number, zone: string, from: Date): Promise<Set<LocalDate>> {
	const occurrences = await services.store.occurrences.since(id, addDays(localDateOf(from, zone), -1));
	return new Set(occurrences.map(({ localDate }) => localDate));
}

/** The instants after `after` at which a schedule's questions will come: used dates are skipped. */
export async function freeInstants(
	services: ReadServices,
	schedule: Timetable & Pick<Schedule, "id">,
	after: Date,
	count: number,
): Promise<Date[]> {
	const used = await usedDates(services, schedule.id, schedule.zone, after);
	return nextDueDates(schedule, after, count, used).map(({ dueAt }) => dueAt);
}

/** The next run of a schedule with a timetable, which may be a new one. */
export async function nextFreeInstant(
	services: ReadServices,
	schedule: Timetable & Pick<Schedule, "id">,
	after: Date,
): Promise<Date | null> {
	const [next = null] = await freeInstants(services, schedule, after, 1);
	return next;
}

/** Why the program pauses a schedule, and what an admin can do about it. */
export interface PauseReason {
	readonly fault: string;
	readonly remedy: string;
	/** The idempotency key of the notice to the admins. */
	readonly alertKey: string;
}

/**
 * Pauses a locked schedule that cannot post: keeps its settings, skips what waits, and notifies the admins. Leaves one
 * alone that is not active, or whose workspace has removed the bot: it continues unchanged once the bot is back.
 */
export async function pauseHeld(tx: Services, held: HeldSchedule, reason: PauseReason, now: Date): Promise<void> {
	const { fault, remedy, alertKey } = reason;
	if (held.row.state !== "active") return;
	const { id, workspaceId, channelName } = held.row;
	await skipWaiting(tx, held, fault, now);
	const workspace = await tx.store.people.workspace(workspaceId);
	if (!workspace || workspace.removedAt !== null) return;
	await held.change({ state: "paused", pausedUntil: null, pauseReason: fault, pauseRemedy: remedy, lastFault: fault });
	const alert = { alert: "paused" as const, schedule: id, channel: channelName, fault, remedy };
	await alertAdmins(tx, workspace.platform, workspaceId, alertKey, alert, now);
}
