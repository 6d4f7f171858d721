import postgres from "postgres";
import { FREEZE_EVERY, MAX_FREEZES, MILESTONES } from "../../src/core/streak/streak.ts";
import { arithmetic, LONG, type Population, SHORT, STRIDE, TODAY } from "./population.ts";

/** Tables whose indexes are created after their rows. */
const LARGE = ["answers", "attempts", "streaks", "standings", "members", "ledger", "milestones"];

const instant = (date: Date) => `'${date.toISOString()}'::timestamptz`;
/** SQL for when the occurrence `number` was delivered. There is one a day, and the last is today's. */
const delivered = (number: string, last: string) => `${instant(TODAY)} - (${last} - ${number}) * interval '1 day'`;
const localDate = (number: string, last: string) => `((${delivered(number, last)}) at time zone 'UTC')::date`;

function places(population: Population): string[] {
	const { workspaces, today } = population;
	const last = `case when id <= 2 then ${LONG} else ${SHORT} end`;
	const homes = `(select id, ${last} as last from generate_series(1, ${workspaces}) as id) as home`;
	return [
		`insert into workspaces (id, platform, external_id, name, created_at)
			select id, 'bench', 'W' || id, 'Workspace ' || id, ${instant(TODAY)} from ${homes}`,
		`insert into schedules (id, workspace_id, channel_id, channel_name, local_time, zone, weekdays, categories,
				difficulties, state, next_run_at, drawn, recent, last_number, created_at)
			select id, id, 'daily', 'Daily', '09:00', 'UTC', 127, '[]', '[]', 'active',
				${instant(TODAY)} + interval '1 day', '[]', '[]', last, ${instant(TODAY)} from ${homes}`,
		`insert into occurrences (id, workspace_id, schedule_id, local_date, due_at, state, question_id,
				question_revision, number, delivered_at, closes_at, settled_at, channel_id, message_id)
			select id * ${STRIDE} + number, id, id, ${localDate("number", "last")}, ${delivered("number", "last")},
				'delivered', case when number = last then '${today}' else 'past-' || number end, 1, number,
				${delivered("number", "last")},
				case when number < last then ${delivered("number + 1", "last")} end,
				case when number < last then ${delivered("number + 1", "last")} end, 'daily', 'm' || number
			from ${homes}, generate_series(1, last) as number`,
	];
}

/** Each member has attempted the `streak` occurrences just before the open one. */
function histories(population: Population): string[] {
	const { workspace, last, streak } = arithmetic(population, "id");
	return [
		`create temporary table people as
			select id, ${workspace} as home, ${last} as last, ${streak} as streak
			from generate_series(1::bigint, ${population.members}) as id`,
		`insert into members (id, workspace_id, external_id, name, joined_at, last_used_at)
			select id, home, 'M' || id, 'Member ' || id, ${delivered("1", "last")}, ${instant(TODAY)} from people`,
		`create temporary table said as
			select row_number() over (order by id, number) as answer, id, home, last, number
			from people, generate_series(last - streak, last - 1) as number`,
		`insert into answers (id, workspace_id, member_id, question_id, revision, at, kind, text, grade)
			select answer, home, id, 'past-' || number, 1, ${delivered("number", "last")} + interval '1 hour', 'text',
				'What the member had to say about it.', 'good' from said`,
		`insert into attempts (member_id, occurrence_id, workspace_id, schedule_id, number, answer_id, at)
			select id, home * ${STRIDE} + number, home, home, number, answer,
				${delivered("number", "last")} + interval '1 hour' from said`,
	];
}

/** The rows that booking those attempts would have written. */
function bookings(): string[] {
	const freezes = `least(${MAX_FREEZES}, streak / ${FREEZE_EVERY})`;
	return [
		`insert into streaks (member_id, schedule_id, workspace_id, current, longest, answered, freezes, booked,
				booked_to, first_number, latest_number, name, visible)
			select id, home, home, streak, streak, streak, ${freezes}, streak, last - 1, last - streak, last - 1,
				'Member ' || id, true from people`,
		`insert into standings (member_id, workspace_id, longest, answered, name, visible)
			select id, home, streak, streak, 'Member ' || id, true from people`,
		`insert into ledger (workspace_id, member_id, schedule_id, number, local_date, kind, freezes, current, at)
			select home, id, home, number, ${localDate("number", "last")}, 'freeze-earned', nth, nth * ${FREEZE_EVERY},
				${delivered("number", "last")}
			from people, generate_series(1, ${freezes}) as nth,
				lateral (select last - streak + nth * ${FREEZE_EVERY} - 1 as number) as earned`,
		`insert into milestones (member_id, schedule_id, value, workspace_id, at)
			select id, home, value, home, ${instant(TODAY)} from people, unnest(array[${MILESTONES}]) as value
			where value <= streak`,
	];
}

const sequences = ["workspaces", "schedules", "occurrences", "members", "answers"].map(
	(table) => `select setval('${table}_id_seq', (select max(id) from ${table}))`,
);

/** Fills an empty, migrated database with a population, as if it had answered day by day. */
export async function fill(url: string, population: Population): Promise<void> {
	const client = postgres(url, { max: 1, onnotice: () => undefined });
	try {
		// References are right by construction, and checking each would take most of the time.
		await client.unsafe("set session_replication_role = replica; set statement_timeout = 0; set work_mem = '256MB'");
		await client.unsafe("set maintenance_work_mem = '512MB'");
		const indexes = await client<{ name: string; definition: string }[]>`
			select indexname as name, indexdef as definition from pg_indexes
			where schemaname = 'public' and tablename in ${client(LARGE)} and indexname not like '%\\_pk%' and indexname not like '%\\_pkey'`;
		for (const { name } of indexes) await client.unsafe(`drop index "${name}"`);
		for (const statement of [...places(population), ...histories(population), ...bookings(), ...sequences])
			await client.unsafe(statement);
		for (const { definition } of indexes) await client.unsafe(definition);
		await client.unsafe("vacuum (analyze)");
		await client.unsafe("checkpoint");
	} finally {
		await client.end();
	}
}
