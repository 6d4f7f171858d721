import { sql } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import * as schema from "../../../drizzle/schema.ts";
import { rawRows } from "../../../src/adapters/postgres/raw.ts";
import type { Member, Occurrence, Schedule, Workspace } from "../../../src/core/model.ts";
import { stepFor } from "../../../src/core/practice/run.ts";
import { ownContent } from "../../support/own.ts";
import { at, day, type StoreFixture } from "./fixture.ts";
import { memoryRow } from "./practice.ts";
import { streakRow } from "./streaks.ts";

/** Numbers and words that occur nowhere by chance. */
const MEMBER = 987_654_321;
const WORKSPACE = 876_543_219;
const [EXTERNAL, NAME, SECRET] = ["U-external-9x7", "Zaphod Q. Unmistakable", "my very own secret words"];

export function erasureContract(fixture: StoreFixture): void {
	/** Every table with a column of this name, from the catalog. */
	async function tablesWith(column: string): Promise<string[]> {
		const rows = await rawRows(
			fixture.db,
			sql`select table_name as name from information_schema.columns where table_schema = 'public' and column_name = ${column} order by 1`,
		);
		return rows.map((row) => String(row.name));
	}

	/** Rows of every table of every schema in which a number or a text occurs, in any column. */
	async function traces(needles: readonly (number | string)[]): Promise<string[]> {
		const tables = await rawRows(
			fixture.db,
			sql`select table_schema as schema, table_name as name from information_schema.tables
				where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
		);
		const found: string[] = [];
		for (const { schema: owner, name } of tables) {
			const rows = await rawRows(
				fixture.db,
				sql.raw(`select to_jsonb(entry)::text as entry from "${owner}"."${name}" as entry`),
			);
			for (const needle of needles) {
				const pattern = typeof needle === "number" ? new RegExp(`(?<!\\d)${needle}(?!\\d)`) : needle;
				for (const { entry } of rows) if (String(entry).search(pattern) >= 0) found.push(`${name}: ${needle}`);
			}
		}
		return [...new Set(found)].sort();
	}

	/** A member with a trace in every table that can have one, in a workspace with an unmistakable id. */
	async function known(): Promise<{
		workspace: Workspace;
		schedule: Schedule;
		member: Member;
		occurrence: Occurrence;
	}> {
		const { store, db } = fixture;
		await db
			.insert(schema.workspaces)
			.values({ id: WORKSPACE, platform: "local", externalId: "home", name: "Home", createdAt: at(0) });
		const workspace = fixture.known(await store.people.workspace(WORKSPACE));
		await db.insert(schema.members).values({
			id: MEMBER,
			workspaceId: WORKSPACE,
			externalId: EXTERNAL,
			name: NAME,
			joinedAt: at(0),
			lastUsedAt: at(0),
		});
		const member = fixture.known(await store.people.member(MEMBER));
		const schedule = await fixture.schedule(workspace);
		const [occurrence, missed] = [await fixture.occurrence(schedule, 0), await fixture.occurrence(schedule, 1)];
		const key = { memberId: MEMBER, scheduleId: schedule.id, workspaceId: WORKSPACE };
		await fixture.answer(member, 1, { text: SECRET }, [occurrence]);
		await fixture.answer(member, 2, { text: `practice: ${SECRET}` });
		await store.answers.addReveal(MEMBER, missed, at(25), "2027-03-09");
		await store.answers.recordSeen(WORKSPACE, MEMBER, "kv-cache", at(1), "hinted");
		await store.practice.saveMemories([memoryRow(member)]);
		const question = { workspaceId: WORKSPACE, memberId: MEMBER, questionId: "kv-cache", revision: 1 };
		await store.practice.addPracticeReveal({ ...question, at: at(25), localDate: day(1) });
		const steps = [stepFor("kv-cache", "due")];
		await store.practice.addRun({ ...question, startedAt: at(1), focus: null, wanted: 1, steps, position: 0 });
		await store.transaction((transaction) => transaction.streaks.save([streakRow(key, 7)]));
		await store.streaks.addLedger([
			{ ...key, number: 1, localDate: day(0), kind: "freeze-earned", freezes: 1, current: 7, at: at(1) },
		]);
		await store.streaks.addMilestones(WORKSPACE, MEMBER, schedule.id, [7], at(1));
		await store.streaks.addRepair(WORKSPACE, MEMBER, missed.id, at(50));
		await store.people.addAwayDates(WORKSPACE, MEMBER, [day(9)], at(0));
		await store.people.setAdmin(WORKSPACE, EXTERNAL, true);
		const draft = { workspaceId: WORKSPACE, memberId: MEMBER, questionId: "kv-cache", revision: 1, at: at(3) };
		const { id: report } = await store.reports.add({ ...draft, text: `wrong: ${SECRET}` });
		await store.reports.decide(WORKSPACE, report, { state: "accepted", reason: null, decidedBy: MEMBER, at: at(4) });
		const content = ownContent({ title: SECRET });
		await store.transaction(({ own }) => own.keepImport(WORKSPACE, MEMBER, [content], at(1)));
		const suggested = { content, memberId: MEMBER, decidedBy: MEMBER, at: at(1) };
		await store.transaction(async ({ own }) => {
			const held = await own.hold(WORKSPACE);
			await held.add([{ ...suggested, state: "waiting" }]);
			await held.add([{ ...suggested, state: "active", content: ownContent({ title: "Accepted" }) }]);
		});
		await fixture.delivery(workspace, `milestone:${MEMBER}:${schedule.id}:7`, {
			kind: "milestone",
			memberId: MEMBER,
			payload: { value: 7 },
		});
		await fixture.delivery(workspace, "share:1", {
			kind: "share",
			memberId: MEMBER,
			occurrenceId: occurrence.id,
			payload: { answer: 1 },
		});
		await fixture.delivery(workspace, `report:${report}`, { kind: "report", payload: { report } });
		const interaction = { key: "local:1", workspaceId: WORKSPACE, command: "answer", at: at(1) };
		await store.interactions.handle({ ...interaction, memberId: MEMBER });
		await store.interactions.owe({ ...interaction, platform: "local", memberExternalId: EXTERNAL, ticket: null }, -1);
		// A settlement that was stopped after this member.
		await store.occurrences.change(missed.id, { closesAt: at(49), settledThrough: MEMBER });
		return { workspace, schedule, member, occurrence };
	}

	const erase = () => fixture.store.transaction((store) => store.people.eraseMember(MEMBER, at(60)));

	describe("forgetting a member", () => {
		test("leaves no trace in any column of any table", async () => {
			await known();
			// Every table that can hold a member holds this one, so no new table can be missed here.
			const before = await traces([MEMBER]);
			for (const table of await tablesWith("member_id")) expect(before).toContain(`${table}: ${MEMBER}`);
			await erase();
			expect(await traces([MEMBER, EXTERNAL, NAME, SECRET])).toEqual([]);
		});

		test("keeps how many answered, and closes the gap on the boards", async () => {
			const { store } = fixture;
			const { workspace, schedule, occurrence } = await known();
			const ben = await fixture.member(workspace, "ben");
			await fixture.answer(ben, 2, {}, [occurrence]);
			await store.transaction((transaction) =>
				transaction.streaks.save([
					streakRow({ memberId: ben.id, scheduleId: schedule.id, workspaceId: WORKSPACE }, 3, { latestNumber: 1 }),
				]),
			);
			expect(await store.answers.countAnswered(occurrence.id)).toBe(2);
			await erase();
			expect(await store.answers.countAnswered(occurrence.id)).toBe(2);
			expect((await store.occurrences.get(occurrence.id))?.erasedAttempts).toBe(1);
			for (const scheduleId of [schedule.id, null]) {
				const scope = { workspaceId: WORKSPACE, scheduleId };
				const board = await store.boards.currentTop(await fixture.current(scope), 0, 10);
				expect(board.map(({ name }) => name)).toEqual(["ben"]);
				expect(await store.boards.place(scope, "answered", null, ben.id)).toEqual({ value: 3, above: 0 });
			}
			expect(await store.boards.participation(schedule.id, 14)).toEqual({ today: 0, active: 1 });
			expect(await store.audit.wrongStandings([ben.id])).toEqual([]);
		});

		test("lets a settlement that was stopped after them continue", async () => {
			const { store } = fixture;
			const { workspace, schedule } = await known();
			await fixture.db.insert(schema.members).values({
				id: MEMBER + 1,
				workspaceId: WORKSPACE,
				externalId: "next",
				name: "next",
				joinedAt: at(0),
				lastUsedAt: at(0),
			});
			const next = streakRow({ memberId: MEMBER + 1, scheduleId: schedule.id, workspaceId: workspace.id }, 1);
			await store.transaction((transaction) => transaction.streaks.save([next]));
			await erase();
			const [waiting] = await store.occurrences.toSettle(at(99), 10);
			const batch = await store.transaction((transaction) =>
				transaction.streaks.holdLiving(schedule.id, waiting?.settledThrough ?? 0, 10, 99),
			);
			expect(batch.rows.map((row) => row.memberId)).toEqual([MEMBER + 1]);
		});

		test("is remembered as a hash that names nobody, and does not keep them from coming back", async () => {
			const { store } = fixture;
			await known();
			await erase();
			const rows = await rawRows(fixture.db, sql`select hash from erasures`);
			expect(rows).toHaveLength(1);
			expect(String(rows[0]?.hash)).toMatch(/^[0-9a-f]{64}$/);
			const back = await store.people.ensureMember(WORKSPACE, EXTERNAL, NAME, at(70));
			expect(back.id).not.toBe(MEMBER);
			expect(await store.answers.historyLength(back.id)).toBe(0);
			await erase();
			expect(await rawRows(fixture.db, sql`select hash from erasures`)).toHaveLength(1);
		});

		test("the export before it contains every row of theirs, by table", async () => {
			await known();
			const exported = await fixture.store.people.exportMember(MEMBER);
			expect(Object.keys(exported).sort()).toEqual([...(await tablesWith("member_id")), "members"].sort());
			for (const [table, rows] of Object.entries(exported)) expect(`${table} ${rows.length > 0}`).toBe(`${table} true`);
			expect(JSON.stringify(exported)).toContain(SECRET);
		});
	});

	test("a removed workspace's data is deleted with everything that refers to it", async () => {
		const { store } = fixture;
		await known();
		const before = await traces([WORKSPACE]);
		for (const table of await tablesWith("workspace_id")) expect(before).toContain(`${table}: ${WORKSPACE}`);
		await store.people.removeWorkspace(WORKSPACE, at(60));
		await store.cleanup.beginDeletion(WORKSPACE, at(61));
		while ((await store.transaction(({ cleanup }) => cleanup.workspaceRows(3))) > 0);
		expect(await traces([WORKSPACE, MEMBER, EXTERNAL, NAME, SECRET])).toEqual([]);
	});
}
