import { sql } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { rawRows } from "../../../src/adapters/postgres/raw.ts";
import type { Workspace } from "../../../src/core/model.ts";
import type { CleanupStore } from "../../../src/core/ports/cleanup.ts";
import { at, type StoreFixture } from "./fixture.ts";
import { streakRow } from "./streaks.ts";

export function cleanupContract(fixture: StoreFixture): void {
	const step = (work: (cleanup: CleanupStore) => Promise<number>) =>
		fixture.store.transaction(({ cleanup }) => work(cleanup));

	describe("housekeeping", () => {
		test("old finished deliveries are deleted, except those that keep a daily question from coming twice", async () => {
			const { deliveries } = fixture.store;
			const workspace = await fixture.workspace();
			for (const [key, kind, hours] of [
				["daily", "daily", 2],
				["alert", "alert", 2],
				["another", "answer", 3],
				["young", "alert", 20],
				["waiting", "reminder", 2],
			] as const)
				await fixture.delivery(workspace, key, { kind, expiresAt: at(hours) });
			const lease = { platform: "local", worker: "worker", now: at(0), leaseSeconds: 30, limit: 10, without: [] };
			for (const delivery of await deliveries.claim(lease))
				if (delivery.key !== "waiting") await deliveries.change(delivery, { state: "sent" });
			const cleared = () => step((cleanup) => cleanup.deliveries(at(10), 1));
			expect([await cleared(), await cleared(), await cleared()]).toEqual([1, 1, 0]);
			const left = await Promise.all(
				["daily", "alert", "another", "young", "waiting"].map(async (key) => (await deliveries.byKey(key)) !== null),
			);
			expect(left).toEqual([true, false, false, true, true]);
		});
	});

	describe("deleting a removed workspace", () => {
		/** A workspace whose members have done everything that leaves rows. */
		async function busy(name: string): Promise<Workspace> {
			const { store } = fixture;
			const workspace = await fixture.workspace(name);
			const schedule = await fixture.schedule(workspace);
			const occurrences = [await fixture.occurrence(schedule, 0), await fixture.occurrence(schedule, 1)];
			for (const who of ["ana", "ben", "cid"]) {
				const member = await fixture.member(workspace, `${name} ${who}`);
				const key = { memberId: member.id, scheduleId: schedule.id, workspaceId: workspace.id };
				for (const occurrence of occurrences) {
					await fixture.answer(member, 1, {}, [occurrence]);
					await store.answers.addReveal(member.id, occurrence, at(2), "2027-03-08");
				}
				await store.transaction(({ streaks }) => streaks.save([streakRow(key, 2)]));
			}
			await fixture.delivery(workspace, `alert of ${name}`, { kind: "alert" });
			await store.people.setAdmin(workspace.id, "boss", true);
			return workspace;
		}
		/** How many rows a workspace has, in all tables together. */
		async function rowsOf({ id }: Workspace): Promise<number> {
			const tables = await rawRows(
				fixture.db,
				sql`select table_name from information_schema.columns where column_name = 'workspace_id' and table_schema = current_schema()`,
			);
			let rows = 0;
			for (const { table_name: table } of tables) {
				const [row] = await rawRows(
					fixture.db,
					sql`select count(*) as rows from ${sql.identifier(String(table))} where workspace_id = ${id}`,
				);
				rows += Number(row?.rows);
			}
			return rows;
		}

		test("deletes in steps of `limit` rows until nothing is left, and touches no other workspace", async () => {
			const { store } = fixture;
			const [gone, living] = [await busy("gone"), await busy("living")];
			await store.people.removeWorkspace(gone.id, at(1));
			await store.cleanup.beginDeletion(gone.id, at(2));
			const others = await rowsOf(living);
			let left = await rowsOf(gone);
			const steps: number[] = [];
			for (;;) {
				const deleted = await step((cleanup) => cleanup.workspaceRows(4));
				if (deleted === 0) break;
				steps.push(deleted);
				const now = await rowsOf(gone);
				expect(left - now).toBeLessThanOrEqual(4);
				left = now;
			}
			expect(steps.length).toBeGreaterThan(4);
			expect(Math.max(...steps)).toBe(4);
			expect(left).toBe(0);
			expect(await store.people.workspace(gone.id)).toBeNull();
			expect(await rowsOf(living)).toBe(others);
		});

		test("once it has begun, nobody finds the old workspace: an installation that comes back starts empty", async () => {
			const { store } = fixture;
			const departed = await busy("gone");
			await store.people.removeWorkspace(departed.id, at(1));
			expect(await store.cleanup.removedWorkspace(at(1))).toBeNull();
			expect(await store.cleanup.removedWorkspace(at(2))).toBe(departed.id);
			await store.cleanup.beginDeletion(departed.id, at(2));
			expect(await store.cleanup.removedWorkspace(at(9))).toBeNull();
			await step((cleanup) => cleanup.workspaceRows(2));
			expect(await store.people.findWorkspace("local", "gone")).toBeNull();
			expect(await store.transaction(({ people }) => people.lockWorkspace(departed.id))).toBeNull();
			const back = await fixture.workspace("gone");
			expect(back.id).not.toBe(departed.id);
			expect(await store.audit.membersAfter(0, 10)).toEqual([]);
			while ((await step((cleanup) => cleanup.workspaceRows(50))) > 0);
			expect(await store.people.workspace(back.id)).toEqual(back);
			expect(await store.people.workspace(departed.id)).toBeNull();
		});
	});
}
