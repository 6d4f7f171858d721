import type { BoardRow } from "../ports/boards.ts";

export interface RankedRow extends BoardRow {
	/** From 1. Members with equal values share a rank, and the ranks after a tie are skipped: 1, 1, 3. */
	readonly rank: number;
}

/** A board's order: by value, then longest streak, then name. */
export function compareRows(a: BoardRow, b: BoardRow): number {
	return b.value - a.value || b.longest - a.longest || a.name.localeCompare(b.name) || a.memberId - b.memberId;
}

/**
 * Ranks rows in a board's order.
 * @param above number of members above the first row
 * @param tiedBefore how many of them have the first row's value
 */
export function rankRows(rows: readonly BoardRow[], above = 0, tiedBefore = 0): RankedRow[] {
	let rank = above - tiedBefore + 1;
	return rows.map((row, index) => {
		const previous = rows[index - 1];
		if (previous && previous.value !== row.value) rank = above + index + 1;
		return { ...row, rank };
	});
}

/** Percentage of active members who answered today, rounded; null when nobody is active. */
export function participationShare(today: number, active: number): number | null {
	return active === 0 ? null : Math.round((100 * today) / active);
}
