import type { Occurrence, Schedule } from "../model.ts";

export type NewSchedule = Pick<
	Schedule,
	| "workspaceId"
	| "channelId"
	| "channelName"
	| "localTime"
	| "zone"
	| "weekdays"
	| "categories"
	| "difficulties"
	| "nextRunAt"
	| "createdAt"
> &
	Partial<Pick<Schedule, "source" | "recapAt" | "roleId" | "publish">>;

export type ScheduleChanges = Partial<Omit<Schedule, "id" | "workspaceId" | "number" | "createdAt">>;

/** A schedule locked until the transaction ends. Only a locked schedule can be changed, so that no change is lost. */
export interface LockedSchedule {
	/** The current row, including changes by this transaction. */
	readonly row: Schedule;
	/** @returns the changed row */
	change(changes: ScheduleChanges): Promise<Schedule>;
}

export interface OccurrenceCounts {
	readonly delivered: number;
	readonly skipped: number;
	readonly unknown: number;
	readonly last: Occurrence | null;
}

/** A schedule that is due. */
export interface DueSchedule {
	readonly id: number;
	readonly workspaceId: number;
	readonly platform: string;
	/** How many deliveries and schedules of its workspace come before it; 0 goes first. */
	readonly fairnessRank: number;
}

/** Where a schedule posts, by the platform's own ids. */
export interface PlacedSchedule {
	readonly number: number;
	readonly workspaceExternalId: string;
	readonly channelId: string;
	readonly channelName: string;
}

export interface ScheduleStore {
	/** Adds a schedule with the workspace's next number. The caller must hold the workspace's lock. */
	add(schedule: NewSchedule): Promise<Schedule>;
	/** One of the workspace's schedules. Also finds removed ones. */
	get(workspaceId: number, id: number): Promise<Schedule | null>;
	/** Schedules oldest first. Omits removed ones by default. */
	list(workspaceId: number, options?: { readonly withRemoved?: boolean }): Promise<Schedule[]>;
	/** Locks a schedule until the transaction ends. Waits for another transaction that holds it. */
	lock(id: number): Promise<LockedSchedule | null>;
	/** The same, but null if another transaction holds it. */
	tryLock(id: number): Promise<LockedSchedule | null>;
	/** Locks schedules until the transaction ends. Skips those that another transaction holds. */
	lockAvailable(ids: readonly number[]): Promise<LockedSchedule[]>;
	/** For the engine: schedules whose next run or end of pause is due, by fairness rank, except `without`. */
	due(now: Date, limit: number, without?: readonly number[]): Promise<DueSchedule[]>;
	/** For the engine: locks the schedule of an occurrence until the transaction ends. */
	lockByOccurrence(occurrenceId: number): Promise<LockedSchedule | null>;
	/** For the engine: when a platform's next schedule runs or resumes. */
	nextInstant(platform: string): Promise<Date | null>;
	counts(scheduleId: number): Promise<OccurrenceCounts>;
	/** For the doctor: active schedules of a platform's workspaces that still have the bot, newest first. */
	active(platform: string, limit: number): Promise<PlacedSchedule[]>;
	/** A workspace's active schedules in a channel. */
	inChannel(workspaceId: number, channelId: string): Promise<Schedule[]>;
}
