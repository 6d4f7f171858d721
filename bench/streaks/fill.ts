import postgres from "postgres";
import { FREEZE_EVERY, MAX_FREEZES, MILESTONES } from "../../src/core/streak/streak.ts";
import {
	LONG_HISTORY,
	OCCURRENCE_ID_STRIDE,
	type Population,
	populationExpressions,
	SHORT_HISTORY,
	TODAY,
} from "./population.ts";

/** Tables whose indexes are created after their rows. */
const LARGE_TABLES = ["answers", "attempts", "streaks", "standings", "members", "ledger", "milestones"];

const timestampSql = (date: Date) => `'${date.toISOString()}'::timestamptz`;
/**
 * SQL for when an occurrence was delivered. There is one a day, and the last is today's.
 * @param number an SQL expression for its number
 * @param last an SQL expression for the last number
 */
const deliveredSql = (number: string, last: string) =>
	`${timestampSql(TODAY)} - (${last} - ${number}) * interval '1 day'`;
const localDateSql = (number: string, last: string) => `((${deliveredSql(number, last)}) at time zone 'UTC')::date`;

function workspaceRows(population: Population): string[] {
	const { workspaces, today } = population;
	const last = `case when id <= 2 then ${LONG_HISTORY} else ${SHORT_HISTORY} end`;
	const workspacesSql = `(select id, ${last} as last from generate_series(1, ${workspaces}) as id) as new_workspaces`;
	return [
		`insert into workspaces (id, platform, external_id, name, created_at)
			select id, 'bench', 'W' || id, 'Workspace ' || id, ${timestampSql(TODAY)} from ${workspacesSql}`,
		`insert into schedules (id, workspace_id, channel_id, channel_name, local_time, zone, weekdays, categories,
				difficulties, state, next_run_at, drawn, recent, last_number, created_at)
			select id, id, 'daily', 'Daily', '09:00', 'UTC', 127, '[]', '[]', 'active',
				${timestampSql(TODAY)} + interval '1 day', '[]', '[]', last, ${timestampSql(TODAY)} from ${workspacesSql}`,
		`insert into occurrences (id, workspace_id, schedule_id, local_date, due_at, state, question_id,
				question_revision, number, delivered_at, closes_at, settled_at, channel_id, message_id)
			select id * ${OCCURRENCE_ID_STRIDE} + number, id, id, ${localDateSql("number", "last")}, ${deliveredSql("number", "last")},
				'delivered', case when number = last then '${today}' else 'past-' || number end, 1, number,
				${deliveredSql("number", "last")},
				case when number < last then ${deliveredSql("number + 1", "last")} end,
				case when number < last then ${deliveredSql("number + 1", "last")} end, 'daily', 'm' || number
			from ${workspacesSql}, generate_series(1, last) as number`,
	];
}

/** Each member has attempted the `streak` occurrences just before the open one. */
function answerRows(population: Population): string[] {
	const { workspace, last, streak } = populationExpressions(population, "id");
	return [
		`create temporary table people as
			select id, ${workspace} as workspace_id, ${last} as last, ${streak} as streak
			from generate_series(1::bigint, ${population.members}) as id`,
		`insert into members (id, workspace_id, external_id, name, joined_at, last_used_at)
			select id, workspace_id, 'M' || id, 'Member ' || id, ${deliveredSql("1", "last")}, ${timestampSql(TODAY)} from people`,
		`create temporary table past_answers as
			select row_number() over (order by id, number) as answer, id, workspace_id, last, number
			from people, generate_series(last - streak, last - 1) as number`,
		`insert into answers (id, workspace_id, member_id, question_id, revision, at, kind, text, grade)
			select answer, workspace_id, id, 'past-' || number, 1, ${deliveredSql("number", "last")} + interval '1 hour', 'text',
				'What the member knew about it.', 'good' from past_answers`,
		`insert into attempts (member_id, occurrence_id, workspace_id, schedule_id, number, answer_id, at)
			select id, workspace_id * ${OCCURRENCE_ID_STRIDE} + number, workspace_id, workspace_id, number, answer,
				${deliveredSql("number", "last")} + interval '1 hour' from past_answers`,
	];
}

/** The rows that booking those attempts as they came would have written. */
function bookingRows(): string[] {
	const freezes = `least(${MAX_FREEZES}, streak / ${FREEZE_EVERY})`;
	return [
		`insert into streaks (member_id, schedule_id, workspace_id, current, longest, answered, freezes, booked,
				booked_to, first_number, latest_number, name, visible)
			select id, workspace_id, workspace_id, streak, streak, streak, ${freezes}, streak, last - 1, last - streak, last - 1,
				'Member ' || id, true from people`,
		`insert into standings (member_id, workspace_id, longest, answered, name, visible)
			select id, workspace_id, streak, streak, 'Member ' || id, true from people`,
		`insert into ledger (workspace_id, member_id, schedule_id, number, local_date, kind, freezes, current, at)
			select workspace_id, id, workspace_id, number, ${localDateSql("number", "last")}, 'freeze-earned', nth, nth * ${FREEZE_EVERY},
				${deliveredSql("number", "last")}
			from people, generate_series(1, ${freezes}) as nth,
				lateral (select last - streak + nth * ${FREEZE_EVERY} - 1 as number) as earned`,
		`insert into milestones (member_id, schedule_id, value, workspace_id, at)
			select id, workspace_id, value, workspace_id, ${timestampSql(TODAY)} from people, unnest(array[${MILESTONES}]) as value
			where value <= streak`,
	];
}

const sequenceUpdates = ["workspaces", "schedules", "occurrences", "members", "answers"].map(
	(table) => `select setval('${table}_id_seq', (select max(id) from ${table}))`,
);

/** Fills an empty, migrated database with a population, as if it had answered day by day. */
export async function fill(url: string, population: Population): Promise<void> {
	const client = postgres(url, { max: 1, onnotice: () => undefined });
	try {
		// References are right by construction; checking them would take most of the time.
		await client.unsafe("set session_replication_role = replica; set statement_timeout = 0; set work_mem = '256MB'");
		await client.unsafe("set maintenance_work_mem = '512MB'");
		const indexes = await client<{ name: string; definition: string }[]>`
			select indexname as name, indexdef as definition from pg_indexes
			where schemaname = 'public' and tablename in ${client(LARGE_TABLES)} and indexname not like '%\\_pk%' and indexname not like '%\\_pkey'`;
		for (const { name } of indexes) await client.unsafe(`drop index "${name}"`);
		for (const statement of [
			...workspaceRows(population),
			...answerRows(population),
			...bookingRows(),
			...sequenceUpdates,
		])
			await client.unsafe(statement);
		for (const { definition } of indexes) await client.unsafe(definition);
		await client.unsafe("vacuum (analyze)");
		await client.unsafe("checkpoint");
	} finally {
		await client.end();
	}
}
