/** A schedule whose weekly recap is due. */
export interface DueRecap {
	readonly scheduleId: number;
	readonly workspaceId: number;
}

/** The data of a schedule's weekly recap. It never names hidden members. */
export interface WeekOfSchedule {
	/** How many members attempted a question of this week. */
	readonly participants: number;
	/** How many members attempted a question of the week before. */
	readonly participantsBefore: number;
	/** Names of the members with the largest increase in answered days over the week before. */
	readonly more: readonly string[];
	/** That increase in days; 0 when nobody reached two. */
	readonly moreDays: number;
	/** Names of the members who made their first attempt. */
	readonly first: readonly string[];
	/** The question with the largest share of wrong quick checks, among those with at least 5 checks. */
	readonly hardest: {
		readonly questionId: string;
		readonly revision: number;
		readonly wrong: number;
		readonly checks: number;
	} | null;
}

export interface RecapStore {
	/** For the engine: a platform's schedules whose recap is due, without some. */
	due(platform: string, now: Date, limit: number, withoutSchedules?: readonly number[]): Promise<DueRecap[]>;
	/** For the engine: when a platform's next recap is due. */
	next(platform: string): Promise<Date | null>;
	/**
	 * A schedule's week, by the local dates of its occurrences.
	 * @param before the first date of the previous week
	 */
	week(scheduleId: number, from: string, to: string, before: string): Promise<WeekOfSchedule>;
}
