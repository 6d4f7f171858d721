import { type SQL, sql } from "drizzle-orm";
import * as schema from "../../../../drizzle/schema.ts";
import type { Claim, ClaimedDelivery, ClaimedOccurrence, OpenWindow } from "../../../core/ports/deliveries.ts";
import type { Db } from "../db.ts";
import { idsText, rawRows, rowFromJson, valueFromJson } from "../raw.ts";

const { deliveries, occurrences, schedules } = schema;
/**
 * The candidates with a literal limit: for a parameter the planner expects a tenth of all waiting rows, and reads whole
 * tables. The limit is rounded up to a power of two, so that there are few statements to prepare.
 */
const few = (limit: number) =>
	sql.raw(`(select * from candidate limit ${2 ** Math.ceil(Math.log2(Math.max(1, limit)))})`);
const HIGHEST_NUMBER = sql.raw("2147483647");

/** Locks what may be claimed now, in the order of the index: sorting thousands costs more than the claim. */
const candidates = ({ platform, now, limit, without, begin = false }: Claim): SQL => sql`
	select d.id, d.kind, d.occurrence_id,
		${begin} and d.state = 'pending' and d.kind in ('daily', 'answer') and d.expires_at > ${instant(now)} as begins
	from deliveries d
	where d.state in ('pending', 'sending') and d.platform = ${platform} and d.next_try_at <= ${instant(now)}
		and (d.lease_until is null or d.lease_until < clock_timestamp())
		and d.workspace_id <> all (${idsText(without)}::bigint[])
	order by d.fairness_rank, d.next_try_at limit ${limit} for no key update skip locked`;

const instant = (at: Date): SQL => sql`${at.toISOString()}::timestamptz`;

/**
 * Claims and begins deliveries, numbers daily questions, and reads what each send needs. Every change of a schedule
 * locks it first, and this statement waits for no lock, so it cannot deadlock. Each schedule gets one number here; a
 * second question of the same schedule begins separately.
 *
 * The planner expects one row each of `daily` and `begun`, and would join them by a nested loop over all pairs. So `in`
 * hashes `daily`, and an object holds the numbers of `begun`.
 */
function claimStatement(claim: Claim): SQL {
	const now = instant(claim.now);
	const candidate = few(claim.limit);
	return sql`
	with candidate as materialized (${candidates(claim)}),
	free as materialized (
		select c.id, o.id as occurrence_id, s.id as schedule_id, o.number, s.last_number
		from ${candidate} c join occurrences o on o.id = c.occurrence_id join schedules s on s.id = o.schedule_id
		where c.begins and c.kind = 'daily'
		for no key update of o, s skip locked
	),
	daily as materialized (
		select distinct on (schedule_id) id, occurrence_id, schedule_id, number is null as is_first,
			coalesce(number, last_number + 1) as number
		from free order by schedule_id, id
	),
	numbered as (
		update schedules s set last_number = daily.number from daily where s.id = daily.schedule_id and daily.is_first
	),
	begun as (
		update occurrences o set state = 'sending', delivered_at = ${now}, number = daily.number
		from daily where o.id = daily.occurrence_id
		returning o.id, o.number
	),
	begun_numbers as materialized (select jsonb_object_agg(id, number) as numbers from begun),
	claimed as (
		update deliveries d set fence = d.fence + 1, claimed_by = ${claim.worker},
			lease_until = clock_timestamp() + make_interval(secs => ${claim.leaseSeconds}),
			state = case when c.is_begun then 'sending' else d.state end,
			send_begun_at = case when c.is_begun then ${now} else d.send_begun_at end,
			tries = case when c.is_begun then d.tries + 1 else d.tries end
		from (
			select c.id, c.id in (select id from daily) or (c.begins and c.kind = 'answer') as is_begun from ${candidate} c
		) c where d.id = c.id
		returning d.*, c.is_begun
	)
	select claimed.*, w.external_id as workspace_external_id, m.external_id as member_external_id, o.question_id,
		o.question_revision, o.channel_id, o.message_id as post_id, o.thread_id, schedule.role_id, schedule.publish,
		case when schedule.state = 'active' then schedule.next_run_at end as next_run_at,
		coalesce(begun.number, o.number) as number,
		case when begun.number is null then o.delivered_at else ${now} end as delivered_at,
		(
			select json_agg(json_build_object(
				'id', e.id, 'workspace_id', e.workspace_id, 'message_id', e.message_id, 'delivered_at', e.delivered_at
			)) from occurrences e
			where claimed.kind = 'daily' and e.schedule_id = o.schedule_id and e.settled_at is null and e.closes_at is null
				and e.state in ('delivered', 'unknown') and e.delivered_at is not null
				and e.number < coalesce(begun.number, o.number, ${HIGHEST_NUMBER})
		) as open
	from claimed join workspaces w on w.id = claimed.workspace_id
		left join members m on m.id = claimed.member_id
		left join occurrences o on o.id = claimed.occurrence_id
		left join schedules schedule on schedule.id = o.schedule_id
		left join lateral (select (begun_numbers.numbers ->> o.id::text)::int as number from begun_numbers) begun on true`;
}

type Raw = Readonly<Record<string, unknown>>;

const textOf = (value: unknown): string | null => (value === null ? null : String(value));

function openWindows(value: unknown): OpenWindow[] {
	const rows: unknown = typeof value === "string" ? JSON.parse(value) : value;
	if (!Array.isArray(rows)) return [];
	return rows.flatMap((row: Raw) => {
		const deliveredAt = valueFromJson(occurrences.deliveredAt, row.delivered_at);
		if (!deliveredAt) return [];
		return [
			{ id: Number(row.id), workspaceId: Number(row.workspace_id), messageId: textOf(row.message_id), deliveredAt },
		];
	});
}

function occurrenceOf(row: Raw): ClaimedOccurrence | null {
	if (row.occurrence_id === null || row.channel_id === null) return null;
	// Only what is read of it: the whole row would cost more than the delivery's.
	return {
		id: Number(row.occurrence_id),
		number: valueFromJson(occurrences.number, row.number),
		deliveredAt: valueFromJson(occurrences.deliveredAt, row.delivered_at),
		questionId: textOf(row.question_id),
		questionRevision: valueFromJson(occurrences.questionRevision, row.question_revision),
		channelId: String(row.channel_id),
		messageId: textOf(row.post_id),
		threadId: textOf(row.thread_id),
		open: openWindows(row.open),
		roleId: textOf(row.role_id),
		publish: row.publish === true,
		nextRunAt: valueFromJson(schedules.nextRunAt, row.next_run_at),
	};
}

const claimedFrom = (row: Raw): ClaimedDelivery =>
	Object.assign(rowFromJson(deliveries, row), {
		isBegun: row.is_begun === true,
		workspaceExternalId: String(row.workspace_external_id),
		memberExternalId: textOf(row.member_external_id),
		occurrence: occurrenceOf(row),
	});

/** Claims deliveries in one statement. */
export async function claimDeliveries(db: Db, claim: Claim): Promise<ClaimedDelivery[]> {
	const rows = await rawRows(db, claimStatement(claim));
	return rows
		.map(claimedFrom)
		.sort((a, b) => a.fairnessRank - b.fairnessRank || a.nextTryAt.getTime() - b.nextTryAt.getTime() || a.id - b.id);
}
