import { type SQL, sql } from "drizzle-orm";
import type { Arrival, Closing } from "../../../core/ports/deliveries.ts";
import type { Db } from "../db.ts";
import { idsText, rawRows } from "../raw.ts";

const closingJson = (arrivalId: number, { occurrenceId, closesAt, answer }: Closing) => ({
	arrival_id: arrivalId,
	occurrence_id: occurrenceId,
	closes_at: closesAt,
	platform: answer.platform,
	key: answer.key,
	fairness_rank: answer.fairnessRank,
	due_at: answer.dueAt,
	expires_at: answer.expiresAt,
});

const arrivalJson = ({ id, fence, occurrenceId, messageId, threadId, closings }: Arrival) => ({
	id,
	fence,
	occurrence_id: occurrenceId,
	message_id: messageId,
	thread_id: threadId,
	closes: closings.map((closing) => closing.occurrenceId),
});

const publishingJson = ({ id, publishing }: Arrival) =>
	publishing
		? [
				{
					arrival_id: id,
					workspace_id: publishing.workspaceId,
					platform: publishing.platform,
					key: publishing.key,
					occurrence_id: publishing.occurrenceId,
					payload: publishing.payload,
					fairness_rank: publishing.fairnessRank,
					due_at: publishing.dueAt,
					expires_at: publishing.expiresAt,
				},
			]
		: [];

/** Ids as an array: from JSON the planner expects a hundred rows, and would read whole tables for them. */
const idsOf = (ids: readonly (number | null)[]) => sql`any (${idsText(ids.filter((id) => id !== null))}::bigint[])`;

type ClosingJson = ReturnType<typeof closingJson>;

/** The statement's input, as tables. */
const inputTables = (arrivals: readonly Arrival[], closings: readonly ClosingJson[]): SQL => sql`
	arrival as materialized (
		select * from jsonb_to_recordset(${JSON.stringify(arrivals.map(arrivalJson))}::text::jsonb) as a (
			id bigint, fence int, occurrence_id bigint, message_id text, thread_id text, closes bigint[])
	),
	closing as materialized (
		select * from jsonb_to_recordset(${JSON.stringify(closings)}::text::jsonb) as c (
			arrival_id bigint, occurrence_id bigint, closes_at timestamptz, platform text, key text, fairness_rank int,
			due_at timestamptz, expires_at timestamptz)
	),
	publishing as materialized (
		select * from jsonb_to_recordset(${JSON.stringify(arrivals.flatMap(publishingJson))}::text::jsonb) as p (
			arrival_id bigint, workspace_id bigint, platform text, key text, occurrence_id bigint, payload jsonb, fairness_rank int,
			due_at timestamptz, expires_at timestamptz)
	)`;

/**
 * Locks the schedules first, as every change does, and skips locked ones. A daily question is `usual` if its schedule
 * exists and its closings cover every open window before it: only then have the rules seen everything. `in` hashes
 * `usual`; for a join the planner would expect one row of it, and choose a nested loop over all pairs.
 */
function recordStatement(arrivals: readonly Arrival[]): SQL {
	const closings = arrivals.flatMap((arrival) => arrival.closings.map((each) => closingJson(arrival.id, each)));
	const occurrences = idsOf(arrivals.map(({ occurrenceId }) => occurrenceId));
	return sql`
	with ${inputTables(arrivals, closings)},
	usual as materialized (
		select a.id, s.id as schedule_id, s.state, s.last_fault
		from arrival a join occurrences o on o.id = a.occurrence_id join schedules s on s.id = o.schedule_id
		where o.id = ${occurrences} and s.state <> 'removed' and not exists (
			select from occurrences e
			where e.schedule_id = o.schedule_id and e.settled_at is null and e.closes_at is null and e.state in ('delivered', 'unknown')
				and e.delivered_at is not null and e.number < o.number and e.id <> all (a.closes))
		for no key update of o, s skip locked
	),
	sent as materialized (
		update deliveries d set state = 'sent', message_id = a.message_id, fault = null, claimed_by = null, lease_until = null
		from arrival a
		where d.id = ${idsOf(arrivals.map(({ id }) => id))} and d.id = a.id and d.fence = a.fence
			and (a.occurrence_id is null or a.id in (select id from usual))
		returning d.id
	),
	arrived as (
		update occurrences o
		set state = 'delivered', message_id = a.message_id, thread_id = a.thread_id, fault = null
		from sent join arrival a on a.id = sent.id
		where o.id = ${occurrences} and o.id = a.occurrence_id
	),
	closed as (
		update occurrences e set closes_at = c.closes_at
		from sent join closing c on c.arrival_id = sent.id
		where e.id = ${idsOf(closings.map((closing) => closing.occurrence_id))} and e.id = c.occurrence_id
			and e.closes_at is null and e.state in ('delivered', 'unknown')
		returning e.id, e.workspace_id, e.message_id, c.platform, c.key, c.fairness_rank, c.due_at, c.expires_at
	),
	following as (
		insert into deliveries
			(workspace_id, platform, kind, key, occurrence_id, payload, state, fairness_rank, due_at, expires_at, next_try_at)
		select workspace_id, platform, 'answer', key, id, '{}'::jsonb, 'pending', fairness_rank, due_at, expires_at, due_at
		from closed where message_id is not null
		union all
		select p.workspace_id, p.platform, 'publish', p.key, p.occurrence_id, p.payload, 'pending', p.fairness_rank, p.due_at,
			p.expires_at, p.due_at
		from publishing p join sent on sent.id = p.arrival_id
		on conflict do nothing
	),
	mended as (
		update schedules s set last_fault = null from usual join sent on sent.id = usual.id
		where s.id = usual.schedule_id and usual.last_fault is not null and usual.state = 'active'
	)
	select id from sent`;
}

/** Records what has arrived in one statement. @returns the ids of the deliveries it recorded */
export async function recordArrivals(db: Db, arrivals: readonly Arrival[]): Promise<number[]> {
	if (arrivals.length === 0) return [];
	return (await rawRows(db, recordStatement(arrivals))).map(({ id }) => Number(id));
}
