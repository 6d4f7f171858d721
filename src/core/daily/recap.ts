import { addDays, instantOf, localDateOf, weekdayOf } from "../calendar/calendar.ts";
import type { Schedule } from "../model.ts";
import type { WeekOfSchedule } from "../ports/recaps.ts";
import type { Services } from "../service/services.ts";
import { currentStreaks } from "../streak/current-board.ts";
import { type RankedRow, rankRows } from "../streak/leaderboard.ts";
import { enqueue } from "./enqueue.ts";
import { platformOf } from "./occurrences.ts";

/** With fewer participants, a recap would single people out. */
const MIN_PARTICIPANTS = 5;
const MAX_STREAKS = 3;

/** When the next weekly recap is due: a Monday at the schedule's time, for the week that ended the day before. */
export function nextRecap({ localTime, zone }: Pick<Schedule, "localTime" | "zone">, after: Date): Date {
	const today = localDateOf(after, zone);
	const monday = addDays(today, -weekdayOf(today));
	const instant = instantOf(monday, localTime, zone);
	return instant > after ? instant : instantOf(addDays(monday, 7), localTime, zone);
}

/**
 * Plans a recap that is due: at most one, for the last complete week. One transaction.
 * @returns false when another process has done it
 */
export function planRecap(services: Services, scheduleId: number, now: Date): Promise<boolean> {
	return services.transaction(async (tx) => {
		// Waits for the lock: the daily question due at the same instant holds it briefly.
		const locked = await tx.store.schedules.lock(scheduleId);
		if (!locked?.row.recapAt || locked.row.recapAt > now || locked.row.state !== "active") return false;
		const { row } = locked;
		const today = localDateOf(now, row.zone);
		const week = addDays(today, -weekdayOf(today) - 7);
		await locked.change({ recapAt: nextRecap(row, now) });
		const dueAt = instantOf(addDays(week, 7), row.localTime, row.zone);
		const { workspaceId, channelId } = row;
		const message = { kind: "recap" as const, workspaceId, scheduleId, channelId, week, dueAt };
		return enqueue(tx, await platformOf(tx, workspaceId), message, now);
	});
}

export interface Recap {
	readonly week: WeekOfSchedule;
	/** The longest current streaks; empty with fewer than five participants. */
	readonly streaks: readonly RankedRow[];
	readonly isSmall: boolean;
}

/** The content of a schedule's weekly recap. @param monday the first local date of the week */
export async function recapOf(services: Services, schedule: Schedule, monday: string, now: Date): Promise<Recap> {
	const { store } = services;
	const week = await store.recaps.week(schedule.id, monday, addDays(monday, 6), addDays(monday, -7));
	const isSmall = week.participants < MIN_PARTICIPANTS;
	if (isSmall) return { week, streaks: [], isSmall };
	const scope = { workspaceId: schedule.workspaceId, scheduleId: schedule.id };
	const { current } = await currentStreaks(store, scope, 0, now);
	return { week, streaks: rankRows(await store.boards.currentTop(current, 0, MAX_STREAKS)), isSmall };
}
