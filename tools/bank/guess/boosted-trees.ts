import { OPTIONS, softmaxFour, type Table } from "./choice-model.ts";

const ROUNDS = 60;
const DEPTH = 3;
const BINS = 12;
const RATE = 0.12;
/** The fewest rows of a leaf, and the penalty that shrinks its value. */
const MIN_ROWS = 8;
const LEAF_PENALTY = 4;
/** The shares of items and of columns that each tree sees. */
const ITEM_SHARE = 0.7;
const COLUMN_SHARE = 0.5;

/** Random numbers in [0, 1), the same for a seed on every machine (mulberry32). */
export function randomFrom(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

/** Replaces every value by the number of its bin; bins have about equally many rows. */
function binned({ items, width, values }: Table): Uint8Array {
	const rows = items * OPTIONS;
	const bins = new Uint8Array(rows * width);
	for (let column = 0; column < width; column += 1) {
		const sorted = Float64Array.from({ length: rows }, (_, row) => values[row * width + column] as number).sort();
		const edges = [
			...new Set(Array.from({ length: BINS - 1 }, (_, bin) => sorted[Math.floor(((bin + 1) * rows) / BINS)])),
		];
		for (let row = 0; row < rows; row += 1) {
			const value = values[row * width + column] as number;
			bins[row * width + column] = edges.filter((edge) => (edge as number) <= value).length;
		}
	}
	return bins;
}

type Tree =
	| { readonly value: number }
	| { readonly column: number; readonly bin: number; readonly low: Tree; readonly high: Tree };

interface Growing {
	readonly bins: Uint8Array;
	readonly width: number;
	/** How far each row's score should move: the residual. */
	readonly residuals: Float64Array;
	readonly columns: readonly number[];
}

/** The split that explains the most of the residuals; null if none explains anything. */
function bestSplit({ bins, width, residuals: wanted, columns }: Growing, rows: readonly number[]) {
	let best: { column: number; bin: number; gain: number } | null = null;
	const total = rows.reduce((sum, row) => sum + (wanted[row] as number), 0);
	const worth = (sum: number, count: number) => (sum * sum) / (count + LEAF_PENALTY);
	const sums = new Float64Array(BINS);
	const counts = new Uint32Array(BINS);
	for (const column of columns) {
		sums.fill(0);
		counts.fill(0);
		for (const row of rows) {
			const bin = bins[row * width + column] as number;
			sums[bin] = (sums[bin] as number) + (wanted[row] as number);
			counts[bin] = (counts[bin] as number) + 1;
		}
		let [sum, count] = [0, 0];
		for (let bin = 0; bin < BINS - 1; bin += 1) {
			sum += sums[bin] as number;
			count += counts[bin] as number;
			if (count < MIN_ROWS || rows.length - count < MIN_ROWS) continue;
			const gain = worth(sum, count) + worth(total - sum, rows.length - count) - worth(total, rows.length);
			if (gain > (best?.gain ?? 1e-9)) best = { column, bin, gain };
		}
	}
	return best;
}

function grow(growing: Growing, rows: readonly number[], depth: number): Tree {
	const split = depth === 0 ? null : bestSplit(growing, rows);
	if (!split) {
		const sum = rows.reduce((total, row) => total + (growing.residuals[row] as number), 0);
		return { value: (RATE * OPTIONS * sum) / (rows.length + LEAF_PENALTY) };
	}
	const { column, bin } = split;
	const isLow = (row: number) => (growing.bins[row * growing.width + column] as number) <= bin;
	return {
		column,
		bin,
		low: grow(growing, rows.filter(isLow), depth - 1),
		high: grow(
			growing,
			rows.filter((row) => !isLow(row)),
			depth - 1,
		),
	};
}

function leafValue(tree: Tree, bins: Uint8Array, width: number, row: number): number {
	let node = tree;
	while ("column" in node) node = (bins[row * width + node.column] as number) <= node.bin ? node.low : node.high;
	return node.value;
}

/** Scores of all rows by trees grown on some of the items, each tree on the residuals of those before it. */
function boosted(table: Table, bins: Uint8Array, learned: readonly number[], random: () => number): Float64Array {
	const { items, width, right } = table;
	const scores = new Float64Array(items * OPTIONS);
	for (let round = 0; round < ROUNDS; round += 1) {
		const chances = scores.slice();
		for (let item = 0; item < items; item += 1) softmaxFour(chances, item * OPTIONS);
		const wanted = chances.map((chance, row) => Number(row % OPTIONS === right[Math.floor(row / OPTIONS)]) - chance);
		const rows = learned
			.filter(() => random() < ITEM_SHARE)
			.flatMap((item) => Array.from({ length: OPTIONS }, (_, option) => item * OPTIONS + option));
		const columns = Array.from({ length: width }, (_, column) => column).filter(() => random() < COLUMN_SHARE);
		const tree = grow({ bins, width, residuals: wanted, columns }, rows, DEPTH);
		for (let row = 0; row < scores.length; row += 1)
			scores[row] = (scores[row] as number) + leafValue(tree, bins, width, row);
	}
	return scores;
}

/**
 * Small boosted trees; each item is scored by trees that have not seen it.
 * @param folds how many parts of the bank are left out in turn
 * @returns the probabilities of every option, averaged over the seeds
 */
export function heldOutTrees(table: Table, folds: number, seeds: readonly number[]): Float64Array {
	const { items } = table;
	const bins = binned(table);
	const mean = new Float64Array(items * OPTIONS);
	for (const seed of seeds) {
		const random = randomFrom(seed);
		const order = Array.from({ length: items }, (_, item) => ({ item, key: random() })).sort((a, b) => a.key - b.key);
		for (let fold = 0; fold < folds; fold += 1) {
			const held = order.flatMap(({ item }, place) => (place % folds === fold ? [item] : []));
			const learned = order.flatMap(({ item }, place) => (place % folds === fold ? [] : [item]));
			const scores = boosted(table, bins, learned, random);
			for (const item of held) {
				softmaxFour(scores, item * OPTIONS);
				for (let row = item * OPTIONS; row < (item + 1) * OPTIONS; row += 1)
					mean[row] = (mean[row] as number) + (scores[row] as number) / seeds.length;
			}
		}
	}
	return mean;
}
