import type { BoardRow } from "../ports/boards.ts";

export interface RankedRow extends BoardRow {
	/** Ranks from 1. Members with the same value share a rank, and the next rank skips as many. */
	readonly rank: number;
}

/** The order of a board: its own value, then the longest streak, then the name. */
export function compareRows(a: BoardRow, b: BoardRow): number {
	return b.value - a.value || b.longest - a.longest || a.name.localeCompare(b.name) || a.memberId - b.memberId;
}

/**
 * Ranks rows in a board's order.
 * @param above how many members are above the first row
 * @param tiedBefore how many of those have the first row's value
 */
export function rankRows(rows: readonly BoardRow[], above = 0, tiedBefore = 0): RankedRow[] {
	let rank = above - tiedBefore + 1;
	return rows.map((row, index) => {
		const previous = rows[index - 1];
		if (previous && previous.value !== row.value) rank = above + index + 1;
		return { ...row, rank };
	});
}

/** Share of the active members who have answered, in whole percent; null when nobody is active. */
export function participationShare(today: number, active: number): number | null {
	return active === 0 ? null : Math.round((100 * today) / active);
}
