import { isoWeekStart, monthStart } from "../calendar.ts";
import { compareRows, type RankedRow, rankRows } from "../leaderboard.ts";
import type { Schedule } from "../model.ts";
import type { Board, BoardRow, BoardScope, Store, StreakRow } from "../ports.ts";
import type { Asker, Services } from "./services.ts";
import { type Evaluated, evaluateStreaks } from "./streaks.ts";

export type Period = "week" | "month" | "all";
export const BOARD_PAGE = 10;
/** Rows read at a time while settlements are behind. */
const READ_AHEAD = 100;
/** Rows evaluated at most for the sake of the asker's own rank. */
const MOST_EVALUATED = 2_000;
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

/** Members' current streaks in a scope as they stand now, settled or not. */
async function currentOf(
	store: Store,
	scope: BoardScope,
	memberIds: readonly number[],
	now: Date,
): Promise<Map<number, number>> {
	const living = new Set((await store.schedules.list(scope.workspaceId)).map((schedule) => schedule.id));
	const isWanted = (row: StreakRow) =>
		scope.scheduleId === null ? living.has(row.scheduleId) : row.scheduleId === scope.scheduleId;
	const rows = (await store.streaks.ofMembers(memberIds)).filter(isWanted);
	const values = new Map<number, number>();
	for (const { row } of await evaluateStreaks(store, rows, now))
		values.set(row.memberId, Math.max(row.current, values.get(row.memberId) ?? 0));
	return values;
}

/**
 * The head of the current board while closings wait to be settled. A stored streak is never below the true one, so rows
 * are read in stored order and evaluated until no further one can come among the wanted, or above a given value.
 * @returns its rows, and whether they hold all that stand above the value
 */
async function evaluatedHead(store: Store, scope: BoardScope, now: Date, wanted: number, above: number) {
	const found: BoardRow[] = [];
	for (let offset = 0; ; offset += READ_AHEAD) {
		const page = await store.boards.top(scope, "current", null, offset, READ_AHEAD);
		const ids = page.map((row) => row.memberId);
		const values = await currentOf(store, scope, ids, now);
		for (const row of page) {
			const value = values.get(row.memberId) ?? 0;
			if (value > 0) found.push({ ...row, value });
		}
		found.sort(compareRows);
		const last = page.at(-1);
		if (!last || page.length < READ_AHEAD) return { rows: found, whole: true };
		const worst = found[wanted - 1];
		const whole = last.value <= above;
		if (worst && worst.value > last.value && (whole || offset >= MOST_EVALUATED)) return { rows: found, whole };
	}
}

type Shelf = Pick<BoardPage, "rows" | "more" | "own">;

/** A page of the current board while closings wait to be settled: nobody stands higher than they do now. */
async function evaluatedShelf(
	store: Store,
	scope: BoardScope,
	memberId: number,
	page: number,
	now: Date,
): Promise<Shelf> {
	const end = (page + 1) * BOARD_PAGE;
	const value = (await currentOf(store, scope, [memberId], now)).get(memberId) ?? 0;
	const head = await evaluatedHead(store, scope, now, end + 1, value > 0 ? value : Number.POSITIVE_INFINITY);
	const ranked = rankRows(head.rows);
	// Far down a rank follows the settlement, which is seconds behind.
	const above = head.whole
		? head.rows.filter((row) => row.value > value).length
		: await store.boards.countAbove(scope, "current", null, value);
	return {
		rows: ranked.slice(end - BOARD_PAGE, end),
		more: ranked.length > end,
		own: value > 0 ? { rank: above + 1, value } : null,
	};
}

/** A page of a board as it is stored. */
async function storedShelf(
	store: Store,
	scope: BoardScope,
	board: Board,
	since: Date | null,
	memberId: number,
	page: number,
): Promise<Shelf> {
	const offset = page * BOARD_PAGE;
	const rows = await store.boards.top(scope, board, since, offset, BOARD_PAGE + 1);
	const [first] = rows;
	const above = first && page > 0 ? await store.boards.countAbove(scope, board, since, first.value) : 0;
	const place = await store.boards.place(scope, board, since, memberId);
	return {
		rows: rankRows(rows.slice(0, BOARD_PAGE), offset, offset - above),
		more: rows.length > BOARD_PAGE,
		own: place && { rank: place.above + 1, value: place.value },
	};
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
	const memberId = asker.member.id;
	const behind = board === "current" && (await store.occurrences.unsettled(scope.workspaceId, scope.scheduleId, now));
	const shelf = behind
		? await evaluatedShelf(store, scope, memberId, page, now)
		: await storedShelf(store, scope, board, since, memberId, page);
	return { ...shelf, participation: await participationOf(store, scope) };
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
export async function evaluatedStreaks(store: Store, memberId: number, now: Date): Promise<Evaluated[]> {
	const evaluated = await evaluateStreaks(store, await store.streaks.ofMember(memberId), now);
	return evaluated.sort((a, b) => b.row.current - a.row.current || a.row.scheduleId - b.row.scheduleId);
}
