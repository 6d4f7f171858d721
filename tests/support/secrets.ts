import type { Question } from "../../src/core/question/question.ts";

/** Text as it is compared: in lower case, blanks as one. */
const plain = (text: string) => text.toLowerCase().replace(/\s+/g, " ").trim();

/** The sentences of a text that are long enough to be known again. "et al." ends none. */
export const sentences = (text: string) =>
	text
		.split(/(?<=[.!?])(?<!\bal\.)\s+|\n+/)
		.map(plain)
		.filter((sentence) => sentence.length >= 15);

/** What must not be seen of a question before an attempt or a reveal. */
export function secretsOf(question: Question): string[] {
	const { answer, key_points, traps, mcq, follow_ups } = question;
	return [
		...sentences(answer),
		...key_points.map((point) => plain(point.label)),
		...traps.map((trap) => plain(trap.correction)),
		...mcq.options.map((option) => plain(option.why)),
		plain(mcq.explanation),
		...sentences(mcq.explanation),
		...follow_ups.map((next) => plain(next.a)),
	];
}

/** Every string of a card, a form or a reply's facts, labels and values of buttons too. */
export function shown(value: unknown): string {
	if (typeof value === "string") return `${plain(value)}\n`;
	return typeof value === "object" && value !== null ? Object.values(value).map(shown).join("") : "";
}

/** Which secrets of a question something gives away. */
export function leaks(question: Question, value: unknown): string[] {
	const text = shown(value);
	return secretsOf(question).filter((secret) => text.includes(secret));
}
