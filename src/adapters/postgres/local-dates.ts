/** SQL that reads what decides a member's local date. */
import { type SQL, sql } from "drizzle-orm";

/** The zone of a workspace's oldest active schedule; null without one. */
export const zoneOf = (workspaceId: number): SQL =>
	sql`(select zone from schedules where workspace_id = ${workspaceId} and state = 'active' order by id limit 1)`;

/** The latest local date of a member's answers and reveals; null without any. */
export const latestDateOf = (memberId: number): SQL =>
	sql`greatest((select max(local_date) from answers where member_id = ${memberId}),
		(select max(local_date) from practice_reveals where member_id = ${memberId}))`;
