import { describe, expect, test } from "vitest";
import type { Delivery } from "../../../src/core/model.ts";
import { endLeases } from "../../support/embedded.ts";
import { at, type StoreFixture } from "./fixture.ts";

export function deliveriesContract(fixture: StoreFixture): void {
	const claim = (
		changes: { hours?: number; limit?: number; platform?: string; without?: number[]; seconds?: number } = {},
	) =>
		fixture.store.deliveries.claim({
			platform: changes.platform ?? "local",
			worker: "worker",
			now: at(changes.hours ?? 1),
			leaseSeconds: changes.seconds ?? 60,
			limit: changes.limit ?? 10,
			without: changes.without ?? [],
		});
	const keys = (deliveries: readonly Delivery[]) => deliveries.map(({ key }) => key);
	const byKey = async (key: string) => fixture.known(await fixture.store.deliveries.byKey(key));

	test("a delivery is added once per key, and begins pending", async () => {
		const { deliveries } = fixture.store;
		const workspace = await fixture.workspace();
		await fixture.delivery(workspace, "once", { payload: { alert: "paused", schedule: 3, channel: "😀\u202e'--" } });
		const again = {
			workspaceId: workspace.id,
			platform: "local",
			kind: "alert" as const,
			key: "once",
			occurrenceId: null,
			memberId: null,
			payload: {},
			fairnessRank: 0,
			dueAt: at(1),
			expiresAt: at(2),
		};
		expect(await deliveries.add(again)).toBe(false);
		const stored = await byKey("once");
		expect(stored).toMatchObject({
			kind: "daily",
			state: "pending",
			tries: 0,
			fence: 0,
			dueAt: at(0),
			nextTryAt: at(0),
			payload: { alert: "paused", schedule: 3, channel: "😀\u202e'--" },
		});
		expect(await deliveries.get(stored.id)).toEqual(stored);
		expect(await deliveries.get(999_999)).toBeNull();
		expect(await deliveries.byKey("never")).toBeNull();
	});

	describe("a claim", () => {
		test("takes what is due on a platform by fairness rank, then by instant, up to a limit", async () => {
			const workspace = await fixture.workspace();
			await fixture.delivery(workspace, "third", { fairnessRank: 1 });
			await fixture.delivery(workspace, "second", { dueAt: at(0.5) });
			await fixture.delivery(workspace, "first");
			await fixture.delivery(workspace, "ahead", { dueAt: at(5) });
			await fixture.delivery(workspace, "elsewhere", { platform: "another" });
			expect(keys(await claim({ limit: 2 }))).toEqual(["first", "second"]);
			expect(keys(await claim())).toEqual(["third"]);
			expect(await claim()).toEqual([]);
			expect(keys(await claim({ platform: "another" }))).toEqual(["elsewhere"]);
			expect(keys(await claim({ hours: 5 }))).toEqual(["ahead"]);
		});

		test("skips workspaces that are to wait", async () => {
			const [one, two] = [await fixture.workspace("one"), await fixture.workspace("two")];
			await fixture.delivery(one, "one");
			await fixture.delivery(two, "two");
			expect(keys(await claim({ without: [one.id] }))).toEqual(["two"]);
			expect(keys(await claim())).toEqual(["one"]);
		});

		test("lasts for a time; then another worker may claim, with a higher fence", async () => {
			await fixture.delivery(await fixture.workspace(), "held");
			const [first] = await claim();
			expect(first?.fence).toBe(1);
			expect(await claim()).toEqual([]);
			await endLeases(fixture.db);
			const [second] = await claim();
			expect(second?.fence).toBe(2);
		});

		test("ends once the outcome is written; a finished delivery is never claimed again", async () => {
			const { deliveries } = fixture.store;
			await fixture.delivery(await fixture.workspace(), "retried");
			const [first] = await claim();
			expect(
				await deliveries.change(fixture.known(first), { state: "pending", nextTryAt: at(3), tries: 1, fault: "busy" }),
			).toBe(true);
			expect(await claim({ hours: 2 })).toEqual([]);
			const [second] = await claim({ hours: 3 });
			expect(second).toMatchObject({ fence: 2, tries: 1, fault: "busy" });
			expect(await deliveries.change(fixture.known(second), { state: "sent", messageId: "m", fault: null })).toBe(true);
			expect(await claim({ hours: 9 })).toEqual([]);
			expect(await byKey("retried")).toMatchObject({ state: "sent", messageId: "m", fault: null });
		});

		test("can be kept when something is written", async () => {
			const { deliveries } = fixture.store;
			await fixture.delivery(await fixture.workspace(), "kept");
			const [held] = await claim();
			expect(
				await deliveries.change(fixture.known(held), { state: "sending", nextTryAt: at(0) }, { keepLease: true }),
			).toBe(true);
			expect(await claim()).toEqual([]);
			await endLeases(fixture.db);
			expect(keys(await claim())).toEqual(["kept"]);
		});
	});

	describe("a fence", () => {
		test("keeps a worker that lost the claim from writing", async () => {
			const { deliveries } = fixture.store;
			await fixture.delivery(await fixture.workspace(), "fenced");
			const [stale] = await claim();
			await endLeases(fixture.db);
			const [fresh] = await claim();
			expect(await deliveries.beginSend(fixture.known(stale), at(1), 30)).toBe(false);
			expect(await deliveries.change(fixture.known(stale), { state: "sent", messageId: "stale" })).toBe(false);
			expect(await byKey("fenced")).toMatchObject({ state: "pending", messageId: null, tries: 0 });
			expect(await deliveries.beginSend(fixture.known(fresh), at(1), 30)).toBe(true);
			expect(await byKey("fenced")).toMatchObject({ state: "sending", sendBegunAt: at(1), tries: 1 });
		});

		test("a send begins only before it expires, and not after it was taken back", async () => {
			const { deliveries } = fixture.store;
			const workspace = await fixture.workspace();
			const occurrence = await fixture.occurrence(await fixture.schedule(workspace), 0);
			await fixture.delivery(workspace, "late", { expiresAt: at(2) });
			const [late] = await claim({ hours: 2 });
			expect(await deliveries.beginSend(fixture.known(late), at(2), 30)).toBe(false);
			expect(await deliveries.beginSend(fixture.known(late), at(1.999), 30)).toBe(true);
			await fixture.delivery(workspace, "unwanted", { occurrenceId: occurrence.id });
			const [unwanted] = await claim();
			expect(await deliveries.cancel(occurrence.id, "daily", "paused")).toBe(true);
			expect(await deliveries.beginSend(fixture.known(unwanted), at(1), 30)).toBe(false);
			expect(await deliveries.change(fixture.known(unwanted), { state: "sent" })).toBe(false);
			expect(await byKey("unwanted")).toMatchObject({ state: "skipped", fault: "paused" });
			expect(await claim({ hours: 3 })).toEqual([]);
		});
	});

	test("what may be in the air cannot be taken back, but expires", async () => {
		const { deliveries } = fixture.store;
		const workspace = await fixture.workspace();
		const schedule = await fixture.schedule(workspace);
		const [occurrence, other] = [await fixture.occurrence(schedule, 0), await fixture.occurrence(schedule, 1)];
		await fixture.delivery(workspace, "flying", { occurrenceId: occurrence.id });
		await fixture.delivery(workspace, "answer", { occurrenceId: occurrence.id, kind: "answer" });
		await fixture.delivery(workspace, "other", { occurrenceId: other.id });
		const [flying] = await claim();
		await deliveries.beginSend(fixture.known(flying), at(1), 30);
		expect(await deliveries.cancel(occurrence.id, "daily", "paused")).toBe(false);
		await deliveries.expire(occurrence.id, "daily", at(1));
		expect(await byKey("flying")).toMatchObject({ state: "sending", expiresAt: at(1) });
		expect(await byKey("answer")).toMatchObject({ state: "pending", expiresAt: at(12) });
		expect(await byKey("other")).toMatchObject({ state: "pending", expiresAt: at(12) });
	});

	test("the next try, and the oldest that waits", async () => {
		const { deliveries } = fixture.store;
		const workspace = await fixture.workspace();
		expect(await deliveries.nextTry("local")).toBeNull();
		expect(await deliveries.oldestWaiting("local", at(9))).toBeNull();
		await fixture.delivery(workspace, "a", { dueAt: at(2) });
		await fixture.delivery(workspace, "b", { dueAt: at(1) });
		expect(await deliveries.nextTry("local")).toEqual(at(1));
		expect(await deliveries.oldestWaiting("local", at(1.5))).toEqual(at(1));
		expect(await deliveries.oldestWaiting("local", at(0.5))).toBeNull();
		expect(await deliveries.nextTry("another")).toBeNull();
		for (const delivery of await claim({ hours: 3 })) await deliveries.change(delivery, { state: "skipped" });
		expect(await deliveries.nextTry("local")).toBeNull();
		expect(await deliveries.oldestWaiting("local", at(9))).toBeNull();
	});
}
