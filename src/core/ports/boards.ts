import type { NumberRange, ScheduleWindows } from "../streak/standing.ts";
import type { StreakRow } from "./streaks.ts";

export type Board = "current" | "longest" | "answered" | "accuracy";

/**
 * Boards whose stored values are right even before a settlement. `run` is the longest run within a period; excused misses
 * neither lengthen nor break it.
 */
export type StoredBoard = Exclude<Board, "current"> | "run";

/** The boards of one schedule; null: of the whole workspace. */
export type BoardScope = { readonly workspaceId: number; readonly scheduleId: number | null };

export interface BoardRow {
	readonly memberId: number;
	readonly name: string;
	/** A count; for accuracy, a share from 0 to 1. */
	readonly value: number;
	readonly longest: number;
}

/** A member's own place on a board. */
export interface OwnPlace {
	readonly value: number;
	/** How many visible members are above it. */
	readonly above: number;
}

/** A streak with a doubtful stored value, as recomputed by the rules. */
export interface JudgedStreak {
	readonly memberId: number;
	readonly scheduleId: number;
	readonly value: number;
}

/** Current streaks at an instant. */
export interface CurrentStreaks {
	/** Ranges of rows whose stored value is right. */
	readonly standing: readonly NumberRange[];
	/** Recomputed values of the doubtful rows. */
	readonly judged: readonly JudgedStreak[];
}

export interface BoardStore {
	/** The state of the windows of the scope's schedules, without removed ones. */
	windows(scope: BoardScope, now: Date): Promise<ScheduleWindows[]>;
	/**
	 * Visible streaks that do not hold through a number but may still be alive, because the member attempted a later
	 * occurrence or was away on one of the dates. @param dates null: return all that do not hold
	 */
	doubtful(scheduleId: number, through: number, dates: readonly string[] | null): Promise<StreakRow[]>;
	/** Visible members by best current streak, highest first. Ties: by that streak's longest value, then by name. */
	currentTop(current: CurrentStreaks, offset: number, limit: number): Promise<BoardRow[]>;
	/** How many visible members have a current streak above a value. */
	currentAbove(current: CurrentStreaks, value: number): Promise<number>;
	/** Visible members by stored value, highest first. Ties: by longest streak, then by name. */
	top(scope: BoardScope, board: StoredBoard, since: Date | null, offset: number, limit: number): Promise<BoardRow[]>;
	/** How many visible members are above a value. */
	countAbove(scope: BoardScope, board: StoredBoard, since: Date | null, value: number): Promise<number>;
	/** A member's place, hidden or not; null if the member has no value. */
	place(scope: BoardScope, board: StoredBoard, since: Date | null, memberId: number): Promise<OwnPlace | null>;
	/** How many members attempted the newest occurrence, and how many attempted any of the last `lastOccurrences`. */
	participation(scheduleId: number, lastOccurrences: number): Promise<{ today: number; active: number } | null>;
}
