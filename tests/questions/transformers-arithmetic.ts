import { question } from "./bank.ts";

export type Vector = readonly number[];

export const sum = (values: Vector) => values.reduce((total, value) => total + value, 0);
export const mean = (values: Vector) => sum(values) / values.length;
export const range = (count: number) => Array.from({ length: count }, (_, index) => index);
export const thousands = (value: number) => value.toLocaleString("en-US");

export async function answer(id: string): Promise<string> {
	return (await question(id)).answer;
}

export async function rightOption(id: string): Promise<string> {
	return (await question(id)).mcq.options.find((option) => option.correct)?.text ?? "";
}

export async function optionTexts(id: string): Promise<string[]> {
	return (await question(id)).mcq.options.map((option) => option.text);
}

export function softmax(logits: Vector): number[] {
	const powers = logits.map((logit) => Math.exp(logit - Math.max(...logits)));
	return powers.map((power) => power / sum(powers));
}

export const product = (values: Vector) => values.reduce((total, value) => total * value, 1);

export const fixed = (values: Vector, digits: number) => values.map((value) => value.toFixed(digits)).join(", ");
