/** The shuffled bag of one schedule: the draws from the current bag, and the latest draws across bags. */
export interface Bag {
	/** Drawn from the current bag, oldest first. */
	readonly drawn: readonly string[];
	/** The last draws across bags, oldest first. */
	readonly recent: readonly string[];
}

export interface Draw {
	readonly questionId: string;
	readonly bag: Bag;
	/** Questions left in the current bag after this draw. */
	readonly left: number;
}

export const EMPTY_BAG: Bag = { drawn: [], recent: [] };
/** The same question repeats after at least this many draws, if the bag is large enough. */
const MIN_REPEAT_DISTANCE = 14;

/** How many of the latest draws must not come first in a new bag. */
function keptApart(size: number): number {
	return Math.min(MIN_REPEAT_DISTANCE, Math.floor(size / 2));
}

/**
 * Draws a question. None repeats until the bag is empty, and a new bag does not start with the latest ones.
 * Newly added questions join the current bag; retired ones leave it.
 * @param eligible ids that the schedule's filter admits now
 * @param random uniform in [0, 1)
 * @param first ids to draw before the others in each bag
 * @returns null when nothing is eligible
 */
export function drawQuestion(
	bag: Bag,
	eligible: readonly string[],
	random: () => number,
	first: ReadonlySet<string> = new Set(),
): Draw | null {
	if (eligible.length === 0) return null;
	const already = new Set(bag.drawn);
	const undrawn = eligible.filter((id) => !already.has(id));
	const drawn = undrawn.length > 0 ? bag.drawn : [];
	const inBag = undrawn.length > 0 ? undrawn : eligible;
	const apart = keptApart(eligible.length);
	const lately = new Set(apart > 0 ? bag.recent.slice(-apart) : []);
	const candidates = inBag.filter((id) => !lately.has(id));
	const open = candidates.length > 0 ? candidates : inBag;
	const preferred = open.filter((id) => first.has(id));
	const choices = preferred.length > 0 ? preferred : open;
	const questionId = choices[Math.floor(random() * choices.length)] ?? choices[0];
	if (questionId === undefined) return null;
	return {
		questionId,
		// Keep one more than needed, so that enough remain if this draw is returned.
		bag: { drawn: [...drawn, questionId], recent: [...bag.recent.slice(-MIN_REPEAT_DISTANCE), questionId] },
		left: inBag.length - 1,
	};
}

/** Puts a question back after its occurrence was cancelled. */
export function returnQuestion(bag: Bag, questionId: string): Bag {
	return { drawn: withoutLast(bag.drawn, questionId), recent: withoutLast(bag.recent, questionId) };
}

function withoutLast(ids: readonly string[], id: string): string[] {
	const at = ids.lastIndexOf(id);
	return at < 0 ? [...ids] : [...ids.slice(0, at), ...ids.slice(at + 1)];
}
