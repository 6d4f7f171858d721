export const GB = 1e9;
export const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
export const dot = (a: readonly number[], b: readonly number[]) =>
	sum(a.map((value, index) => value * (b[index] ?? 0)));
export const norm = (a: readonly number[]) => Math.sqrt(dot(a, a));
export const thousands = (value: number) => value.toLocaleString("en-US");
export const percent = (share: number) => `${Math.round(100 * share)}%`;

export function choose(n: number, k: number): number {
	if (k < 0 || k > n) return 0;
	let ways = 1;
	for (let i = 1; i <= k; i += 1) ways = (ways * (n - k + i)) / i;
	return ways;
}

/** Half the width of a 95% interval of a success rate, in percentage points. */
export const halfWidth = (rate: number, items: number) => 100 * 1.96 * Math.sqrt((rate * (1 - rate)) / items);

/** Cohen's kappa of two raters on two classes, from their agreement and their shares of the first class. */
export function kappa(agreement: number, first: number, second: number): { chance: number; value: number } {
	const chance = first * second + (1 - first) * (1 - second);
	return { chance, value: (agreement - chance) / (1 - chance) };
}
