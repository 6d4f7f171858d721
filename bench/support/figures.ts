/** The smallest figure that is at least as large as this share of all figures; NaN if there are none. */
export function quantile(figures: readonly number[], share: number): number {
	const sorted = figures.toSorted((a, b) => a - b);
	return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export const median = (figures: readonly number[]): number => quantile(figures, 0.5);

/** How long some work takes, in milliseconds. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
	const startedAt = performance.now();
	await work();
	return performance.now() - startedAt;
}

/** Prints one figure; its name includes the unit. */
export function printFigure(name: string, value: number): void {
	const digits = Number.isInteger(value) ? 0 : Math.abs(value) < 10 ? 2 : 1;
	process.stdout.write(`${name}: ${value.toFixed(digits)}\n`);
}
