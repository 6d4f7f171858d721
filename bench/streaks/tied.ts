import postgres from "postgres";
import type { Services } from "../../src/core/service/services.ts";
import { boardPage } from "../../src/core/streak/boards.ts";
import { settleBatch } from "../../src/core/streak/streaks.ts";
import { type Comparison, compare } from "./boards.ts";
import { benchAsker, memberAtStep, TODAY } from "./population.ts";

/** How many members each of two workspaces has, all with a streak of one. */
export const TIED_MEMBERS = 20_000;
/** Ids of the two workspaces and of their schedules. In the first one, a closed occurrence waits to be settled. */
const UNSETTLED = 900_001;
const SETTLED = 900_002;
/** Ids of members and occurrences begin at their workspace's id times this. */
const ID_STRIDE = 100_000;
const HOUR = 60 * 60 * 1000;

const WORKSPACES = `(values (${UNSETTLED}::bigint), (${SETTLED})) as tied_workspaces(workspace_id)`;
const dayOf = (numberSql: string) => `timestamptz '${TODAY.toISOString()}' + (${numberSql} - 3) * interval '1 day'`;

/** Half of the members answered only the first question, the other half only the second; the third is open. */
const FILL = [
	`insert into workspaces (id, platform, external_id, name, created_at)
		select workspace_id, 'bench', 'W' || workspace_id, 'Workspace ' || workspace_id, ${dayOf("1")} from ${WORKSPACES}`,
	`insert into schedules (id, workspace_id, channel_id, channel_name, local_time, zone, weekdays, categories,
			difficulties, state, next_run_at, drawn, recent, last_number, created_at)
		select workspace_id, workspace_id, 'daily', 'Daily', '09:00', 'UTC', 127, '[]', '[]', 'active', ${dayOf("4")}, '[]', '[]',
			3, ${dayOf("1")} from ${WORKSPACES}`,
	`insert into occurrences (id, workspace_id, schedule_id, local_date, due_at, state, question_id, question_revision,
			number, delivered_at, closes_at, settled_at, channel_id)
		select workspace_id * ${ID_STRIDE} + number, workspace_id, workspace_id, (${dayOf("number")})::date, ${dayOf("number")}, 'delivered', 'past', 1,
			number, ${dayOf("number")}, case when number < 3 then ${dayOf("number + 1")} end,
			case when number < 2 then ${dayOf("number + 1")} end, 'daily'
		from ${WORKSPACES}, generate_series(1, 3) as number`,
	`create temporary table tied as
		select workspace_id, workspace_id * ${ID_STRIDE} + member_number as id, 1 + member_number % 2 as number from ${WORKSPACES}, generate_series(1, ${TIED_MEMBERS}) as member_number`,
	`insert into members (id, workspace_id, external_id, name, joined_at, last_used_at)
		select id, workspace_id, 'M' || id, 'Member ' || id, ${dayOf("1")}, ${dayOf("1")} from tied`,
	`insert into answers (id, workspace_id, member_id, question_id, revision, at, kind, option)
		select id, workspace_id, id, 'past', 1, ${dayOf("number")} + interval '1 hour', 'check', 'A' from tied`,
	`insert into attempts (member_id, occurrence_id, workspace_id, schedule_id, number, answer_id, at)
		select id, workspace_id * ${ID_STRIDE} + number, workspace_id, workspace_id, number, id, ${dayOf("number")} + interval '1 hour' from tied`,
	`insert into streaks (member_id, schedule_id, workspace_id, current, longest, answered, freezes, booked, booked_to,
			first_number, latest_number, name, visible)
		select id, workspace_id, workspace_id, 1, 1, 1, 0, 1, number, number, number, 'Member ' || id, true from tied`,
	`insert into standings (member_id, workspace_id, longest, answered, name, visible)
		select id, workspace_id, 1, 1, 'Member ' || id, true from tied`,
];

async function settle(services: Services, now: Date): Promise<void> {
	for (let done = false; !done; )
		({ done } = await services.transaction(async ({ store }) => {
			const occurrence = await store.occurrences.get(SETTLED * ID_STRIDE + 2);
			if (!occurrence) throw new Error("nothing to settle");
			return settleBatch(store, occurrence, now);
		}));
}

/**
 * Reads a page of the board among members who are all tied. `large` in the result is the workspace with a closed
 * occurrence still to be settled, `small` the settled one.
 */
export async function readTied(url: string, services: Services): Promise<Comparison> {
	const client = postgres(url, { max: 1, onnotice: () => undefined });
	const now = new Date(TODAY.getTime() + HOUR);
	try {
		await client.begin(async (transaction) => {
			for (const statement of FILL) await transaction.unsafe(statement);
		});
		await settle(services, now);
		await client.unsafe("vacuum (analyze)");
	} finally {
		await client.end();
	}
	return compare((which, turn) => {
		const id = which === 1 ? UNSETTLED : SETTLED;
		const asker = benchAsker(id, id * ID_STRIDE + memberAtStep(turn, TIED_MEMBERS));
		return boardPage(services, asker, { workspaceId: id, scheduleId: id }, "current", null, 0, now);
	});
}
