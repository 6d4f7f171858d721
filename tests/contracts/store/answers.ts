import { describe, expect, test } from "vitest";
import { at, day, noPractice, type StoreFixture } from "./fixture.ts";

export function answersContract(fixture: StoreFixture): void {
	describe("open occurrences of a question", () => {
		test("are those delivered, unknown or being sent whose window includes the instant, newest first", async () => {
			const { answers } = fixture.store;
			const schedule = await fixture.schedule(await fixture.workspace());
			const ana = await fixture.member(await fixture.workspace(), "ana");
			const closed = await fixture.occurrence(schedule, 0, { closesAt: at(24) });
			const delivered = await fixture.occurrence(schedule, 1, { closesAt: at(48) });
			const unknown = await fixture.occurrence(schedule, 2, { state: "unknown" });
			const sending = await fixture.occurrence(schedule, 3, { state: "sending" });
			await fixture.occurrence(schedule, 4, { state: "skipped", number: null, deliveredAt: null });
			await fixture.occurrence(schedule, 5, { state: "failed", number: null, deliveredAt: null });
			await fixture.occurrence(schedule, 6, { questionId: "another" });
			await fixture.occurrence(schedule, 7, { state: "due", number: null, deliveredAt: null });
			const openAt = async (hours: number) =>
				(await answers.openOccurrences(schedule.workspaceId, ana.id, "kv-cache", at(hours))).map(
					(entry) => entry.occurrence.id,
				);
			expect(await openAt(-1)).toEqual([]);
			expect(await openAt(0)).toEqual([closed.id]);
			expect(await openAt(24)).toEqual([delivered.id]);
			expect(await openAt(47.99)).toEqual([delivered.id]);
			expect(await openAt(48)).toEqual([unknown.id]);
			expect(await openAt(100)).toEqual([sending.id, unknown.id]);
			expect(await answers.openOccurrences(schedule.workspaceId + 1, ana.id, "kv-cache", at(100))).toEqual([]);
		});

		test("say what the asking member has done, and nothing about others", async () => {
			const { answers } = fixture.store;
			const workspace = await fixture.workspace();
			const [one, two] = [
				await fixture.schedule(workspace),
				await fixture.schedule(workspace, { channelId: "random" }),
			];
			const [ana, ben] = [await fixture.member(workspace, "ana"), await fixture.member(workspace, "ben")];
			const [first, second] = [await fixture.occurrence(one, 0), await fixture.occurrence(two, 0)];
			await fixture.answer(ana, 1, {}, [first]);
			await answers.addReveal(ana.id, second, at(2), "2027-03-08");
			await answers.addReveal(ana.id, second, at(3), "2027-03-08");
			const seenBy = async (id: number) =>
				(await answers.openOccurrences(workspace.id, id, "kv-cache", at(4))).map(
					({ occurrence, attempted, revealed }) => [occurrence.id, attempted, revealed],
				);
			expect(await seenBy(ana.id)).toEqual([
				[second.id, false, true],
				[first.id, true, false],
			]);
			expect(await seenBy(ben.id)).toEqual([
				[second.id, false, false],
				[first.id, false, false],
			]);
			const context = await fixture.store.transaction((store) =>
				store.answers.contextFor(workspace.id, ana.id, "kv-cache", at(4)),
			);
			expect(context.open).toEqual(await answers.openOccurrences(workspace.id, ana.id, "kv-cache", at(4)));
		});
	});

	test("reveals of an occurrence are cleared when another question replaces its own", async () => {
		const { answers } = fixture.store;
		const workspace = await fixture.workspace();
		const schedule = await fixture.schedule(workspace);
		const ana = await fixture.member(workspace, "ana");
		const [first, second] = [await fixture.occurrence(schedule, 0), await fixture.occurrence(schedule, 1)];
		for (const occurrence of [first, second]) await answers.addReveal(ana.id, occurrence, at(30), "2027-03-08");
		await answers.clearReveals(first.id);
		const open = await answers.openOccurrences(workspace.id, ana.id, "kv-cache", at(31));
		expect(open.map(({ occurrence, revealed }) => [occurrence.id, revealed])).toEqual([
			[second.id, true],
			[first.id, false],
		]);
	});

	describe("the context of an answer", () => {
		test("includes the latest answer, the hint, and what each streak has not booked yet", async () => {
			const { store } = fixture;
			const workspace = await fixture.workspace();
			const ana = await fixture.member(workspace, "ana");
			const schedule = await fixture.schedule(workspace);
			const [first, second] = [
				await fixture.occurrence(schedule, 0, { closesAt: at(24) }),
				await fixture.occurrence(schedule, 1),
			];
			const id = await fixture.answer(ana, 1, { grade: "hard" }, [first]);
			await fixture.answer(ana, 2, { questionId: "another" });
			await store.answers.recordSeen(workspace.id, ana.id, "kv-cache", at(3), "hinted");
			const row = {
				memberId: ana.id,
				scheduleId: schedule.id,
				workspaceId: workspace.id,
				current: 1,
				longest: 1,
				answered: 1,
				freezes: 0,
				booked: 1,
				bookedTo: 1,
				firstNumber: 1,
				latestNumber: 1,
			};
			await store.transaction((transaction) => transaction.streaks.save([row]));
			await store.people.addAwayDates(workspace.id, ana.id, [day(1), day(5)], at(0));
			const found = await store.answers.contextFor(workspace.id, ana.id, "kv-cache", at(30));
			expect(found.latest).toMatchObject({ id, at: at(1), kind: "text", grade: "hard" });
			expect(found.hintedAt).toEqual(at(3));
			expect(found.open.map((entry) => entry.occurrence)).toEqual([second]);
			expect(found.streaks).toHaveLength(1);
			expect(found.streaks[0]).toMatchObject({
				row,
				occurrences: [second],
				marks: { memberId: ana.id, attempted: [], repaired: [] },
			});
			expect(found.streaks[0]?.marks.away).toContainEqual(
				expect.objectContaining({ date: day(1), setAt: at(0), withdrawnAt: null }),
			);
		});

		test("is empty before the first answer", async () => {
			const workspace = await fixture.workspace();
			const ana = await fixture.member(workspace, "ana");
			expect(await fixture.store.answers.contextFor(workspace.id, ana.id, "kv-cache", at(0))).toEqual({
				latest: null,
				hintedAt: null,
				askedAt: null,
				memory: null,
				run: null,
				dates: { zone: null, latest: null },
				open: [],
				streaks: [],
			});
		});
	});

	describe("answers", () => {
		test("are stored word by word, for their member only", async () => {
			const workspace = await fixture.workspace();
			const [ana, ben] = [await fixture.member(workspace, "ana"), await fixture.member(workspace, "ben")];
			for (const text of [
				"'; drop table answers; --",
				"😀\u202e שלום\n\ttab",
				"a\u0001b\u001b[2J",
				"x".repeat(4000),
				'\\N \\. {"a": 1}',
				"$1 :: ?",
			]) {
				const id = await fixture.answer(ana, 1, { text });
				expect(await fixture.answerOf(ana, id)).toEqual({
					id,
					workspaceId: workspace.id,
					memberId: ana.id,
					questionId: "kv-cache",
					revision: 1,
					at: at(1),
					kind: "text",
					text,
					option: null,
					correct: null,
					hinted: false,
					points: null,
					grade: null,
					sharedAt: null,
					localDate: "2027-03-08",
					isRepeat: false,
					bookedGrade: null,
				});
				expect(await fixture.store.answers.answer(ben.id, id)).toBeNull();
			}
		});

		test("the latest answer to a question, by instant, then by id", async () => {
			const { answers } = fixture.store;
			const ana = await fixture.member(await fixture.workspace(), "ana");
			await fixture.answer(ana, 5);
			const [, second] = [await fixture.answer(ana, 7), await fixture.answer(ana, 7)];
			await fixture.answer(ana, 6);
			await fixture.answer(ana, 9, { questionId: "another" });
			expect((await answers.latestAnswer(ana.id, "kv-cache"))?.id).toBe(second);
			expect(await answers.latestAnswer(ana.id, "unasked")).toBeNull();
			expect(await answers.latestAttempt(ana.id, "kv-cache")).toBeNull();
		});

		test("grades change; ticked points are kept unless new ones come", async () => {
			const { answers } = fixture.store;
			const ana = await fixture.member(await fixture.workspace(), "ana");
			const id = await fixture.answer(ana, 1);
			await answers.setGrade(id, [1, 3], "good", true);
			expect(await fixture.answerOf(ana, id)).toMatchObject({ points: [1, 3], grade: "good" });
			await answers.setGrade(id, null, "hard", false);
			expect(await fixture.answerOf(ana, id)).toMatchObject({ points: [1, 3], grade: "hard" });
			await answers.setGrade(id, [], "again", false);
			expect(await fixture.answerOf(ana, id)).toMatchObject({ points: [], grade: "again" });
		});

		test("an answer changes the grade of the one before it in the same statement", async () => {
			const ana = await fixture.member(await fixture.workspace(), "ana");
			const before = await fixture.answer(ana, 1, { grade: "good" });
			const {
				id: _,
				points: __,
				sharedAt: ___,
				localDate: ____,
				isRepeat: _____,
				bookedGrade: ______,
				...answer
			} = await fixture.answerOf(ana, before);
			await fixture.store.answers.record({
				answer: { ...answer, at: at(2), kind: "check", text: null, option: "B", correct: false, grade: "again" },
				attempts: [],
				countFrom: at(3),
				regraded: { answerId: before, grade: "hard", books: false },
				practice: noPractice(at(2)),
			});
			expect((await fixture.answerOf(ana, before)).grade).toBe("hard");
			expect((await fixture.store.answers.latestAnswer(ana.id, "kv-cache"))?.grade).toBe("again");
		});

		test("are shared once", async () => {
			const { answers } = fixture.store;
			const ana = await fixture.member(await fixture.workspace(), "ana");
			const id = await fixture.answer(ana, 1);
			expect(await answers.setShared(id, at(2))).toBe(true);
			expect(await answers.setShared(id, at(3))).toBe(false);
			expect((await fixture.answerOf(ana, id)).sharedAt).toEqual(at(2));
			expect(await answers.setShared(999_999, at(3))).toBe(false);
		});

		test("form a history: newest first, in pages, with attempts marked", async () => {
			const { answers } = fixture.store;
			const workspace = await fixture.workspace();
			const [ana, ben] = [await fixture.member(workspace, "ana"), await fixture.member(workspace, "ben")];
			const occurrence = await fixture.occurrence(await fixture.schedule(workspace), 0);
			const ids = [
				await fixture.answer(ana, 1, {}, [occurrence]),
				await fixture.answer(ana, 2),
				await fixture.answer(ana, 3),
			];
			await fixture.answer(ben, 4);
			const page = async (offset: number, limit: number) =>
				(await answers.history(ana.id, offset, limit)).map(({ answer, attempt }) => [answer.id, attempt]);
			expect(await page(0, 10)).toEqual([
				[ids[2], false],
				[ids[1], false],
				[ids[0], true],
			]);
			expect(await page(1, 1)).toEqual([[ids[1], false]]);
			expect(await page(3, 10)).toEqual([]);
			expect(await answers.historyLength(ana.id)).toBe(3);
			expect(await answers.historyLength(999_999)).toBe(0);
		});

		test("the first answer to each question, with its verdict", async () => {
			const { answers } = fixture.store;
			const ana = await fixture.member(await fixture.workspace(), "ana");
			await fixture.answer(ana, 2, { kind: "check", option: "A", text: null, correct: true, grade: "good" });
			await fixture.answer(ana, 1, {
				kind: "check",
				option: "B",
				text: null,
				correct: false,
				grade: "again",
				revision: 2,
			});
			await fixture.answer(ana, 3, { questionId: "another" });
			expect((await answers.firstAttempts(ana.id)).sort((a, b) => a.questionId.localeCompare(b.questionId))).toEqual([
				{ questionId: "another", revision: 1, correct: null, grade: null, at: at(3) },
				{ questionId: "kv-cache", revision: 2, correct: false, grade: "again", at: at(1) },
			]);
		});
	});

	test("the questions a member has seen, latest first; the time of a hint is kept until the next hint", async () => {
		const { answers } = fixture.store;
		const workspace = await fixture.workspace();
		const [ana, ben] = [await fixture.member(workspace, "ana"), await fixture.member(workspace, "ben")];
		await answers.recordSeen(workspace.id, ana.id, "a", at(1), "hinted");
		await answers.recordSeen(workspace.id, ana.id, "b", at(2), "shown");
		await answers.recordSeen(workspace.id, ana.id, "c", at(3), "shown");
		await answers.recordSeen(workspace.id, ana.id, "a", at(4), "shown");
		await answers.recordSeen(workspace.id, ben.id, "d", at(5), "shown");
		expect(await answers.seenLately(ana.id, 10)).toEqual(["a", "c", "b"]);
		expect(await answers.seenLately(ana.id, 2)).toEqual(["a", "c"]);
		expect((await answers.contextFor(workspace.id, ana.id, "a", at(6))).hintedAt).toEqual(at(1));
		expect((await answers.contextFor(workspace.id, ana.id, "b", at(6))).hintedAt).toBeNull();
	});
}
