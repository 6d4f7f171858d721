import type { Question } from "../../src/core/question/question.ts";
import { lengthRatio, reasonsGiven } from "./options.ts";

/** The right option's length against the mean of the others. */
export const RATIO = { least: 0.85, most: 1.15 } as const;
/** Characters of an answer to a basic question. */
export const BASIC_ANSWER = { least: 600, most: 1000 } as const;

/** Something in one question that adds to a habit of the bank; the whole bank's bars count it. */
interface Warning {
	/** What it is counted as. */
	readonly kind: "ratio" | "reasons" | "basic answer";
	readonly field: string;
	readonly message: string;
}

const isWithin = (value: number, { least, most }: { least: number; most: number }) => value >= least && value <= most;

/** What an author should mend in a question, though it is no fault yet. */
export function warningsOf(question: Question): Warning[] {
	const warnings: Warning[] = [];
	const ratio = lengthRatio(question);
	if (!isWithin(ratio, RATIO))
		warnings.push({
			kind: "ratio",
			field: "mcq.options",
			message: `the right option is ${ratio.toFixed(2)} times as long as the others are on average: ${RATIO.least} to ${RATIO.most}`,
		});
	const reasons = reasonsGiven(question);
	if (reasons > 0 && reasons < question.mcq.options.length)
		warnings.push({
			kind: "reasons",
			field: "mcq.options",
			message: `${reasons} of 4 options give a reason (because, since, so that, as it …): all or none`,
		});
	const { length } = question.answer;
	if (question.difficulty === "basic" && question.category !== "rapid-fire" && !isWithin(length, BASIC_ANSWER))
		warnings.push({
			kind: "basic answer",
			field: "answer",
			message: `${length} characters for a basic question: ${BASIC_ANSWER.least} to ${BASIC_ANSWER.most}`,
		});
	return warnings;
}
