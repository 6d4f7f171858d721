import { isoWeekStart, monthStart } from "../calendar.ts";
import { compareRows, type RankedRow, rankRows } from "../leaderboard.ts";
import type { Schedule } from "../model.ts";
import type { Board, BoardRow, BoardScope, Store, StreakRow } from "../ports.ts";
import type { Asker, Services } from "./services.ts";
import { evaluateStreak } from "./streaks.ts";

export type Period = "week" | "month" | "all";
export const BOARD_PAGE = 10;
/** Rows read at a time while settlements are behind. */
const READ_AHEAD = 50;
/** Participation speaks of those who attempted one of so many last occurrences. */
const ACTIVE_OCCURRENCES = 14;

export interface BoardPage {
	readonly rows: readonly RankedRow[];
	readonly more: boolean;
	/** The asker's own place, hidden or not; null without a value. */
	readonly own: { readonly rank: number; readonly value: number } | null;
	readonly participation: { readonly today: number; readonly active: number } | null;
}

/** The schedules that a board or a streak speaks of: the channel's own if it has any, else all of the workspace. */
export async function schedulesHere(store: Store, asker: Asker): Promise<Schedule[]> {
	const all = await store.schedules.list(asker.workspace.id);
	const here = all.filter((schedule) => schedule.channelId === asker.channelId);
	return here.length > 0 ? here : all;
}

/** Whether the asker stands in a channel with schedules of its own. */
export function isOwnChannel(schedules: readonly Schedule[], asker: Asker): boolean {
	return schedules.length > 0 && schedules.every((schedule) => schedule.channelId === asker.channelId);
}

/** When a period began: ISO weeks and months in the schedule's zone, in UTC for the workspace. */
export function periodStart(period: Period, zone: string, now: Date): Date | null {
	if (period === "all") return null;
	return period === "week" ? isoWeekStart(now, zone) : monthStart(now, zone);
}

/** A member's current streak in a scope as it stands now, settled or not. */
async function currentOf(store: Store, scope: BoardScope, memberId: number, now: Date): Promise<number> {
	const rows = await store.streaks.ofMember(memberId);
	const living = await store.schedules.list(scope.workspaceId);
	const wanted = rows.filter((row) =>
		scope.scheduleId === null
			? living.some((schedule) => schedule.id === row.scheduleId)
			: row.scheduleId === scope.scheduleId,
	);
	const values = await Promise.all(wanted.map(async (row) => (await evaluateStreak(store, row, now)).current));
	return Math.max(0, ...values);
}

/**
 * The current board while closings wait to be settled. A stored streak is never below the true one, so
 * rows are read in stored order and evaluated until no further one can come among the wanted.
 */
async function evaluatedTop(store: Store, scope: BoardScope, now: Date, wanted: number): Promise<BoardRow[]> {
	const found: BoardRow[] = [];
	for (let offset = 0; ; offset += READ_AHEAD) {
		const page = await store.boards.top(scope, "current", null, offset, READ_AHEAD);
		for (const row of page) {
			const value = await currentOf(store, scope, row.memberId, now);
			if (value > 0) found.push({ ...row, value });
		}
		found.sort(compareRows);
		const last = page.at(-1);
		const worst = found[wanted - 1];
		if (!last || page.length < READ_AHEAD || (worst && worst.value > last.value)) return found;
	}
}

async function topRows(
	store: Store,
	scope: BoardScope,
	board: Board,
	since: Date | null,
	page: number,
	now: Date,
): Promise<BoardRow[]> {
	const offset = page * BOARD_PAGE;
	const behind = board === "current" && (await store.occurrences.unsettled(scope.workspaceId, scope.scheduleId, now));
	if (!behind) return store.boards.top(scope, board, since, offset, BOARD_PAGE + 1);
	return (await evaluatedTop(store, scope, now, offset + BOARD_PAGE + 1)).slice(offset, offset + BOARD_PAGE + 1);
}

/** How many stand above a page's first row's value. */
async function firstRank(
	store: Store,
	scope: BoardScope,
	board: Board,
	since: Date | null,
	rows: readonly BoardRow[],
	page: number,
): Promise<number> {
	const [first] = rows;
	if (page === 0 || !first) return 1;
	return 1 + (await store.boards.countAbove(scope, board, since, first.value));
}

/**
 * One page of a board with ranks, the asker's own place and the team's participation.
 * @param page from 0
 */
export async function boardPage(
	services: Services,
	asker: Asker,
	scope: BoardScope,
	board: Board,
	since: Date | null,
	page: number,
	now: Date,
): Promise<BoardPage> {
	const { store } = services;
	const rows = await topRows(store, scope, board, since, page, now);
	const first = await firstRank(store, scope, board, since, rows, page);
	const offset = page * BOARD_PAGE;
	const ranked = rankRows(rows.slice(0, BOARD_PAGE), offset, offset - (first - 1));
	const stored = await store.boards.valueOf(scope, board, since, asker.member.id);
	const value = board === "current" && stored !== null ? await currentOf(store, scope, asker.member.id, now) : stored;
	const above = value === null || value === 0 ? 0 : await store.boards.countAbove(scope, board, since, value);
	const onPage = ranked.find((row) => row.memberId === asker.member.id);
	return {
		rows: ranked,
		more: rows.length > BOARD_PAGE,
		own: value === null || value === 0 ? null : { rank: onPage?.rank ?? above + 1, value },
		participation: await participationOf(store, scope),
	};
}

async function participationOf(store: Store, scope: BoardScope): Promise<{ today: number; active: number } | null> {
	const schedules =
		scope.scheduleId === null
			? (await store.schedules.list(scope.workspaceId)).map((schedule) => schedule.id)
			: [scope.scheduleId];
	const parts = await Promise.all(schedules.map((id) => store.boards.participation(id, ACTIVE_OCCURRENCES)));
	return parts.reduce((best, part) => (part && (!best || part.active > best.active) ? part : best), null);
}

/** A member's streaks as they stand now, the best first; ties: the oldest schedule. */
export async function evaluatedStreaks(store: Store, memberId: number, now: Date): Promise<StreakRow[]> {
	const rows = await store.streaks.ofMember(memberId);
	const evaluated = await Promise.all(rows.map((row) => evaluateStreak(store, row, now)));
	return evaluated.sort((a, b) => b.current - a.current || a.scheduleId - b.scheduleId);
}
