import type { LedgerEntry, StreakRow } from "./streaks.ts";

/** One member in one schedule. */
export type Pair = Pick<StreakRow, "memberId" | "scheduleId" | "workspaceId">;

/** A member whose lines on boards disagree with the streaks. */
export interface StandingCheck {
	readonly memberId: number;
	/** A headline without any streak. */
	readonly surplus: boolean;
}

/** Verifies and corrects stored streaks and boards; across workspaces. */
export interface AuditStore {
	/** Ids of members above an id, ascending, except in workspaces that are being deleted. */
	membersAfter(after: number, limit: number): Promise<number[]>;
	/** In which schedules members have attempts. */
	attemptedPairs(memberIds: readonly number[]): Promise<Pair[]>;
	/** By member, schedule and number. */
	ledgerOf(memberIds: readonly number[]): Promise<LedgerEntry[]>;
	/** Members whose line on boards disagrees with their streaks or their own row. */
	wrongStandings(memberIds: readonly number[]): Promise<StandingCheck[]>;
	/** Removes a streak that has no attempt. The member must be held. */
	drop(memberId: number, scheduleId: number): Promise<void>;
	/** Copies the member's name and visibility to the boards. The member must be held. */
	mendLines(memberId: number, surplus: boolean): Promise<void>;
}
