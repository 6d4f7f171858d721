import type { Question } from "../question/question.ts";

export interface BankStore {
	/** Makes the tables agree with the files: adds new revisions and retires missing questions. */
	synchronise(questions: readonly Question[], now: Date): Promise<{ added: number; revised: number; retired: number }>;
	/** A question at a revision. Also finds retired questions. */
	revision(questionId: string, revision: number): Promise<Question | null>;
}
