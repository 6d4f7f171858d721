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

/** A process's samples without its first half, in which caches and pools fill up. */
function settledPart(samples: readonly Sample[]): Sample[] {
	const [from, to] = [samples.at(0)?.at ?? 0, samples.at(-1)?.at ?? 0];
	return samples.filter(({ at }) => at >= (from + to) / 2);
}

/**
 * How much larger a slope's error is than with independent residuals: a sample of memory resembles the one before, and
 * so says less than a new one would. Assumes a first-order autoregressive process.
 */
function inflation(residuals: readonly number[]): number {
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
	const parts = runs.map(settledPart).filter((part) => part.length >= 3);
	const points = parts.flatMap((part) => {
		const [time, bytes] = [mean(part.map(({ at }) => at)), mean(part.map((sample) => sample.bytes))];
		return part.map((sample) => ({ x: (sample.at - time) / HOUR, y: (sample.bytes - bytes) / MEGABYTE }));
	});
	const spread = points.reduce((sum, { x }) => sum + x * x, 0);
	const value = points.reduce((sum, { x, y }) => sum + x * y, 0) / spread;
	const rest = points.reduce((sum, { x, y }) => sum + (y - value * x) ** 2, 0);
	const freedom = points.length - parts.length - 1;
	const error = Math.sqrt(rest / freedom / spread) * inflation(points.map(({ x, y }) => y - value * x));
	return { value, error, samples: points.length };
}
