import { describe, expect, test } from "vitest";
import type { Schedule } from "../../../src/core/model.ts";
import { at, day, type StoreFixture } from "./fixture.ts";

/** The statements that plan many daily questions at once. */
export function planningContract(fixture: StoreFixture): void {
	const scheduleOf = async ({ workspaceId, id }: Schedule) =>
		fixture.known(await fixture.store.schedules.get(workspaceId, id));
	const byKey = async (key: string) => fixture.known(await fixture.store.deliveries.byKey(key));

	describe("questions planned together", () => {
		const plan = (schedule: Schedule, days: number) => ({
			occurrence: {
				workspaceId: schedule.workspaceId,
				scheduleId: schedule.id,
				channelId: schedule.channelId,
				localDate: day(days),
				dueAt: at(24 * days),
				state: "due" as const,
				questionId: 'it\'s "quoted" 😀',
				questionRevision: 3,
				fault: null,
			},
			delivery: {
				workspaceId: schedule.workspaceId,
				platform: "local",
				kind: "daily" as const,
				memberId: null,
				payload: {},
				fairnessRank: 4,
				dueAt: at(24 * days + 1),
				expiresAt: at(24 * days + 12),
			},
			nextRunAt: at(24 * days + 24),
			drawn: ["a", "b"],
			recent: ["b"],
		});

		test("have their occurrence, their delivery, and their schedule's next instant and bag", async () => {
			const workspace = await fixture.workspace();
			const schedules = [await fixture.schedule(workspace), await fixture.schedule(workspace)];
			await fixture.store.transaction(({ occurrences }) =>
				occurrences.addPlanned(schedules.map((each) => plan(each, 1))),
			);
			await fixture.store.transaction(({ occurrences }) => occurrences.addPlanned([]));
			for (const schedule of schedules) {
				const occurrence = fixture.known(await fixture.store.occurrences.ofDate(schedule.id, day(1)));
				const { occurrence: planned, delivery } = plan(schedule, 1);
				expect(occurrence).toMatchObject({ ...planned, number: null, deliveredAt: null, messageId: null });
				expect(await byKey(`daily:${occurrence.id}`)).toMatchObject({
					...delivery,
					state: "pending",
					occurrenceId: occurrence.id,
					nextTryAt: at(25),
					tries: 0,
					fence: 0,
				});
				expect(await scheduleOf(schedule)).toMatchObject({ nextRunAt: at(48), drawn: ["a", "b"], recent: ["b"] });
			}
			const all = schedules.map(({ id }) => id);
			expect((await fixture.store.occurrences.withWaiting(all)).sort()).toEqual(all.sort());
		});

		test("a date that is used is unchanged; its schedule moves on and keeps its bag", async () => {
			const workspace = await fixture.workspace();
			const schedule = await fixture.schedule(workspace);
			const used = await fixture.occurrence(schedule, 1);
			await fixture.store.transaction(({ occurrences }) => occurrences.addPlanned([plan(schedule, 1)]));
			expect(await fixture.store.occurrences.get(used.id)).toEqual(used);
			expect(await scheduleOf(schedule)).toMatchObject({ nextRunAt: at(48), drawn: [], recent: [] });
			expect(await fixture.store.deliveries.nextTry("local")).toBeNull();
			expect(await fixture.store.occurrences.withWaiting([schedule.id])).toEqual([]);
		});

		test("their schedules are locked together, each in its current state", async () => {
			const workspace = await fixture.workspace();
			const [one, two] = [await fixture.schedule(workspace), await fixture.schedule(workspace)];
			const locked = await fixture.store.transaction(async ({ schedules }) => {
				const rows = await schedules.lockAvailable([one.id, two.id, 999_999]);
				await rows.find(({ row }) => row.id === one.id)?.change({ lastFault: "full" });
				return rows.map(({ row }) => row.id).sort();
			});
			expect(locked).toEqual([one.id, two.id].sort());
			expect((await scheduleOf(one)).lastFault).toBe("full");
		});
	});
}
