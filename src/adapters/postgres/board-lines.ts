/** How members appear on leaderboards: their rows in `streaks` and `standings`. */
import { and, eq, isNull, ne, sql } from "drizzle-orm";
import { members, standings, streaks } from "../../../drizzle/schema.ts";
import type { StreakRow } from "../../core/ports/streaks.ts";
import type { Db } from "./db.ts";
import { idsText, rawRows } from "./raw.ts";

/** Whether others see a member, who is neither hidden nor gone. */
export const IS_VISIBLE = sql.raw("(not members.hidden and members.left_at is null)");

/** A row of `streaks` as JSON, under the columns' own names. */
function streakColumns(row: StreakRow) {
	return {
		member_id: row.memberId,
		schedule_id: row.scheduleId,
		workspace_id: row.workspaceId,
		current: row.current,
		longest: row.longest,
		answered: row.answered,
		freezes: row.freezes,
		booked: row.booked,
		booked_to: row.bookedTo,
		first_number: row.firstNumber,
		latest_number: row.latestNumber,
	};
}

/**
 * Stores streak rows and the members' records in the workspace, in one statement. The members must be locked, so that
 * nothing read here changes meanwhile.
 */
export async function saveStreaks(db: Db, rows: readonly StreakRow[]): Promise<void> {
	if (rows.length === 0) return;
	await db.execute(sql`
		with given as (
			select given.*, members.name, ${IS_VISIBLE} as visible
			from json_to_recordset(${JSON.stringify(rows.map(streakColumns))}::text::json) as given(
				member_id bigint, schedule_id bigint, workspace_id bigint, current int, longest int, answered int,
				freezes int, booked int, booked_to int, first_number int, latest_number int)
			join members on members.id = given.member_id
		), saved as (
			insert into streaks (member_id, schedule_id, workspace_id, current, longest, answered, freezes, booked,
				booked_to, first_number, latest_number, name, visible)
			select member_id, schedule_id, workspace_id, current, longest, answered, freezes, booked,
				booked_to, first_number, latest_number, name, visible
			from given
			on conflict (member_id, schedule_id) do update set
				current = excluded.current, longest = excluded.longest, answered = excluded.answered,
				freezes = excluded.freezes, booked = excluded.booked, booked_to = excluded.booked_to,
				first_number = excluded.first_number, latest_number = excluded.latest_number
		), all_streaks as (
			select member_id, workspace_id, longest, answered from given
			union all
			select member_id, workspace_id, longest, answered from streaks
			where member_id in (select member_id from given)
				and not exists (
					select from given
					where given.member_id = streaks.member_id and given.schedule_id = streaks.schedule_id)
		), records as (
			select member_id, workspace_id, max(longest) as longest, sum(answered)::int as answered
			from all_streaks group by member_id, workspace_id
		)
		insert into standings (member_id, workspace_id, longest, answered, name, visible)
		select records.*, members.name, ${IS_VISIBLE}
		from records join members on members.id = records.member_id
		on conflict (member_id) do update set longest = excluded.longest, answered = excluded.answered
		where (standings.longest, standings.answered) is distinct from (excluded.longest, excluded.answered)`);
}

/**
 * Locks a member until the transaction ends: first the member's row, then the standing that every change of a streak
 * locks. The order prevents deadlocks.
 * @returns whether the member exists
 */
export async function holdMember(db: Db, memberId: number): Promise<boolean> {
	// Not a stronger lock, which would block rows that only refer to the member.
	const rows = await rawRows(
		db,
		sql`
		select me.id from (select id from members where id = ${memberId} for no key update) as me
		left join lateral (select member_id from standings where member_id = me.id for update) as headline on true`,
	);
	return rows.length > 0;
}

/** Shows a member on the leaderboards or hides them. Needs a transaction. */
export async function showOnBoards(db: Db, memberId: number, visible: boolean): Promise<void> {
	await holdMember(db, memberId);
	for (const table of [standings, streaks])
		await db
			.update(table)
			.set({ visible })
			.where(and(eq(table.memberId, memberId), ne(table.visible, visible)));
}

/** Takes members who have left off the leaderboards, in the order of their ids. Needs a transaction. */
export async function noteDepartures(db: Db, workspaceId: number, ids: readonly number[], at: Date): Promise<void> {
	for (const id of [...ids].sort((one, other) => one - other)) {
		await showOnBoards(db, id, false);
		await db
			.update(members)
			.set({ leftAt: at })
			.where(and(eq(members.id, id), eq(members.workspaceId, workspaceId), isNull(members.leftAt)));
	}
}

/** Shows a member who has come back, as before. Needs a transaction. */
export async function noteReturn(db: Db, memberId: number): Promise<void> {
	await holdMember(db, memberId);
	const [member] = await db
		.update(members)
		.set({ leftAt: null })
		.where(eq(members.id, memberId))
		.returning({ hidden: members.hidden });
	if (member) await showOnBoards(db, memberId, !member.hidden);
}

/** Puts a member's current name on the leaderboards. Needs a transaction. */
export async function renameOnBoards(db: Db, memberId: number, name: string): Promise<void> {
	await holdMember(db, memberId);
	for (const table of [standings, streaks])
		await db
			.update(table)
			.set({ name })
			.where(and(eq(table.memberId, memberId), ne(table.name, name)));
}

/** Locks the streaks of several members, in the order of their ids. */
export async function holdStreaks(db: Db, memberIds: readonly number[]): Promise<void> {
	await db.execute(sql`
		select member_id from standings where member_id = any(${idsText(memberIds)}::bigint[]) order by member_id for update`);
}
