import { createHash } from "node:crypto";
import { and, eq, inArray, isNull, ne } from "drizzle-orm";
import * as schema from "../../../drizzle/schema.ts";
import type { BankStore } from "../../core/ports/bank.ts";
import { OPTION_LETTERS, type Question } from "../../core/question/question.ts";
import type { Db } from "./db.ts";

const { questions, questionRevisions, answers } = schema;

function hashOf(question: Question): string {
	return createHash("sha256").update(JSON.stringify(question)).digest("hex");
}

const rightText = (question: Question) => question.mcq.options.find((option) => option.correct)?.text;

/** What the database stores of the bank: each question's revisions, and whether it is retired. */
export class PostgresBank implements BankStore {
	readonly #db: Db;

	constructor(db: Db) {
		this.#db = db;
	}

	async synchronise(
		bank: readonly Question[],
		now: Date,
	): Promise<{ added: number; revised: number; retired: number }> {
		const rows = await this.#db.select().from(questions);
		const known = new Map(rows.map((row) => [row.id, row]));
		const counts = { added: 0, revised: 0, retired: 0 };
		for (const question of bank) {
			const row = known.get(question.id);
			if (row && row.contentHash === hashOf(question) && row.retiredAt === null) continue;
			if (row) counts.revised += 1;
			else counts.added += 1;
			if (row) await this.#acceptCorrection(question, row.revision);
			await this.#write(question);
		}
		const present = new Set(bank.map(({ id }) => id));
		const missing = rows.filter(({ id, retiredAt }) => retiredAt === null && !present.has(id)).map(({ id }) => id);
		if (missing.length === 0) return counts;
		const retired = await this.#db
			.update(questions)
			.set({ retiredAt: now })
			.where(and(isNull(questions.retiredAt), inArray(questions.id, missing)))
			.returning({ id: questions.id });
		return { ...counts, retired: retired.length };
	}

	async #write(question: Question): Promise<void> {
		const { id, revision } = question;
		const contentHash = hashOf(question);
		await this.#db
			.insert(questions)
			.values({ id, revision, contentHash })
			.onConflictDoUpdate({ target: questions.id, set: { revision, contentHash, retiredAt: null } });
		await this.#db
			.insert(questionRevisions)
			.values({ questionId: id, revision, content: question })
			.onConflictDoUpdate({
				target: [questionRevisions.questionId, questionRevisions.revision],
				set: { content: question },
			});
	}

	/**
	 * If another option became right, members who chose it count as right, whatever letter it had in their revision.
	 */
	async #acceptCorrection(question: Question, before: number): Promise<void> {
		const old = await this.revision(question.id, before);
		const right = rightText(question);
		if (!old || rightText(old) === right) return;
		const revisions = await this.#db
			.select({ revision: questionRevisions.revision, content: questionRevisions.content })
			.from(questionRevisions)
			.where(eq(questionRevisions.questionId, question.id));
		for (const { revision, content } of revisions) {
			const letter = OPTION_LETTERS[content.mcq.options.findIndex((option) => option.text === right)];
			if (letter === undefined) continue;
			const chosen = and(
				eq(answers.questionId, question.id),
				eq(answers.revision, revision),
				eq(answers.option, letter),
				ne(answers.correct, true),
			);
			await this.#db.update(answers).set({ correct: true }).where(chosen);
		}
	}

	async revision(questionId: string, revision: number): Promise<Question | null> {
		const [row] = await this.#db
			.select({ content: questionRevisions.content })
			.from(questionRevisions)
			.where(and(eq(questionRevisions.questionId, questionId), eq(questionRevisions.revision, revision)));
		return row?.content ?? null;
	}
}
