import { describe, expect, test } from "vitest";
import { at, day, type StoreFixture } from "./fixture.ts";

export function occurrencesContract(fixture: StoreFixture): void {
	describe("occurrences", () => {
		test("are recorded once per schedule and date, with numbers that are given once", async () => {
			const { occurrences } = fixture.store;
			const workspace = await fixture.workspace();
			const [schedule, other] = [await fixture.schedule(workspace), await fixture.schedule(workspace)];
			const fresh = (scheduleId: number) => ({
				workspaceId: workspace.id,
				scheduleId,
				localDate: day(0),
				dueAt: at(0),
				state: "due" as const,
				questionId: "kv-cache",
				questionRevision: 2,
				channelId: "general",
				fault: null,
			});
			const first = await occurrences.add(fresh(schedule.id));
			expect(first).toMatchObject({
				...fresh(schedule.id),
				number: null,
				deliveredAt: null,
				closesAt: null,
				settledAt: null,
				messageId: null,
				shownCount: 0,
				erasedAttempts: 0,
			});
			expect(await occurrences.add({ ...fresh(schedule.id), questionId: "another", dueAt: at(1) })).toBeNull();
			expect(await occurrences.add(fresh(other.id))).not.toBeNull();
			expect(await occurrences.get(first?.id ?? 0)).toEqual(first);
			expect(await occurrences.get(999_999)).toBeNull();
			const second = await fixture.occurrence(schedule, 1, { number: 1 });
			await expect(occurrences.change(first?.id ?? 0, { number: 1 })).rejects.toThrow();
			expect((await occurrences.get(second.id))?.number).toBe(1);
		});

		test("change only in the named fields", async () => {
			const { store } = fixture;
			const occurrence = await fixture.occurrence(await fixture.schedule(await fixture.workspace()), 0);
			const changes = { closesAt: at(24), settledThrough: 17, shownCount: -1, threadId: "thread", fault: "late" };
			await store.occurrences.change(occurrence.id, changes);
			expect(await store.occurrences.get(occurrence.id)).toEqual({ ...occurrence, ...changes });
			const locked = await store.transaction((transaction) => transaction.occurrences.lock(occurrence.id));
			expect(locked).toEqual({ ...occurrence, ...changes });
			expect(await store.transaction((transaction) => transaction.occurrences.lock(999_999))).toBeNull();
		});

		test("can be read by date, and since a date", async () => {
			const { occurrences } = fixture.store;
			const workspace = await fixture.workspace();
			const schedule = await fixture.schedule(workspace);
			const [one, two] = [await fixture.occurrence(schedule, 1), await fixture.occurrence(schedule, 2)];
			await fixture.occurrence(await fixture.schedule(workspace), 2);
			expect(await occurrences.ofDate(schedule.id, day(1))).toEqual(one);
			expect(await occurrences.ofDate(schedule.id, day(3))).toBeNull();
			expect(await occurrences.since(schedule.id, day(0))).toEqual([one, two]);
			expect(await occurrences.since(schedule.id, day(2))).toEqual([two]);
			const [ana, ben] = [await fixture.member(workspace, "ana"), await fixture.member(workspace, "ben")];
			await fixture.answer(ana, 49, {}, [two]);
			const attempted = async (memberId: number) =>
				(await occurrences.sinceFor(memberId, schedule.id, day(1))).map((each) => [each.id, each.attempted]);
			expect(await attempted(ana.id)).toEqual([
				[one.id, false],
				[two.id, true],
			]);
			expect(await attempted(ben.id)).toEqual([
				[one.id, false],
				[two.id, false],
			]);
		});

		test("waiting ones are due or being sent", async () => {
			const { occurrences } = fixture.store;
			const schedule = await fixture.schedule(await fixture.workspace());
			const sending = await fixture.occurrence(schedule, 1, { state: "sending" });
			const due = await fixture.occurrence(schedule, 0, { state: "due", number: null, deliveredAt: null });
			for (const [index, state] of (["delivered", "unknown", "skipped", "failed"] as const).entries())
				await fixture.occurrence(schedule, 2 + index, { state });
			expect((await occurrences.waiting(schedule.id)).map(({ id }) => id)).toEqual([due.id, sending.id]);
		});

		test("unclosed ones below a number may have arrived, and have no end yet", async () => {
			const { occurrences } = fixture.store;
			const schedule = await fixture.schedule(await fixture.workspace());
			await fixture.occurrence(schedule, 0, { closesAt: at(24) });
			const [open, unknown] = [
				await fixture.occurrence(schedule, 1),
				await fixture.occurrence(schedule, 2, { state: "unknown" }),
			];
			await fixture.occurrence(schedule, 3, { state: "sending" });
			await fixture.occurrence(schedule, 4);
			expect((await occurrences.unclosed(schedule.id, 5)).map(({ id }) => id)).toEqual([open.id, unknown.id]);
		});

		test("open ones of a workspace or a channel, newest first", async () => {
			const { occurrences } = fixture.store;
			const workspace = await fixture.workspace();
			const [here, there] = [
				await fixture.schedule(workspace),
				await fixture.schedule(workspace, { channelId: "random" }),
			];
			const closing = await fixture.occurrence(here, 0, { closesAt: at(30) });
			const newer = await fixture.occurrence(there, 1);
			const sending = await fixture.occurrence(here, 1, { state: "sending" });
			await fixture.occurrence(here, 2, { state: "skipped", number: null, deliveredAt: null });
			const settled = await fixture.occurrence(here, 3, { settledAt: at(1) });
			const ids = async (channel: string | null, hours: number) =>
				(await occurrences.open(workspace.id, channel, at(hours))).map(({ id }) => id);
			expect(await ids(null, 29)).toEqual([sending.id, newer.id, closing.id]);
			expect(await ids(null, 30)).toEqual([sending.id, newer.id]);
			expect(await ids("random", 29)).toEqual([newer.id]);
			expect(await ids("nowhere", 29)).toEqual([]);
			expect(await ids(null, 100)).not.toContain(settled.id);
			expect(await ids(null, -1)).toEqual([]);
		});

		test("closed ones wait to be settled, in the order of their closing", async () => {
			const { occurrences } = fixture.store;
			const workspace = await fixture.workspace();
			const [one, two] = [await fixture.schedule(workspace), await fixture.schedule(workspace)];
			const later = await fixture.occurrence(one, 0, { closesAt: at(30) });
			const sooner = await fixture.occurrence(two, 0, { closesAt: at(24) });
			await fixture.occurrence(one, 1);
			const done = await fixture.occurrence(two, 1, { closesAt: at(25), settledAt: at(25) });
			expect(await occurrences.toSettle(at(23), 10)).toEqual([]);
			expect((await occurrences.toSettle(at(24), 10)).map(({ id }) => id)).toEqual([sooner.id]);
			expect((await occurrences.toSettle(at(99), 10)).map(({ id }) => id)).toEqual([sooner.id, later.id]);
			expect((await occurrences.toSettle(at(99), 1)).map(({ id }) => id)).toEqual([sooner.id]);
			expect(await occurrences.nextClosing("local", at(0))).toEqual(at(24));
			expect(await occurrences.nextClosing("local", at(24))).toEqual(at(30));
			expect(await occurrences.nextClosing("local", at(30))).toBeNull();
			expect(await occurrences.nextClosing("another", at(0))).toBeNull();
			expect(done.settledAt).toEqual(at(25));
		});

		test("those that no streak waits for are settled together", async () => {
			const { occurrences, streaks } = fixture.store;
			const workspace = await fixture.workspace();
			const ana = await fixture.member(workspace, "ana");
			const [awaited, booked] = [await fixture.schedule(workspace), await fixture.schedule(workspace)];
			const closed = [
				await fixture.occurrence(awaited, 0, { closesAt: at(24) }),
				await fixture.occurrence(booked, 0, { closesAt: at(24) }),
				await fixture.occurrence(await fixture.schedule(workspace), 0, { closesAt: at(24) }),
			];
			const settled = await fixture.occurrence(booked, 1, { closesAt: at(24), settledAt: at(25) });
			const row = {
				memberId: ana.id,
				workspaceId: workspace.id,
				current: 1,
				longest: 1,
				answered: 1,
				freezes: 0,
				booked: 1,
			};
			await fixture.store.transaction(async (store) => {
				await store.people.lockMember(ana.id);
				await store.streaks.save([
					{ ...row, scheduleId: awaited.id, bookedTo: 0, firstNumber: 1, latestNumber: 1 },
					{ ...row, scheduleId: booked.id, bookedTo: 1, firstNumber: 1, latestNumber: 1 },
				]);
			});
			expect(await streaks.ofMember(ana.id)).toHaveLength(2);
			const [one, two, three] = closed.map(({ id }) => id);
			const ids = await occurrences.settleUnawaited(
				[...closed, settled].map(({ id }) => id),
				at(26),
			);
			expect(ids.sort((a, b) => a - b)).toEqual([two, three]);
			expect((await occurrences.toSettle(at(99), 10)).map(({ id }) => id)).toEqual([one]);
			expect((await occurrences.get(fixture.known(two)))?.settledAt).toEqual(at(26));
			expect((await occurrences.get(settled.id))?.settledAt).toEqual(at(25));
		});
	});

	describe("requests to update a post's count", () => {
		const take = (now: number, until: number, limit = 10, platform = "local") =>
			fixture.store.occurrences.takeCountRequests(platform, at(now), at(until), limit);

		test("exist once for any number of answers, and are taken by one process at a time", async () => {
			const { occurrences } = fixture.store;
			const occurrence = await fixture.occurrence(await fixture.schedule(await fixture.workspace()), 0);
			await occurrences.requestCount(occurrence.id, at(1));
			await occurrences.requestCount(occurrence.id, at(5));
			expect(await take(0.5, 9)).toEqual([]);
			expect(await take(1, 9, 10, "another")).toEqual([]);
			expect(await take(1, 9)).toEqual([occurrence.id]);
			expect(await take(8, 9)).toEqual([]);
			// The process that took it has died: after its time another may take it.
			expect(await take(9, 20)).toEqual([occurrence.id]);
			await occurrences.endCountRequest(occurrence.id);
			expect(await take(99, 100)).toEqual([]);
			await occurrences.requestCount(occurrence.id, at(50));
			expect(await take(99, 100)).toEqual([occurrence.id]);
		});

		test("are made by an attempt, but not by practice", async () => {
			const workspace = await fixture.workspace();
			const schedule = await fixture.schedule(workspace);
			const [answered, unanswered] = [await fixture.occurrence(schedule, 0), await fixture.occurrence(schedule, 1)];
			await fixture.answer(await fixture.member(workspace, "ana"), 1, {}, [answered]);
			await fixture.answer(await fixture.member(workspace, "ben"), 2, {}, [answered]);
			await fixture.answer(await fixture.member(workspace, "ben"), 3);
			expect(await take(1.9, 50)).toEqual([]);
			expect(await take(2, 50)).toEqual([answered.id]);
			expect(await fixture.store.occurrences.hasAttempts(answered.id)).toBe(true);
			expect(await fixture.store.occurrences.hasAttempts(unanswered.id)).toBe(false);
		});

		test("are taken oldest first, up to the limit", async () => {
			const { occurrences } = fixture.store;
			const schedule = await fixture.schedule(await fixture.workspace());
			const [one, two, three] = [
				await fixture.occurrence(schedule, 0),
				await fixture.occurrence(schedule, 1),
				await fixture.occurrence(schedule, 2),
			];
			await occurrences.requestCount(one.id, at(3));
			await occurrences.requestCount(two.id, at(1));
			await occurrences.requestCount(three.id, at(2));
			expect((await take(9, 99, 2)).sort()).toEqual([two.id, three.id].sort());
			expect(await take(9, 99, 2)).toEqual([one.id]);
		});
	});
}
