import { expect } from "vitest";
import { question } from "./bank.ts";

/** Rounded text of a number, with its trailing zeros removed. */
export function short(value: number, digits: number): string {
	return String(Number(value.toFixed(digits)));
}

export function percent(share: number, digits = 0): string {
	return `${(100 * share).toFixed(digits)}%`;
}

export function sum(values: readonly number[]): number {
	return values.reduce((total, value) => total + value, 0);
}

export function softmax(scores: readonly number[]): number[] {
	const exponentials = scores.map((score) => Math.exp(score));
	return exponentials.map((value) => value / sum(exponentials));
}

export function first(values: readonly number[]): number {
	const value = values[0];
	if (value === undefined) throw new Error("an empty list");
	return value;
}

/** Expects the texts of the four options of a quick check in their order, and the right one among them. */
export async function expectOptions(id: string, texts: readonly string[], right: string): Promise<void> {
	const { options } = (await question(id)).mcq;
	expect(options.map(({ text }) => text)).toEqual(texts);
	expect(options.find(({ correct }) => correct)?.text).toBe(right);
}

export async function answerOf(id: string): Promise<string> {
	return (await question(id)).answer;
}

export const KIB = 2 ** 10;

/** Bytes of the KV cache for one token. */
export function cacheBytes(layers: number, heads: number, dimension: number, bytes: number): number {
	return 2 * layers * heads * dimension * bytes;
}
