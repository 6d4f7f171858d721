/** How members appear on boards: their lines in `streaks` and `standings`, and the tallies that ranks are told from. */
import { type SQL, sql } from "drizzle-orm";
import type { StreakRow } from "../../core/ports.ts";
import type { Db } from "./db.ts";
import { idsText, rawRows } from "./raw.ts";

/** A row of `streaks` in the columns' own names, as JSON carries it. */
function given(row: StreakRow) {
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
 * Keeps streak rows and all that hangs on them, in one statement: the members' headlines in the workspace, and what
 * moved on the boards of schedule and workspace. The members must be held, so that nothing read here changes meanwhile.
 */
export async function saveStreaks(db: Db, rows: readonly StreakRow[]): Promise<void> {
	if (rows.length === 0) return;
	await db.execute(sql`
		with given as (
			select given.*, members.name, not members.hidden as visible
			from json_to_recordset(${JSON.stringify(rows.map(given))}::text::json) as given(
				member_id bigint, schedule_id bigint, workspace_id bigint, current int, longest int, answered int,
				freezes int, booked int, booked_to int, first_number int, latest_number int)
			join members on members.id = given.member_id
		), before as materialized (
			-- Looked up at once: woven into what follows it would be searched for anew, member by member.
			select streaks.* from streaks
			join given on given.member_id = streaks.member_id and given.schedule_id = streaks.schedule_id
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
		), schedule_moves as (
			select given.workspace_id, given.schedule_id, move.*
			from given
			left join before on before.member_id = given.member_id and before.schedule_id = given.schedule_id
			cross join lateral (values
				('current', coalesce(before.current, 0), given.current),
				('longest', coalesce(before.longest, 0), given.longest),
				('answered', coalesce(before.answered, 0), given.answered),
				('latest', coalesce(before.latest_number, 0), given.latest_number)
			) as move(board, from_value, to_value)
			where move.board = 'latest' or coalesce(before.visible, given.visible)
		), all_streaks as (
			select member_id, schedule_id, workspace_id, current, longest, answered from given
			union all
			select member_id, schedule_id, workspace_id, current, longest, answered from streaks
			where member_id in (select member_id from given)
				and not exists (
					select from given
					where given.member_id = streaks.member_id and given.schedule_id = streaks.schedule_id)
		), headlines as (
			select all_streaks.member_id, all_streaks.workspace_id,
				coalesce(max(all_streaks.current) filter (where schedules.state <> 'removed'), 0) as current,
				max(all_streaks.longest) as longest, sum(all_streaks.answered)::int as answered
			from all_streaks join schedules on schedules.id = all_streaks.schedule_id
			group by all_streaks.member_id, all_streaks.workspace_id
		), stood as materialized (
			select * from standings where member_id in (select member_id from given)
		), placed as (
			insert into standings (member_id, workspace_id, current, longest, answered, name, visible)
			select headlines.*, members.name, not members.hidden
			from headlines join members on members.id = headlines.member_id
			on conflict (member_id) do update set
				current = excluded.current, longest = excluded.longest, answered = excluded.answered
			where (standings.current, standings.longest, standings.answered)
				is distinct from (excluded.current, excluded.longest, excluded.answered)
		), workspace_moves as (
			select headlines.workspace_id, null::bigint as schedule_id, move.*
			from headlines
			join members on members.id = headlines.member_id
			left join stood on stood.member_id = headlines.member_id
			cross join lateral (values
				('current', coalesce(stood.current, 0), headlines.current),
				('longest', coalesce(stood.longest, 0), headlines.longest),
				('answered', coalesce(stood.answered, 0), headlines.answered)
			) as move(board, from_value, to_value)
			where coalesce(stood.visible, not members.hidden)
		)
		insert into tallies (workspace_id, schedule_id, board, from_value, to_value, members)
		select workspace_id, schedule_id, board, from_value, to_value, count(*)
		from (select * from schedule_moves union all select * from workspace_moves) as moves
		where from_value <> to_value
		group by workspace_id, schedule_id, board, from_value, to_value`);
}

/**
 * Holds members until the transaction ends: each one's own row first, then the headline, which whoever changes a streak
 * holds. Always in this order, so that two who hold several never wait for one another.
 * @returns whether the member is there
 */
export async function holdMember(db: Db, memberId: number): Promise<boolean> {
	// Not stronger than it must be: rows that only refer to the member need not wait.
	const rows = await rawRows(
		db,
		sql`
		select me.id from (select id from members where id = ${memberId} for no key update) as me
		left join lateral (select member_id from standings where member_id = me.id for update) as headline on true`,
	);
	return rows.length > 0;
}

/** Lines of a member on each board, taken from rows that a statement has named `streak_rows` and `standing_rows`. */
const BOARD_LINES: SQL = sql`
	select workspace_id, schedule_id, line.* from streak_rows cross join lateral
		(values ('current', current), ('longest', longest), ('answered', answered)) as line(board, value)
	union all
	select workspace_id, null::bigint, line.* from standing_rows cross join lateral
		(values ('current', current), ('longest', longest), ('answered', answered)) as line(board, value)`;

/** Shows a member on the boards or hides them; within a transaction. */
export async function showOnBoards(db: Db, memberId: number, visible: boolean): Promise<void> {
	await holdMember(db, memberId);
	const [from, to] = visible ? [sql`0`, sql`value`] : [sql`value`, sql`0`];
	await db.execute(sql`
		with streak_rows as (
			update streaks set visible = ${visible} where member_id = ${memberId} and visible <> ${visible} returning *
		), standing_rows as (
			update standings set visible = ${visible} where member_id = ${memberId} and visible <> ${visible} returning *
		)
		insert into tallies (workspace_id, schedule_id, board, from_value, to_value, members)
		select workspace_id, schedule_id, board, ${from}, ${to}, 1 from (${BOARD_LINES}) as lines where value > 0`);
}

/** Gives a member's lines the name that the member bears now; within a transaction. */
export async function renameOnBoards(db: Db, memberId: number, name: string): Promise<void> {
	await holdMember(db, memberId);
	await db.execute(sql`update standings set name = ${name} where member_id = ${memberId} and name <> ${name}`);
	await db.execute(sql`update streaks set name = ${name} where member_id = ${memberId} and name <> ${name}`);
}

/** Takes a member's lines off the tallies, before the rows are erased; within a transaction. */
export async function leaveBoards(db: Db, memberId: number): Promise<void> {
	await holdMember(db, memberId);
	await db.execute(sql`
		with own as (
			select * from streaks where member_id = ${memberId}
		), streak_rows as (
			select * from own where visible
		), standing_rows as (
			select * from standings where member_id = ${memberId} and visible
		)
		insert into tallies (workspace_id, schedule_id, board, from_value, to_value, members)
		select workspace_id, schedule_id, board, value, 0, 1 from (
			${BOARD_LINES}
			union all
			select workspace_id, schedule_id, 'latest', latest_number from own
		) as lines
		where value > 0`);
}

/** Sums up the lines of a schedule's boards and of its workspace's; readers see the same sums before and after. */
export async function tidyTallies(db: Db, workspaceId: number, scheduleId: number): Promise<void> {
	await db.execute(sql`
		with gone as (
			delete from tallies
			where workspace_id = ${workspaceId} and (schedule_id = ${scheduleId} or schedule_id is null)
			returning *
		), changes as (
			select schedule_id, board, to_value as value, members from gone
			union all
			select schedule_id, board, from_value, -members from gone
		)
		insert into tallies (workspace_id, schedule_id, board, from_value, to_value, members)
		select ${workspaceId}::bigint, schedule_id, board, 0, value, sum(members) from changes
		where value > 0
		group by schedule_id, board, value
		having sum(members) <> 0`);
}

/** Holds the streaks of many members, in the order of their ids. */
export async function holdStreaks(db: Db, memberIds: readonly number[]): Promise<void> {
	await db.execute(sql`
		select member_id from standings where member_id = any(${idsText(memberIds)}::bigint[]) order by member_id for update`);
}
