import { and, asc, desc, eq, isNull, notInArray, sql } from "drizzle-orm";
import * as z from "zod";
import * as schema from "../../../drizzle/schema.ts";
import { groupBy } from "../../core/group.ts";
import type {
	DateContext,
	DatedEntry,
	MemoryHistory,
	NewPracticeReveal,
	NewPracticeRun,
	PastEntry,
	PracticeContext,
	PracticeStore,
} from "../../core/ports/practice.ts";
import type { Memory } from "../../core/practice/memory.ts";
import type { BookedReview } from "../../core/practice/retention.ts";
import type { PracticeRun } from "../../core/practice/run.ts";
import type { Db } from "./db.ts";
import { onlyRow } from "./db.ts";
import { latestDateOf, zoneOf } from "./local-dates.ts";
import { readPracticeContext } from "./practice-context.ts";
import { memoryOf, runOf, saveMemories } from "./practice-rows.ts";
import { idsText, rawRows } from "./raw.ts";

const { memories, practiceReveals, practiceRuns, questionViews, answers, reveals, members } = schema;

const dateText = z.string().nullable();
const pastEntry = z.object({
	kind: z.enum(["answer", "reveal"]),
	id: z.number(),
	question_id: z.string(),
	revision: z.number(),
	at: z.coerce.date(),
	local_date: z.string().nullable(),
	grade: z.enum(["again", "hard", "good", "easy"]).nullable(),
});

const bookedReview = z.tuple([z.string(), z.string(), z.enum(["again", "hard", "good", "easy"])]);

/** Memories, the answers they are computed from, and practice runs. */
export class PostgresPractice implements PracticeStore {
	readonly #db: Db;

	constructor(db: Db) {
		this.#db = db;
	}

	async memory(memberId: number, questionId: string): Promise<Memory | null> {
		const [row] = await this.#db
			.select()
			.from(memories)
			.where(and(eq(memories.memberId, memberId), eq(memories.questionId, questionId)));
		return row ? memoryOf(row) : null;
	}

