import { describe, expect, test } from "vitest";
import { Bank } from "../../../src/core/question/bank.ts";
import { createServices } from "../../../src/core/service/services.ts";
import { at, day, type StoreFixture } from "./fixture.ts";

export function attemptsContract(fixture: StoreFixture): void {
	describe("attempts", () => {
		test("are the first answer to an occurrence and never change", async () => {
			const { answers } = fixture.store;
			const workspace = await fixture.workspace();
			const ana = await fixture.member(workspace, "ana");
			const occurrence = await fixture.occurrence(await fixture.schedule(workspace), 0);
			const first = await fixture.answer(ana, 1, {}, [occurrence]);
			// A second one is refused completely: it leaves neither an attempt nor an answer.
			await expect(fixture.answer(ana, 2, {}, [occurrence])).rejects.toThrow();
			expect(await answers.historyLength(ana.id)).toBe(1);
			expect((await answers.latestAttempt(ana.id, "kv-cache"))?.id).toBe(first);
			expect((await answers.occurrenceOf(first))?.id).toBe(occurrence.id);
			await fixture.answer(ana, 3);
			expect((await answers.latestAttempt(ana.id, "kv-cache"))?.id).toBe(first);
			expect((await answers.history(ana.id, 0, 10)).map((entry) => entry.attempt)).toEqual([false, true]);
			expect(await answers.countAnswered(occurrence.id)).toBe(1);
		});

		test("one answer can be an attempt at several occurrences; the newest is returned", async () => {
			const { answers } = fixture.store;
			const workspace = await fixture.workspace();
			const ana = await fixture.member(workspace, "ana");
			const one = await fixture.occurrence(await fixture.schedule(workspace), 0);
			const two = await fixture.occurrence(await fixture.schedule(workspace), 1);
			const id = await fixture.answer(ana, 30, {}, [one, two]);
			expect((await answers.occurrenceOf(id))?.id).toBe(two.id);
			expect(await Promise.all([one, two].map((occurrence) => answers.countAnswered(occurrence.id)))).toEqual([1, 1]);
			expect(await answers.occurrenceOf(await fixture.answer(ana, 31))).toBeNull();
		});

		test("the count includes members who have been erased since", async () => {
			const { answers, occurrences } = fixture.store;
			const workspace = await fixture.workspace();
			const occurrence = await fixture.occurrence(await fixture.schedule(workspace), 0);
			expect(await answers.countAnswered(occurrence.id)).toBe(0);
			for (const name of ["ana", "ben"])
				await fixture.answer(await fixture.member(workspace, name), 1, {}, [occurrence]);
			await occurrences.change(occurrence.id, { erasedAttempts: 3 });
			expect(await answers.countAnswered(occurrence.id)).toBe(5);
			expect(await answers.countAnswered(999_999)).toBe(0);
		});
	});

	test.each([0, 1])(
		"what goes with COMMIT is undone whole when statement %d of two fails, which is thrown",
		async (bad) => {
			const { store } = fixture;
			const workspace = await fixture.workspace();
			const ana = await fixture.member(workspace, "ana");
			const occurrence = await fixture.occurrence(await fixture.schedule(workspace), 0);
			const services = createServices(store, new Bank(new Map()), () => 0.5);
			const failing = services.transaction(async (tx) => {
				await tx.store.people.changeSettings(ana.id, { hidden: true });
				for (const place of [0, 1]) {
					const revealed = place === bad ? { ...occurrence, id: 999_999 } : occurrence;
					tx.withCommit(tx.store.answers.addReveal(ana.id, revealed, at(1), day(0)));
				}
			});
			await expect(failing).rejects.toMatchObject({ cause: { code: "23503" } });
			expect((await store.people.member(ana.id))?.hidden).toBe(false);
			const [open] = await store.answers.openOccurrences(workspace.id, ana.id, "kv-cache", at(2));
			expect(open?.revealed).toBe(false);
			// The connection is as good as before.
			await services.transaction(async (tx) => tx.store.people.changeSettings(ana.id, { hidden: true }));
		},
	);
}
