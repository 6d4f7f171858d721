import { textOf } from "../../src/core/import/file-text.ts";
import { readQuestions } from "../../src/core/import/read.ts";

/** Each as "prompt / answer", or with its options "prompt / *right wrong wrong wrong", or "! line: fault". */
export function readImport(file: string | Uint8Array, isTaken: (id: string) => boolean = () => false): string[] {
	const bytes = typeof file === "string" ? new TextEncoder().encode(file) : file;
	const { good, faults } = readQuestions(textOf(bytes), isTaken);
	return [
		...good.map(({ prompt, answer, options }) => {
			const texts = options.map(({ text, correct }) => (correct ? `*${text}` : text));
			return `${prompt} / ${options.length > 0 ? texts.join(" ") : answer}`;
		}),
		...faults.map(({ line, message }) => `! ${line}: ${message}`),
	];
}

/** What most of the files say. */
export const TWO_QUESTIONS = ["What is BPE? / It merges.", "What is RAG? / It retrieves."];
export const TWO_CHECKS = ["Which one merges? / *BPE LDA HMM SVM", "Which one retrieves? / CNN *RAG SVM HMM"];

/** A file that a team brings: fifty questions as CSV. */
export const FIFTY_QUESTIONS = `question,answer\n${Array.from({ length: 50 }, (_, index) => `What is rule ${index + 1}?,It is rule ${index + 1}.`).join("\n")}\n`;
