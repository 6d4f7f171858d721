import { type SQL, sql } from "drizzle-orm";
import type { PlannedDaily } from "../../../core/ports/occurrences.ts";
import type { Db } from "../db.ts";
import { idsText } from "../raw.ts";

const planJson = ({ occurrence, delivery, nextRunAt, drawn, recent }: PlannedDaily) => ({
	schedule_id: occurrence.scheduleId,
	workspace_id: occurrence.workspaceId,
	channel_id: occurrence.channelId,
	local_date: occurrence.localDate,
	occurrence_due_at: occurrence.dueAt,
	state: occurrence.state,
	question_id: occurrence.questionId,
	question_revision: occurrence.questionRevision,
	next_run_at: nextRunAt,
	drawn,
	recent,
	platform: delivery.platform,
	kind: delivery.kind,
	payload: delivery.payload,
	fairness_rank: delivery.fairnessRank,
	due_at: delivery.dueAt,
	expires_at: delivery.expiresAt,
});

/**
 * If the date already has an occurrence, only `next_run_at` moves: its question stays drawn. A delivery's key contains
 * its occurrence's id, which exists only inside this statement. The schedules' ids are also given as an array, because
 * with rows of JSON alone the planner would scan all schedules.
 */
const planStatement = (plans: readonly PlannedDaily[]): SQL => sql`
	with plan as materialized (
		select * from jsonb_to_recordset(${JSON.stringify(plans.map(planJson))}::text::jsonb) as p (
			schedule_id bigint, workspace_id bigint, channel_id text, local_date date, occurrence_due_at timestamptz,
			state text, question_id text, question_revision int, next_run_at timestamptz, drawn jsonb, recent jsonb,
			platform text, kind text, payload jsonb, fairness_rank int, due_at timestamptz, expires_at timestamptz)
	),
	created as (
		insert into occurrences
			(workspace_id, schedule_id, channel_id, local_date, due_at, state, question_id, question_revision)
		select workspace_id, schedule_id, channel_id, local_date, occurrence_due_at, state, question_id, question_revision
		from plan
		on conflict do nothing
		returning id, schedule_id
	),
	moved as (
		update schedules s
		set next_run_at = plan.next_run_at,
			drawn = case when created.id is null then s.drawn else plan.drawn end,
			recent = case when created.id is null then s.recent else plan.recent end
		from plan left join created on created.schedule_id = plan.schedule_id
		where s.id = any (${idsText(plans.map(({ occurrence }) => occurrence.scheduleId))}::bigint[]) and s.id = plan.schedule_id
	)
	insert into deliveries
		(workspace_id, platform, kind, key, occurrence_id, payload, state, fairness_rank, due_at, expires_at, next_try_at)
	select plan.workspace_id, plan.platform, plan.kind, 'daily:' || created.id, created.id, plan.payload, 'pending', plan.fairness_rank,
		plan.due_at, plan.expires_at, plan.due_at
	from created join plan on plan.schedule_id = created.schedule_id`;

/** Records planned questions in one statement. */
export async function addPlanned(db: Db, plans: readonly PlannedDaily[]): Promise<void> {
	if (plans.length > 0) await db.execute(planStatement(plans));
}
