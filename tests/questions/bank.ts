import { loadQuestionFiles } from "../../src/adapters/files/bank.ts";
import type { Question } from "../../src/core/question/question.ts";

const loading = loadQuestionFiles("questions");

/** One question of the bank, for tests that prove its figures. */
export async function question(id: string): Promise<Question> {
	const found = (await loading).questions.get(id);
	if (!found) throw new Error(`no valid question ${id} in the bank`);
	return found;
}
