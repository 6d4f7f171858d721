import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { BoardRow } from "../../../src/core/ports/boards.ts";
import { compareRows, participationShare, rankRows } from "../../../src/core/streak/leaderboard.ts";

const row = (memberId: number, value: number, longest = value, name = `member ${memberId}`): BoardRow => ({
	memberId,
	name,
	value,
	longest,
});
const ranks = (rows: readonly BoardRow[], above?: number, tiedBefore?: number) =>
	rankRows(rows, above, tiedBefore).map(({ rank }) => rank);

describe("the order of a board", () => {
	test("its own value comes first; longest and then the name only order ties", () => {
		const rows = [
			row(1, 3, 99, "zoe"),
			row(2, 5, 5, "bob"),
			row(3, 5, 9, "cid"),
			row(4, 5, 5, "ada"),
			row(5, 5, 5, "ada"),
		];
		expect(rows.toSorted(compareRows).map(({ memberId }) => memberId)).toEqual([3, 4, 5, 2, 1]);
	});
});

describe("ranks", () => {
	test("members with the same value share a rank, and the next one counts them", () => {
		expect(ranks([row(1, 9), row(2, 7), row(3, 7), row(4, 7), row(5, 2)])).toEqual([1, 2, 2, 2, 5]);
	});

	test("a longer best streak does not break a shared rank", () => {
		expect(ranks([row(1, 7, 90), row(2, 7, 8)])).toEqual([1, 1]);
	});

	test("nobody is ranked on an empty board", () => {
		expect(ranks([])).toEqual([]);
	});

	test("a later page continues after those above it", () => {
		expect(ranks([row(11, 4), row(12, 3)], 10)).toEqual([11, 12]);
	});

	test("a tie that began on the page before keeps its rank on the next", () => {
		// Ten above, of whom the last two have the first row's value, so they share rank 9.
		expect(ranks([row(11, 4), row(12, 4), row(13, 1)], 10, 2)).toEqual([9, 9, 13]);
	});

	test("pages ranked one by one equal the board ranked as a whole", () => {
		const boards = fc.record({
			values: fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 40 }),
			size: fc.integer({ min: 1, max: 12 }),
		});
		fc.assert(
			fc.property(boards, ({ values, size }) => {
				const rows = values.map((value, index) => row(index + 1, value)).sort(compareRows);
				// As the rule says: one more than the number of members with a higher value.
				const expected = rows.map(({ value }) => 1 + rows.filter((other) => other.value > value).length);
				const paged: number[] = [];
				for (let from = 0; from < rows.length; from += size) {
					const page = rows.slice(from, from + size);
					const higher = rows.filter((other) => other.value > (page[0]?.value ?? 0)).length;
					paged.push(...ranks(page, from, from - higher));
				}
				expect(paged).toEqual(expected);
			}),
		);
	});
});

test("participation is a whole percentage; without active members there is none", () => {
	expect(participationShare(14, 20)).toBe(70);
	expect(participationShare(1, 3)).toBe(33);
	expect(participationShare(2, 3)).toBe(67);
	expect(participationShare(0, 5)).toBe(0);
	expect(participationShare(0, 0)).toBeNull();
});
