/** The board of current streaks, evaluated at read time: a lost streak never shows as alive. */

import type { BoardScope, CurrentStreaks, JudgedStreak } from "../ports/boards.ts";
import type { Reads } from "../ports/reads.ts";
import { isBehind, isDoubtful, type ScheduleWindows, savingDates, standingRange } from "./standing.ts";
import { evaluateStreaks } from "./streaks.ts";

/** Folds a schedule's doubtful streaks forward to an instant, and returns those that are still alive. */
async function judge(store: Reads, windows: ScheduleWindows, now: Date): Promise<JudgedStreak[]> {
	if (!isBehind(windows)) return [];
	const { scheduleId, closedTo } = windows;
	const rows = await store.boards.doubtful(scheduleId, closedTo, savingDates(windows));
	if (rows.length === 0) return [];
	const evaluated = await evaluateStreaks(store, rows, now);
	return evaluated.flatMap(({ row: { memberId, current } }) =>
		current > 0 ? [{ memberId, scheduleId, value: current }] : [],
	);
}

/** A member's best streak in the schedules, even if the member is hidden; 0 if there is none. */
async function ownValue(store: Reads, all: readonly ScheduleWindows[], memberId: number, now: Date): Promise<number> {
	const windowsOf = new Map(all.map((windows) => [windows.scheduleId, windows]));
	const rows = (await store.streaks.ofMember(memberId)).filter(({ scheduleId }) => windowsOf.has(scheduleId));
	const isStored = rows.every((row) => {
		const windows = windowsOf.get(row.scheduleId);
		return windows && !isDoubtful(windows, row);
	});
	const evaluated = isStored ? rows : (await evaluateStreaks(store, rows, now)).map(({ row }) => row);
	return Math.max(0, ...evaluated.map(({ current }) => current));
}

/** The current streaks of a scope at an instant, and the asker's own. */
export async function currentStreaks(
	store: Reads,
	scope: BoardScope,
	memberId: number,
	now: Date,
): Promise<{ readonly current: CurrentStreaks; readonly own: number }> {
	const all = await store.boards.windows(scope, now);
	const [own, ...judged] = await Promise.all([
		ownValue(store, all, memberId, now),
		...all.map((windows) => judge(store, windows, now)),
	]);
	return { current: { standing: all.map(standingRange), judged: judged.flat() }, own };
}
