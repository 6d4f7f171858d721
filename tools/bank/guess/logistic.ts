import { OPTIONS, softmaxFour, type Table } from "./choice-model.ts";

/** After this many steps a fit is far more precise than a guess needs. */
const FULL_STEPS = 12;
const FOLD_STEPS = 8;
const SETTLED = 1e-4;

/** The probabilities of every option under the weights. */
function probabilities({ items, width, values }: Table, weights: Float64Array): Float64Array {
	const scores = new Float64Array(items * OPTIONS);
	for (let row = 0; row < scores.length; row += 1) {
		let score = 0;
		const start = row * width;
		for (let column = 0; column < width; column += 1) {
			const value = values[start + column] as number;
			if (value !== 0) score += value * (weights[column] as number);
		}
		scores[row] = score;
	}
	for (let item = 0; item < items; item += 1) softmaxFour(scores, item * OPTIONS);
	return scores;
}

/** The gradient of the penalised log loss; the item `without` does not count. */
function gradient(table: Table, weights: Float64Array, penalty: number, without: number): Float64Array {
	const { items, width, values, right } = table;
	const chances = probabilities(table, weights);
	const slope = weights.map((weight) => penalty * weight);
	for (let item = 0; item < items; item += 1) {
		if (item === without) continue;
		for (let option = 0; option < OPTIONS; option += 1) {
			const row = item * OPTIONS + option;
			const error = (chances[row] as number) - Number(option === right[item]);
			const start = row * width;
			for (let column = 0; column < width; column += 1) {
				const value = values[start + column] as number;
				if (value !== 0) slope[column] = (slope[column] as number) + error * value;
			}
		}
	}
	return slope;
}

/** The Hessian of the penalised log loss. */
function curvature(table: Table, weights: Float64Array, penalty: number): Float64Array {
	const { items, width, values } = table;
	const chances = probabilities(table, weights);
	const matrix = new Float64Array(width * width);
	const add = (start: number, mean: Float64Array, factor: number) => {
		const used: number[] = [];
		for (let column = 0; column < width; column += 1)
			if ((values[start + column] as number) !== (mean[column] as number)) used.push(column);
		for (const i of used) {
			const weighted = factor * ((values[start + i] as number) - (mean[i] as number));
			for (const j of used) {
				if (j > i) break;
				const at = i * width + j;
				matrix[at] = (matrix[at] as number) + weighted * ((values[start + j] as number) - (mean[j] as number));
			}
		}
	};
	const mean = new Float64Array(width);
	for (let item = 0; item < items; item += 1) {
		mean.fill(0);
		for (let row = item * OPTIONS; row < (item + 1) * OPTIONS; row += 1)
			for (let column = 0; column < width; column += 1)
				mean[column] = (mean[column] as number) + (chances[row] as number) * (values[row * width + column] as number);
		for (let row = item * OPTIONS; row < (item + 1) * OPTIONS; row += 1) add(row * width, mean, chances[row] as number);
	}
	for (let column = 0; column < width; column += 1) {
		const at = column * width + column;
		matrix[at] = (matrix[at] as number) + penalty;
	}
	return matrix;
}

/** The Cholesky factor of a symmetric positive definite matrix, in place. */
function cholesky(matrix: Float64Array, width: number): Float64Array {
	for (let i = 0; i < width; i += 1)
		for (let j = 0; j <= i; j += 1) {
			let sum = matrix[i * width + j] as number;
			for (let k = 0; k < j; k += 1) sum -= (matrix[i * width + k] as number) * (matrix[j * width + k] as number);
			matrix[i * width + j] = i === j ? Math.sqrt(sum) : sum / (matrix[j * width + j] as number);
		}
	return matrix;
}

function solve(root: Float64Array, vector: Float64Array): Float64Array {
	const width = vector.length;
	const result = vector.slice();
	for (let i = 0; i < width; i += 1) {
		let sum = result[i] as number;
		for (let k = 0; k < i; k += 1) sum -= (root[i * width + k] as number) * (result[k] as number);
		result[i] = sum / (root[i * width + i] as number);
	}
	for (let i = width - 1; i >= 0; i -= 1) {
		const value = (result[i] as number) / (root[i * width + i] as number);
		result[i] = value;
		for (let k = 0; k < i; k += 1) result[k] = (result[k] as number) - (root[i * width + k] as number) * value;
	}
	return result;
}

/** Takes Newton steps until the gradient is flat. */
function descend(
	table: Table,
	weights: Float64Array,
	steps: number,
	settings: { readonly penalty: number; readonly without: number; rootAt(weights: Float64Array): Float64Array },
): Float64Array {
	let now = weights;
	for (let step = 0; step < steps; step += 1) {
		const slope = gradient(table, now, settings.penalty, settings.without);
		if (slope.every((value) => Math.abs(value) < SETTLED)) break;
		const move = solve(settings.rootAt(now), slope);
		now = now.map((weight, column) => weight - (move[column] as number));
	}
	return now;
}

export interface Held {
	/** The probabilities of each item's options by a fit that has not seen the item. */
	readonly probabilities: Float64Array;
	/** The weights of the fit to all items. */
	readonly weights: Float64Array;
}

/**
 * A multinomial logistic regression over the four options of an item; each item is judged by a fit without it.
 * @param penalty the penalty of squared weights
 */
export function leaveOneOut(table: Table, penalty: number): Held {
	const { items, width } = table;
	const rootAt = (weights: Float64Array) => cholesky(curvature(table, weights, penalty), width);
	const all = descend(table, new Float64Array(width), FULL_STEPS, { penalty, without: -1, rootAt });
	// Leaving one item out moves the fit only a little, so the Hessian of the whole fit is close enough.
	const root = rootAt(all);
	const held = new Float64Array(items * OPTIONS);
	for (let item = 0; item < items; item += 1) {
		const fit = descend(table, all, FOLD_STEPS, { penalty, without: item, rootAt: () => root });
		const one = {
			...table,
			items: 1,
			values: table.values.subarray(item * OPTIONS * width, (item + 1) * OPTIONS * width),
		};
		held.set(probabilities(one, fit), item * OPTIONS);
	}
	return { probabilities: held, weights: all };
}
