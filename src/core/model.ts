/** Plain values that the rules and the store exchange. All instants are `Date`, all local dates `YYYY-MM-DD`. */

export type ScheduleState = "active" | "paused" | "removed";
/** `due`: reserved, not yet sent. `sending`: a send has begun, and its outcome is not yet recorded. */
export type OccurrenceState = "due" | "sending" | "delivered" | "unknown" | "skipped" | "failed";
export const DELIVERY_KINDS = [
	"daily",
	"answer",
	"alert",
	"reminder",
	"milestone",
	"share",
	"report",
	"report-outcome",
	"suggestion",
	"suggestion-outcome",
	"welcome",
	"recap",
	"publish",
] as const;
export type DeliveryKind = (typeof DELIVERY_KINDS)[number];
/** `sending`: a send has begun. The next worker to claim it first checks whether it arrived. */
export type DeliveryState = "pending" | "sending" | "sent" | "skipped" | "failed" | "unknown";
export type AnswerKind = "text" | "check";
export type Grade = "again" | "hard" | "good" | "easy";
/** `accepted`: the question is wrong and needs a correction. `corrected`: the question has a newer revision. */
export type ReportState = "open" | "accepted" | "declined" | "duplicate" | "corrected";
export type OwnState = "waiting" | "active" | "declined" | "retired";
/** Where a schedule takes its questions from. With `both`, the workspace's own come first in each bag. */
export const SOURCES = ["bank", "ours", "both"] as const;
export type Source = (typeof SOURCES)[number];
export type LedgerKind = "freeze-earned" | "freeze-used" | "missed" | "away" | "repaired";

export interface Workspace {
	readonly id: number;
	readonly platform: string;
	readonly externalId: string;
	readonly name: string;
	/** When the bot was removed from it; null while it is installed. */
	readonly removedAt: Date | null;
}

export interface Member {
	readonly id: number;
	readonly workspaceId: number;
	readonly externalId: string;
	readonly name: string;
	readonly lastQuestionId: string | null;
	readonly hidden: boolean;
	readonly milestonesPublic: boolean;
	readonly reminderHours: number | null;
	/** Local date of the interview that the member prepares for. */
	readonly interviewOn: string | null;
	/** Reviews a day that the member plans until then. */
	readonly reviewsADay: number | null;
}

export interface Schedule {
	/** The row's id, never shown to anybody. */
	readonly id: number;
	readonly workspaceId: number;
	/** The number that admins see and type: 1, 2, 3 … within the workspace. Removed schedules keep theirs. */
	readonly number: number;
	readonly channelId: string;
	readonly channelName: string;
	/** HH:MM in `zone`. */
	readonly localTime: string;
	/** IANA name. */
	readonly zone: string;
	/** Bit 0 is Monday, bit 6 Sunday. */
	readonly weekdays: number;
	readonly categories: readonly string[];
	readonly difficulties: readonly string[];
	readonly source: Source;
	/** When the next weekly recap is due; null: none. */
	readonly recapAt: Date | null;
	/** The platform's id of the one role that the post mentions; null: none. */
	readonly roleId: string | null;
	/** Whether to publish the post to the channel's followers. */
	readonly publish: boolean;
	readonly state: ScheduleState;
	readonly pausedUntil: Date | null;
	/** Why the program paused it, and what an admin can do about it; null if an admin paused it. */
	readonly pauseReason: string | null;
	readonly pauseRemedy: string | null;
	readonly nextRunAt: Date | null;
	readonly drawn: readonly string[];
	readonly recent: readonly string[];
	readonly lastNumber: number;
	readonly lastFault: string | null;
	readonly createdAt: Date;
	readonly removedAt: Date | null;
}

/** The shown count of a post whose question was replaced: never equal to a count, it makes the engine edit the post. */
export const COUNT_UNKNOWN = -1;

export interface Occurrence {
	readonly id: number;
	readonly workspaceId: number;
	readonly scheduleId: number;
	readonly localDate: string;
	readonly dueAt: Date;
	readonly state: OccurrenceState;
	readonly questionId: string | null;
	readonly questionRevision: number | null;
	readonly number: number | null;
	readonly deliveredAt: Date | null;
	readonly closesAt: Date | null;
	readonly settledAt: Date | null;
	readonly settledThrough: number | null;
	readonly channelId: string;
	readonly messageId: string | null;
	readonly threadId: string | null;
	readonly shownCount: number;
	readonly erasedAttempts: number;
	readonly fault: string | null;
}

export interface Answer {
	readonly id: number;
	readonly workspaceId: number;
	readonly memberId: number;
	readonly questionId: string;
	readonly revision: number;
	readonly at: Date;
	readonly kind: AnswerKind;
	readonly text: string | null;
	readonly option: string | null;
	readonly correct: boolean | null;
	readonly hinted: boolean;
	readonly points: readonly number[] | null;
	readonly grade: Grade | null;
	readonly sharedAt: Date | null;
	/** Fixed at receipt. Null in rows of an older version until a chore creates their memories. */
	readonly localDate: string | null;
	/** Whether it repeats a missed question at the end of a practice run. */
	readonly isRepeat: boolean;
	/** The grade that the memory booked for it; null if it booked none. */
	readonly bookedGrade: Grade | null;
}

/** An answer before it is stored, without its id and the fields that are set later. */
export type NewAnswer = Pick<
	Answer,
	"workspaceId" | "memberId" | "questionId" | "revision" | "at" | "kind" | "text" | "option" | "correct" | "hinted"
>;

export interface Delivery {
	readonly id: number;
	readonly workspaceId: number;
	readonly platform: string;
	readonly kind: DeliveryKind;
	readonly key: string;
	readonly occurrenceId: number | null;
	readonly memberId: number | null;
	readonly payload: Readonly<Record<string, string | number>>;
	readonly state: DeliveryState;
	readonly fairnessRank: number;
	readonly dueAt: Date;
	readonly expiresAt: Date;
	readonly nextTryAt: Date;
	readonly tries: number;
	readonly fence: number;
	readonly sendBegunAt: Date | null;
	readonly messageId: string | null;
	readonly fault: string | null;
}
