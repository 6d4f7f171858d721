import type { Question } from "../../src/core/question/question.ts";
import { lengthRatio, reasonsGiven } from "./options.ts";
import { isUnwritten } from "./scaffold.ts";

/** The right option's length relative to the mean of the others. */
const RATIO = { least: 0.85, most: 1.15 } as const;
/** Characters of the answer to a basic question. */
const BASIC_ANSWER = { least: 600, most: 1000 } as const;

/** A fault in one question that the whole bank's bars count too. */
interface ItemFault {
	/** The bar that counts it. */
	readonly kind: "ratio" | "reasons" | "basic answer";
	readonly id: string;
	readonly field: string;
	readonly message: string;
}

const isWithin = (value: number, { least, most }: { least: number; most: number }) => value >= least && value <= most;

/** Options that give themselves away by their shape, and an answer too short or too long for its level. */
export function itemFaults(question: Question): ItemFault[] {
	if (isUnwritten(question)) return [];
	const faults: ItemFault[] = [];
	const add = (kind: ItemFault["kind"], field: string, message: string) =>
		faults.push({ kind, id: question.id, field, message });
	const ratio = lengthRatio(question);
	if (!isWithin(ratio, RATIO))
		add(
			"ratio",
			"mcq.options",
			`the right option is ${ratio.toFixed(2)} times as long as the others are on average: ${RATIO.least} to ${RATIO.most}`,
		);
	const reasons = reasonsGiven(question);
	if (reasons > 0 && reasons < question.mcq.options.length)
		add(
			"reasons",
			"mcq.options",
			`${reasons} of 4 options give a reason (because, since, so that, as it …): all or none`,
		);
	const { length } = question.answer;
	if (question.difficulty === "basic" && question.category !== "rapid-fire" && !isWithin(length, BASIC_ANSWER))
		add(
			"basic answer",
			"answer",
			`${length} characters for a basic question: ${BASIC_ANSWER.least} to ${BASIC_ANSWER.most}`,
		);
	return faults;
}
