import { sql } from "drizzle-orm";
import type { Db } from "../../src/adapters/postgres/db.ts";

/** Adds daily schedules that all fall due at one instant, each in its own workspace, in one statement. */
export async function addManySchedules(db: Db, count: number, due: Date): Promise<void> {
	const first = due.toISOString();
	const localTime = first.slice(11, 16);
	await db.execute(sql`
		with made as (
			insert into workspaces (platform, external_id, name, created_at)
			select 'local', 'workspace-' || number, 'Workspace', ${first}::timestamptz - interval '1 day'
			from generate_series(1, ${count}::int) as number
			returning id, external_id
		)
		insert into schedules (workspace_id, channel_id, channel_name, local_time, zone, weekdays, categories, difficulties,
			state, next_run_at, drawn, recent, created_at)
		select id, 'channel-' || external_id, 'channel', ${localTime}, 'UTC', 127, '[]', '[]', 'active', ${first}::timestamptz,
			'[]', '[]', ${first}::timestamptz - interval '1 day'
		from made`);
}
