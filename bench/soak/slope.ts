/** A measurement of one process: milliseconds since its start, and bytes in use. */
export interface Sample {
	readonly at: number;
	readonly bytes: number;
}

/** A slope with its standard error. */
export interface Slope {
	readonly value: number;
	readonly error: number;
	readonly samples: number;
}

const HOUR = 3_600_000;
const MEGABYTE = 1e6;

/** The samples of the second half of a run. In the first half, caches and pools fill up. */
function secondHalf(samples: readonly Sample[]): Sample[] {
	const [from, to] = [samples.at(0)?.at ?? 0, samples.at(-1)?.at ?? 0];
	return samples.filter(({ at }) => at >= (from + to) / 2);
}

/**
 * The factor by which a slope's error is larger than with independent residuals, because each sample resembles the one
 * before. Assumes a first-order autoregressive process.
 */
function errorInflation(residuals: readonly number[]): number {
	const square = residuals.reduce((sum, residual) => sum + residual ** 2, 0);
	const neighbours = residuals.slice(1).reduce((sum, residual, index) => sum + residual * (residuals[index] ?? 0), 0);
	const correlation = Math.min(0.99, Math.max(0, neighbours / square));
	return Math.sqrt((1 + correlation) / (1 - correlation));
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * Growth of memory in megabytes per hour: one slope for all processes, each with its own level, by least squares.
 * @param runs each process's samples, in order
 */
export function slopeOf(runs: readonly (readonly Sample[])[]): Slope {
	const parts = runs.map(secondHalf).filter((part) => part.length >= 3);
	const points = parts.flatMap((part) => {
		const [time, bytes] = [mean(part.map(({ at }) => at)), mean(part.map((sample) => sample.bytes))];
		return part.map((sample) => ({ x: (sample.at - time) / HOUR, y: (sample.bytes - bytes) / MEGABYTE }));
	});
	const spread = points.reduce((sum, { x }) => sum + x * x, 0);
	const value = points.reduce((sum, { x, y }) => sum + x * y, 0) / spread;
	const squaredError = points.reduce((sum, { x, y }) => sum + (y - value * x) ** 2, 0);
	const degreesOfFreedom = points.length - parts.length - 1;
	const error =
		Math.sqrt(squaredError / degreesOfFreedom / spread) * errorInflation(points.map(({ x, y }) => y - value * x));
	return { value, error, samples: points.length };
}
