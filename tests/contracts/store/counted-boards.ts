import { describe, expect, test } from "vitest";
import { boardHelpers, type Place } from "./board-helpers.ts";
import { at, type StoreFixture } from "./fixture.ts";

export function countedBoardsContract(fixture: StoreFixture): void {
	const { place, scopes, save, rowOf, names } = boardHelpers(fixture);

	describe("boards of a period, and accuracy", () => {
		/** A member's attempts: hours, and for quick checks the verdict. */
		async function attempts(
			here: Place,
			index: number,
			list: readonly (readonly [hours: number, correct: boolean | null])[],
		): Promise<void> {
			const { occurrences } = fixture.store;
			for (const [hours, correct] of list) {
				const days = Math.floor(hours / 24);
				const known = await occurrences.ofDate(
					here.schedule.id,
					at(24 * days)
						.toISOString()
						.slice(0, 10),
				);
				const occurrence = known ?? (await fixture.occurrence(here.schedule, days));
				const kind = correct === null ? {} : { kind: "check" as const, option: "A", text: null, correct };
				await fixture.answer(fixture.known(here.members[index]), hours, kind, [occurrence]);
			}
			await save(rowOf(here, index, list.length, { longest: 10 + index }));
		}
		const many = (count: number, right: number): [number, boolean][] =>
			Array.from({ length: count }, (_, index) => [24 * index + 1, index < right]);

		test("count attempts since an instant, ties by longest, then name", async () => {
			const here = await place("ana", "ben", "cid");
			await attempts(here, 0, [
				[1, null],
				[25, null],
				[49, null],
			]);
			await attempts(here, 1, [
				[26, null],
				[50, true],
			]);
			await attempts(here, 2, [
				[2, null],
				[27, null],
				[51, false],
			]);
			for (const scope of scopes(here)) {
				expect(await names(scope, "answered", at(24))).toEqual(["cid 2", "ben 2", "ana 2"]);
				expect(await names(scope, "answered", at(0))).toEqual(["cid 3", "ana 3", "ben 2"]);
				expect(await names(scope, "answered", at(25.5))).toEqual(["cid 2", "ben 2", "ana 1"]);
				expect(await names(scope, "answered", at(52))).toEqual([]);
				expect(await names(scope, "answered", at(0), 1, 1)).toEqual(["ana 3"]);
				expect(await fixture.store.boards.countAbove(scope, "answered", at(0), 2)).toBe(2);
				expect(await fixture.store.boards.place(scope, "answered", at(0), here.members[1]?.id ?? 0)).toEqual({
					value: 2,
					above: 2,
				});
				expect(await fixture.store.boards.place(scope, "answered", at(52), here.members[1]?.id ?? 0)).toBeNull();
			}
		});

		test("accuracy needs ten quick checks, and free text does not count", async () => {
			const here = await place("ana", "ben", "cid");
			await attempts(here, 0, many(10, 7));
			await attempts(here, 1, many(9, 9));
			await attempts(here, 2, [...many(10, 10), [24 * 10 + 1, null]]);
			for (const scope of scopes(here)) {
				const rows = await fixture.store.boards.top(scope, "accuracy", null, 0, 10);
				expect(rows.map(({ name, value }) => [name, value])).toEqual([
					["cid", 1],
					["ana", 0.7],
				]);
				expect(await fixture.store.boards.place(scope, "accuracy", null, here.members[0]?.id ?? 0)).toEqual({
					value: 0.7,
					above: 1,
				});
				expect(await fixture.store.boards.place(scope, "accuracy", null, here.members[1]?.id ?? 0)).toBeNull();
			}
		});

		test("a hidden member is not counted for anybody else here either", async () => {
			const here = await place("ana", "ben");
			await attempts(here, 0, [
				[1, null],
				[25, null],
			]);
			await attempts(here, 1, [[2, null]]);
			await fixture.store.people.changeSettings(here.members[0]?.id ?? 0, { hidden: true });
			for (const scope of scopes(here)) {
				expect(await names(scope, "answered", at(0))).toEqual(["ben 1"]);
				expect(await fixture.store.boards.place(scope, "answered", at(0), here.members[0]?.id ?? 0)).toEqual({
					value: 2,
					above: 0,
				});
				expect(await fixture.store.boards.place(scope, "answered", at(0), here.members[1]?.id ?? 0)).toEqual({
					value: 1,
					above: 0,
				});
			}
		});
	});
}
