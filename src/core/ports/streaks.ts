import type { LedgerKind, Occurrence } from "../model.ts";
import type { AwayDate } from "../streak/streak.ts";

export interface StreakRow {
	readonly memberId: number;
	readonly scheduleId: number;
	readonly workspaceId: number;
	readonly current: number;
	readonly longest: number;
	readonly answered: number;
	readonly freezes: number;
	/** The streak as of `bookedTo`. `current` also counts answers to later occurrences, which are still open. */
	readonly booked: number;
	/** Number of the last occurrence that is booked. */
	readonly bookedTo: number;
	/** Number of the first occurrence that the member attempted. */
	readonly firstNumber: number;
	/** Number of the newest occurrence that the member attempted. */
	readonly latestNumber: number;
}

export interface LedgerEntry {
	readonly memberId: number;
	readonly scheduleId: number;
	readonly workspaceId: number;
	readonly number: number;
	readonly localDate: string;
	readonly kind: LedgerKind;
	readonly freezes: number;
	readonly current: number;
	readonly at: Date;
}

/** A member's occurrence numbers in one schedule, above a given number, as the fold needs them. */
export interface MemberMarks {
	readonly memberId: number;
	readonly attempted: readonly number[];
	readonly repaired: readonly number[];
	readonly away: readonly AwayDate[];
}

/** Streaks to change in one transaction. */
export interface StreakBatch {
	/** Ascending by member. */
	readonly rows: readonly StreakRow[];
	/** The member to continue after. */
	readonly through: number;
	readonly last: boolean;
}

export interface StreakStore {
	/** Null before the first attempt. */
	get(memberId: number, scheduleId: number): Promise<StreakRow | null>;
	/** Stores rows and updates their members' workspace totals. The caller must hold the members' locks. */
	save(rows: readonly StreakRow[]): Promise<void>;
	ofMember(memberId: number): Promise<StreakRow[]>;
	ofMembers(memberIds: readonly number[]): Promise<StreakRow[]>;
	/** Locks living streaks of members after an id that are not booked up to `below`, until the transaction ends. */
	holdLiving(scheduleId: number, afterMember: number, limit: number, below: number): Promise<StreakBatch>;
	/** Numbered occurrences above a number, ascending. */
	occurrencesAfter(scheduleId: number, number: number): Promise<Occurrence[]>;
	marks(scheduleId: number, memberIds: readonly number[], afterNumber: number): Promise<MemberMarks[]>;
	addLedger(entries: readonly LedgerEntry[]): Promise<void>;
	clearLedger(memberId: number, scheduleId: number): Promise<void>;
	/** Newest first. */
	ledgerOf(memberId: number, limit: number): Promise<LedgerEntry[]>;
	ledgerOfSchedule(memberId: number, scheduleId: number): Promise<LedgerEntry[]>;
	/** Records milestones. @returns those that are new */
	addMilestones(
		workspaceId: number,
		memberId: number,
		scheduleId: number,
		values: readonly number[],
		at: Date,
	): Promise<number[]>;
	addRepair(workspaceId: number, memberId: number, occurrenceId: number, at: Date): Promise<void>;
	/** Recomputes the members' workspace totals from their streaks. The caller must hold the members' locks. */
	refreshStandings(memberIds: readonly number[]): Promise<void>;
}
