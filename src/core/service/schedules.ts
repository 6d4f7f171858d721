import { instantOf, nextInstant, nextInstants } from "../calendar.ts";
import { UserError } from "../errors.ts";
import type { Schedule } from "../model.ts";
import { platformOf, skipWaiting } from "./daily.ts";
import { closeWindow } from "./delivering.ts";
import type { Services } from "./services.ts";
import { refold, SETTLE_BATCH } from "./streaks.ts";

/** A channel holds so many schedules at most. */
export const MOST_PER_CHANNEL = 10;
/** Fewer questions than this come again within two weeks. */
export const FORTNIGHT = 14;
const UPCOMING = 5;

/** What an admin decides about a schedule. */
export interface ScheduleWish {
	readonly channelId: string;
	readonly channelName: string;
	readonly localTime: string;
	readonly zone: string;
	readonly weekdays: number;
	readonly categories: readonly string[];
	readonly difficulties: readonly string[];
}

/**
 * How many questions a filter admits.
 * @throws UserError when it admits none
 */
export function filterSize(services: Services, wish: Pick<ScheduleWish, "categories" | "difficulties">): number {
	const size = services.bank.matching(wish).length;
	if (size > 0) return size;
	throw new UserError(
		"No question fits that filter. Nothing was changed.",
		"Leave out a category or a difficulty; `npm run questions` or `/nlpq search` shows what there is.",
	);
}

/** The next instants of a schedule, five unless it is paused without an end. */
export function upcoming(schedule: Schedule, now: Date): Date[] {
	if (schedule.state === "removed") return [];
	// The instant kept with the schedule already passes over a date that is used.
	const kept = schedule.nextRunAt === null ? now : new Date(schedule.nextRunAt.getTime() - 1);
	const end = schedule.pausedUntil && new Date(schedule.pausedUntil.getTime() - 1);
	const from = schedule.state === "paused" ? end : kept;
	return from === null ? [] : nextInstants(schedule, from > now ? from : now, UPCOMING);
}

/** @throws UserError when the channel is full or the filter admits nothing */
export async function addSchedule(
	services: Services,
	workspaceId: number,
	wish: ScheduleWish,
	now: Date,
): Promise<Schedule> {
	filterSize(services, wish);
	return services.store.transaction(async (store) => {
		const all = await store.schedules.list(workspaceId);
		if (all.filter((schedule) => schedule.channelId === wish.channelId).length >= MOST_PER_CHANNEL)
			throw new UserError(
				`A channel holds ${MOST_PER_CHANNEL} schedules at most. Nothing was added.`,
				"Remove one with `/nlpq schedule remove`, or edit one with `/nlpq schedule edit`.",
			);
		return store.schedules.add({
			workspaceId,
			...wish,
			effectiveFrom: now,
			nextRunAt: nextInstant(wish, now),
			createdAt: now,
		});
	});
}

/** Changes a schedule's settings; its number and its occurrences' numbering stay. Only instants after the edit are due. */
export async function editSchedule(
	services: Services,
	schedule: Schedule,
	changes: Partial<ScheduleWish>,
	now: Date,
): Promise<Schedule> {
	const edited = { ...schedule, ...changes };
	filterSize(services, edited);
	const times = { effectiveFrom: now, nextRunAt: nextInstant(edited, now) };
	await services.store.transaction(async (store) => {
		await store.schedules.lock(schedule.id, true);
		await store.schedules.change(schedule.id, { ...changes, ...times });
	});
	return { ...edited, ...times };
}

/** @param until local date on which it goes on; null: until it is resumed */
export async function pauseSchedule(
	services: Services,
	schedule: Schedule,
	until: string | null,
	now: Date,
): Promise<Schedule> {
	const pausedUntil = until === null ? null : instantOf(until, "00:00", schedule.zone);
	if (pausedUntil !== null && pausedUntil <= now)
		throw new UserError(
			`${until} is not ahead. Nothing was changed.`,
			"Name a later date, or leave it out to pause until `/nlpq schedule resume`.",
		);
	const changes = { state: "paused" as const, pausedUntil, pauseReason: null };
	await services.store.transaction(async (store) => {
		await store.schedules.lock(schedule.id, true);
		await skipWaiting(store, schedule.id, "the schedule was paused", now);
		await store.schedules.change(schedule.id, changes);
	});
	return { ...schedule, ...changes };
}

export async function resumeSchedule(services: Services, schedule: Schedule, now: Date): Promise<Schedule> {
	const changes = {
		state: "active" as const,
		pausedUntil: null,
		pauseReason: null,
		lastFault: null,
		effectiveFrom: now,
		nextRunAt: nextInstant(schedule, now),
	};
	await services.store.transaction(async (store) => {
		await store.schedules.lock(schedule.id, true);
		await store.schedules.change(schedule.id, changes);
	});
	return { ...schedule, ...changes };
}

/** Removes a schedule: its last window closes 24 hours after its delivery, its longest streaks stay as records. */
export async function removeSchedule(services: Services, schedule: Schedule, now: Date): Promise<void> {
	await services.store.transaction(async (store) => {
		const held = (await store.schedules.lock(schedule.id, true)) ?? schedule;
		const platform = await platformOf(store, schedule.workspaceId);
		await skipWaiting(store, schedule.id, "the schedule was removed", now);
		for (const open of await store.occurrences.unclosed(schedule.id, held.lastNumber + 1))
			await closeWindow(store, platform, open, now);
		await store.schedules.change(schedule.id, { state: "removed", removedAt: now, nextRunAt: null, pausedUntil: null });
	});
	// Its streaks leave the headlines, a batch of members a transaction.
	for (let after = 0; ; ) {
		const batch = await services.store.transaction(async (store) => {
			const held = await store.streaks.holdLiving(schedule.id, after, SETTLE_BATCH);
			await store.streaks.refreshStandings(held.rows.map((row) => row.memberId));
			return held;
		});
		if (batch.last) return;
		after = batch.through;
	}
}

/**
 * Excuses a member's miss on a local date, and folds the streak again.
 * @throws UserError when there was no miss to excuse
 */
export async function repairMiss(
	services: Services,
	schedule: Schedule,
	memberId: number,
	localDate: string,
	now: Date,
): Promise<{ current: number }> {
	return services.store.transaction(async (store) => {
		await store.people.lockMember(memberId);
		const occurrence = await store.occurrences.ofDate(schedule.id, localDate);
		const nothing = (why: string) =>
			new UserError(`${why} Nothing was changed.`, "`/nlpq streak <member>` shows which days were missed.");
		if (!occurrence || occurrence.number === null) throw nothing(`No daily question was delivered on ${localDate}.`);
		if (occurrence.closesAt === null || occurrence.closesAt > now)
			throw nothing(`The question of ${localDate} is still open.`);
		const [marks] = await store.streaks.marks(schedule.id, [memberId], occurrence.number - 1);
		if (marks?.attempted.includes(occurrence.number)) throw nothing(`The question of ${localDate} was answered.`);
		if (marks?.repaired.includes(occurrence.number)) throw nothing(`The miss of ${localDate} is already excused.`);
		await store.streaks.addRepair(schedule.workspaceId, memberId, occurrence.id, now);
		const booked = await refold(store, schedule.workspaceId, memberId, schedule.id, now);
		if (!booked || occurrence.number < booked.row.firstNumber)
			throw nothing(`Before the first answer nothing is a miss; ${localDate} was before it.`);
		return { current: booked.row.current };
	});
}
