import { sql } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { at, day, type StoreFixture } from "./fixture.ts";
import { streakRow } from "./streaks.ts";

export function auditContract(fixture: StoreFixture): void {
	async function practised() {
		const workspace = await fixture.workspace();
		const schedule = await fixture.schedule(workspace);
		const [ana, ben] = [await fixture.member(workspace, "ana"), await fixture.member(workspace, "ben")];
		const occurrence = await fixture.occurrence(schedule, 0);
		const key = { memberId: ana.id, scheduleId: schedule.id, workspaceId: workspace.id };
		await fixture.answer(ana, 1, {}, [occurrence]);
		await fixture.store.transaction((store) => store.streaks.save([streakRow(key, 3)]));
		return { workspace, schedule, ana, ben, occurrence, whose: key };
	}

	describe("verifying the stored streaks", () => {
		test("walks through members and their schedules", async () => {
			const { audit, streaks } = fixture.store;
			const { ana, ben, whose } = await practised();
			expect(await audit.membersAfter(0, 10)).toEqual([ana.id, ben.id]);
			expect(await audit.membersAfter(0, 1)).toEqual([ana.id]);
			expect(await audit.membersAfter(ben.id, 10)).toEqual([]);
			expect(await audit.attemptedPairs([ana.id, ben.id])).toEqual([whose]);
			const line = {
				...whose,
				number: 1,
				localDate: day(0),
				kind: "missed" as const,
				freezes: 0,
				current: 0,
				at: at(1),
			};
			await streaks.addLedger([line]);
			expect(await audit.ledgerOf([ana.id, ben.id])).toEqual([expect.objectContaining(line)]);
		});

		test("finds nothing wrong in what the store itself has written", async () => {
			const { audit } = fixture.store;
			const { ana, ben } = await practised();
			expect(await audit.wrongStandings([ana.id, ben.id])).toEqual([]);
		});

		test("finds and corrects rows that differ", async () => {
			const { store, db } = fixture;
			const { workspace, ana } = await practised();
			await db.execute(
				sql`update standings set answered = 99, name = 'someone else', visible = false where member_id = ${ana.id}`,
			);
			expect(await store.audit.wrongStandings([ana.id])).toEqual([{ memberId: ana.id, surplus: false }]);
			await store.transaction(async (transaction) => {
				await transaction.audit.copyToBoards(ana.id);
				await transaction.streaks.refreshStandings([ana.id]);
			});
			expect(await store.audit.wrongStandings([ana.id])).toEqual([]);
			const scope = { workspaceId: workspace.id, scheduleId: null };
			expect(await store.boards.top(scope, "longest", null, 0, 10)).toEqual([
				{ memberId: ana.id, name: "ana", value: 3, longest: 3 },
			]);
		});

		test("deletes a streak without an attempt, and its standing with it", async () => {
			const { store } = fixture;
			const { ben, schedule, workspace } = await practised();
			const row = streakRow({ memberId: ben.id, scheduleId: schedule.id, workspaceId: workspace.id }, 8);
			await store.transaction((transaction) => transaction.streaks.save([row]));
			await store.transaction((transaction) => transaction.audit.deleteStreak(ben.id, schedule.id));
			expect(await store.streaks.ofMember(ben.id)).toEqual([]);
			expect(await store.audit.wrongStandings([ben.id])).toEqual([{ memberId: ben.id, surplus: true }]);
			await store.transaction((transaction) => transaction.audit.deleteStanding(ben.id));
			expect(await store.audit.wrongStandings([ben.id])).toEqual([]);
		});
	});
}
