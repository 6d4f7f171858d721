export const percent = (share: number, digits = 0) => `${(100 * share).toFixed(digits)}%`;
export const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
export const thousands = (value: number) => value.toLocaleString("en-US");

export function binomial(n: number, k: number): number {
	let ways = 1;
	for (let i = 1; i <= k; i += 1) ways = (ways * (n - k + i)) / i;
	return ways;
}
