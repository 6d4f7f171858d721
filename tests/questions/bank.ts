import type { Question } from "../../src/core/question/question.ts";
import { realQuestions } from "../support/bank.ts";

/** One question of the bank, for tests that check its figures. */
export async function question(id: string): Promise<Question> {
	const found = (await realQuestions()).get(id);
	if (!found) throw new Error(`no valid question ${id} in the bank`);
	return found;
}
