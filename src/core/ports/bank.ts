import type { Question } from "../question/question.ts";

export interface BankStore {
	/** Brings the tables to the files' state: new revisions are added, missing questions retired. */
	synchronise(questions: readonly Question[], now: Date): Promise<{ added: number; revised: number; retired: number }>;
	/** A question as it was at a revision; also of a retired one. */
	revision(questionId: string, revision: number): Promise<Question | null>;
}
