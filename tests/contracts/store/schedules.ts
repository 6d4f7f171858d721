import { describe, expect, test } from "vitest";
import { at, day, type StoreFixture } from "./fixture.ts";

export function schedulesContract(fixture: StoreFixture): void {
	describe("schedules", () => {
		test("begin active with an empty bag, and are stored as given", async () => {
			const { schedules } = fixture.store;
			const workspace = await fixture.workspace();
			const schedule = await fixture.schedule(workspace, {
				categories: ["debugging"],
				difficulties: ["basic", "advanced"],
				zone: "Asia/Kathmandu",
				weekdays: 31,
			});
			expect(schedule).toMatchObject({
				workspaceId: workspace.id,
				state: "active",
				drawn: [],
				recent: [],
				lastNumber: 0,
				pausedUntil: null,
				removedAt: null,
			});
			expect(await schedules.get(workspace.id, schedule.id)).toEqual(schedule);
			expect(schedule).toMatchObject({
				categories: ["debugging"],
				difficulties: ["basic", "advanced"],
				zone: "Asia/Kathmandu",
				weekdays: 31,
				nextRunAt: at(24),
			});
			expect(await schedules.get(workspace.id + 1, schedule.id)).toBeNull();
		});

		test("are listed oldest first, removed ones only on request", async () => {
			const { schedules } = fixture.store;
			const workspace = await fixture.workspace();
			const [one, two, three] = [
				await fixture.schedule(workspace),
				await fixture.schedule(workspace),
				await fixture.schedule(workspace),
			];
			await fixture.changeSchedule(two, { state: "removed", removedAt: at(1) });
			expect((await schedules.list(workspace.id)).map(({ id }) => id)).toEqual([one.id, three.id]);
			expect((await schedules.list(workspace.id, { withRemoved: true })).map(({ id }) => id)).toEqual([
				one.id,
				two.id,
				three.id,
			]);
			expect(await schedules.list((await fixture.workspace("other")).id, { withRemoved: true })).toEqual([]);
		});

		test("change only in the named fields", async () => {
			const { schedules } = fixture.store;
			const workspace = await fixture.workspace();
			const schedule = await fixture.schedule(workspace, { categories: ["debugging"] });
			const changes = {
				state: "paused" as const,
				pausedUntil: at(9),
				pauseReason: "gone",
				drawn: ["a", "b"],
				recent: ["b"],
				lastNumber: 7,
				lastFault: "x",
				nextRunAt: null,
			};
			await fixture.changeSchedule(schedule, changes);
			expect(await schedules.get(workspace.id, schedule.id)).toEqual({ ...schedule, ...changes });
			await fixture.changeSchedule(schedule, { categories: [], difficulties: ["basic"] });
			expect(await schedules.get(workspace.id, schedule.id)).toEqual({
				...schedule,
				...changes,
				categories: [],
				difficulties: ["basic"],
			});
		});

		test("are locked by id, or by one of their occurrences", async () => {
			const { store } = fixture;
			const schedule = await fixture.schedule(await fixture.workspace());
			const occurrence = await fixture.occurrence(schedule, 0);
			await store.transaction(async (transaction) => {
				expect((await transaction.schedules.tryLock(schedule.id))?.row).toEqual(schedule);
				expect((await transaction.schedules.lock(schedule.id))?.row).toEqual(schedule);
				expect((await transaction.schedules.lockByOccurrence(occurrence.id))?.row).toEqual(schedule);
				expect(await transaction.schedules.lock(999_999)).toBeNull();
				expect(await transaction.schedules.tryLock(999_999)).toBeNull();
				expect(await transaction.schedules.lockByOccurrence(999_999)).toBeNull();
			});
		});

		test("active ones of a platform, newest first, with the platform's ids", async () => {
			const { schedules, people } = fixture.store;
			const workspace = await fixture.workspace();
			const [one, paused, two] = [
				await fixture.schedule(workspace),
				await fixture.schedule(workspace),
				await fixture.schedule(workspace, { channelId: "random", channelName: "Random" }),
			];
			await fixture.changeSchedule(paused, { state: "paused" });
			const left = await fixture.workspace("left");
			await fixture.schedule(left);
			await people.removeWorkspace(left.id, at(1));
			await fixture.schedule(await fixture.workspace("home", "elsewhere"));
			const placed = { workspaceExternalId: "home", channelId: "general", channelName: "General" };
			expect(await schedules.active("local", 9)).toEqual([
				{ ...placed, number: two.number, channelId: "random", channelName: "Random" },
				{ ...placed, number: one.number },
			]);
			expect((await schedules.active("local", 1)).map(({ number }) => number)).toEqual([two.number]);
		});

		test("are numbered within their workspace, and no number is given twice", async () => {
			const { schedules } = fixture.store;
			const [home, other] = [await fixture.workspace(), await fixture.workspace("other")];
			const first = await fixture.schedule(home);
			const elsewhere = await fixture.schedule(other);
			const second = await fixture.schedule(home);
			expect([first.number, elsewhere.number, second.number]).toEqual([1, 1, 2]);
			await fixture.changeSchedule(second, { state: "removed", removedAt: at(1) });
			expect((await fixture.schedule(home)).number).toBe(3);
			expect((await schedules.list(home.id)).map(({ number }) => number)).toEqual([1, 3]);
		});

		test("active ones of a channel", async () => {
			const { schedules } = fixture.store;
			const workspace = await fixture.workspace();
			const [one, paused] = [await fixture.schedule(workspace), await fixture.schedule(workspace)];
			await fixture.schedule(workspace, { channelId: "random" });
			await fixture.schedule(await fixture.workspace("other"));
			await fixture.changeSchedule(paused, { state: "paused" });
			expect((await schedules.inChannel(workspace.id, "general")).map(({ id }) => id)).toEqual([one.id]);
		});
	});

	describe("schedules that are due", () => {
		test("are active ones whose instant has come, or paused ones whose pause is over", async () => {
			const { schedules } = fixture.store;
			const workspace = await fixture.workspace();
			const [come, ahead, paused, endless, ended, removed, without] = [
				await fixture.schedule(workspace, { nextRunAt: at(1) }),
				await fixture.schedule(workspace, { nextRunAt: at(3) }),
				await fixture.schedule(workspace, { nextRunAt: at(1) }),
				await fixture.schedule(workspace, { nextRunAt: at(1) }),
				await fixture.schedule(workspace, { nextRunAt: at(1) }),
				await fixture.schedule(workspace, { nextRunAt: at(1) }),
				await fixture.schedule(workspace, { nextRunAt: null }),
			];
			await fixture.changeSchedule(paused, { state: "paused", pausedUntil: at(5) });
			await fixture.changeSchedule(endless, { state: "paused", pausedUntil: null });
			await fixture.changeSchedule(ended, { state: "paused", pausedUntil: at(2) });
			await fixture.changeSchedule(removed, { state: "removed" });
			const dueAt = async (hours: number) =>
				(await schedules.due(at(hours), 100)).map(({ id }) => id).sort((a, b) => a - b);
			expect(await dueAt(0.5)).toEqual([]);
			expect(await dueAt(1)).toEqual([come.id]);
			expect(await dueAt(2)).toEqual([come.id, ended.id]);
			expect(await dueAt(9)).toEqual([come.id, ahead.id, paused.id, ended.id]);
			expect(await dueAt(9_999)).not.toContain(without.id);
		});

		test("come by fairness rank: a workspace's second after every other's first, and behind its waiting deliveries", async () => {
			const { schedules, people } = fixture.store;
			const [one, two, gone] = [
				await fixture.workspace("one"),
				await fixture.workspace("two"),
				await fixture.workspace("gone", "other"),
			];
			const crowd = [
				await fixture.schedule(one, { nextRunAt: at(1) }),
				await fixture.schedule(one, { nextRunAt: at(1) }),
			];
			const single = await fixture.schedule(two, { nextRunAt: at(2) });
			await fixture.schedule(gone, { nextRunAt: at(1) });
			await people.removeWorkspace(gone.id, at(0));
			await fixture.delivery(one, "waits");
			const due = await schedules.due(at(3), 100);
			expect(due.map(({ id }) => id)).toEqual([single.id, crowd[0]?.id, crowd[1]?.id]);
			expect(due.map(({ fairnessRank, platform, workspaceId }) => [fairnessRank, platform, workspaceId])).toEqual([
				[0, "local", two.id],
				[1, "local", one.id],
				[2, "local", one.id],
			]);
			expect(await schedules.due(at(3), 1)).toHaveLength(1);
		});

		test("the earliest instant ahead is that of a run, or of a pause's end", async () => {
			const { schedules } = fixture.store;
			const workspace = await fixture.workspace();
			expect(await schedules.nextInstant("local")).toBeNull();
			await fixture.schedule(workspace, { nextRunAt: at(9) });
			const paused = await fixture.schedule(workspace, { nextRunAt: at(1) });
			await fixture.changeSchedule(paused, { state: "paused", pausedUntil: at(5) });
			expect(await schedules.nextInstant("local")).toEqual(at(5));
			await fixture.changeSchedule(paused, { pausedUntil: null });
			expect(await schedules.nextInstant("local")).toEqual(at(9));
			expect(await schedules.nextInstant("another")).toBeNull();
		});
	});

	test("counts include schedules by state, and the last delivery", async () => {
		const { schedules } = fixture.store;
		const schedule = await fixture.schedule(await fixture.workspace());
		expect(await schedules.counts(schedule.id)).toEqual({ delivered: 0, skipped: 0, unknown: 0, last: null });
		await fixture.occurrence(schedule, 0);
		const last = await fixture.occurrence(schedule, 1);
		await fixture.occurrence(schedule, 2, { state: "skipped", number: null, deliveredAt: null });
		await fixture.occurrence(schedule, 3, { state: "failed", number: null, deliveredAt: null });
		await fixture.occurrence(schedule, 4, { state: "due", number: null, deliveredAt: null });
		expect(await schedules.counts(schedule.id)).toEqual({ delivered: 2, skipped: 1, unknown: 0, last });
		const unknown = await fixture.occurrence(schedule, 5, { state: "unknown" });
		expect(await schedules.counts(schedule.id)).toMatchObject({
			delivered: 2,
			unknown: 1,
			last: { id: unknown.id, localDate: day(5) },
		});
	});
}
