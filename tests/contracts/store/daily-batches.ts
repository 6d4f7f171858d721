import { describe, expect, test } from "vitest";
import type { Occurrence, Schedule, Workspace } from "../../../src/core/model.ts";
import type { Arrival, ClaimedDelivery, Closing } from "../../../src/core/ports/deliveries.ts";
import { endLeases } from "../../support/embedded.ts";
import { at, type StoreFixture } from "./fixture.ts";

const UNSENT = { state: "due" as const, number: null, deliveredAt: null, messageId: null };

/** The statements that serve many daily questions at once. */
export function dailyBatchesContract(fixture: StoreFixture): void {
	const claim = (begin = true, hours = 1): Promise<ClaimedDelivery[]> =>
		fixture.store.deliveries.claim({
			platform: "local",
			worker: "worker",
			now: at(hours),
			leaseSeconds: 60,
			limit: 50,
			without: [],
			begin,
		});
	const scheduleOf = async ({ workspaceId, id }: Schedule) =>
		fixture.known(await fixture.store.schedules.get(workspaceId, id));
	const occurrenceOf = async ({ id }: Pick<Occurrence, "id">) => fixture.known(await fixture.store.occurrences.get(id));
	const byKey = async (key: string) => fixture.known(await fixture.store.deliveries.byKey(key));

	/** A question that waits for its first send. */
	async function waiting(workspace: Workspace, schedule: Schedule, days: number, key: string): Promise<Occurrence> {
		const occurrence = await fixture.occurrence(schedule, days, UNSENT);
		await fixture.delivery(workspace, key, { occurrenceId: occurrence.id });
		return occurrence;
	}

	const arrivalOf = ({ id, fence, occurrence }: ClaimedDelivery, closings: readonly Closing[] = []): Arrival => ({
		id,
		fence,
		occurrenceId: occurrence?.id ?? null,
		messageId: `post ${id}`,
		threadId: `thread ${id}`,
		closings,
		publishing: null,
	});

	function closing(workspace: Workspace, occurrence: Pick<Occurrence, "id">, hours: number): Closing {
		return {
			occurrenceId: occurrence.id,
			closesAt: at(hours),
			answer: {
				workspaceId: workspace.id,
				platform: "local",
				kind: "answer",
				key: `answer:${occurrence.id}`,
				occurrenceId: occurrence.id,
				memberId: null,
				payload: {},
				fairnessRank: 0,
				dueAt: at(hours),
				expiresAt: at(hours + 12),
			},
		};
	}

	describe("a claim that begins sends", () => {
		test("gives each daily question its number and instant, and reads everything that the send needs", async () => {
			const workspace = await fixture.workspace("T12345");
			const schedules = [await fixture.schedule(workspace), await fixture.schedule(workspace, { channelId: "random" })];
			const [first, other] = [fixture.known(schedules[0]), fixture.known(schedules[1])];
			await fixture.changeSchedule(other, { lastNumber: 6 });
			const occurrences = [await waiting(workspace, first, 0, "one"), await waiting(workspace, other, 0, "two")];
			const claimed = await claim();
			expect(claimed).toMatchObject([
				{
					key: "one",
					isBegun: true,
					state: "sending",
					tries: 1,
					fence: 1,
					sendBegunAt: at(1),
					workspaceExternalId: "T12345",
					memberExternalId: null,
					occurrence: {
						number: 1,
						deliveredAt: at(1),
						questionId: "kv-cache",
						questionRevision: 1,
						channelId: "general",
					},
				},
				{ key: "two", isBegun: true, occurrence: { number: 7, deliveredAt: at(1), channelId: "random" } },
			]);
			for (const [index, occurrence] of occurrences.entries())
				expect(await occurrenceOf(occurrence)).toMatchObject({
					state: "sending",
					number: [1, 7][index],
					deliveredAt: at(1),
				});
			expect((await scheduleOf(first)).lastNumber).toBe(1);
			expect((await scheduleOf(other)).lastNumber).toBe(7);
			expect(await byKey("one")).toMatchObject({ state: "sending", sendBegunAt: at(1), tries: 1 });
		});

		test("keeps the number of one that was tried before", async () => {
			const workspace = await fixture.workspace();
			const schedule = await fixture.schedule(workspace);
			await waiting(workspace, schedule, 0, "retried");
			const [first] = await claim();
			await fixture.store.deliveries.change(fixture.known(first), { state: "pending", nextTryAt: at(2) });
			const [second] = await claim(true, 2);
			expect(second).toMatchObject({
				isBegun: true,
				tries: 2,
				fence: 2,
				occurrence: { number: 1, deliveredAt: at(2) },
			});
			expect((await scheduleOf(schedule)).lastNumber).toBe(1);
		});

		test("begins one question per schedule: the second one is only claimed", async () => {
			const workspace = await fixture.workspace();
			const schedule = await fixture.schedule(workspace);
			await waiting(workspace, schedule, 0, "first");
			const second = await waiting(workspace, schedule, 1, "second");
			expect(await claim()).toMatchObject([
				{ key: "first", isBegun: true, occurrence: { number: 1 } },
				{ key: "second", isBegun: false, state: "pending", tries: 0, occurrence: { number: null } },
			]);
			expect(await occurrenceOf(second)).toMatchObject({ state: "due", number: null });
			expect((await scheduleOf(schedule)).lastNumber).toBe(1);
		});

		test("does not begin a send that has expired, or that may have arrived", async () => {
			const workspace = await fixture.workspace();
			const [late, flying] = [await fixture.schedule(workspace), await fixture.schedule(workspace)];
			const occurrence = await fixture.occurrence(late, 0, UNSENT);
			await fixture.delivery(workspace, "late", { occurrenceId: occurrence.id, expiresAt: at(1) });
			await waiting(workspace, flying, 0, "flying");
			await claim();
			await endLeases(fixture.db);
			expect(await claim()).toMatchObject([
				{ key: "late", isBegun: false, state: "pending", tries: 0 },
				{ key: "flying", isBegun: false, state: "sending", tries: 1, fence: 2, occurrence: { number: 1 } },
			]);
			expect((await scheduleOf(late)).lastNumber).toBe(0);
			expect((await scheduleOf(flying)).lastNumber).toBe(1);
		});

		test("begins answers, with the post they belong to; reminders and alerts begin without it", async () => {
			const workspace = await fixture.workspace();
			const ada = await fixture.member(workspace, "ada");
			const occurrence = await fixture.occurrence(await fixture.schedule(workspace), 0, { threadId: "thread" });
			await fixture.delivery(workspace, "answer", { kind: "answer", occurrenceId: occurrence.id });
			await fixture.delivery(workspace, "nudge", { kind: "reminder", occurrenceId: occurrence.id, memberId: ada.id });
			await fixture.delivery(workspace, "alert", { kind: "alert" });
			const claimed = await claim();
			const post = { number: 1, messageId: "message 0", threadId: "thread", deliveredAt: at(0) };
			expect(claimed).toMatchObject([
				{ key: "answer", isBegun: true, state: "sending", tries: 1, sendBegunAt: at(1), occurrence: post },
				{ key: "nudge", isBegun: false, state: "pending", memberExternalId: "id-ada" },
				{ key: "alert", isBegun: false, state: "pending", occurrence: null, memberExternalId: null },
			]);
			expect(await occurrenceOf(occurrence)).toEqual(occurrence);
		});

		test("returns the windows that a question's arrival closes, and no others", async () => {
			const workspace = await fixture.workspace();
			const schedule = await fixture.schedule(workspace);
			await fixture.changeSchedule(schedule, { lastNumber: 4 });
			const open = await fixture.occurrence(schedule, 0);
			await fixture.occurrence(schedule, 1, { closesAt: at(48) });
			const unknown = await fixture.occurrence(schedule, 2, { state: "unknown", messageId: null });
			await fixture.occurrence(schedule, 3, { state: "skipped", deliveredAt: null });
			await fixture.occurrence(await fixture.schedule(workspace), 0);
			await waiting(workspace, schedule, 5, "next");
			const [claimed] = await claim();
			expect(claimed?.occurrence?.open).toEqual([
				{ id: open.id, workspaceId: workspace.id, messageId: "message 0", deliveredAt: at(0) },
				{ id: unknown.id, workspaceId: workspace.id, messageId: null, deliveredAt: at(48) },
			]);
		});

		test("without `begin` only claims", async () => {
			const workspace = await fixture.workspace();
			const occurrence = await waiting(workspace, await fixture.schedule(workspace), 0, "claimed");
			expect(await claim(false)).toMatchObject([{ isBegun: false, state: "pending", tries: 0, fence: 1 }]);
			expect(await occurrenceOf(occurrence)).toMatchObject({ state: "due", number: null });
		});
	});

	describe("arrivals recorded together", () => {
		test("are delivered with their messages and threads, close what they close, and clear the fault", async () => {
			const workspace = await fixture.workspace();
			const schedule = await fixture.schedule(workspace);
			await fixture.changeSchedule(schedule, { lastNumber: 2, lastFault: "the channel was full" });
			const answered = await fixture.occurrence(schedule, 0);
			const unknown = await fixture.occurrence(schedule, 1, { state: "unknown", messageId: null });
			const today = await waiting(workspace, schedule, 2, "today");
			await fixture.delivery(workspace, "alert", { kind: "alert" });
			const [daily, alert] = (await claim()).map((each) => fixture.known(each));
			if (!daily || !alert) throw new Error("two are claimed");
			const closings = [closing(workspace, answered, 24), closing(workspace, unknown, 48)];
			const recorded = await fixture.store.deliveries.recordArrivals([arrivalOf(daily, closings), arrivalOf(alert)]);
			expect(recorded.sort()).toEqual([daily.id, alert.id].sort());
			expect(await occurrenceOf(today)).toMatchObject({
				state: "delivered",
				messageId: `post ${daily.id}`,
				threadId: `thread ${daily.id}`,
				closesAt: null,
			});
			expect(await byKey("today")).toMatchObject({ state: "sent", messageId: `post ${daily.id}`, fault: null });
			expect(await byKey("alert")).toMatchObject({ state: "sent", messageId: `post ${alert.id}` });
			expect((await occurrenceOf(answered)).closesAt).toEqual(at(24));
			expect((await occurrenceOf(unknown)).closesAt).toEqual(at(48));
			expect(await byKey(`answer:${answered.id}`)).toMatchObject({
				kind: "answer",
				state: "pending",
				occurrenceId: answered.id,
				dueAt: at(24),
				nextTryAt: at(24),
				expiresAt: at(36),
			});
			expect(await fixture.store.deliveries.byKey(`answer:${unknown.id}`)).toBeNull();
			expect((await scheduleOf(schedule)).lastFault).toBeNull();
			await endLeases(fixture.db);
			expect(await claim()).toEqual([]);
		});

		test("skip a lost claim, a removed schedule and a window that nobody closes, and record the others", async () => {
			const workspace = await fixture.workspace();
			// One after another: each takes the next number.
			const usual = fixture.known(await fixture.schedule(workspace, { channelId: "a" }));
			const removed = fixture.known(await fixture.schedule(workspace, { channelId: "b" }));
			const behind = fixture.known(await fixture.schedule(workspace, { channelId: "c" }));
			const lost = fixture.known(await fixture.schedule(workspace, { channelId: "d" }));
			const open = await fixture.occurrence(behind, 0);
			await fixture.changeSchedule(behind, { lastNumber: 1 });
			const today: Occurrence[] = [];
			for (const schedule of [usual, removed, behind, lost])
				today.push(await waiting(workspace, schedule, 1, schedule.channelId));
			const claimed = await claim();
			await fixture.changeSchedule(removed, { state: "removed" });
			// All fell due at one instant, so they are claimed in any order.
			const [usualToday, , , lostToday] = today;
			const arrivals = claimed
				.map((each) => arrivalOf(each))
				.map((each) => (each.occurrenceId === lostToday?.id ? { ...each, fence: 0 } : each));
			const recorded = claimed.find(({ occurrenceId }) => occurrenceId === usualToday?.id);
			expect(await fixture.store.deliveries.recordArrivals(arrivals)).toEqual([recorded?.id]);
			const states = await Promise.all(today.map(async (each) => (await occurrenceOf(each)).state));
			expect(states).toEqual(["delivered", "sending", "sending", "sending"]);
			expect((await byKey("c")).state).toBe("sending");
			expect((await occurrenceOf(open)).closesAt).toBeNull();
			expect(await fixture.store.deliveries.recordArrivals([])).toEqual([]);
		});

		test("close no window a second time", async () => {
			const workspace = await fixture.workspace();
			const schedule = await fixture.schedule(workspace);
			const open = await fixture.occurrence(schedule, 0);
			await fixture.changeSchedule(schedule, { lastNumber: 1 });
			await waiting(workspace, schedule, 1, "today");
			const [daily] = await claim();
			await fixture.store.occurrences.change(open.id, { closesAt: at(25) });
			const arrival = arrivalOf(fixture.known(daily), [closing(workspace, open, 30)]);
			expect(await fixture.store.deliveries.recordArrivals([arrival])).toHaveLength(1);
			expect((await occurrenceOf(open)).closesAt).toEqual(at(25));
			expect(await fixture.store.deliveries.byKey(`answer:${open.id}`)).toBeNull();
		});
	});
}
