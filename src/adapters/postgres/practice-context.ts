/** Reads what a practice run depends on in one statement: one round trip, and little work for the query builder. */
import { sql } from "drizzle-orm";
import * as z from "zod";
import * as schema from "../../../drizzle/schema.ts";
import type { PracticeContext } from "../../core/ports/practice.ts";
import type { Db } from "./db.ts";
import { onlyRow } from "./db.ts";
import { latestDateOf, zoneOf } from "./local-dates.ts";
import { type MemoryColumns, memoriesOfColumns, memoryColumns, runOf } from "./practice-rows.ts";
import { rawRows, rowFromJson } from "./raw.ts";

const { practiceRuns } = schema;

const contextSchema = z.object({
	run: z.record(z.string(), z.unknown()).nullable(),
	// The database made these of its own columns; to check each field would take longer than to read them.
	memories: z.custom<MemoryColumns>(Array.isArray),
	open: z.array(z.string()),
	zone: z.string().nullable(),
	latest: z.string().nullable(),
	own_version: z.string().nullable(),
	new_run: z.number().nullable(),
});

interface ContextRequest {
	readonly workspaceId: number;
	readonly memberId: number;
	readonly at: Date;
	readonly reservesId: boolean;
}

export async function readPracticeContext(
	db: Db,
	{ workspaceId, memberId, at, reservesId }: ContextRequest,
): Promise<PracticeContext> {
	const instant = sql`${at.toISOString()}::timestamptz`;
	const rows = await rawRows(
		db,
		sql`
		select json_build_object(
			'run', (select to_json(practice_runs) from practice_runs where member_id = ${memberId} and ended_at is null),
			'memories', (select ${memoryColumns} from memories where member_id = ${memberId}),
			'open', (select coalesce(json_agg(question_id), '[]') from occurrences
				where workspace_id = ${workspaceId} and state in ('delivered', 'unknown', 'sending')
					and question_id is not null and number is not null and settled_at is null
					and delivered_at <= ${instant} and (closes_at is null or closes_at > ${instant})),
			'zone', ${zoneOf(workspaceId)},
			'latest', ${latestDateOf(memberId)},
			'own_version', (select version from own_banks where workspace_id = ${workspaceId}),
			'new_run', ${reservesId ? sql`next_run_id()` : sql`null`}
		)::text as found`,
	);
	const found = contextSchema.parse(JSON.parse(String(onlyRow(rows).found)));
	return {
		run: found.run && runOf(rowFromJson(practiceRuns, found.run)),
		memories: memoriesOfColumns(workspaceId, memberId, found.memories),
		dates: { zone: found.zone, latest: found.latest },
		openQuestions: found.open,
		ownVersion: found.own_version,
		newRunId: found.new_run,
	};
}
