import type { LedgerEntry, StreakRow } from "./streaks.ts";

/** One member in one schedule. */
export type Pair = Pick<StreakRow, "memberId" | "scheduleId" | "workspaceId">;

/** A member whose board rows disagree with the stored streaks. */
export interface StandingCheck {
	readonly memberId: number;
	/** Whether the member has workspace totals but no streak. */
	readonly surplus: boolean;
}

/** Verifies and corrects stored streaks and boards, across workspaces. */
export interface AuditStore {
	/** Member ids above an id, ascending, except in workspaces that are being deleted. */
	membersAfter(after: number, limit: number): Promise<number[]>;
	/** The schedules in which members have attempts. */
	attemptedPairs(memberIds: readonly number[]): Promise<Pair[]>;
	/** Ordered by member, schedule and number. */
	ledgerOf(memberIds: readonly number[]): Promise<LedgerEntry[]>;
	/** Members whose board rows disagree with their streaks or their member row. */
	wrongStandings(memberIds: readonly number[]): Promise<StandingCheck[]>;
	/** Removes a streak that has no attempt. The caller must hold the member's lock. */
	deleteStreak(memberId: number, scheduleId: number): Promise<void>;
	/** Removes the workspace totals of a member without a streak. The caller must hold the member's lock. */
	deleteStanding(memberId: number): Promise<void>;
	/** Copies the member's name and visibility to the boards. The caller must hold the member's lock. */
	copyToBoards(memberId: number): Promise<void>;
}
