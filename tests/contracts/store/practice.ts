import { describe, expect, test } from "vitest";
import * as schema from "../../../drizzle/schema.ts";
import { sqlState } from "../../../src/adapters/postgres/database-fault.ts";
import type { Memory } from "../../../src/core/practice/memory.ts";
import { datePast } from "../../../src/core/practice/projection.ts";
import { stepFor } from "../../../src/core/practice/run.ts";
import { Bank } from "../../../src/core/question/bank.ts";
import { createServices } from "../../../src/core/service/services.ts";
import { at, day, noPractice, type StoreFixture } from "./fixture.ts";

/** A foreign key names a row that does not exist. */
const NO_SUCH_ROW = "23503";
/** COMMIT comes after a failure: what the embedded database reports. */
const ABORTED = "25P02";

type MemberKey = { readonly workspaceId: number; readonly id: number };

/** A memory with a value in every column, or with none where that is allowed. */
export function memoryRow({ workspaceId, id: memberId }: MemberKey, changes: Partial<Memory> = {}): Memory {
	return {
		workspaceId,
		memberId,
		questionId: "kv-cache",
		revision: 2,
		state: { stability: 13.76183405, difficulty: 2.1112317, on: day(3) },
		before: { stability: 2.3065, difficulty: 2.11810397, on: day(0) },
		grade: "good",
		answerId: 7,
		untickedOn: day(5),
		dueOn: day(6),
		...changes,
	};
}

