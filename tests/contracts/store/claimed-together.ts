import { sql } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import type { OpenDatabase } from "../../../src/adapters/postgres/open.ts";
import { rawRows } from "../../../src/adapters/postgres/raw.ts";
import { createStore } from "../../../src/adapters/postgres/store.ts";
import { beginSend } from "../../../src/core/daily/deliveries.ts";
import { planSchedule } from "../../../src/core/daily/occurrences.ts";
import type { Delivery } from "../../../src/core/model.ts";
import type { RootStore } from "../../../src/core/ports/store.ts";
import { endLeases } from "../../support/embedded.ts";
import { servicesOf, together } from "../../support/two-processes.ts";
import { at, type StoreFixture } from "./fixture.ts";

/** Schedules, deliveries and leases claimed by two processes at the same instant; only a server can have two. */
export function claimedTogetherContract(base: StoreFixture, pools: () => readonly OpenDatabase[]): void {
	const stores = () => pools().map(({ db }) => createStore(db));
	const countOf = async (text: string) =>
		Number((await rawRows(base.db, sql.raw(`select count(*) as value from ${text}`)))[0]?.value);

	const claim = (store: RootStore, worker: string, limit: number) =>
		store.deliveries.claim({ platform: "local", worker, now: at(1), leaseSeconds: 60, limit, without: [] });

	describe("two processes that claim at the same instant", () => {
		test("a schedule planned twenty times at once has one occurrence and one delivery", async () => {
			const workspace = await base.workspace();
			const schedule = await base.schedule(workspace, { nextRunAt: at(0) });
			const due = { id: schedule.id, workspaceId: workspace.id, platform: "local", fairnessRank: 0 };
			const planned = await together(stores(), 20, (store) => planSchedule(servicesOf(store), due, at(0)));
			expect(planned.filter(Boolean)).toHaveLength(1);
			expect(await countOf("occurrences")).toBe(1);
			expect(await countOf("deliveries")).toBe(1);
			expect((await base.store.schedules.get(workspace.id, schedule.id))?.drawn).toHaveLength(1);
		});

		test("many schedules planned by both: each has its occurrence, none has two", async () => {
			const workspace = await base.workspace();
			const ids: number[] = [];
			for (let index = 0; index < 25; index += 1) ids.push((await base.schedule(workspace, { nextRunAt: at(0) })).id);
			await together(stores(), 100, (store, index) =>
				planSchedule(
					servicesOf(store),
					{ id: base.known(ids[index % 25]), workspaceId: workspace.id, platform: "local", fairnessRank: 0 },
					at(0),
				),
			);
			expect(await countOf("occurrences")).toBe(25);
			expect(await countOf("(select distinct schedule_id from occurrences) as one")).toBe(25);
			expect(await countOf("deliveries")).toBe(25);
		});

		test("what they claim is disjoint and complete", async () => {
			const workspace = await base.workspace();
			for (let index = 0; index < 120; index += 1)
				await base.delivery(workspace, `delivery ${index}`, { fairnessRank: index % 7 });
			const claims = await together(stores(), 20, (store, index) => claim(store, `worker ${index}`, 10));
			for (const claimed of claims) expect(claimed.length).toBeLessThanOrEqual(10);
			const ids = claims.flat().map(({ id }) => id);
			expect(new Set(ids).size).toBe(ids.length);
			const remaining = await claim(base.store, "last", 200);
			expect(ids.length + remaining.length).toBe(120);
		});

		test("a delivery that two processes believe they have claimed is sent by one", async () => {
			const workspace = await base.workspace();
			const unsent = { state: "due" as const, number: null, deliveredAt: null, messageId: null };
			const { id: occurrenceId } = await base.occurrence(await base.schedule(workspace), 0, unsent);
			await base.delivery(workspace, "daily", { occurrenceId });
			const claims: Delivery[] = [];
			for (const store of stores()) {
				await endLeases(base.db);
				claims.push(...(await claim(store, "w", 1)));
			}
			expect(claims.map(({ fence }) => fence)).toEqual([1, 2]);
			const started = await together(stores(), 2, (store, index) =>
				beginSend(servicesOf(store), base.known(claims[index]), at(1), 30),
			);
			expect(started.map((occurrence) => occurrence !== false)).toEqual([false, true]);
			expect((await base.store.schedules.list(workspace.id))[0]?.lastNumber).toBe(1);
		});

		test("a lease, a first sight and a place in the budget are given once", async () => {
			const leases = await together(stores(), 20, (store, index) =>
				store.running.takeLease("gateway", `holder ${index}`, 60),
			);
			expect(leases.filter((lease) => lease !== null)).toHaveLength(1);
			const results = await together(stores(), 20, (store) => store.running.firstSight("discord:1", at(0)));
			expect(results.filter(Boolean)).toHaveLength(1);
			// A hundred places at fifty a second: the last is two seconds away, less the time that the queries took.
			const waits = await together(stores(), 100, (store) => store.running.takeSends("discord", 1, 50));
			expect(Math.max(...waits)).toBeGreaterThan(500);
			expect(Math.max(...waits)).toBeLessThanOrEqual(2_000);
		});
	});
}
