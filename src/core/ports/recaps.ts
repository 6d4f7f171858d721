/** A schedule whose weekly recap has fallen due. */
export interface DueRecap {
	readonly scheduleId: number;
	readonly workspaceId: number;
}

/** What a schedule's weekly recap is made of. Hidden members are never named. */
export interface WeekOfSchedule {
	/** Members who attempted any of its questions, and any of those of the week before. */
	readonly participants: number;
	readonly participantsBefore: number;
	/** Who answered on most more days than the week before, and on how many more: 0 when nobody on two. */
	readonly more: readonly string[];
	readonly moreDays: number;
	/** Who made a first attempt. */
	readonly first: readonly string[];
	/** The question that the largest share got wrong, of those with at least 5 checks. */
	readonly hardest: {
		readonly questionId: string;
		readonly revision: number;
		readonly wrong: number;
		readonly checks: number;
	} | null;
}

export interface RecapStore {
	/** The engine's: schedules of a platform whose recap has fallen due. */
	due(platform: string, now: Date, limit: number): Promise<DueRecap[]>;
	/** The engine's: the earliest recap of a platform. */
	next(platform: string): Promise<Date | null>;
	/**
	 * A schedule's week by the local dates of its occurrences.
	 * @param before the first date of the week before
	 */
	week(scheduleId: number, from: string, to: string, before: string): Promise<WeekOfSchedule>;
}
