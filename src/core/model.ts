/** The plain values that rules and store exchange. All instants are `Date`, all local dates `YYYY-MM-DD`. */

export type ScheduleState = "active" | "paused" | "removed";
/** `due`: reserved, not yet sent. `sending`: a send has begun, its outcome not yet recorded. */
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
/** `sending`: a send has begun; the next worker to claim it first looks whether it arrived. */
export type DeliveryState = "pending" | "sending" | "sent" | "skipped" | "failed" | "unknown";
export type AnswerKind = "text" | "check";
export type Grade = "again" | "hard" | "good" | "easy";
/** `accepted`: it is wrong, and to be corrected. `corrected`: the question has a newer revision. */
export type ReportState = "open" | "accepted" | "declined" | "duplicate" | "corrected";
export type OwnState = "waiting" | "active" | "declined" | "retired";
/** Where a schedule takes its questions from; from both, the workspace's own come first in each bag. */
export const SOURCES = ["bank", "ours", "both"] as const;
export type Source = (typeof SOURCES)[number];
export type LedgerKind = "freeze-earned" | "freeze-used" | "missed" | "away" | "repaired";

export interface Workspace {
	readonly id: number;
	readonly platform: string;
	readonly externalId: string;
	readonly name: string;
	/** When its installation was removed; null while it is there. */
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
	/** Reviews a day that the member means to do until then. */
	readonly reviewsADay: number | null;
}

export interface Schedule {
	/** The row's own: shown nowhere. */
	readonly id: number;
	readonly workspaceId: number;
	/** 1, 2, 3 … within the workspace, removed ones counted: what admins see and type. */
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
	/** When the next weekly recap comes; null: none. */
	readonly recapAt: Date | null;
	/** The one role that the post notifies, by the platform's id; null: none. */
	readonly roleId: string | null;
	/** Whether the post is published to those who follow the channel. */
	readonly publish: boolean;
	readonly state: ScheduleState;
	readonly pausedUntil: Date | null;
	/** Why the program paused it, and what an admin can do about it; null when a person did. */
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
	/** Fixed at receipt; null in rows of an older version, until their memories are made. */
	readonly localDate: string | null;
	/** The repeat of a missed question at the end of a practice run. */
	readonly isRepeat: boolean;
	/** The grade that the memory booked for it; null when it booked none. */
	readonly bookedGrade: Grade | null;
}

/** An answer before it is stored: everything but its number and what comes later. */
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
