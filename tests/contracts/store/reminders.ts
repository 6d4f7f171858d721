import { describe, expect, test } from "vitest";
import { at, day, type StoreFixture } from "./fixture.ts";
import { streakRow } from "./streaks.ts";

export function remindersContract(fixture: StoreFixture): void {
	/** A member who practises in a schedule and asked for a nudge three hours before the window closes. */
	async function habit(name = "ana", externalId = "home") {
		const workspace = await fixture.workspace(externalId);
		const schedule = await fixture.schedule(workspace);
		const member = await fixture.member(workspace, name);
		await fixture.store.people.changeSettings(member.id, { reminderHours: 3 });
		const row = streakRow({ memberId: member.id, scheduleId: schedule.id, workspaceId: workspace.id }, 1);
		await fixture.store.transaction((store) => store.streaks.save([row]));
		return { workspace, schedule, member, occurrence: await fixture.occurrence(schedule, 0) };
	}
	const due = async (hours: number, platform = "local") =>
		(await fixture.store.reminders.due(platform, at(hours), 10)).map((entry) => entry.memberId);

	describe("a nudge", () => {
		test("is due within the hours before the earliest end of the window", async () => {
			const { member, occurrence, workspace } = await habit();
			expect(await due(20.9)).toEqual([]);
			expect(await fixture.store.reminders.due("local", at(21), 10)).toEqual([
				{ memberId: member.id, workspaceId: workspace.id, occurrenceId: occurrence.id, questionId: "kv-cache" },
			]);
			expect(await due(23.9)).toEqual([member.id]);
			expect(await due(24)).toEqual([]);
			expect(await due(21, "another")).toEqual([]);
			expect(await fixture.store.reminders.next("local", at(0))).toEqual(at(21));
			expect(await fixture.store.reminders.next("local", at(21))).toBeNull();
		});

		test("follows the next question's instant, but comes at least a day later", async () => {
			const { schedule, member } = await habit();
			await fixture.changeSchedule(schedule, { nextRunAt: at(72) });
			expect(await due(21)).toEqual([]);
			expect(await due(69)).toEqual([member.id]);
			await fixture.changeSchedule(schedule, { nextRunAt: at(20) });
			expect(await due(21)).toEqual([member.id]);
		});

		test("does not come to those who did not ask, have answered, or have seen the answer", async () => {
			const { member, occurrence, workspace, schedule } = await habit();
			const others = await Promise.all(["ben", "cid"].map((name) => fixture.member(workspace, name)));
			for (const other of others) {
				const row = streakRow({ memberId: other.id, scheduleId: schedule.id, workspaceId: workspace.id }, 1);
				await fixture.store.transaction((store) => store.streaks.save([row]));
			}
			expect(await due(21)).toEqual([member.id]);
			await fixture.store.people.changeSettings(others[0]?.id ?? 0, { reminderHours: 5 });
			await fixture.store.people.changeSettings(others[1]?.id ?? 0, { reminderHours: 5 });
			expect((await due(21)).sort()).toEqual([member.id, ...others.map(({ id }) => id)].sort());
			await fixture.answer(member, 1, {}, [occurrence]);
			await fixture.store.answers.addReveal(others[0]?.id ?? 0, occurrence, at(1), "2027-03-08");
			expect(await due(21)).toEqual([others[1]?.id]);
			expect(await fixture.store.reminders.stillWanted(member.id, occurrence.id)).toBe(false);
			expect(await fixture.store.reminders.stillWanted(others[1]?.id ?? 0, occurrence.id)).toBe(true);
			expect(await fixture.store.reminders.stillWanted(member.id, 999_999)).toBe(false);
		});

		test("comes once a day", async () => {
			const { member } = await habit();
			const today = at(21).toISOString().slice(0, 10);
			expect(await fixture.store.reminders.claim(member.id, today, 5)).toBe(1);
			expect(await fixture.store.reminders.claim(member.id, today, 5)).toBeNull();
			expect(await due(21)).toEqual([]);
			expect(await fixture.store.reminders.claim(member.id, day(5), 2)).toBe(2);
			expect(await fixture.store.reminders.claim(999_999, day(5), 5)).toBeNull();
		});

		test("does not come from a paused or removed schedule, or from a removed workspace", async () => {
			const { schedule, member, workspace } = await habit();
			await fixture.changeSchedule(schedule, { state: "paused" });
			expect(await due(21)).toEqual([]);
			await fixture.changeSchedule(schedule, { state: "active" });
			expect(await due(21)).toEqual([member.id]);
			await fixture.store.people.removeWorkspace(workspace.id, at(1));
			expect(await due(21)).toEqual([]);
		});
	});
}
