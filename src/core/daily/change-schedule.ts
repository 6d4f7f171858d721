import { addDays, type LocalDate, localDateOf, nextDueDates, type Timetable } from "../calendar/calendar.ts";
import { UserError } from "../errors.ts";
import type { Schedule } from "../model.ts";
import type { HeldSchedule, ScheduleChanges } from "../ports/schedules.ts";
import type { ReadServices, Services } from "../service/services.ts";
import { alertAdmins, skipWaiting } from "./occurrences.ts";

/** Identifies a schedule and its workspace. Any other field read before the lock may be stale. */
export type ScheduleKey = Pick<Schedule, "id" | "workspaceId">;

/** The refusal when an admin changes a schedule that has been removed. */
const removed = (which: string) =>
	new UserError(
		`${which} has been removed. Nothing was changed.`,
		"`/nlpq schedule list` shows what is there; `/nlpq schedule add` begins a new one.",
	);

/**
 * Locks a workspace's schedule until the transaction ends. Call it inside a transaction.
 * @throws UserError when it was removed
 */
export async function holdSchedule(tx: Services, { workspaceId, id }: ScheduleKey): Promise<HeldSchedule> {
	const held = await tx.store.schedules.lock(id, true);
	if (held?.row.workspaceId !== workspaceId || held.row.state === "removed")
		throw removed(held?.row.workspaceId === workspaceId ? `Schedule #${held.row.number}` : "That schedule");
	return held;
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
