import type { Question } from "../../src/core/question/question.ts";

/** Text prepared for comparison: in lower case, with single spaces. */
const plain = (text: string) => text.toLowerCase().replace(/\s+/g, " ").trim();

/** The sentences of a text that are long enough to be recognised. "et al." ends none. */
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

/** Every string in a card, a form or a reply's data, including labels and values of buttons. */
export function shown(value: unknown): string {
	if (typeof value === "string") return `${plain(value)}\n`;
	return typeof value === "object" && value !== null ? Object.values(value).map(shown).join("") : "";
}

/** The secrets of a question that something gives away. */
export function leaks(question: Question, value: unknown): string[] {
	const text = shown(value);
	return secretsOf(question).filter((secret) => text.includes(secret));
}
