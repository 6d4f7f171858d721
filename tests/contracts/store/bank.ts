import { describe, expect, test } from "vitest";
import type { Question } from "../../../src/core/question/question.ts";
import { makeOptions, makeQuestion } from "../../support/question.ts";
import { at, type StoreFixture } from "./fixture.ts";

const withRight = (right: number, revision: number): Question =>
	makeQuestion({
		id: "asked",
		revision,
		mcq: { stem: "Which?", options: makeOptions(right), explanation: "Because." },
	});

export function bankContract(fixture: StoreFixture): void {
	describe("the bank in the database", () => {
		test("new questions are added, changed ones revised, missing ones retired, known ones left alone", async () => {
			const { bank } = fixture.store;
			const [a, b] = [makeQuestion({ id: "a" }), makeQuestion({ id: "b" })];
			expect(await bank.synchronise([a, b], at(0))).toEqual({ added: 2, revised: 0, retired: 0 });
			expect(await bank.synchronise([a, b], at(1))).toEqual({ added: 0, revised: 0, retired: 0 });
			const revised = makeQuestion({ id: "a", revision: 2, hint: "Another hint." });
			expect(await bank.synchronise([revised], at(2))).toEqual({ added: 0, revised: 1, retired: 1 });
			expect(await bank.synchronise([revised], at(3))).toEqual({ added: 0, revised: 0, retired: 0 });
			// Back again: as it was, with its history.
			expect((await bank.synchronise([revised, b], at(4))).retired).toBe(0);
			expect(await bank.synchronise([], at(5))).toEqual({ added: 0, revised: 0, retired: 2 });
		});

		test("every revision can still be read, even of retired questions", async () => {
			const { bank } = fixture.store;
			const [first, second] = [
				makeQuestion({ id: "a" }),
				makeQuestion({ id: "a", revision: 2, hint: "Another hint." }),
			];
			await bank.synchronise([first], at(0));
			await bank.synchronise([second], at(1));
			await bank.synchronise([], at(2));
			expect(await bank.revision("a", 1)).toEqual(first);
			expect(await bank.revision("a", 2)).toEqual(second);
			expect(await bank.revision("a", 3)).toBeNull();
			expect(await bank.revision("b", 1)).toBeNull();
		});
	});

	describe("a corrected right option", () => {
		async function verdicts(before: Question, after: Question): Promise<(boolean | null)[]> {
			const { store } = fixture;
			const workspace = await fixture.workspace();
			await store.bank.synchronise([before], at(0));
			const members = await Promise.all(["ana", "ben", "cid", "dan"].map((name) => fixture.member(workspace, name)));
			const text = [
				["A", true],
				["B", false],
				["C", false],
				[null, null],
			] as const;
			const ids: number[] = [];
			for (const [index, [option, correct]] of text.entries()) {
				const kind = option === null ? ("text" as const) : ("check" as const);
				const answer = { questionId: "asked", kind, option, correct, text: option === null ? "words" : null };
				ids.push(await fixture.answer(fixture.known(members[index]), index, answer));
			}
			await store.bank.synchronise([after], at(9));
			return Promise.all(
				ids.map(async (id, index) => (await fixture.answerOf(fixture.known(members[index]), id)).correct),
			);
		}

		test("counts as right for members who answered before, beside the former one", async () => {
			expect(await verdicts(withRight(0, 1), withRight(1, 2))).toEqual([true, true, false, null]);
		});

		test("options in another order change no verdict", async () => {
			const [first, second, ...rest] = makeOptions(0);
			if (!first || !second) throw new Error("no options");
			const swapped = makeQuestion({
				id: "asked",
				revision: 2,
				mcq: { stem: "Which?", options: [second, first, ...rest], explanation: "Because." },
			});
			expect(await verdicts(withRight(0, 1), swapped)).toEqual([true, false, false, null]);
		});

		test("a correction counts even without a new revision", async () => {
			expect(await verdicts(withRight(0, 1), withRight(2, 1))).toEqual([true, false, true, null]);
		});
	});
}
