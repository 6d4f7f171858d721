import { join } from "node:path";
import { loadQuestionFiles } from "../../../src/adapters/files/bank.ts";
import { Bank } from "../../../src/core/question/bank.ts";

/** The real bank. */
export async function realBank(): Promise<Bank> {
	const { questions } = await loadQuestionFiles(join(import.meta.dirname, "../../../questions"));
	return new Bank(questions);
}
