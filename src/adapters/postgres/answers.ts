import { and, count, desc, eq, gt, inArray, isNotNull, isNull, lte, or, sql } from "drizzle-orm";
import * as schema from "../../../drizzle/schema.ts";
import type { Answer, Grade, Occurrence } from "../../core/model.ts";
import type { AnswerContext, AnswerRecord, AnswerStore, OpenOccurrence, SeenHow } from "../../core/ports/answers.ts";
import { keepAnswer, readAnswerContext, reserveAnswerId } from "./answering.ts";
import type { Db } from "./db.ts";
import { onlyRow } from "./db.ts";

const { answers, attempts, reveals, questionViews, occurrences } = schema;

/** Answers, attempts, reveals, and which questions a member has seen. */
export class PostgresAnswers implements AnswerStore {
	readonly #db: Db;

	constructor(db: Db) {
		this.#db = db;
	}

	async openOccurrences(
		workspaceId: number,
		memberId: number,
		questionId: string,
		at: Date,
	): Promise<OpenOccurrence[]> {
		const rows = await this.#db
			.select({ occurrence: occurrences, attempt: attempts.memberId, reveal: reveals.memberId })
			.from(occurrences)
			.leftJoin(attempts, and(eq(attempts.occurrenceId, occurrences.id), eq(attempts.memberId, memberId)))
			.leftJoin(reveals, and(eq(reveals.occurrenceId, occurrences.id), eq(reveals.memberId, memberId)))
			.where(
				and(
					eq(occurrences.workspaceId, workspaceId),
					eq(occurrences.questionId, questionId),
					inArray(occurrences.state, ["delivered", "unknown", "sending"]),
					isNotNull(occurrences.number),
					lte(occurrences.deliveredAt, at),
					or(isNull(occurrences.closesAt), gt(occurrences.closesAt, at)),
				),
			)
			.orderBy(desc(occurrences.deliveredAt), desc(occurrences.id))
			// Answering a question and replacing it wait for each other.
			.for("key share", { of: occurrences });
		return rows.map((row) => ({
			occurrence: row.occurrence,
			attempted: row.attempt !== null,
			revealed: row.reveal !== null,
		}));
	}

