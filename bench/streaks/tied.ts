import postgres from "postgres";
import type { Services } from "../../src/core/service/services.ts";
import { boardPage } from "../../src/core/streak/boards.ts";
import { settleBatch } from "../../src/core/streak/streaks.ts";
import { compare, type Figures } from "./boards.ts";
import { TODAY } from "./population.ts";

/** How many members each of two workspaces has, all with a streak of one. */
export const TIED = 20_000;
/** Ids of the two workspaces and of their schedules. In the first one, a closed occurrence waits to be settled. */
const BEHIND = 900_001;
const SETTLED = 900_002;
/** Ids of members and occurrences begin at their workspace's id times this. */
const STRIDE = 100_000;
const HOUR = 60 * 60 * 1000;

const HOMES = `(values (${BEHIND}::bigint), (${SETTLED})) as homes(home)`;
const day = (number: string) => `timestamptz '${TODAY.toISOString()}' + (${number} - 3) * interval '1 day'`;

/** Half of the members answered only the first question, half only the second; the third is open. */
const FILL = [
	`insert into workspaces (id, platform, external_id, name, created_at)
		select home, 'bench', 'W' || home, 'Tied', ${day("1")} from ${HOMES}`,
	`insert into schedules (id, workspace_id, channel_id, channel_name, local_time, zone, weekdays, categories,
			difficulties, state, next_run_at, drawn, recent, last_number, created_at)
		select home, home, 'daily', 'Daily', '09:00', 'UTC', 127, '[]', '[]', 'active', ${day("4")}, '[]', '[]',
			3, ${day("1")} from ${HOMES}`,
	`insert into occurrences (id, workspace_id, schedule_id, local_date, due_at, state, question_id, question_revision,
			number, delivered_at, closes_at, settled_at, channel_id)
		select home * ${STRIDE} + number, home, home, (${day("number")})::date, ${day("number")}, 'delivered', 'past', 1,
			number, ${day("number")}, case when number < 3 then ${day("number + 1")} end,
			case when number < 2 then ${day("number + 1")} end, 'daily'
		from ${HOMES}, generate_series(1, 3) as number`,
	`create temporary table tied as
		select home, home * ${STRIDE} + place as id, 1 + place % 2 as number from ${HOMES}, generate_series(1, ${TIED}) as place`,
	`insert into members (id, workspace_id, external_id, name, joined_at, last_used_at)
		select id, home, 'T' || id, 'Member ' || id, ${day("1")}, ${day("1")} from tied`,
	`insert into answers (id, workspace_id, member_id, question_id, revision, at, kind, option)
		select id, home, id, 'past', 1, ${day("number")} + interval '1 hour', 'check', 'A' from tied`,
	`insert into attempts (member_id, occurrence_id, workspace_id, schedule_id, number, answer_id, at)
		select id, home * ${STRIDE} + number, home, home, number, id, ${day("number")} + interval '1 hour' from tied`,
	`insert into streaks (member_id, schedule_id, workspace_id, current, longest, answered, freezes, booked, booked_to,
			first_number, latest_number, name, visible)
		select id, home, home, 1, 1, 1, 0, 1, number, number, number, 'Member ' || id, true from tied`,
	`insert into standings (member_id, workspace_id, longest, answered, name, visible)
		select id, home, 1, 1, 'Member ' || id, true from tied`,
];

async function settle(services: Services, now: Date): Promise<void> {
	for (let done = false; !done; )
		({ done } = await services.transaction(async ({ store }) => {
			const occurrence = await store.occurrences.get(SETTLED * STRIDE + 2);
			if (!occurrence) throw new Error("nothing to settle");
			return settleBatch(store, occurrence, now);
		}));
}

/**
 * Reads a page of the board among members who are all tied. `large` in the result is the workspace with a closed
 * occurrence still to be settled, `small` the settled one.
 */
export async function readTied(url: string, services: Services): Promise<Figures> {
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
		const id = which === 1 ? BEHIND : SETTLED;
		const workspace = { id, platform: "bench", externalId: `W${id}`, name: "Tied", removedAt: null };
		const flags = {
			lastQuestionId: null,
			hidden: false,
			milestonesPublic: false,
			reminderHours: null,
			interviewOn: null,
			reviewsADay: null,
		};
		const memberId = id * STRIDE + 1 + ((turn * 7_919) % TIED);
		const member = { id: memberId, workspaceId: id, externalId: `T${memberId}`, name: `Member ${memberId}`, ...flags };
		const asker = { workspace, member, channelId: "daily" };
		return boardPage(services, asker, { workspaceId: id, scheduleId: id }, "current", null, 0, now);
	});
}
