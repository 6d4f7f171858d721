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

/** A life without its first third, in which caches and compiled code fill up. */
function settledPart(life: readonly Sample[]): Sample[] {
	const [from, to] = [life.at(0)?.at ?? 0, life.at(-1)?.at ?? 0];
	return life.filter(({ at }) => at >= from + (to - from) / 3);
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
	return { value, error: Math.sqrt(rest / freedom / spread), samples: points.length };
}
