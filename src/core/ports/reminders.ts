/** A nudge that is due. */
export interface Reminder {
	readonly memberId: number;
	readonly workspaceId: number;
	readonly occurrenceId: number;
	readonly questionId: string;
}

export interface ReminderStore {
	/** For the engine: members whose window closes within the hours that they chose, who have not answered or been nudged today. */
	due(platform: string, now: Date, limit: number, withoutMembers?: readonly number[]): Promise<Reminder[]>;
	/**
	 * How many nudges in a row the member has not answered, including this one. Null when another process nudged them first
	 * on this UTC date. The nudge that reaches `last` turns nudges off.
	 */
	claim(memberId: number, date: string, last: number): Promise<number | null>;
	/** For the engine: a platform's next nudge. */
	next(platform: string, after: Date): Promise<Date | null>;
	/** False once the member has answered. */
	stillWanted(memberId: number, occurrenceId: number): Promise<boolean>;
}
