import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/pglite";
import { expect, onTestFinished, test } from "vitest";
import * as schema from "../../../drizzle/schema.ts";
import { rawRows } from "../../../src/adapters/postgres/raw.ts";
import { createStore } from "../../../src/adapters/postgres/store.ts";
import { Bank } from "../../../src/core/question/bank.ts";
import { chores, STEP_ROWS } from "../../../src/core/service/housekeeping.ts";
import { createServices } from "../../../src/core/service/services.ts";
import { testRandom } from "../../support/dice.ts";
import { openMemory } from "../../support/embedded.ts";

const [GONE, LIVING] = [1, 2];
const MEMBERS = 60;
const QUESTIONS = 20;
const NOW = new Date("2027-06-01T00:00:00Z");
/** The most statements of one step, however large the workspace is, including `begin` and `commit`. */
const MAX_STATEMENTS = 100;

/** Two workspaces of the same size, each with a reveal and an attempt by every member at every question. */
const FILL = [
	`insert into workspaces (id, platform, external_id, name, created_at, removed_at) values
		(${GONE}, 'slack', 'T1', 'Gone', now(), '2027-04-01'), (${LIVING}, 'slack', 'T2', 'Living', now(), null)`,
	`insert into schedules (id, workspace_id, channel_id, channel_name, local_time, zone, weekdays, categories,
			difficulties, state, drawn, recent, created_at)
		select id, id, 'C', 'c', '09:00', 'UTC', 127, '[]', '[]', 'active', '[]', '[]', now() from workspaces`,
	`insert into occurrences (id, workspace_id, schedule_id, local_date, due_at, state, number, channel_id)
		select id * 1000 + number, id, id, date '2026-01-01' + number, now(), 'delivered', number, 'C'
		from workspaces, generate_series(1, ${QUESTIONS}) as number`,
	`insert into members (id, workspace_id, external_id, name, joined_at, last_used_at)
		select id * 1000 + place, id, 'U' || place, 'm', '2027-03-01', '2027-03-01'
		from workspaces, generate_series(1, ${MEMBERS}) as place`,
	`insert into answers (id, workspace_id, member_id, question_id, revision, at, kind)
		select members.id * 100 + number, workspace_id, members.id, 'q', 1, now(), 'text'
		from members, generate_series(1, ${QUESTIONS}) as number`,
	`insert into attempts (member_id, occurrence_id, workspace_id, schedule_id, number, answer_id, at)
		select member_id, workspace_id * 1000 + id % 100, workspace_id, workspace_id, id % 100, id, at from answers`,
	`insert into reveals (member_id, occurrence_id, workspace_id, at)
		select member_id, occurrence_id, workspace_id, at from attempts`,
	`insert into deliveries (workspace_id, platform, kind, key, occurrence_id, payload, state, due_at, expires_at, next_try_at)
		select workspace_id, 'slack', 'daily', 'daily:' || id, id, '{}', 'sent', due_at, due_at, due_at from occurrences`,
];
const ROWS = 3 * MEMBERS * QUESTIONS + MEMBERS + 2 * QUESTIONS + 2;

test("a large removed workspace is deleted in short steps beside a living one, and a failing step loses nothing", async () => {
	const { client } = await openMemory();
	onTestFinished(() => client.close());
	let statements: string[] = [];
	const logger = { logQuery: (text: string) => void statements.push(text) };
	const db = drizzle(client, { schema, logger });
	for (const statement of FILL) await db.execute(sql.raw(statement));
	const rows = async (id: number) => {
		let all = 0;
		for (const table of [
			"workspaces",
			"schedules",
			"occurrences",
			"members",
			"answers",
			"attempts",
			"reveals",
			"deliveries",
		]) {
			const column = table === "workspaces" ? "id" : "workspace_id";
			const [row] = await rawRows(db, sql.raw(`select count(*) as value from ${table} where ${column} = ${id}`));
			all += Number(row?.value);
		}
		return all;
	};
	expect([await rows(GONE), await rows(LIVING)]).toEqual([ROWS, ROWS]);

	const services = createServices(createStore(db), new Bank(new Map()), testRandom());
	const chore = chores(services).find(({ name }) => name === "removed workspaces");
	let left = ROWS;
	let steps = 0;
	for (let going = true; going; steps += 1) {
		statements = [];
		if (steps === 3) {
			// As when a process is killed or the database refuses: this step is undone, the ones before are not.
			const failing = services.transaction(async (tx) => {
				await tx.store.cleanup.workspaceRows(STEP_ROWS);
				throw new Error("killed");
			});
			await expect(failing).rejects.toThrow("killed");
		} else going = ((await chore?.step(NOW)) ?? 0) > 0;
		expect(statements.length).toBeLessThanOrEqual(MAX_STATEMENTS);
		const now = await rows(GONE);
		expect(left - now).toBeLessThanOrEqual(STEP_ROWS);
		if (steps === 3) expect(now).toBe(left);
		left = now;
	}
	expect(left).toBe(0);
	expect(steps).toBeGreaterThan(ROWS / STEP_ROWS);
	expect(await rows(LIVING)).toBe(ROWS);
});
