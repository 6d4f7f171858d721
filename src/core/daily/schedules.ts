import { instantOf, localDateOf, nextInstant } from "../calendar/calendar.ts";
import { dateText } from "../calendar/date-words.ts";
import { UserError } from "../errors.ts";
import type { Schedule, Source } from "../model.ts";
import type { LockedSchedule, ScheduleChanges } from "../ports/schedules.ts";
import { remedyForEmpty } from "../question/filter-remedy.ts";
import type { ReadServices, Services } from "../service/services.ts";
import { refold } from "../streak/streaks.ts";
import { changeSchedule, freeInstants, lockSchedule, nextFreeInstant, type ScheduleKey } from "./change-schedule.ts";
import { closeWindow } from "./deliveries.ts";
import { type DrawFilter, eligibleFor, ownFor } from "./draw.ts";
import { platformOf, skipWaiting } from "./occurrences.ts";
import { nextRecap } from "./recap.ts";

/** The limit of schedules in one channel. */
export const MAX_PER_CHANNEL = 10;
/** A schedule with fewer questions than this repeats one within two weeks. */
export const FORTNIGHT = 14;
const UPCOMING = 5;

const justBefore = (instant: Date) => new Date(instant.getTime() - 1);

/** A schedule's settings, as an admin gives them. */
export interface ScheduleInput {
	readonly channelId: string;
	readonly channelName: string;
	readonly localTime: string;
	readonly zone: string;
	readonly weekdays: number;
	readonly categories: readonly string[];
	readonly difficulties: readonly string[];
	/** Default: both. */
	readonly source?: Source;
	/** Whether to post a weekly recap. Default: no. */
	readonly recap?: boolean;
	/** The one role that the post mentions. Default: none. */
	readonly roleId?: string | null;
	/** Whether to publish the post to the channel's followers. Default: no. */
	readonly publish?: boolean;
}

/** How many questions a schedule may ask. */
export async function eligibleCount(services: ReadServices, workspaceId: number, filter: DrawFilter): Promise<number> {
	const { own, bank } = eligibleFor(services, filter, await ownFor(services, { ...filter, workspaceId }));
	return own.length + bank.length;
}

/** What to do about a schedule that has no question to ask. */
export const remedyForNone = ({ bank }: Pick<ReadServices, "bank">, filter: DrawFilter): string =>
	filter.source === "ours"
		? "`/nlpq questions add` adds one, `/nlpq suggest` lets members suggest them; `source:both` takes the bank's too."
		: remedyForEmpty(bank, filter);

/**
 * How many questions a filter admits.
 * @throws UserError when it admits none
 */
export async function filterSize(services: ReadServices, workspaceId: number, filter: DrawFilter): Promise<number> {
	const count = await eligibleCount(services, workspaceId, filter);
	if (count > 0) return count;
	const reason =
		filter.source === "ours" ? "This workspace has no questions of its own to ask." : "No question fits that filter.";
	throw new UserError(`${reason} Nothing was changed.`, remedyForNone(services, filter));
}

/** When a schedule's next five questions are due; empty while it is paused with no end date. */
export async function upcoming(services: ReadServices, schedule: Schedule, now: Date): Promise<Date[]> {
	if (schedule.state === "removed") return [];
	const next = schedule.state === "paused" ? schedule.pausedUntil : schedule.nextRunAt;
	if (next === null) return [];
	const after = justBefore(next);
	return freeInstants(services, schedule, after > now ? after : now, UPCOMING);
}

/** Another schedule has the same channel, time, zone and days: two questions at once are rarely intended. */
export class EqualSchedule extends Error {
	readonly schedule: Schedule;

	constructor(schedule: Schedule) {
		super(`schedule #${schedule.number} posts there at that time already`);
		this.name = "EqualSchedule";
		this.schedule = schedule;
	}
}

const isEqual = (one: ScheduleInput, other: ScheduleInput): boolean =>
	one.channelId === other.channelId &&
	one.localTime === other.localTime &&
	one.zone === other.zone &&
	one.weekdays === other.weekdays;

