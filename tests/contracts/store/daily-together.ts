import { expect, test } from "vitest";
import type { OpenDatabase } from "../../../src/adapters/postgres/open.ts";
import { createStore } from "../../../src/adapters/postgres/store.ts";
import { planTogether } from "../../../src/core/daily/plan-together.ts";
import type { Schedule, Workspace } from "../../../src/core/model.ts";
import type { RootStore } from "../../../src/core/ports/store.ts";
import { servicesOf, storeInTurn } from "../../support/two-processes.ts";
import { at, type StoreFixture } from "./fixture.ts";

const SCHEDULES = 60;

/** What two processes do with many daily questions at the same instant; only a server can have two. */
export function dailyTogetherContract(base: StoreFixture, pools: () => readonly OpenDatabase[]): void {
	/** As many stores as work at once, in turn from one process and the other. */
	const stores = (times: number): RootStore[] => {
		const each = pools().map(({ db }) => createStore(db));
		return Array.from({ length: times }, (_, turn) => storeInTurn(each, turn));
	};
	const claim = (store: RootStore, limit: number) =>
		store.deliveries.claim({
			platform: "local",
			worker: "worker",
			now: at(1),
			leaseSeconds: 60,
			limit,
			without: [],
			begin: true,
		});

	async function dueSchedules(): Promise<{ workspace: Workspace; schedules: Schedule[] }> {
		const workspace = await base.workspace();
		const schedules: Schedule[] = [];
		for (let index = 0; index < SCHEDULES; index += 1)
			schedules.push(await base.schedule(workspace, { channelId: `channel-${index}`, nextRunAt: at(0) }));
		return { workspace, schedules };
	}

	async function waiting(workspace: Workspace, schedule: Schedule): Promise<void> {
		const unsent = { state: "due" as const, number: null, deliveredAt: null, messageId: null };
		const { id } = await base.occurrence(schedule, 0, unsent);
		await base.delivery(workspace, `daily:${id}`, { occurrenceId: id });
	}

	test("schedules planned by both at once have one occurrence and one delivery each", async () => {
		const { workspace, schedules } = await dueSchedules();
		const due = schedules.map(({ id }, fairnessRank) => ({
			id,
			workspaceId: workspace.id,
			platform: "local",
			fairnessRank,
		}));
		const results = await Promise.all(stores(8).map((store) => planTogether(servicesOf(store), due, at(0))));
		expect(results.reduce((sum, { planned }) => sum + planned.length, 0)).toBe(SCHEDULES);
		for (const { id } of schedules) {
			const [occurrence, ...others] = await base.store.occurrences.waiting(id);
			expect(others).toEqual([]);
			expect(await base.store.deliveries.byKey(`daily:${base.known(occurrence).id}`)).not.toBeNull();
			expect((await base.store.schedules.get(workspace.id, id))?.drawn).toHaveLength(1);
		}
	});

	test("questions whose sends both processes begin: each begins once, with the number 1", async () => {
		const { workspace, schedules } = await dueSchedules();
		for (const schedule of schedules) await waiting(workspace, schedule);
		const claimed = (await Promise.all(stores(16).map((store) => claim(store, 10)))).flat();
		const remaining = await claim(base.store, 200);
		const all = [...claimed, ...remaining];
		expect(all.map(({ isBegun, fence, occurrence }) => [isBegun, fence, occurrence?.number])).toEqual(
			all.map(() => [true, 1, 1]),
		);
		expect(new Set(all.map(({ id }) => id)).size).toBe(SCHEDULES);
		expect(all).toHaveLength(SCHEDULES);
	});

	test("nobody waits for a locked schedule: its send does not begin, its arrival is left, it is not planned", async () => {
		const { workspace, schedules } = await dueSchedules();
		const [held, free] = [base.known(schedules[0]), base.known(schedules[1])];
		await waiting(workspace, held);
		await waiting(workspace, free);
		const [one, other] = stores(2).map((store) => base.known(store));
		if (!one || !other) throw new Error("two processes");
		await one.transaction(async (inside) => {
			await inside.schedules.lock(held.id);
			const claimed = await claim(other, 10);
			expect(claimed.map(({ isBegun }) => isBegun)).toEqual([false, true]);
			const arrivals = claimed.map(({ id, fence, occurrence }) => ({
				id,
				fence,
				occurrenceId: base.known(occurrence).id,
				messageId: "message",
				threadId: null,
				closings: [],
				publishing: null,
			}));
			expect(await other.deliveries.recordArrivals(arrivals)).toEqual([claimed[1]?.id]);
			const free = await other.transaction(async ({ schedules: inOther }) =>
				(await inOther.lockAvailable(schedules.map(({ id }) => id))).map(({ row }) => row.id),
			);
			expect(free.sort((a, b) => a - b)).toEqual(schedules.slice(1).map(({ id }) => id));
		});
		const states = await Promise.all(
			[held, free].map(async ({ id }) =>
				(await base.store.occurrences.since(id, "2000-01-01")).map(({ state }) => state),
			),
		);
		expect(states).toEqual([["due"], ["delivered"]]);
	});
}
