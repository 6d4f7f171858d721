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

/** A schedule locked until the transaction ends: the only way to change one, so no change is lost. */
export interface HeldSchedule {
	/** The row as it stands now, including what this transaction has changed. */
	readonly row: Schedule;
	/** @returns the row afterwards */
	change(changes: ScheduleChanges): Promise<Schedule>;
}

export interface OccurrenceCounts {
	readonly delivered: number;
	readonly skipped: number;
	readonly unknown: number;
	readonly last: Occurrence | null;
}

/** A schedule that has fallen due. */
export interface DueSchedule {
	readonly id: number;
	readonly workspaceId: number;
	readonly platform: string;
	/** How many of its workspace wait or fall due before it. */
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
	/** Adds one with the workspace's next number. Hold the workspace, so that no other takes the same one. */
	add(schedule: NewSchedule): Promise<Schedule>;
	/** One of the workspace's schedules, removed ones too. */
	get(workspaceId: number, id: number): Promise<Schedule | null>;
	/** Oldest first, without the removed ones unless told. */
	list(workspaceId: number, withRemoved?: boolean): Promise<Schedule[]>;
	/** Any schedule, held until the transaction ends; null when another holds it, unless told to wait. */
	lock(id: number, wait?: boolean): Promise<HeldSchedule | null>;
	/** Schedules held until the transaction ends, without those that another holds. */
	lockFree(ids: readonly number[]): Promise<HeldSchedule[]>;
	/** For the engine: schedules whose next run or end of pause has come, by fairness rank, except `without`. */
	due(now: Date, limit: number, without?: readonly number[]): Promise<DueSchedule[]>;
	/** The engine's: the schedule of an occurrence, held until the transaction ends. */
	lockOf(occurrenceId: number): Promise<HeldSchedule | null>;
	/** For the engine: when a platform's next schedule runs or resumes. */
	nextInstant(platform: string): Promise<Date | null>;
	counts(scheduleId: number): Promise<OccurrenceCounts>;
	/** The doctor's: active schedules of a platform's workspaces that have not removed us, newest first. */
	active(platform: string, limit: number): Promise<PlacedSchedule[]>;
	/** Active schedules of a channel that is gone or closed to us. */
	inChannel(workspaceId: number, channelId: string): Promise<Schedule[]>;
}
