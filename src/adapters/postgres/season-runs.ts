import { type SQL, sql } from "drizzle-orm";
import type { BoardScope } from "../../core/ports/boards.ts";

/**
 * Each member's longest run of attempts in a period: consecutive occurrences of one living schedule, delivered since
 * then. Frozen, excused and unknown occurrences neither extend nor break it. Columns `member` and `value`.
 */
export function seasonRuns({ workspaceId, scheduleId }: BoardScope, since: Date): SQL {
	const schedule = scheduleId === null ? sql`` : sql`and schedules.id = ${scheduleId}`;
	return sql`
		with delivered as (
			select occurrences.id, occurrences.schedule_id, occurrences.number, occurrences.state
			from occurrences join schedules on schedules.id = occurrences.schedule_id
			where occurrences.workspace_id = ${workspaceId} and schedules.state <> 'removed' ${schedule}
				and occurrences.number is not null and occurrences.delivered_at >= ${since.toISOString()}::timestamptz
		), said as (
			select attempts.member_id as member, delivered.schedule_id as schedule, delivered.number, 1 as adds
			from attempts join delivered on delivered.id = attempts.occurrence_id
		), held as (
			select member, schedule, number, adds from said
			union all
			select ledger.member_id, ledger.schedule_id, ledger.number, 0
			from ledger join delivered on delivered.schedule_id = ledger.schedule_id and delivered.number = ledger.number
			where ledger.kind in ('freeze-used', 'away', 'repaired')
			union all
			select members.member, delivered.schedule_id, delivered.number, 0
			from delivered join (select distinct member, schedule from said) as members
				on members.schedule = delivered.schedule_id
			where delivered.state = 'unknown'
		), days as (
			select member, schedule, number, max(adds) as adds from held group by member, schedule, number
		), runs as (
			select member, schedule, adds,
				number - row_number() over (partition by member, schedule order by number) as island
			from days
		), lengths as (
			select member, sum(adds) as value from runs group by member, schedule, island
		)
		select member, max(value)::int as value from lengths group by member having max(value) > 0`;
}