const isFull = (schedules: readonly Schedule[], channelId: string): boolean =>
	schedules.filter((schedule) => schedule.channelId === channelId).length >= MAX_PER_CHANNEL;

/**
 * Adds a schedule with the workspace's next number.
 * @param evenIfEqual add it even if one has the same channel, time, zone and days
 * @throws UserError when the channel is full or the filter admits nothing
 * @throws EqualSchedule
 */
export async function addSchedule(
	services: ReadServices,
	workspaceId: number,
	input: ScheduleInput,
	now: Date,
	evenIfEqual = true,
): Promise<Schedule> {
	await filterSize(services, workspaceId, input);
	return services.transaction(
		async ({ store: { people, schedules } }) => {
			// Adds run one at a time: each takes the next number and sees the others.
			await people.lockWorkspace(workspaceId);
			const all = await schedules.list(workspaceId);
			const equal = all.find((schedule) => isEqual(schedule, input));
			if (equal && !evenIfEqual) throw new EqualSchedule(equal);
			if (isFull(all, input.channelId))
				throw new UserError(
					`A channel holds ${MAX_PER_CHANNEL} schedules at most. Nothing was added.`,
					"Remove one with `/nlpq schedule remove`, or edit one with `/nlpq schedule edit`.",
				);
			const { recap = false, ...rest } = input;
			const recapAt = recap ? nextRecap(input, now) : null;
			const times = { nextRunAt: nextInstant(input, now), recapAt, createdAt: now };
			return schedules.add({ workspaceId, ...rest, ...times });
		},
		({ id }) => id,
	);
}

/**
 * The run of a schedule that an edit must not lose: its question is due, the planner has not come to it yet, and the
 * edited timetable has the same instant. Null if there is none.
 */
async function dueRun(tx: Services, row: Schedule, edited: Schedule, now: Date): Promise<Date | null> {
	if (row.state !== "active" || row.nextRunAt === null || row.nextRunAt > now) return null;
	const due = await nextFreeInstant(tx, row, justBefore(row.nextRunAt));
	if (due === null || due > now) return null;
	const same = await nextFreeInstant(tx, edited, justBefore(due));
	return same?.getTime() === due.getTime() ? due : null;
}

/** The same for a weekly recap. */
function dueRecap({ state, recapAt }: Schedule, edited: Schedule, now: Date): Date | null {
	if (state !== "active" || recapAt === null || recapAt > now) return null;
	return nextRecap(edited, justBefore(recapAt)).getTime() === recapAt.getTime() ? recapAt : null;
}

/** Refuses to move a schedule into a channel that is full. */
async function refuseFull({ store }: Services, workspaceId: number, channelId: string): Promise<void> {
	if (isFull(await store.schedules.list(workspaceId), channelId))
		throw new UserError(
			`A channel holds ${MAX_PER_CHANNEL} schedules at most. Nothing was changed.`,
			"Choose another channel, or remove a schedule there with `/nlpq schedule remove`.",
		);
}

/**
 * Changes a schedule's settings. Keeps its number and its question count. Only instants after the edit are due, and one
 * that was due already and that the edit does not move.
 * @throws UserError when it was removed, the new channel is full, or the filter admits nothing
 */
export function editSchedule(
	services: ReadServices,
	key: ScheduleKey,
	changes: Partial<ScheduleInput>,
	now: Date,
): Promise<Schedule> {
	const edit = async ({ row }: LockedSchedule, tx: Services): Promise<ScheduleChanges> => {
		const { recap = row.recapAt !== null, ...rest } = changes;
		const edited = { ...row, ...rest };
		if (edited.channelId !== row.channelId) await refuseFull(tx, key.workspaceId, edited.channelId);
		await filterSize(tx, key.workspaceId, edited);
		const recapAt = recap ? (dueRecap(row, edited, now) ?? nextRecap(edited, now)) : null;
		const nextRunAt = (await dueRun(tx, row, edited, now)) ?? (await nextFreeInstant(tx, edited, now));
		return { ...rest, recapAt, nextRunAt };
	};
	if (changes.channelId === undefined) return changeSchedule(services, key, edit);
	return services.transaction(
		async (tx) => {
			// As for an add, so that two admins cannot fill the last place of a channel.
			await tx.store.people.lockWorkspace(key.workspaceId);
			return changeSchedule(tx, key, edit);
		},
		({ id }) => id,
	);
}

