import { isoWeekStart, monthStart, seasonStart } from "../calendar/calendar.ts";
import type { Schedule } from "../model.ts";
import type { Board, BoardRow, BoardScope, OwnPlace, StoredBoard } from "../ports/boards.ts";
import type { Reads } from "../ports/reads.ts";
import type { Asker, ReadServices } from "../service/services.ts";
import { currentStreaks } from "./current-board.ts";
import { type RankedRow, rankRows } from "./leaderboard.ts";
import { type Evaluated, evaluateStreaks } from "./streaks.ts";

export type Period = "week" | "month" | "season" | "all";
export const BOARD_PAGE = 10;
/** Lower than any value on a board, so that counting above it counts everybody. */
const BELOW_ANY_VALUE = -1;
/** A member is active after attempting at least one of this many latest occurrences. */
const ACTIVE_OCCURRENCES = 14;

export interface BoardPage {
	readonly rows: readonly RankedRow[];
	readonly more: boolean;
	/** Number of pages; null unless the requested page is past the last. */
	readonly pages: number | null;
	/** The asker's own place, even if the asker is hidden; null if the asker has no value. */
	readonly own: { readonly rank: number; readonly value: number } | null;
	readonly participation: { readonly today: number; readonly active: number } | null;
}

/** The schedules of a board or streak: the channel's, or the workspace's if the channel has none. */
export async function schedulesHere(store: Reads, asker: Asker): Promise<Schedule[]> {
	return ofChannel(await store.schedules.list(asker.workspace.id), asker);
}

/** The same, from a list of the workspace's schedules. The list must not contain removed ones. */
export function ofChannel(all: readonly Schedule[], asker: Asker): Schedule[] {
	const here = all.filter((schedule) => schedule.channelId === asker.channelId);
	return here.length > 0 ? here : [...all];
}

/** Whether the asker's channel has schedules of its own. */
export function isOwnChannel(schedules: readonly Schedule[], asker: Asker): boolean {
	return schedules.length > 0 && schedules.every((schedule) => schedule.channelId === asker.channelId);
}

/** Start of the current period. Callers pass the schedule's zone, or UTC for the whole workspace. Null for all time. */
export function periodStart(period: Period, zone: string, now: Date): Date | null {
	if (period === "all") return null;
	switch (period) {
		case "week":
			return isoWeekStart(now, zone);
		case "month":
			return monthStart(now, zone);
		case "season":
			return seasonStart(now, zone);
	}
}

type BoardSlice = Pick<BoardPage, "rows" | "more" | "pages" | "own">;

/**
 * A page with its ranks, from rows that are already sorted.
 * @param rows the page's rows, plus the next one if there is one
 * @param countAbove counts the members above a value
 */
async function sliceOf(
	rows: readonly BoardRow[],
	offset: number,
	own: OwnPlace | null,
	countAbove: (value: number) => Promise<number>,
): Promise<BoardSlice> {
	const [first] = rows;
	const isPastLast = !first && offset > 0;
	const above = first && offset > 0 ? await countAbove(first.value) : 0;
	return {
		rows: rankRows(rows.slice(0, BOARD_PAGE), offset, offset - above),
		more: rows.length > BOARD_PAGE,
		pages: isPastLast ? Math.ceil((await countAbove(BELOW_ANY_VALUE)) / BOARD_PAGE) : null,
		own: own && { rank: own.above + 1, value: own.value },
	};
}

/** A page of the current-streaks board, evaluated now. */
async function currentSlice(
	store: Reads,
	scope: BoardScope,
	memberId: number,
	page: number,
	now: Date,
): Promise<BoardSlice> {
	const { boards } = store;
	const offset = page * BOARD_PAGE;
	const { current, own } = await currentStreaks(store, scope, memberId, now);
	const [rows, aboveOwn] = await Promise.all([
		boards.currentTop(current, offset, BOARD_PAGE + 1),
		own > 0 ? boards.currentAbove(current, own) : 0,
	]);
	const place = own > 0 ? { value: own, above: aboveOwn } : null;
	return sliceOf(rows, offset, place, (value) => boards.currentAbove(current, value));
}

/** A page of a board from stored values. */
async function storedSlice(
	store: Reads,
	scope: BoardScope,
	board: StoredBoard,
	since: Date | null,
	memberId: number,
	page: number,
): Promise<BoardSlice> {
	const offset = page * BOARD_PAGE;
	const [rows, place] = await Promise.all([
		store.boards.top(scope, board, since, offset, BOARD_PAGE + 1),
		store.boards.place(scope, board, since, memberId),
	]);
	return sliceOf(rows, offset, place, (value) => store.boards.countAbove(scope, board, since, value));
}

/**
 * One page of a board with ranks, the asker's own place and the team's participation.
 * @param page from 0
 */
export async function boardPage(
	services: ReadServices,
	asker: Asker,
	scope: BoardScope,
	board: Board,
	since: Date | null,
	page: number,
	now: Date,
): Promise<BoardPage> {
	const { store } = services;
	const memberId = asker.member.id;
	const [slice, participation] = await Promise.all([
		board === "current" && since === null
			? currentSlice(store, scope, memberId, page, now)
			: storedSlice(store, scope, board === "current" ? "run" : board, since, memberId, page),
		participationOf(store, scope),
	]);
	return { ...slice, participation };
}

async function participationOf(store: Reads, scope: BoardScope): Promise<{ today: number; active: number } | null> {
	const schedules =
		scope.scheduleId === null
			? (await store.schedules.list(scope.workspaceId)).map((schedule) => schedule.id)
			: [scope.scheduleId];
	const parts = await Promise.all(schedules.map((id) => store.boards.participation(id, ACTIVE_OCCURRENCES)));
	return parts.reduce((best, part) => (part && (!best || part.active > best.active) ? part : best), null);
}

/** A member's streaks now, best first. Ties: the older schedule first. */
export async function evaluatedStreaks(store: Reads, memberId: number, now: Date): Promise<Evaluated[]> {
	const evaluated = await evaluateStreaks(store, await store.streaks.ofMember(memberId), now);
	return evaluated.sort((a, b) => b.row.current - a.row.current || a.row.scheduleId - b.row.scheduleId);
}
