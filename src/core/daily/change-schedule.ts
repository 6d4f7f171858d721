import { addDays, type LocalDate, localDateOf, nextDueDates, type Timetable } from "../calendar/calendar.ts";
import { FinalError } from "../errors.ts";
import type { Schedule } from "../model.ts";
import type { LockedSchedule, ScheduleChanges } from "../ports/schedules.ts";
import type { ReadServices, Services } from "../service/services.ts";
import { alertAdmins, skipWaiting } from "./occurrences.ts";

/** Identifies a schedule and its workspace. Any other field read before the lock may be stale. */
export type ScheduleKey = Pick<Schedule, "id" | "workspaceId">;

/** The refusal when an admin changes a schedule that has been removed. */
const removed = (which: string) =>
	new FinalError(
		`${which} has been removed. Nothing was changed.`,
		"`/nlpq schedule list` shows what is there; `/nlpq schedule add` begins a new one.",
	);

/**
 * Locks a workspace's schedule until the transaction ends. Call it inside a transaction.
 * @throws UserError when it was removed
 */
export async function lockSchedule(tx: Services, { workspaceId, id }: ScheduleKey): Promise<LockedSchedule> {
	const locked = await tx.store.schedules.lock(id);
	if (locked?.row.workspaceId !== workspaceId || locked.row.state === "removed")
		throw removed(locked?.row.workspaceId === workspaceId ? `Schedule #${locked.row.number}` : "That schedule");
	return locked;
}

/**
 * Changes a schedule from its locked row: earlier reads may be stale, because other admins and the engine change it too.
 * Query the platform before this call, because the lock lasts until the transaction ends. One transaction.
 * @param decide returns the changes, or throws to refuse them
 * @returns the schedule after the change
 * @throws UserError when it was removed
 */
export function changeSchedule(
	services: ReadServices,
	key: ScheduleKey,
	decide: (locked: LockedSchedule, tx: Services) => ScheduleChanges | Promise<ScheduleChanges>,
): Promise<Schedule> {
	return services.transaction(
		async (tx) => {
			const locked = await lockSchedule(tx, key);
			return locked.change(await decide(locked, tx));
		},
		({ id }) => id,
	);
}

/** Local dates, from one day before an instant, that a schedule has used: it posts no second question on them. */
async function usedDates(services: ReadServices, id: number, zone: string, from: Date): Promise<Set<LocalDate>> {
	const occurrences = await services.store.occurrences.since(id, addDays(localDateOf(from, zone), -1));
	return new Set(occurrences.map(({ localDate }) => localDate));
}

/** The next `count` instants after `after` at which a schedule posts a question. Skips used dates. */
export async function freeInstants(
	services: ReadServices,
	schedule: Timetable & Pick<Schedule, "id">,
	after: Date,
	count: number,
): Promise<Date[]> {
	const used = await usedDates(services, schedule.id, schedule.zone, after);
	return nextDueDates(schedule, after, count, used).map(({ dueAt }) => dueAt);
}

/** The next run of a schedule. Its timetable may be an edited one that is not saved yet. */
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
 * Pauses a locked schedule that cannot post: keeps its settings, skips waiting questions, and notifies the admins.
 * Ignores a schedule that is not active. If the workspace removed the bot, the schedule stays active and resumes when
 * the bot returns.
 */
export async function pauseLocked(tx: Services, locked: LockedSchedule, reason: PauseReason, now: Date): Promise<void> {
	const { fault, remedy, alertKey } = reason;
	if (locked.row.state !== "active") return;
	const { id, workspaceId, channelName } = locked.row;
	await skipWaiting(tx, locked, fault, now);
	const workspace = await tx.store.people.workspace(workspaceId);
	if (!workspace || workspace.removedAt !== null) return;
	await locked.change({
		state: "paused",
		pausedUntil: null,
		pauseReason: fault,
		pauseRemedy: remedy,
		lastFault: fault,
	});
	const alert = { alert: "paused" as const, schedule: id, channel: channelName, fault, remedy };
	await alertAdmins(tx, workspace.platform, workspaceId, alertKey, alert, now);
}