/** @param until local date on which the schedule resumes; null: when an admin resumes it */
export function pauseSchedule(
	services: ReadServices,
	key: ScheduleKey,
	until: string | null,
	now: Date,
): Promise<Schedule> {
	return changeSchedule(services, key, async (locked, tx) => {
		const pausedUntil = until === null ? null : instantOf(until, "00:00", locked.row.zone);
		if (until !== null && pausedUntil !== null && pausedUntil <= now)
			throw new UserError(
				`${dateText(until, localDateOf(now, locked.row.zone))} is not ahead. Nothing was changed.`,
				"Name a later date, or leave it out to pause until `/nlpq schedule resume`.",
			);
		await skipWaiting(tx, locked, "the schedule was paused", now);
		return { state: "paused", pausedUntil, pauseReason: null, pauseRemedy: null };
	});
}

/** Resumes a paused schedule. Does nothing to an active one. */
export function resumeSchedule(services: ReadServices, key: ScheduleKey, now: Date): Promise<Schedule> {
	return changeSchedule(services, key, async ({ row }, tx) => {
		if (row.state === "active") return {};
		const nextRunAt = await nextFreeInstant(tx, row, now);
		const cleared = { pausedUntil: null, pauseReason: null, pauseRemedy: null, lastFault: null };
		return { state: "active", ...cleared, nextRunAt };
	});
}

/** Removes a schedule. Its last window closes 24 hours after its delivery; its longest streaks remain as records. */
export async function removeSchedule(services: ReadServices, key: ScheduleKey, now: Date): Promise<void> {
	const { id, workspaceId } = key;
	await changeSchedule(services, key, async (locked, tx) => {
		const platform = await platformOf(tx, workspaceId);
		await skipWaiting(tx, locked, "the schedule was removed", now);
		for (const open of await tx.store.occurrences.unclosed(id, locked.row.lastNumber + 1))
			await closeWindow(tx, platform, open, now);
		return { state: "removed", removedAt: now, nextRunAt: null, pausedUntil: null };
	});
}

/**
 * Excuses a member's miss on a local date, and recomputes the streak.
 * @throws UserError when there was no miss to excuse
 */
export function repairMiss(
	services: ReadServices,
	key: ScheduleKey,
	memberId: number,
	localDate: string,
	now: Date,
): Promise<{ current: number }> {
	const { id, workspaceId } = key;
	return services.transaction(async (tx) => {
		const { people, occurrences, streaks } = tx.store;
		const { row } = await lockSchedule(tx, key);
		await people.lockMember(memberId);
		const day = dateText(localDate, localDateOf(now, row.zone));
		const occurrence = await occurrences.ofDate(id, localDate);
		const nothing = (why: string) =>
			new UserError(`${why} Nothing was changed.`, "`/nlpq streak <member>` shows which days were missed.");
		if (!occurrence || occurrence.number === null) throw nothing(`No daily question was delivered on ${day}.`);
		if (occurrence.closesAt === null || occurrence.closesAt > now)
			throw nothing(`The question of ${day} is still open.`);
		const [marks] = await streaks.marks(id, [memberId], occurrence.number - 1);
		if (marks?.attempted.includes(occurrence.number)) throw nothing(`The question of ${day} was answered.`);
		if (marks?.repaired.includes(occurrence.number)) throw nothing(`The miss of ${day} is already excused.`);
		await streaks.addRepair(workspaceId, memberId, occurrence.id, now);
		const booked = await refold(tx.store, workspaceId, memberId, id, now);
		if (!booked || occurrence.number < booked.row.firstNumber)
			throw nothing(`Before the first answer nothing is a miss; ${day} was before it.`);
		return { current: booked.row.current };
	});
}