	async contextFor(workspaceId: number, memberId: number, questionId: string, at: Date): Promise<AnswerContext> {
		return readAnswerContext(this.#db, workspaceId, memberId, questionId, at);
	}

	reserveId(): Promise<number> {
		return reserveAnswerId(this.#db);
	}

	async record(record: AnswerRecord): Promise<number> {
		return keepAnswer(this.#db, record);
	}

	async addReveal(memberId: number, occurrence: Occurrence, at: Date, localDate: string): Promise<void> {
		await this.#db
			.insert(reveals)
			.values({ memberId, occurrenceId: occurrence.id, workspaceId: occurrence.workspaceId, at, localDate })
			.onConflictDoNothing();
	}

	async clearReveals(occurrenceId: number): Promise<void> {
		await this.#db.delete(reveals).where(eq(reveals.occurrenceId, occurrenceId));
	}

	async answer(memberId: number, answerId: number): Promise<Answer | null> {
		const [row] = await this.#db
			.select()
			.from(answers)
			.where(and(eq(answers.id, answerId), eq(answers.memberId, memberId)));
		return row ?? null;
	}

	async latestAnswer(memberId: number, questionId: string): Promise<Answer | null> {
		const [row] = await this.#db
			.select()
			.from(answers)
			.where(and(eq(answers.memberId, memberId), eq(answers.questionId, questionId)))
			.orderBy(desc(answers.at), desc(answers.id))
			.limit(1);
		return row ?? null;
	}

	async latestAttempt(memberId: number, questionId: string): Promise<Answer | null> {
		const [row] = await this.#db
			.select({ answer: answers })
			.from(answers)
			.innerJoin(attempts, eq(attempts.answerId, answers.id))
			.where(and(eq(answers.memberId, memberId), eq(answers.questionId, questionId)))
			.orderBy(desc(answers.at), desc(answers.id))
			.limit(1);
		return row?.answer ?? null;
	}

	async setGrade(answerId: number, points: readonly number[] | null, grade: Grade, books: boolean): Promise<void> {
		const ticked = points === null ? {} : { points: [...points] };
		const booked = books ? { bookedGrade: grade } : {};
		await this.#db
			.update(answers)
			.set({ ...ticked, ...booked, grade })
			.where(eq(answers.id, answerId));
	}

	async setShared(answerId: number, at: Date): Promise<boolean> {
		const rows = await this.#db
			.update(answers)
			.set({ sharedAt: at })
			.where(and(eq(answers.id, answerId), isNull(answers.sharedAt)))
			.returning({ id: answers.id });
		return rows.length === 1;
	}

	async occurrenceOf(answerId: number): Promise<Occurrence | null> {
		const [row] = await this.#db
			.select({ occurrence: occurrences })
			.from(attempts)
			.innerJoin(occurrences, eq(occurrences.id, attempts.occurrenceId))
			.where(eq(attempts.answerId, answerId))
			.orderBy(desc(occurrences.deliveredAt))
			.limit(1);
		return row?.occurrence ?? null;
	}

	async history(memberId: number, offset: number, limit: number): Promise<{ answer: Answer; attempt: boolean }[]> {
		const rows = await this.#db
			.select({
				answer: answers,
				attempt: sql<boolean>`exists (select 1 from ${attempts} where ${attempts.answerId} = ${answers.id})`,
			})
			.from(answers)
			.where(eq(answers.memberId, memberId))
			.orderBy(desc(answers.at), desc(answers.id))
			.offset(offset)
			.limit(limit);
		return rows;
	}

	async historyLength(memberId: number): Promise<number> {
		return onlyRow(await this.#db.select({ value: count() }).from(answers).where(eq(answers.memberId, memberId))).value;
	}

	async firstAttempts(
		memberId: number,
	): Promise<{ questionId: string; revision: number; correct: boolean | null; grade: Grade | null; at: Date }[]> {
		return this.#db
			.selectDistinctOn([answers.questionId], {
				questionId: answers.questionId,
				revision: answers.revision,
				correct: answers.correct,
				grade: answers.grade,
				at: answers.at,
			})
			.from(answers)
			.where(eq(answers.memberId, memberId))
			.orderBy(answers.questionId, answers.at, answers.id);
	}

	async recordSeen(workspaceId: number, memberId: number, questionId: string, at: Date, how: SeenHow): Promise<void> {
		const seenAt = sql`${at.toISOString()}::timestamptz`;
		const never = sql`null::timestamptz`;
		const keepsAsked = how === "hinted" || how === "options";
		// Selects from members: one who is erased at the same moment stays erased.
		await this.#db.execute(sql`
			with me as (
				update members set last_question_id = ${questionId} where id = ${memberId} returning id
			)
			insert into question_views (member_id, question_id, workspace_id, seen_at, hinted_at, put_at)
			select id, ${questionId}, ${workspaceId}::bigint, ${seenAt}, ${how === "hinted" ? seenAt : never},
				${how === "asked" ? seenAt : never}
			from me
			on conflict (member_id, question_id) do update
			set seen_at = excluded.seen_at, hinted_at = coalesce(excluded.hinted_at, question_views.hinted_at),
				put_at = ${keepsAsked ? sql`question_views.put_at` : sql`excluded.put_at`}`);
	}

	async seenLately(memberId: number, limit: number): Promise<string[]> {
		const rows = await this.#db
			.select({ questionId: questionViews.questionId })
			.from(questionViews)
			.where(eq(questionViews.memberId, memberId))
			.orderBy(desc(questionViews.seenAt))
			.limit(limit);
		return rows.map((row) => row.questionId);
	}

	async countAnswered(occurrenceId: number): Promise<number> {
		const [living] = await this.#db
			.select({ value: count() })
			.from(attempts)
			.where(eq(attempts.occurrenceId, occurrenceId));
		const [row] = await this.#db
			.select({ erased: occurrences.erasedAttempts })
			.from(occurrences)
			.where(eq(occurrences.id, occurrenceId));
		return (living?.value ?? 0) + (row?.erased ?? 0);
	}
}
