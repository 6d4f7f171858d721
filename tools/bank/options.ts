/** Compares a quick check's options with each other. */
import type { Question } from "../../src/core/question/question.ts";
import { givesReason } from "./guess/cues.ts";

/** The ranks of four options in the order of their lengths. */
export const LENGTH_RANKS = ["shortest", "second", "third", "longest"] as const;

function lengthsOf({ mcq }: Question) {
	const right = mcq.options.find((option) => option.correct)?.text.length ?? 0;
	const others = mcq.options.filter((option) => !option.correct).map((option) => option.text.length);
	return { right, others };
}

/** The right option's length relative to the mean of the others. */
export function lengthRatio(question: Question): number {
	const { right, others } = lengthsOf(question);
	return right / (others.reduce((sum, length) => sum + length, 0) / others.length);
}

/** Which rank the right option has in the order of lengths, as shares: options of equal length share their ranks. */
export function rankShares(question: Question): number[] {
	const { right, others } = lengthsOf(question);
	const shorter = others.filter((length) => length < right).length;
	const equal = others.filter((length) => length === right).length;
	return LENGTH_RANKS.map((_, rank) => (rank >= shorter && rank <= shorter + equal ? 1 / (equal + 1) : 0));
}

/** How many of the four options argue for themselves. */
export function reasonsGiven({ mcq }: Question): number {
	return mcq.options.filter(({ text }) => givesReason(text)).length;
}
