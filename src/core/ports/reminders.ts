/** A nudge that is due. */
export interface Reminder {
	readonly memberId: number;
	readonly workspaceId: number;
	readonly occurrenceId: number;
	readonly questionId: string;
}

export interface ReminderStore {
	/** The engine's: members whose window closes within the hours that they asked for, not answered, not nudged today. */
	due(platform: string, now: Date, limit: number, withoutMembers?: readonly number[]): Promise<Reminder[]>;
	/**
	 * For whoever nudges the member first on a UTC date: how many nudges have had no answer since, this one included. Null
	 * for others. The nudge that reaches `last` ends them.
	 */
	claim(memberId: number, date: string, last: number): Promise<number | null>;
	/** The engine's: the earliest nudge ahead on a platform. */
	next(platform: string, after: Date): Promise<Date | null>;
	/** False once the member has answered. */
	stillWanted(memberId: number, occurrenceId: number): Promise<boolean>;
}
