/** A reminder that is due. */
export interface Reminder {
	readonly memberId: number;
	readonly workspaceId: number;
	readonly occurrenceId: number;
	readonly questionId: string;
}

export interface ReminderStore {
	/**
	 * For the engine: members whose window closes within the hours that they chose, who have not answered and got no
	 * reminder today (UTC).
	 */
	due(platform: string, now: Date, limit: number, withoutMembers?: readonly number[]): Promise<Reminder[]>;
	/**
	 * Claims a member's reminder for a UTC date. The reminder that reaches `last` turns reminders off.
	 * @returns how many reminders in a row the member has not answered, including this one; null when another process
	 * claimed the date first
	 */
	claim(memberId: number, date: string, last: number): Promise<number | null>;
	/** For the engine: when a platform's next reminder is due. */
	next(platform: string, after: Date): Promise<Date | null>;
	/** False once the member has answered. */
	stillWanted(memberId: number, occurrenceId: number): Promise<boolean>;
}
