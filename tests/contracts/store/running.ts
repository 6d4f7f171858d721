import { describe, expect, test } from "vitest";
import { endLeases } from "../../support/embedded.ts";
import { at, type StoreFixture } from "./fixture.ts";

export function runningContract(fixture: StoreFixture): void {
	test("a key is new only once, until it is forgotten", async () => {
		const { running, interactions } = fixture.store;
		expect(await running.firstSight("state:1", at(0))).toBe(true);
		expect(await running.firstSight("state:1", at(1))).toBe(false);
		expect(await running.firstSight("state:2", at(5))).toBe(true);
		await interactions.forgetHandledBefore(at(5), 10);
		expect(await running.firstSight("state:1", at(6))).toBe(true);
		expect(await running.firstSight("state:2", at(6))).toBe(false);
	});

	describe("a lease", () => {
		test("is held by one process, renewed by the same, and taken over when it has run out", async () => {
			const { running } = fixture.store;
			const first = await running.takeLease("gateway", "a", 60);
			expect(first).not.toBeNull();
			expect(await running.takeLease("gateway", "b", 60)).toBeNull();
			expect(await running.takeLease("gateway", "a", 60)).toEqual(first);
			expect(await running.takeLease("another", "b", 60)).not.toBeNull();
			await endLeases(fixture.db);
			const second = await running.takeLease("gateway", "b", 60);
			expect(second?.fence).toBeGreaterThan(first?.fence ?? 0);
			expect(await running.takeLease("gateway", "a", 60)).toBeNull();
		});

		test("is free at once when its holder gives it up; nobody else can", async () => {
			const { running } = fixture.store;
			await running.takeLease("gateway", "a", 60);
			await running.giveUpLease("gateway", "b");
			expect(await running.takeLease("gateway", "b", 60)).toBeNull();
			await running.giveUpLease("gateway", "a");
			expect(await running.takeLease("gateway", "b", 60)).not.toBeNull();
		});

		test("has a higher fence with each holder, whether it was given up in between or not", async () => {
			const { running } = fixture.store;
			const fences: number[] = [];
			for (const holder of ["a", "b", "c"]) {
				fences.push((await running.takeLease("gateway", holder, 60))?.fence ?? 0);
				await running.giveUpLease("gateway", holder);
			}
			expect(fences).toEqual([...new Set(fences)].sort((a, b) => a - b));
		});
	});

	test("shared sends are spread evenly over the second", async () => {
		const { running } = fixture.store;
		const waits: number[] = [];
		for (let index = 0; index < 60; index += 1) waits.push(await running.takeSends("slow", 1, 10));
		// Ten a second: the sixtieth leaves at the earliest 5.9 s after the first, less the time that the queries took.
		expect(waits.at(-1)).toBeGreaterThan(3_000);
		expect(waits.at(-1)).toBeLessThanOrEqual(6_000);
		expect(waits.every((wait) => wait >= 0)).toBe(true);
		expect(await running.takeSends("other", 5, 50)).toBeLessThan(50);
	});

	test("the database returns its own time", async () => {
		const [first, second] = [await fixture.store.running.databaseTime(), await fixture.store.running.databaseTime()];
		expect(second.getTime()).toBeGreaterThanOrEqual(first.getTime());
		expect(Math.abs(first.getTime() - Date.now())).toBeLessThan(60_000);
	});
}
