import type { Occurrence, Schedule } from "../model.ts";
import type { NewDelivery } from "./deliveries.ts";

export type NewOccurrence = Pick<
	Occurrence,
	| "workspaceId"
	| "scheduleId"
	| "localDate"
	| "dueAt"
	| "state"
	| "questionId"
	| "questionRevision"
	| "channelId"
	| "fault"
>;

export type OccurrenceChanges = Partial<Omit<Occurrence, "id" | "workspaceId" | "scheduleId" | "localDate">>;

/** A daily question as it is planned: its occurrence, its delivery, and its schedule afterwards. */
export interface PlannedDaily extends Pick<Schedule, "nextRunAt" | "drawn" | "recent"> {
	readonly occurrence: NewOccurrence;
	readonly delivery: Omit<NewDelivery, "key" | "occurrenceId">;
}

export interface OccurrenceStore {
	/** Records an occurrence; null when the schedule has used the date already. */
	add(occurrence: NewOccurrence): Promise<Occurrence | null>;
	/**
	 * Records planned questions in one statement, each with its delivery. Where the date is already used, the schedule
	 * moves on and keeps its bag. The schedules must be held.
	 */
	addPlanned(plans: readonly PlannedDaily[]): Promise<void>;
	get(id: number): Promise<Occurrence | null>;
	change(id: number, changes: OccurrenceChanges): Promise<void>;
	/** The row, locked until the transaction ends: no attempt can be added meanwhile. */
	lock(id: number): Promise<Occurrence | null>;
	/** Numbered occurrences below a number whose closing is not yet known. */
	unclosed(scheduleId: number, below: number): Promise<Occurrence[]>;
	ofDate(scheduleId: number, localDate: string): Promise<Occurrence | null>;
	/** Those of a schedule that wait for their send, or for its outcome. */
	waiting(scheduleId: number): Promise<Occurrence[]>;
	/** Those of some schedules that have any such. */
	withWaiting(scheduleIds: readonly number[]): Promise<number[]>;
	/** Open ones of a workspace, or of one of its channels, newest first. */
	open(workspaceId: number, channelId: string | null, at: Date): Promise<Occurrence[]>;
	/** For the engine: closed and unsettled at an instant, by closing; not in workspaces that are being deleted. */
	toSettle(now: Date, limit: number, withoutSchedules?: readonly number[]): Promise<Occurrence[]>;
	/** The engine's: settles, of closed ones, those in whose schedules no streak awaits it. @returns their ids */
	settleUnawaited(ids: readonly number[], now: Date): Promise<number[]>;
	/** For the engine: a platform's next closing. */
	nextClosing(platform: string, after: Date): Promise<Date | null>;
	/** Requests an update of the post's count of answers. */
	requestCount(occurrenceId: number, notBefore: Date): Promise<void>;
	/** For the engine: takes due requests, each for one process until `until`. */
	takeCountRequests(
		platform: string,
		now: Date,
		until: Date,
		limit: number,
		without?: readonly number[],
	): Promise<number[]>;
	/** Ends a request. An answer that came meanwhile waited for this, or makes a new request. */
	endCountRequest(occurrenceId: number): Promise<void>;
	hasAttempts(occurrenceId: number): Promise<boolean>;
	/** Of a schedule since a local date. */
	since(scheduleId: number, localDate: string): Promise<Occurrence[]>;
	/** The same with whether a member has attempted each, for the picture of the last weeks. */
	sinceFor(memberId: number, scheduleId: number, localDate: string): Promise<(Occurrence & { attempted: boolean })[]>;
}
