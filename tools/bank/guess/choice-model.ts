/**
 * Features of options, one row each; the four rows of an item are neighbours. Models see rows and which of the four
 * is right, and give each row a score: within an item, the higher the likelier.
 */
export interface Table {
	readonly items: number;
	readonly width: number;
	/** Row by row: `items * 4 * width` numbers. */
	readonly values: Float64Array;
	/** Row of the right option within each item, 0 to 3. */
	readonly right: Uint8Array;
}

export const OPTIONS = 4;

/** Probabilities of the four options from their scores, in place. */
export function softmaxFour(scores: Float64Array, from: number): void {
	let highest = Number.NEGATIVE_INFINITY;
	for (let row = from; row < from + OPTIONS; row += 1) highest = Math.max(highest, scores[row] as number);
	let sum = 0;
	for (let row = from; row < from + OPTIONS; row += 1) {
		scores[row] = Math.exp((scores[row] as number) - highest);
		sum += scores[row] as number;
	}
	for (let row = from; row < from + OPTIONS; row += 1) scores[row] = (scores[row] as number) / sum;
}
