/** The board of current streaks: rows that are valid as stored, and streaks judged by the rules. */
import { and, asc, eq, gt, inArray, isNotNull, isNull, lt, lte, ne, not, or, type SQL, sql } from "drizzle-orm";
import * as schema from "../../../drizzle/schema.ts";
import type { BoardRow, BoardScope, CurrentStreaks } from "../../core/ports/boards.ts";
import type { StreakRow } from "../../core/ports/streaks.ts";
import type { ScheduleWindows } from "../../core/streak/standing.ts";
import type { Db } from "./db.ts";
import { onlyRow } from "./db.ts";
import { rawRows } from "./raw.ts";
import { streakColumns } from "./streaks.ts";

const { streaks, awayDates, schedules, occurrences } = schema;

/** The newest number of a schedule's occurrences that meet a condition; 0 if there are none. */
const newestNumber = (db: Db, condition?: SQL) =>
	sql<number>`coalesce(${db
		.select({ number: occurrences.number })
		.from(occurrences)
		.where(and(eq(occurrences.scheduleId, schedules.id), isNotNull(occurrences.number), condition))
		.orderBy(sql`${occurrences.number} desc`)
		.limit(1)}, 0)`.mapWith(Number);

/** The state at an instant of the windows of a scope's living schedules. */
export async function readWindows(db: Db, scope: BoardScope, now: Date): Promise<ScheduleWindows[]> {
	const { workspaceId, scheduleId } = scope;
	const isClosed = lte(occurrences.closesAt, now);
	const delivered = eq(occurrences.state, "delivered");
	const [living, unsettled] = await Promise.all([
		db
			.select({
				scheduleId: schedules.id,
				newest: newestNumber(db),
				closedTo: newestNumber(db, and(delivered, or(isNotNull(occurrences.settledAt), isClosed))),
			})
			.from(schedules)
			.where(
				and(
					eq(schedules.workspaceId, workspaceId),
					ne(schedules.state, "removed"),
					scheduleId === null ? undefined : eq(schedules.id, scheduleId),
				),
			)
			.orderBy(asc(schedules.id)),
		db
			.select({
				scheduleId: occurrences.scheduleId,
				number: sql<number>`${occurrences.number}`,
				localDate: occurrences.localDate,
				state: occurrences.state,
				isClosed: sql<boolean>`coalesce(${isClosed}, false)`,
			})
			.from(occurrences)
			.where(
				and(
					eq(occurrences.workspaceId, workspaceId),
					scheduleId === null ? undefined : eq(occurrences.scheduleId, scheduleId),
					isNotNull(occurrences.number),
					isNull(occurrences.settledAt),
					ne(occurrences.state, "skipped"),
				),
			)
			.orderBy(asc(occurrences.number)),
	]);
	return living.map((schedule) => ({
		...schedule,
		unsettled: unsettled.filter((occurrence) => occurrence.scheduleId === schedule.scheduleId),
	}));
}

/** Living streaks that others see, worded like the partial index. */
const HAS_VISIBLE_STREAK = sql`${streaks.visible} and ${streaks.current} > 0`;

/** Streaks whose stored value may be out of date: they do not hold through a number, but may still be alive. */
export async function readDoubtful(
	db: Db,
	scheduleId: number,
	through: number,
	dates: readonly string[] | null,
): Promise<StreakRow[]> {
	const doubtful = and(eq(streaks.scheduleId, scheduleId), HAS_VISIBLE_STREAK, lt(streaks.holdsTo, through));
	if (dates === null) return db.select(streakColumns).from(streaks).where(doubtful);
	const away = db
		.select({ memberId: awayDates.memberId })
		.from(awayDates)
		.innerJoin(schedules, eq(schedules.workspaceId, awayDates.workspaceId))
		.where(and(eq(schedules.id, scheduleId), inArray(awayDates.date, [...dates])));
	const isAhead = gt(streaks.latestNumber, streaks.bookedTo);
	// Each part uses an index of its own. A single condition with `or` would read every doubtful row.
	return db
		.select(streakColumns)
		.from(streaks)
		.where(and(doubtful, isAhead))
		.unionAll(
			db
				.select(streakColumns)
				.from(streaks)
				.where(and(doubtful, inArray(streaks.memberId, away), not(isAhead))),
		);
}

const standingText = ({ standing }: CurrentStreaks) =>
	JSON.stringify(standing.map(({ scheduleId, from, to }) => ({ schedule_id: scheduleId, low: from, high: to })));

const judgedText = ({ judged }: CurrentStreaks) =>
	JSON.stringify(
		judged.map(({ memberId, scheduleId, value }) => ({ member_id: memberId, schedule_id: scheduleId, value })),
	);

/** Both kinds of streaks as tables. Each is a single parameter, so that the statement stays prepared. */
const streakTables = (current: CurrentStreaks): SQL => sql`
	ranges as (
		select schedule_id, generate_series(low, high) as number
		from json_to_recordset(${standingText(current)}::text::json) as input(schedule_id bigint, low int, high int)
	), judged as (
		select * from json_to_recordset(${judgedText(current)}::text::json)
			as input(member_id bigint, schedule_id bigint, value int)
	)`;

/**
 * A page of the board. The index is in the board's order for each schedule and number that streaks hold through. The
 * first rows of all these parts contain the board's first rows, however many members are tied or have dropped out.
 */
export async function readCurrentTop(
	db: Db,
	current: CurrentStreaks,
	offset: number,
	limit: number,
): Promise<BoardRow[]> {
	const rows = await rawRows(
		db,
		sql`
		with ${streakTables(current)}, heads as (
			select head.* from ranges cross join lateral (
				select member_id, name, current as value, longest from streaks
				where streaks.schedule_id = ranges.schedule_id and holds_to = ranges.number and visible and current > 0
				order by current desc nulls first, longest desc nulls first, name, member_id
				limit ${offset + limit}
			) as head
			union all
			select member_id, name, judged.value, longest
			from judged join streaks using (member_id, schedule_id) where visible
		), members as (
			-- A member with streaks in several schedules appears once, with the best of them.
			select distinct on (member_id) * from heads order by member_id, value desc, longest desc
		)
		select * from members order by value desc, longest desc, name, member_id offset ${offset} limit ${limit}`,
	);
	return rows.map((row) => ({
		memberId: Number(row.member_id),
		name: String(row.name),
		value: Number(row.value),
		longest: Number(row.longest),
	}));
}

/** How many visible members have a longer current streak. */
export async function countCurrentAbove(db: Db, current: CurrentStreaks, value: number): Promise<number> {
	// In a single schedule nobody has two streaks, so only the index is read.
	const counted = current.standing.length === 1 ? sql`count(*)` : sql`count(distinct member_id)`;
	const rows = await rawRows(
		db,
		sql`
		with ${streakTables(current)}
		select ${counted} as above from (
			select member_id from ranges join streaks
				on streaks.schedule_id = ranges.schedule_id and holds_to = ranges.number and visible and current > 0
				and current > ${value}::int
			union all
			select member_id from judged join streaks using (member_id, schedule_id)
			where visible and judged.value > ${value}::int
		) as above`,
	);
	return Number(onlyRow(rows).above);
}