	async memories(memberId: number): Promise<Memory[]> {
		return (await this.#db.select().from(memories).where(eq(memories.memberId, memberId))).map(memoryOf);
	}

	saveMemories(changed: readonly Memory[]): Promise<void> {
		return saveMemories(this.#db, changed);
	}

	async dropMemory(memberId: number, questionId: string): Promise<void> {
		await this.#db.delete(memories).where(and(eq(memories.memberId, memberId), eq(memories.questionId, questionId)));
	}

	context(workspaceId: number, memberId: number, at: Date, { reservesId = false } = {}): Promise<PracticeContext> {
		return readPracticeContext(this.#db, { workspaceId, memberId, at, reservesId });
	}

	async dates(workspaceId: number, memberId: number): Promise<DateContext> {
		const rows = await rawRows(
			this.#db,
			sql`select ${zoneOf(workspaceId)} as zone, ${latestDateOf(memberId)}::text as latest`,
		);
		const { zone, latest } = onlyRow(rows);
		return { zone: dateText.parse(zone), latest: dateText.parse(latest) };
	}

	async askedAt(memberId: number, questionId: string): Promise<Date | null> {
		const [row] = await this.#db
			.select({ askedAt: questionViews.askedAt })
			.from(questionViews)
			.where(and(eq(questionViews.memberId, memberId), eq(questionViews.questionId, questionId)));
		return row?.askedAt ?? null;
	}

	async addPracticeReveal(reveal: NewPracticeReveal): Promise<number> {
		const rows = await this.#db.insert(practiceReveals).values(reveal).returning({ id: practiceReveals.id });
		return onlyRow(rows).id;
	}

	async practiceReveal(memberId: number, id: number): Promise<{ questionId: string; revision: number } | null> {
		const [row] = await this.#db
			.select({ questionId: practiceReveals.questionId, revision: practiceReveals.revision })
			.from(practiceReveals)
			.where(and(eq(practiceReveals.memberId, memberId), eq(practiceReveals.id, id)));
		return row ?? null;
	}

	async openRun(memberId: number): Promise<PracticeRun | null> {
		const [row] = await this.#db
			.select()
			.from(practiceRuns)
			.where(and(eq(practiceRuns.memberId, memberId), isNull(practiceRuns.endedAt)));
		return row ? runOf(row) : null;
	}

	async run(memberId: number, id: number): Promise<PracticeRun | null> {
		const [row] = await this.#db
			.select()
			.from(practiceRuns)
			.where(and(eq(practiceRuns.memberId, memberId), eq(practiceRuns.id, id)));
		return row ? runOf(row) : null;
	}

	async latestRun(memberId: number): Promise<PracticeRun | null> {
		const [row] = await this.#db
			.select()
			.from(practiceRuns)
			.where(eq(practiceRuns.memberId, memberId))
			.orderBy(desc(practiceRuns.id))
			.limit(1);
		return row ? runOf(row) : null;
	}

	async addRun(run: NewPracticeRun): Promise<PracticeRun> {
		const { workspaceId, memberId, startedAt, focus, wanted, steps, position } = run;
		const begun = sql`${startedAt.toISOString()}::timestamptz`;
		// The insert depends on the update's result, so it always finds that no other run is open.
		const rows = await rawRows(
			this.#db,
			sql`
			with stopped as (
				update practice_runs set ended_at = ${begun} where member_id = ${memberId} and ended_at is null returning id
			)
			insert into practice_runs (id, workspace_id, member_id, started_at, focus, wanted, steps, position)
			select coalesce(${run.id ?? null}::bigint, next_run_id()), ${workspaceId}::bigint,
				${memberId}::bigint, ${begun}, ${focus}, ${wanted}::smallint, ${JSON.stringify(steps)}::text::jsonb,
				${position}::smallint
			from (select count(*) from stopped) as done
			returning id`,
		);
		return { ...run, id: Number(onlyRow(rows).id), endedAt: null };
	}

	async saveRun({ id, steps, position, endedAt }: PracticeRun): Promise<void> {
		await this.#db.execute(sql`
			update practice_runs set steps = ${JSON.stringify(steps)}::text::jsonb, position = ${position}::smallint,
				ended_at = ${endedAt?.toISOString() ?? null}::timestamptz
			where id = ${id}`);
	}

	async histories(memberIds: readonly number[]): Promise<MemoryHistory[]> {
		const of = (column: typeof memories.memberId | typeof answers.memberId | typeof practiceReveals.memberId) =>
			sql`${column} = any(${idsText(memberIds)}::bigint[])`;
		const stored = (await this.#db.select().from(memories).where(of(memories.memberId))).map(memoryOf);
		const answered = await this.#db
			.select({
				memberId: answers.memberId,
				workspaceId: answers.workspaceId,
				questionId: answers.questionId,
				kind: answers.kind,
				id: answers.id,
				revision: answers.revision,
				at: answers.at,
				localDate: answers.localDate,
				isRepeat: answers.isRepeat,
				grade: answers.grade,
				bookedGrade: answers.bookedGrade,
			})
			.from(answers)
			.where(of(answers.memberId));
		const revealed = await this.#db.select().from(practiceReveals).where(of(practiceReveals.memberId));
		const reviews = [
			...answered.flatMap(({ localDate, ...row }) => (localDate === null ? [] : [{ ...row, localDate }])),
			...revealed.map((row) => ({
				...row,
				kind: "reveal" as const,
				isRepeat: false,
				grade: "again" as const,
				bookedGrade: "again" as const,
			})),
		];
		const keyOf = ({ memberId, questionId }: { memberId: number; questionId: string }) => `${memberId} ${questionId}`;
		const keptOf = new Map(stored.map((memory) => [keyOf(memory), memory]));
		const reviewsOf = groupBy(reviews, keyOf);
		const keys = new Map([...stored, ...reviews].map((entry) => [keyOf(entry), entry]));
		return [...keys].map(([key, { workspaceId, memberId, questionId }]) => ({
			workspaceId,
			memberId,
			questionId,
			kept: keptOf.get(key) ?? null,
			reviews: reviewsOf.get(key) ?? [],
		}));
	}

	async bookedReviews(memberId: number): Promise<BookedReview[]> {
		const rows = await rawRows(
			this.#db,
			sql`
			select json_build_array(question_id, local_date, booked_grade)::text as review from answers
			where member_id = ${memberId} and booked_grade is not null and local_date is not null
			union all
			select json_build_array(question_id, local_date, 'again')::text from practice_reveals
			where member_id = ${memberId}`,
		);
		return rows.map(({ review }) => {
			const [questionId, localDate, grade] = bookedReview.parse(JSON.parse(String(review)));
			return { questionId, localDate, grade };
		});
	}

	async undatedMember(
		without: readonly number[] = [],
	): Promise<{ readonly memberId: number; readonly workspaceId: number } | null> {
		for (const table of [answers, reveals]) {
			const [row] = await this.#db
				.select({ memberId: table.memberId, workspaceId: members.workspaceId })
				.from(table)
				.innerJoin(members, eq(members.id, table.memberId))
				.where(and(isNull(table.localDate), without.length > 0 ? notInArray(table.memberId, [...without]) : undefined))
				.orderBy(asc(table.memberId))
				.limit(1);
			if (row) return row;
		}
		return null;
	}

	async pastEntries(memberId: number): Promise<PastEntry[]> {
		const rows = await rawRows(
			this.#db,
			sql`
			select json_build_object('kind', kind, 'id', id, 'question_id', question_id, 'revision', revision, 'at', at,
				'local_date', local_date, 'grade', grade)::text as entry
			from (
				select 'answer' as kind, id, question_id, revision, at, local_date, grade
				from answers where member_id = ${memberId}
				union all
				select 'reveal', reveals.occurrence_id, occurrences.question_id, occurrences.question_revision, reveals.at,
					reveals.local_date, null
				from reveals join occurrences on occurrences.id = reveals.occurrence_id
				where reveals.member_id = ${memberId} and occurrences.question_id is not null
			) as past order by at, kind, id`,
		);
		return rows.map(({ entry }) => {
			const { question_id, local_date, ...rest } = pastEntry.parse(JSON.parse(String(entry)));
			return { ...rest, questionId: question_id, localDate: local_date };
		});
	}

	async dateEntries(memberId: number, entries: readonly DatedEntry[]): Promise<void> {
		const lines = entries.map(({ kind, id, localDate, books }) => ({ kind, id, local_date: localDate, books }));
		const datedEntries = sql`json_to_recordset(${JSON.stringify(lines)}::text::json)
			as dated(kind text, id bigint, local_date date, books boolean)`;
		await this.#db.execute(sql`
			update answers set local_date = dated.local_date,
				booked_grade = case when dated.books then answers.grade else null end
			from ${datedEntries} where dated.kind = 'answer' and answers.id = dated.id and answers.member_id = ${memberId}`);
		await this.#db.execute(sql`
			insert into practice_reveals (workspace_id, member_id, question_id, revision, at, local_date)
			select occurrences.workspace_id, ${memberId}::bigint, occurrences.question_id, occurrences.question_revision,
				reveals.at, dated.local_date
			from ${datedEntries}
			join occurrences on occurrences.id = dated.id
			join reveals on reveals.occurrence_id = dated.id and reveals.member_id = ${memberId}
			where dated.kind = 'reveal' and dated.books
			on conflict do nothing`);
		await this.#db.execute(sql`
			update reveals set local_date = dated.local_date
			from ${datedEntries} where dated.kind = 'reveal' and reveals.occurrence_id = dated.id and reveals.member_id = ${memberId}`);
		// A reveal of an occurrence that lost its question has no date. Without one, every later run would read it again.
		await this.#db
			.update(reveals)
			.set({ localDate: sql`(${reveals.at} at time zone 'UTC')::date` })
			.where(and(eq(reveals.memberId, memberId), isNull(reveals.localDate)));
	}
}
