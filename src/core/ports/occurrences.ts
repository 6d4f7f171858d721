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
	/** Records an occurrence; null when the schedule's date is already used. */
	add(occurrence: NewOccurrence): Promise<Occurrence | null>;
	/**
	 * Records planned questions in one statement, each with its delivery. Where the date is already used, the schedule
	 * moves on and keeps its bag. The schedules must be held.
	 */
	addPlanned(plans: readonly PlannedDaily[]): Promise<void>;
	get(id: number): Promise<Occurrence | null>;
	change(id: number, changes: OccurrenceChanges): Promise<void>;
	/** The row held until the transaction ends, so that no attempt joins it meanwhile. */
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
	/** The engine's: closed by an instant and not yet settled, in order of their closing; not where all is being deleted. */
	toSettle(now: Date, limit: number, withoutSchedules?: readonly number[]): Promise<Occurrence[]>;
	/** The engine's: settles, of closed ones, those in whose schedules no streak awaits it. @returns their ids */
	settleUnawaited(ids: readonly number[], now: Date): Promise<number[]>;
	/** The engine's: the earliest closing ahead on a platform. */
	nextClosing(platform: string, after: Date): Promise<Date | null>;
	/** Asks for the post's answered count to be brought up to date. */
	requestCount(occurrenceId: number, notBefore: Date): Promise<void>;
	/** The engine's: takes requests that are due, each for one process, which has until `until` before another may. */
	takeCountRequests(
		platform: string,
		now: Date,
		until: Date,
		limit: number,
		without?: readonly number[],
	): Promise<number[]>;
	/** The request is served; whoever answered meanwhile has waited for this, or asks anew. */
	endCountRequest(occurrenceId: number): Promise<void>;
	hasAttempts(occurrenceId: number): Promise<boolean>;
	/** Of a schedule since a local date. */
	since(scheduleId: number, localDate: string): Promise<Occurrence[]>;
	/** The same with whether a member has attempted each, for the picture of the last weeks. */
	sinceFor(memberId: number, scheduleId: number, localDate: string): Promise<(Occurrence & { attempted: boolean })[]>;
}
