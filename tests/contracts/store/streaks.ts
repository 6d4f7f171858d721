import { describe, expect, test } from "vitest";
import type { Member } from "../../../src/core/model.ts";
import type { LedgerEntry, StreakRow } from "../../../src/core/ports/streaks.ts";
import { at, day, type StoreFixture } from "./fixture.ts";

type StreakKey = Pick<StreakRow, "memberId" | "scheduleId" | "workspaceId">;

/** A streak with the same number everywhere, except for the changes. */
export function streakRow(whose: StreakKey, value: number, changes: Partial<StreakRow> = {}): StreakRow {
	const { memberId, scheduleId, workspaceId } = whose;
	const row = {
		current: value,
		longest: value,
		answered: value,
		freezes: 0,
		booked: value,
		bookedTo: value,
		firstNumber: 1,
		latestNumber: value,
	};
	return { memberId, scheduleId, workspaceId, ...row, ...changes };
}

export function streaksContract(fixture: StoreFixture): void {
	/** A workspace with one schedule and members with the given names. */
	async function people(...names: string[]) {
		const workspace = await fixture.workspace();
		const schedule = await fixture.schedule(workspace);
		const members: Member[] = [];
		for (const name of names) members.push(await fixture.member(workspace, name));
		const keyOf = (index: number): StreakKey => ({
			memberId: fixture.known(members[index]).id,
			scheduleId: schedule.id,
			workspaceId: workspace.id,
		});
		return { workspace, schedule, members, whose: keyOf };
	}

	const save = (...rows: StreakRow[]) => fixture.store.transaction((store) => store.streaks.save(rows));

	describe("streak rows", () => {
		test("are stored and changed as a whole, one per member and schedule", async () => {
			const { streaks } = fixture.store;
			const { whose, workspace } = await people("ana", "ben");
			const other = { ...whose(0), scheduleId: (await fixture.schedule(workspace)).id };
			expect(await streaks.get(whose(0).memberId, whose(0).scheduleId)).toBeNull();
			const rows = [streakRow(whose(0), 3), streakRow(whose(1), 5, { freezes: 1 }), streakRow(other, 7)];
			await save(...rows);
			expect(await streaks.get(whose(0).memberId, whose(0).scheduleId)).toEqual(rows[0]);
			const changed = streakRow(whose(0), 0, {
				longest: 3,
				answered: 4,
				bookedTo: 9,
				firstNumber: 2,
				latestNumber: 8,
				freezes: 2,
			});
			await save(changed);
			expect(await streaks.ofMember(whose(0).memberId)).toEqual([changed, rows[2]]);
			expect(await streaks.ofMembers([whose(1).memberId, whose(0).memberId])).toEqual([changed, rows[2], rows[1]]);
			expect(await streaks.ofMembers([])).toEqual([]);
			await save();
		});

		test("the living ones are locked in batches, each of which continues where the last one stopped", async () => {
			const { whose, schedule } = await people("ana", "ben", "cid", "dan", "eve");
			await save(
				streakRow(whose(0), 1),
				streakRow(whose(1), 0, { booked: 2 }),
				streakRow(whose(2), 0),
				streakRow(whose(3), 4, { bookedTo: 10 }),
				streakRow(whose(4), 5),
			);
			const hold = (after: number, limit: number, below = 99) =>
				fixture.store.transaction((store) => store.streaks.holdLiving(schedule.id, after, limit, below));
			const first = await hold(0, 2);
			expect(first.rows.map((row) => row.memberId)).toEqual([whose(0).memberId, whose(1).memberId]);
			expect(first).toMatchObject({ through: whose(1).memberId, last: false });
			const second = await hold(first.through, 2);
			expect(second.rows.map((row) => row.memberId)).toEqual([whose(3).memberId, whose(4).memberId]);
			expect(await hold(second.through, 2)).toEqual({ rows: [], through: second.through, last: true });
			// Streaks that are booked that far already need no settling.
			expect((await hold(0, 10, 6)).rows.map((row) => row.memberId)).toEqual([
				whose(0).memberId,
				whose(1).memberId,
				whose(4).memberId,
			]);
			expect((await hold(0, 10, 1)).rows.map((row) => row.memberId)).toEqual([whose(1).memberId]);
			expect(
				await fixture.store.transaction((store) => store.streaks.holdLiving(schedule.id + 1, 0, 10, 99)),
			).toMatchObject({ rows: [], last: true });
		});
	});

	test("numbered occurrences above a number, ascending", async () => {
		const { streaks } = fixture.store;
		const { schedule, workspace } = await people();
		const other = await fixture.schedule(workspace);
		const numbered = [
			await fixture.occurrence(schedule, 2),
			await fixture.occurrence(schedule, 0),
			await fixture.occurrence(schedule, 1),
		];
		await fixture.occurrence(schedule, 3, { state: "skipped", number: null });
		await fixture.occurrence(other, 0);
		expect(await streaks.occurrencesAfter(schedule.id, 0)).toEqual([numbered[1], numbered[2], numbered[0]]);
		expect((await streaks.occurrencesAfter(schedule.id, 2)).map(({ number }) => number)).toEqual([3]);
		expect(await streaks.occurrencesAfter(schedule.id, 3)).toEqual([]);
	});

	test("what members did in a schedule above a number", async () => {
		const { streaks, people: members } = fixture.store;
		const {
			schedule,
			workspace,
			members: [ana, ben],
		} = await people("ana", "ben");
		if (!ana || !ben) throw new Error("nobody");
		const other = await fixture.schedule(workspace);
		const occurrences = [
			await fixture.occurrence(schedule, 0),
			await fixture.occurrence(schedule, 1),
			await fixture.occurrence(schedule, 2),
		];
		const elsewhere = await fixture.occurrence(other, 0);
		const [first, second, third] = occurrences.map((occurrence) => fixture.known(occurrence));
		if (!first || !second || !third) throw new Error("nothing");
		await fixture.answer(ana, 1, {}, [first]);
		await fixture.answer(ana, 49, {}, [third]);
		await fixture.answer(ana, 50, {}, [elsewhere]);
		await fixture.answer(ben, 25, {}, [second]);
		await streaks.addRepair(workspace.id, ana.id, second.id, at(60));
		await streaks.addRepair(workspace.id, ana.id, second.id, at(61));
		await members.addAwayDates(workspace.id, ben.id, [day(2)], at(0));
		const marks = await streaks.marks(schedule.id, [ana.id, ben.id], 0);
		const of = (id: number) => marks.find((entry) => entry.memberId === id);
		expect([...(of(ana.id)?.attempted ?? [])].sort()).toEqual([1, 3]);
		expect(of(ana.id)).toMatchObject({ repaired: [2], away: [] });
		expect(of(ben.id)).toMatchObject({ attempted: [2], repaired: [] });
		expect(of(ben.id)?.away).toEqual([expect.objectContaining({ date: day(2), setAt: at(0), withdrawnAt: null })]);
		expect((await streaks.marks(schedule.id, [ana.id], 2))[0]).toMatchObject({ attempted: [3], repaired: [] });
		expect(await streaks.marks(schedule.id, [], 0)).toEqual([]);
	});

	describe("the ledger", () => {
		const entry = (whose: StreakKey, number: number, kind: LedgerEntry["kind"], days = number): LedgerEntry => ({
			...whose,
			number,
			localDate: day(days),
			kind,
			freezes: 1,
			current: 7,
			at: at(24 * days),
		});
		const summaries = (entries: readonly LedgerEntry[]) => entries.map(({ number, kind }) => `${number} ${kind}`);

		test("has each line once, and returns them newest first", async () => {
			const { streaks } = fixture.store;
			const { whose, workspace } = await people("ana", "ben");
			const other = { ...whose(0), scheduleId: (await fixture.schedule(workspace)).id };
			await streaks.addLedger([entry(whose(0), 1, "freeze-earned"), entry(whose(0), 2, "freeze-used")]);
			await streaks.addLedger([
				entry(whose(0), 2, "freeze-used"),
				entry(whose(0), 3, "missed"),
				entry(whose(1), 1, "away"),
			]);
			await streaks.addLedger([entry(other, 1, "repaired", 9)]);
			await streaks.addLedger([]);
			expect(summaries(await streaks.ledgerOf(whose(0).memberId, 10))).toEqual([
				"1 repaired",
				"3 missed",
				"2 freeze-used",
				"1 freeze-earned",
			]);
			expect(summaries(await streaks.ledgerOf(whose(0).memberId, 2))).toEqual(["1 repaired", "3 missed"]);
			expect(summaries(await streaks.ledgerOfSchedule(whose(0).memberId, whose(0).scheduleId))).toEqual([
				"1 freeze-earned",
				"2 freeze-used",
				"3 missed",
			]);
			expect((await streaks.ledgerOf(whose(1).memberId, 10))[0]).toMatchObject(entry(whose(1), 1, "away"));
		});

		test("is cleared for one member and schedule", async () => {
			const { streaks } = fixture.store;
			const { whose, workspace } = await people("ana", "ben");
			const other = { ...whose(0), scheduleId: (await fixture.schedule(workspace)).id };
			await streaks.addLedger([entry(whose(0), 1, "missed"), entry(whose(1), 1, "missed"), entry(other, 1, "missed")]);
			await streaks.clearLedger(whose(0).memberId, whose(0).scheduleId);
			expect(await streaks.ledgerOfSchedule(whose(0).memberId, whose(0).scheduleId)).toEqual([]);
			expect(await streaks.ledgerOf(whose(0).memberId, 10)).toHaveLength(1);
			expect(await streaks.ledgerOf(whose(1).memberId, 10)).toHaveLength(1);
		});
	});

	test("milestones are new once per member, schedule and value", async () => {
		const { streaks } = fixture.store;
		const { whose, workspace } = await people("ana", "ben");
		const reach = ({ memberId, scheduleId, workspaceId }: StreakKey, values: number[]) =>
			streaks.addMilestones(workspaceId, memberId, scheduleId, values, at(0));
		expect(await reach(whose(0), [7])).toEqual([7]);
		expect((await reach(whose(0), [7, 30, 50])).sort((a, b) => a - b)).toEqual([30, 50]);
		expect(await reach(whose(0), [7, 30])).toEqual([]);
		expect(await reach(whose(0), [])).toEqual([]);
		expect(await reach(whose(1), [7])).toEqual([7]);
		expect(await reach({ ...whose(0), scheduleId: (await fixture.schedule(workspace)).id }, [7])).toEqual([7]);
	});

	test("records include all schedules, even removed ones; answered questions add up", async () => {
		const { store } = fixture;
		const { whose, workspace } = await people("ana");
		const other = { ...whose(0), scheduleId: (await fixture.schedule(workspace)).id };
		await save(streakRow(whose(0), 4, { longest: 12, answered: 20 }), streakRow(other, 9, { answered: 11 }));
		const scope = { workspaceId: workspace.id, scheduleId: null };
		const records = async () =>
			Promise.all(
				(["longest", "answered"] as const).map(
					async (board) => (await store.boards.place(scope, board, null, whose(0).memberId))?.value ?? null,
				),
			);
		const current = async () => (await store.boards.currentTop(await fixture.current(scope), 0, 10))[0]?.value;
		expect([await current(), ...(await records())]).toEqual([9, 12, 31]);
		await fixture.changeSchedule({ id: other.scheduleId }, { state: "removed", removedAt: at(1) });
		expect([await current(), ...(await records())]).toEqual([4, 12, 31]);
	});
}
