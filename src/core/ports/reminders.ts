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
	/** True for whoever nudges the member first on a UTC date. */
	claim(memberId: number, date: string): Promise<boolean>;
	/** The engine's: the earliest nudge ahead on a platform. */
	next(platform: string, after: Date): Promise<Date | null>;
	/** False once the member has answered. */
	stillWanted(memberId: number, occurrenceId: number): Promise<boolean>;
}
