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

/** A planned daily question: its occurrence, its delivery, and the schedule's new values. */
export interface PlannedDaily extends Pick<Schedule, "nextRunAt" | "drawn" | "recent"> {
	readonly occurrence: NewOccurrence;
	readonly delivery: Omit<NewDelivery, "key" | "occurrenceId">;
}

export interface OccurrenceStore {
	/** Records an occurrence; null when the schedule has already used the date. */
	add(occurrence: NewOccurrence): Promise<Occurrence | null>;
	/**
	 * Records planned questions in one statement, each with its delivery. If the date is already used, the schedule moves on
	 * and keeps its bag. The caller must hold the schedules' locks.
	 */
	addPlanned(plans: readonly PlannedDaily[]): Promise<void>;
	get(id: number): Promise<Occurrence | null>;
	change(id: number, changes: OccurrenceChanges): Promise<void>;
	/** Locks the row until the transaction ends, so that no attempt can be added meanwhile. */
	lock(id: number): Promise<Occurrence | null>;
	/** Numbered occurrences below a number whose closing time is not yet known. */
	unclosed(scheduleId: number, below: number): Promise<Occurrence[]>;
	ofDate(scheduleId: number, localDate: string): Promise<Occurrence | null>;
	/** When a question's last window of the past 30 days had closed at an instant; null if there was none. */
	closedLately(workspaceId: number, questionId: string, at: Date): Promise<Date | null>;
	/** A schedule's occurrences that wait for their send or its outcome. */
	waiting(scheduleId: number): Promise<Occurrence[]>;
	/** Ids of those schedules that have a waiting occurrence. */
	withWaiting(scheduleIds: readonly number[]): Promise<number[]>;
	/** Open occurrences of a workspace, or of one of its channels, newest first. */
	open(workspaceId: number, channelId: string | null, at: Date): Promise<Occurrence[]>;
	/** For the engine: closed, unsettled occurrences by closing time, except in workspaces that are being deleted. */
	toSettle(now: Date, limit: number, withoutSchedules?: readonly number[]): Promise<Occurrence[]>;
	/** For the engine: settles those closed occurrences that no streak depends on. @returns their ids */
	settleUnawaited(ids: readonly number[], now: Date): Promise<number[]>;
	/** For the engine: when a platform's next window closes. */
	nextClosing(platform: string, after: Date): Promise<Date | null>;
	/** Requests an update of the answer count in the post. */
	requestCount(occurrenceId: number, notBefore: Date): Promise<void>;
	/** Requests an update of posts whose windows have closed. A request that already waits stays as it is. */
	requestClosed(posts: { occurrenceId: number; notBefore: Date }[]): Promise<void>;
	/** For the engine: claims due requests for this process until `until`. */
	takeCountRequests(
		platform: string,
		now: Date,
		until: Date,
		limit: number,
		without?: readonly number[],
	): Promise<number[]>;
	/** Ends a request. A concurrent answer waits for this call, or makes a new request. */
	endCountRequest(occurrenceId: number): Promise<void>;
	hasAttempts(occurrenceId: number): Promise<boolean>;
	/** A schedule's occurrences since a local date. */
	since(scheduleId: number, localDate: string): Promise<Occurrence[]>;
	/** The same, with whether a member attempted each, for the picture of the last weeks. */
	sinceFor(memberId: number, scheduleId: number, localDate: string): Promise<(Occurrence & { attempted: boolean })[]>;
}
