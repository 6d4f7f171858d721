import { type Category, type OptionLetter, QUESTION_LIMITS, type Question } from "../../src/core/question/question.ts";
import { rightPositions } from "./lint.ts";

/** Marks everything that a new file leaves to its author. */
export const TO_WRITE = "TO WRITE:";

interface Habit {
	readonly kind: Question["kind"];
	readonly minutes: Question["minutes"];
}

/** The usual kind and length of a category's questions. */
const HABITS: Readonly<Record<Category, Habit>> = {
	fundamentals: { kind: "concept", minutes: 5 },
	transformers: { kind: "concept", minutes: 5 },
	"advanced-llm": { kind: "concept", minutes: 5 },
	"llm-apps": { kind: "concept", minutes: 5 },
	scenarios: { kind: "scenario", minutes: 10 },
	"system-design": { kind: "design", minutes: 15 },
	debugging: { kind: "debug", minutes: 10 },
	behavioral: { kind: "behavioral", minutes: 5 },
	"rapid-fire": { kind: "rapid", minutes: 1 },
};

const times = (count: number, part: (number: number) => string): string =>
	Array.from({ length: count }, (_, index) => part(index + 1)).join("\n");

/** The position that is right least often: a new question uses it, so that the spread stays even. */
function rarestPosition(questions: readonly Question[]): OptionLetter {
	const spread = rightPositions(questions);
	return (["A", "B", "C", "D"] as const).reduce((rarest, letter) =>
		spread[letter] < spread[rarest] ? letter : rarest,
	);
}

function optionLines(right: OptionLetter): string {
	const lines = (["A", "B", "C", "D"] as const).map((letter) =>
		letter === right
			? [
					`    - text: "${TO_WRITE} what is right, as long as the others and as much of a reason"`,
					"      correct: true",
					`      why: "${TO_WRITE} why it is right"`,
				]
			: [
					`    - text: "${TO_WRITE} wrong option ${letter}, which a half-prepared candidate would choose"`,
					`      why: "${TO_WRITE} the misconception behind it, and what holds instead"`,
				],
	);
	return lines.flat().join("\n");
}

function rubricLines(): string {
	const lines = times(
		4,
		(number) => `  - criterion: "${TO_WRITE} what interviewers listen for, ${number}"
    strong: "${TO_WRITE} what a strong answer shows"
    weak: "${TO_WRITE} what a weak answer shows"`,
	);
	return `rubric: # 4 to 6; behavioral questions alone have one\n${lines}\n`;
}

/**
 * The text of a new question file: every field with a comment, in a record that passes the schema.
 * @param today local date, YYYY-MM-DD
 * @param others the bank so far
 */
export function scaffold(id: string, category: Category, today: string, others: readonly Question[]): string {
	const { kind, minutes } = HABITS[category];
	const limit = QUESTION_LIMITS;
	const longestAnswer = category === "rapid-fire" ? limit.rapidAnswer : limit.answer;
	return `# docs/questions.md explains every field. Numbers are the most characters that a text may have.
id: ${id}
revision: 1
reviewed_on: ${today}
# review_by: YYYY-MM-DD, for what dates: model names, defaults of libraries, prices
category: ${category}
difficulty: basic # basic, intermediate, advanced
kind: ${kind}
tags: [evaluation, data] # 2 to 5 of the list in docs/questions.md
minutes: ${minutes} # 1, 2, 5, 10, 15
title: "${TO_WRITE} what it is about" # ${limit.title}
prompt: "${TO_WRITE} the question, as an interviewer asks it" # ${limit.prompt}
# exhibit: | # ${limit.exhibit}, lines of ${limit.exhibitLine}: code, a log, a curve as numbers, for a question that is about reading it
hint: "${TO_WRITE} where to look, without the answer" # ${limit.hint}
answer: | # ${longestAnswer}
  ${TO_WRITE} the core in two sentences.

  ${TO_WRITE} the mechanism, a number or a small example, the trade-off, when it fails.
key_points: # 4 to 8 labels of ${limit.keyPoint}, together ${limit.keyPointsTotal}; must: true marks the essential ones
${times(4, (number) => `  - label: "${TO_WRITE} key point ${number}"${number <= 2 ? "\n    must: true" : ""}`)}
mcq:
  stem: "${TO_WRITE} a case in which the idea is applied" # ${limit.stem}
  options: # text ${limit.option}, why ${limit.optionWhy}; exactly one with correct: true
${optionLines(rarestPosition(others))}
  explanation: "${TO_WRITE} how to reach the right option" # ${limit.explanation}
traps: # 2 or 3
${times(
	2,
	(number) => `  - claim: "${TO_WRITE} a wrong claim that circulates, ${number}" # ${limit.trapClaim}
    correction: "${TO_WRITE} what is true" # ${limit.trapCorrection}`,
)}
follow_ups: # 2 to 4
${times(
	2,
	(number) => `  - q: "${TO_WRITE} what an interviewer asks next, ${number}" # ${limit.followUpQuestion}
    a: "${TO_WRITE} the answer" # ${limit.followUpAnswer}`,
)}
references: # 1 to 3; add url: https://… where you are sure of it
  - label: "${TO_WRITE} authors, year, title" # ${limit.referenceLabel}
    kind: paper # paper, book, documentation, standard, article, software
needs: [] # ids of questions to know first
see: [] # ids of questions to go on with
${category === "behavioral" ? rubricLines() : ""}`;
}

/** Whether a question still contains something that a new file leaves to its author. */
export function isUnwritten(question: Question): boolean {
	return JSON.stringify(question).includes(TO_WRITE);
}
