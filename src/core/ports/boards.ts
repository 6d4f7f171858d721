import type { NumberRange, ScheduleWindows } from "../streak/standing.ts";
import type { StreakRow } from "./streaks.ts";

export type Board = "current" | "longest" | "answered" | "accuracy";

/**
 * Boards whose stored values are right, settled or not. `run` is the longest run inside a period; excused misses neither
 * lengthen nor break it.
 */
export type StoredBoard = Exclude<Board, "current"> | "run";

/** A schedule's boards, or the workspace's. */
export type BoardScope = { readonly workspaceId: number; readonly scheduleId: number | null };

export interface BoardRow {
	readonly memberId: number;
	readonly name: string;
	/** A count, or for accuracy a share from 0 to 1. */
	readonly value: number;
	readonly longest: number;
}

/** A member's own place on a board. */
export interface OwnPlace {
	readonly value: number;
	/** How many visible members are above it. */
	readonly above: number;
}

/** A streak whose stored value was in doubt, as the rules see it. */
export interface JudgedStreak {
	readonly memberId: number;
	readonly scheduleId: number;
	readonly value: number;
}

/** Current streaks as they stand at an instant: rows that are right as they are stored, and those that were judged. */
export interface CurrentStreaks {
	readonly standing: readonly NumberRange[];
	readonly judged: readonly JudgedStreak[];
}

export interface BoardStore {
	/** Where the windows of the scope's living schedules stand. */
	windows(scope: BoardScope, now: Date): Promise<ScheduleWindows[]>;
	/**
	 * Visible streaks that do not hold through a number but may still be alive: their members attempted a later one, or were
	 * away on one of the dates. Null: all of them.
	 */
	doubtful(scheduleId: number, through: number, dates: readonly string[] | null): Promise<StreakRow[]>;
	/** Visible members by their best current streak, highest first, that streak's longest and the name ordering ties. */
	currentTop(current: CurrentStreaks, offset: number, limit: number): Promise<BoardRow[]>;
	/** How many visible members have a current streak above a value. */
	currentAbove(current: CurrentStreaks, value: number): Promise<number>;
	/** Visible members by the stored value, highest first, longest and name ordering ties. */
	top(scope: BoardScope, board: StoredBoard, since: Date | null, offset: number, limit: number): Promise<BoardRow[]>;
	/** How many visible members are above a value. */
	countAbove(scope: BoardScope, board: StoredBoard, since: Date | null, value: number): Promise<number>;
	/** A member's place, hidden or not; null without a value. */
	place(scope: BoardScope, board: StoredBoard, since: Date | null, memberId: number): Promise<OwnPlace | null>;
	/** Members who attempted the newest occurrence, and those who attempted any of the last ones of its schedule. */
	participation(scheduleId: number, lastOccurrences: number): Promise<{ today: number; active: number } | null>;
}
