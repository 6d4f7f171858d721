/** A measurement in one life of a process: milliseconds since its birth, and bytes in use. */
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

/** A life without its first half, in which caches and pools fill up. */
function settledPart(life: readonly Sample[]): Sample[] {
	const [from, to] = [life.at(0)?.at ?? 0, life.at(-1)?.at ?? 0];
	return life.filter(({ at }) => at >= (from + to) / 2);
}

/**
 * By how much the error of a slope is larger than it were with residuals that know nothing of each other: a sample of
 * memory is much like the one before, and says less than a new one would. For a first-order process.
 */
function inflation(residuals: readonly number[]): number {
	const square = residuals.reduce((sum, residual) => sum + residual ** 2, 0);
	const neighbours = residuals.slice(1).reduce((sum, residual, index) => sum + residual * (residuals[index] ?? 0), 0);
	const correlation = Math.min(0.99, Math.max(0, neighbours / square));
	return Math.sqrt((1 + correlation) / (1 - correlation));
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * Growth of memory in megabytes an hour: one slope through all lives, each with a level of its own, by least squares.
 * @param lives each life's samples, in order
 */
export function slopeOf(lives: readonly (readonly Sample[])[]): Slope {
	const parts = lives.map(settledPart).filter((part) => part.length >= 3);
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
