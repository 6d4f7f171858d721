import type { LedgerEntry, StreakRow } from "./streaks.ts";

/** One member in one schedule. */
export type Pair = Pick<StreakRow, "memberId" | "scheduleId" | "workspaceId">;

/** A member whose lines on the boards are not what the streaks say. */
export interface StandingCheck {
	readonly memberId: number;
	/** A headline without any streak. */
	readonly surplus: boolean;
}

/** Verifying and mending what is kept of streaks beside the facts that they follow from; across workspaces. */
export interface AuditStore {
	/** Ids of members above an id, ascending; without those of workspaces that are being deleted. */
	membersAfter(after: number, limit: number): Promise<number[]>;
	/** In which schedules members have attempts. */
	attemptedPairs(memberIds: readonly number[]): Promise<Pair[]>;
	/** By member, schedule and number. */
	ledgerOf(memberIds: readonly number[]): Promise<LedgerEntry[]>;
	/** Members whose headline, name or visibility on boards differs from what their streaks and their own row say. */
	wrongStandings(memberIds: readonly number[]): Promise<StandingCheck[]>;
	/** Removes a streak that has no attempt. The member must be held. */
	drop(memberId: number, scheduleId: number): Promise<void>;
	/** Brings name and visibility on boards to the member's own. The member must be held. */
	mendLines(memberId: number, surplus: boolean): Promise<void>;
}