/** The port's memories, practice reveals and runs. */
export function practiceContract(fixture: StoreFixture): void {
	describe("memories", () => {
		test("come back as they were stored, number for number, and replace older ones", async () => {
			const { practice } = fixture.store;
			const workspace = await fixture.workspace();
			const [ana, ben] = [await fixture.member(workspace, "ana"), await fixture.member(workspace, "ben")];
			const bare = { state: null, before: null, grade: null, answerId: null, untickedOn: null } as const;
			await practice.saveMemories([memoryRow(ana), memoryRow(ana, { questionId: "bare", ...bare })]);
			expect(await practice.memory(ana.id, "kv-cache")).toEqual(memoryRow(ana));
			expect(await practice.memory(ana.id, "bare")).toEqual(memoryRow(ana, { questionId: "bare", ...bare }));
			expect(await practice.memory(ben.id, "kv-cache")).toBeNull();
			const later = memoryRow(ana, { grade: "again", answerId: null, dueOn: day(9) });
			await practice.saveMemories([later]);
			expect((await practice.memories(ana.id)).find(({ questionId }) => questionId === "kv-cache")).toEqual(later);
			await practice.dropMemory(ana.id, "bare");
			expect(await practice.memories(ana.id)).toEqual([later]);
		});

		test("are booked in the statement that stores the answer, with the answer's id", async () => {
			const workspace = await fixture.workspace();
			const ana = await fixture.member(workspace, "ana");
			const id = await fixture.answer(ana, 1, { grade: "good" }, [], {
				...noPractice(at(1)),
				memory: memoryRow(ana, { answerId: null, untickedOn: null }),
				books: true,
			});
			expect(await fixture.store.practice.memory(ana.id, "kv-cache")).toMatchObject({ answerId: id, untickedOn: null });
			expect(await fixture.answerOf(ana, id)).toMatchObject({ bookedGrade: "good", localDate: day(0) });
		});

		test("the local date follows the oldest active schedule's zone, and the member's latest date", async () => {
			const { practice, schedules } = fixture.store;
			const workspace = await fixture.workspace();
			const ana = await fixture.member(workspace, "ana");
			expect(await practice.dates(workspace.id, ana.id)).toEqual({ zone: null, latest: null });
			const first = await fixture.schedule(workspace);
			await fixture.changeSchedule(first, { zone: "Asia/Tokyo" });
			await fixture.answer(ana, 30);
			expect(await practice.dates(workspace.id, ana.id)).toEqual({ zone: "Asia/Tokyo", latest: day(1) });
			const key = { workspaceId: workspace.id, memberId: ana.id, questionId: "kv-cache", revision: 1 };
			await practice.addPracticeReveal({ ...key, at: at(60), localDate: day(2) });
			await fixture.changeSchedule(first, { state: "paused" });
			expect(await practice.dates(workspace.id, ana.id)).toEqual({ zone: null, latest: day(2) });
			expect((await schedules.get(workspace.id, first.id))?.zone).toBe("Asia/Tokyo");
		});

		test("a question is put until it is answered or shown in another way; a hint does not change that", async () => {
			const { answers, practice } = fixture.store;
			const workspace = await fixture.workspace();
			const ana = await fixture.member(workspace, "ana");
			const recordSeen = (hours: number, how: "asked" | "shown" | "hinted" | "options") =>
				answers.recordSeen(workspace.id, ana.id, "kv-cache", at(hours), how);
			expect(await practice.askedAt(ana.id, "kv-cache")).toBeNull();
			await recordSeen(1, "asked");
			await recordSeen(2, "hinted");
			await recordSeen(3, "options");
			expect(await practice.askedAt(ana.id, "kv-cache")).toEqual(at(1));
			await recordSeen(4, "shown");
			expect(await practice.askedAt(ana.id, "kv-cache")).toBeNull();
		});
	});

	describe("practice runs", () => {
		test("one is open at a time, a new one ends it, and an answer moves it in the same statement", async () => {
			const { practice } = fixture.store;
			const workspace = await fixture.workspace();
			const ana = await fixture.member(workspace, "ana");
			const run = await practice.addRun({
				workspaceId: workspace.id,
				memberId: ana.id,
				startedAt: at(0),
				focus: "due",
				wanted: 2,
				steps: [stepFor("kv-cache", "due"), stepFor("attention", "prerequisite", "kv-cache")],
				position: 0,
			});
			expect(await practice.openRun(ana.id)).toEqual(run);
			const { id, endedAt: _, ...planned } = run;
			const other = await practice.addRun({ ...planned, startedAt: at(1), steps: run.steps.toReversed() });
			expect(await practice.openRun(ana.id)).toEqual(other);
			expect(await practice.run(ana.id, id)).toEqual({ ...run, endedAt: at(1) });
			const { newRunId } = await practice.context(workspace.id, ana.id, at(1), { reservesId: true });
			const last = await practice.addRun({ ...planned, id: fixture.known(newRunId) });
			expect(last).toEqual({ ...run, id: newRunId });
			expect(await practice.openRun(ana.id)).toEqual(last);
			const [step, ...rest] = last.steps;
			const moved = { ...last, steps: [{ ...fixture.known(step), outcome: "answered" as const }, ...rest] };
			await fixture.answer(ana, 1, {}, [], { ...noPractice(at(1)), run: moved });
			expect(await practice.openRun(ana.id)).toEqual(moved);
			await practice.saveRun({ ...moved, position: 1, endedAt: at(2) });
			expect(await practice.openRun(ana.id)).toBeNull();
			expect(await practice.latestRun(ana.id)).toEqual({ ...moved, position: 1, endedAt: at(2) });
			expect(await practice.run(ana.id, last.id)).toMatchObject({ position: 1, endedAt: at(2) });
		});
	});

	test("a write that travels with COMMIT is kept, and one that fails undoes the transaction", async () => {
		const { store } = fixture;
		const services = createServices(store, new Bank(new Map()), Math.random);
		const ana = await fixture.member(await fixture.workspace(), "ana");
		await services.transaction(async (tx) => tx.withCommit(tx.store.practice.saveMemories([memoryRow(ana)])));
		expect(await store.practice.memory(ana.id, "kv-cache")).toEqual(memoryRow(ana));
		const failing = services.transaction(async (tx) => {
			tx.withCommit(tx.store.practice.dropMemory(ana.id, "kv-cache"));
			// There is no such member.
			tx.withCommit(tx.store.practice.saveMemories([memoryRow({ ...ana, id: 0 })]));
		});
		expect([NO_SUCH_ROW, ABORTED]).toContain(await failing.catch(sqlState));
		expect(await store.practice.memory(ana.id, "kv-cache")).toEqual(memoryRow(ana));
	});

	test("all that a run depends on is read at once, as it would be part by part", async () => {
		const { store } = fixture;
		const workspace = await fixture.workspace();
		const schedule = await fixture.schedule(workspace);
		const [ana, ben] = [await fixture.member(workspace, "ana"), await fixture.member(workspace, "ben")];
		await fixture.occurrence(schedule, 1);
		expect((await store.practice.context(workspace.id, ana.id, at(0))).memories).toEqual([]);
		const bare = { state: null, before: null, grade: null, answerId: null, untickedOn: null } as const;
		await store.practice.saveMemories([
			memoryRow(ana),
			memoryRow(ana, { questionId: "bare", ...bare }),
			memoryRow(ana, { questionId: "lora", before: null, answerId: null, dueOn: day(9) }),
			memoryRow(ben),
		]);
		await fixture.answer(ana, 2, { grade: "good" });
		const open = await store.practice.context(workspace.id, ana.id, at(26));
		const byId = (one: Memory, other: Memory) => (one.questionId < other.questionId ? -1 : 1);
		expect(open.memories.toSorted(byId)).toEqual((await store.practice.memories(ana.id)).sort(byId));
		expect(open.dates).toEqual(await store.practice.dates(workspace.id, ana.id));
		const questions = (await store.occurrences.open(workspace.id, null, at(26))).map(({ questionId }) => questionId);
		expect(open).toMatchObject({ openQuestions: questions, run: null, ownVersion: null });
		const run = await store.practice.addRun({
			workspaceId: workspace.id,
			memberId: ana.id,
			startedAt: at(0),
			focus: null,
			wanted: 1,
			steps: [stepFor("kv-cache", "due")],
			position: 0,
		});
		expect((await store.practice.context(workspace.id, ana.id, at(26))).run).toEqual(run);
		expect((await store.practice.context(workspace.id, ben.id, at(26))).run).toBeNull();
	});

	test("answers and reveals of an older version get their dates, and a reveal becomes a practice reveal", async () => {
		const { store } = fixture;
		const workspace = await fixture.workspace();
		const schedule = await fixture.schedule(workspace);
		const [ana, occurrence] = [await fixture.member(workspace, "ana"), await fixture.occurrence(schedule, 1)];
		const first = await fixture.answer(ana, 1, { grade: "hard" });
		const second = await fixture.answer(ana, 2, { grade: "good" });
		await store.answers.addReveal(ana.id, occurrence, at(26), day(1));
		await fixture.db.update(schema.answers).set({ localDate: null });
		await fixture.db.update(schema.reveals).set({ localDate: null });
		expect(await store.practice.undatedMember()).toEqual({ memberId: ana.id, workspaceId: workspace.id });
		const past = await store.practice.pastEntries(ana.id);
		expect(past.map(({ kind, id }) => `${kind} ${id}`)).toEqual([
			`answer ${first}`,
			`answer ${second}`,
			`reveal ${occurrence.id}`,
		]);
		await store.practice.dateEntries(ana.id, datePast(past, "UTC"));
		expect(await store.practice.undatedMember()).toBeNull();
		expect([await fixture.answerOf(ana, first), await fixture.answerOf(ana, second)]).toMatchObject([
			{ localDate: day(0), bookedGrade: "hard" },
			{ localDate: day(0), bookedGrade: null },
		]);
		expect(
			(await store.practice.bookedReviews(ana.id)).map(({ localDate, grade }) => `${grade} ${localDate}`).sort(),
		).toEqual([`again ${day(1)}`, `hard ${day(0)}`]);
		const [history] = await store.practice.histories([ana.id]);
		expect(history?.reviews.map(({ kind, localDate }) => `${kind} ${localDate}`).sort()).toEqual([
			`reveal ${day(1)}`,
			`text ${day(0)}`,
			`text ${day(0)}`,
		]);
	});
}
