import type { Question } from "../../src/core/question/question.ts";

export const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
export const thousands = (value: number) => value.toLocaleString("en-US");
export const percent = (share: number) => `${Math.round(100 * share)}%`;
export const seconds = (value: number) => `${value.toFixed(1)} s`;
export const optionsOf = ({ mcq }: Question) => mcq.options.map(({ text }) => text);
export const rightOf = ({ mcq }: Question) => mcq.options.find(({ correct }) => correct);

export function choose(n: number, k: number): number {
	let ways = 1;
	for (let i = 1; i <= k; i += 1) ways = (ways * (n - k + i)) / i;
	return ways;
}

/** Two-sided p-value of the sign test: how often a fair coin splits at least as unevenly. */
export function signTest(better: number, worse: number): number {
	const n = better + worse;
	const most = Math.max(better, worse);
	const tail = sum(Array.from({ length: n - most + 1 }, (_, i) => choose(n, most + i))) / 2 ** n;
	return Math.min(1, 2 * tail);
}
