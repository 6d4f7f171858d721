/** The two statements of an answer: one reads its context, one stores it. Each is a single round trip. */
import { type SQL, sql } from "drizzle-orm";
import * as z from "zod";
import * as schema from "../../../drizzle/schema.ts";
import type { AnswerContext, AnswerRecord, OpenOccurrence, StreakInput } from "../../core/ports/answers.ts";
import type { StreakRow } from "../../core/ports/streaks.ts";
import type { Db } from "./db.ts";
import { onlyRow } from "./db.ts";
import { latestDateOf, zoneOf } from "./local-dates.ts";
import { givenMemory, memoryOf, replacingMemories, runOf } from "./practice-rows.ts";
import { idsText, rawRows, rowFromJson } from "./raw.ts";

const { answers, occurrences, streaks, awayDates, memories, practiceRuns } = schema;

const row = z.record(z.string(), z.unknown());
const numbered = z.object({ schedule_id: z.number(), number: z.number() });
/** What the statement of `readAnswerContext` returns, as JSON. */
const contextSchema = z.object({
	latest: row.nullable(),
	hinted_at: z.string().nullable(),
	put_at: z.string().nullable(),
	memory: row.nullable(),
	run: row.nullable(),
	zone: z.string().nullable(),
	latest_date: z.string().nullable(),
	open: z.array(z.looseObject({ attempted: z.boolean(), revealed: z.boolean() })),
	streaks: z.array(row),
	behind: z.array(row),
	attempted: z.array(numbered),
	repaired: z.array(numbered),
	away: z.array(row),
});
type ContextJson = z.infer<typeof contextSchema>;

function streakInputOf(json: Record<string, unknown>, context: ContextJson): StreakInput {
	const streak: StreakRow = rowFromJson(streaks, json);
	const { memberId, scheduleId } = streak;
	const numbersIn = (list: ContextJson["attempted"]) =>
		list.filter((entry) => entry.schedule_id === scheduleId).map((entry) => entry.number);
	return {
		row: streak,
		occurrences: context.behind
			.map((entry) => rowFromJson(occurrences, entry))
			.filter((occurrence) => occurrence.scheduleId === scheduleId),
		marks: {
			memberId,
			attempted: numbersIn(context.attempted),
			repaired: numbersIn(context.repaired),
			away: context.away.map((entry) => rowFromJson(awayDates, entry)),
		},
	};
}

const instantOrNull = (text: string | null): Date | null => (text === null ? null : new Date(text));

/** Reads everything in one statement: between several, the data might change. */
function contextQuery(workspaceId: number, memberId: number, questionId: string, instant: string): SQL {
	return sql`
		with open as (
			select occurrences.*, attempts.member_id is not null as attempted, reveals.member_id is not null as revealed
			from occurrences
			left join attempts on attempts.occurrence_id = occurrences.id and attempts.member_id = ${memberId}
			-- An answer received before the reveal counts, even if it is booked after it.
			left join reveals on reveals.occurrence_id = occurrences.id and reveals.member_id = ${memberId}
				and reveals.at <= ${instant}::timestamptz
			where occurrences.workspace_id = ${workspaceId} and occurrences.question_id = ${questionId}
				and occurrences.state in ('delivered', 'unknown', 'sending') and occurrences.number is not null
				and occurrences.delivered_at <= ${instant}::timestamptz
				and (occurrences.closes_at is null or occurrences.closes_at > ${instant}::timestamptz)
			-- Answering a question and replacing it wait for each other.
			for key share of occurrences
		), own_streaks as (
			select * from streaks where member_id = ${memberId} and schedule_id in (select schedule_id from open)
		), behind as (
			select occurrences.* from own_streaks
			join occurrences on occurrences.schedule_id = own_streaks.schedule_id
				and occurrences.number > own_streaks.booked_to
		), attempted as (
			select attempts.schedule_id, attempts.number from own_streaks
			join attempts on attempts.schedule_id = own_streaks.schedule_id and attempts.member_id = ${memberId}
				and attempts.number > own_streaks.booked_to
		), repaired as (
			select behind.schedule_id, behind.number from behind
			join repairs on repairs.occurrence_id = behind.id and repairs.member_id = ${memberId}
		), latest as (
			select id, at, kind, grade, revision, local_date, is_repeat from answers where member_id = ${memberId} and question_id = ${questionId}
			order by at desc, id desc limit 1
		)
		select json_build_object(
			'latest', (select to_json(latest) from latest),
			'hinted_at', (select hinted_at from question_views where member_id = ${memberId} and question_id = ${questionId}),
			'put_at', (select put_at from question_views where member_id = ${memberId} and question_id = ${questionId}),
			'memory', (select to_json(memories) from memories
				where member_id = ${memberId} and question_id = ${questionId}),
			'run', (select to_json(practice_runs) from practice_runs where member_id = ${memberId} and ended_at is null),
			'zone', ${zoneOf(workspaceId)},
			'latest_date', ${latestDateOf(memberId)},
			'open', (select coalesce(json_agg(open order by delivered_at desc, id desc), '[]') from open),
			'streaks', (select coalesce(json_agg(own_streaks), '[]') from own_streaks),
			'behind', (select coalesce(json_agg(behind order by number), '[]') from behind),
			'attempted', (select coalesce(json_agg(attempted), '[]') from attempted),
			'repaired', (select coalesce(json_agg(repaired), '[]') from repaired),
			'away', (select coalesce(json_agg(away_dates), '[]') from away_dates
				where member_id = ${memberId} and date in (select local_date from behind))
		)::text as found`;
}

/** Everything that an answer depends on. The member must be locked, so that nothing read here changes meanwhile. */
export async function readAnswerContext(
	db: Db,
	workspaceId: number,
	memberId: number,
	questionId: string,
	at: Date,
): Promise<AnswerContext> {
	const rows = await rawRows(db, contextQuery(workspaceId, memberId, questionId, at.toISOString()));
	const context = contextSchema.parse(JSON.parse(String(onlyRow(rows).found)));
	const open: OpenOccurrence[] = context.open.map(({ attempted, revealed, ...occurrence }) => ({
		occurrence: rowFromJson(occurrences, occurrence),
		attempted,
		revealed,
	}));
	return {
		latest: context.latest && rowFromJson(answers, context.latest),
		hintedAt: instantOrNull(context.hinted_at),
		askedAt: instantOrNull(context.put_at),
		memory: context.memory && memoryOf(rowFromJson(memories, context.memory)),
		run: context.run && runOf(rowFromJson(practiceRuns, context.run)),
		dates: { zone: context.zone, latest: context.latest_date },
		open,
		streaks: context.streaks.map((entry) => streakInputOf(entry, context)),
	};
}

export async function reserveAnswerId(db: Db): Promise<number> {
	const rows = await rawRows(db, sql`select next_answer_id()::text as id`);
	return Number(onlyRow(rows).id);
}

/** Stores an answer with its attempts, and requests new answered counts. The member must be locked. */
export async function keepAnswer(db: Db, record: AnswerRecord): Promise<number> {
	const { answer, attempts, regraded, practice } = record;
	const memory = practice.memory && JSON.stringify(givenMemory(practice.memory));
	const run = practice.run;
	const ids = idsText(attempts.map((occurrence) => occurrence.id));
	const at = answer.at.toISOString();
	const rows = await rawRows(
		db,
		sql`
		with said as (
			insert into answers (id, workspace_id, member_id, question_id, revision, at, kind, text, option, correct, hinted, grade,
				local_date, is_repeat, booked_grade)
			values (coalesce(${record.id ?? null}::bigint, next_answer_id()),
				${answer.workspaceId}, ${answer.memberId}, ${answer.questionId}, ${answer.revision}, ${at}::timestamptz,
				${answer.kind}, ${answer.text}::text, ${answer.option}::text, ${answer.correct}::boolean,
				${answer.hinted}::boolean, ${answer.grade}::text, ${practice.localDate}::date, ${practice.isRepeat}::boolean,
				${practice.books ? answer.grade : null}::text)
			returning id
		), attempted as (
			insert into attempts (member_id, occurrence_id, workspace_id, schedule_id, number, answer_id, at)
			select ${answer.memberId}::bigint, occurrences.id, occurrences.workspace_id, occurrences.schedule_id,
				occurrences.number, said.id, ${at}::timestamptz
			from occurrences, said where occurrences.id = any(${ids}::bigint[])
		), regraded as (
			update answers set grade = ${regraded?.grade ?? null}::text,
				booked_grade = case when ${regraded?.books ?? false}::boolean then ${regraded?.grade ?? null}::text
					else booked_grade end
			where id = ${regraded?.answerId ?? null}::bigint
		), remembered as (
			insert into memories (member_id, question_id, workspace_id, revision, stability, difficulty, reviewed_on,
				stability_before, difficulty_before, reviewed_before, grade, answer_id, unticked_on, due_on)
			select given.member_id, given.question_id, given.workspace_id, given.revision, given.stability,
				given.difficulty, given.reviewed_on, given.stability_before, given.difficulty_before,
				given.reviewed_before, given.grade,
				case when ${practice.books}::boolean then said.id else given.answer_id end, given.unticked_on, given.due_on
			from said, json_populate_record(null::memories, ${memory}::text::json) as given
			where given.member_id is not null
			${replacingMemories}
		), heard as (
			update members set reminders_unanswered = 0, last_question_id = ${answer.questionId} where id = ${answer.memberId}
		), seen as (
			insert into question_views (member_id, question_id, workspace_id, seen_at)
			values (${answer.memberId}, ${answer.questionId}, ${answer.workspaceId}, ${at}::timestamptz)
			on conflict (member_id, question_id) do update set seen_at = excluded.seen_at, put_at = null
		), run as (
			update practice_runs set steps = ${run && JSON.stringify(run.steps)}::text::jsonb
			where id = ${run?.id ?? null}::bigint
		), asked as (
			insert into count_requests (occurrence_id, not_before)
			select id, ${record.countFrom.toISOString()}::timestamptz from unnest(${ids}::bigint[]) as id
			on conflict do nothing
		), held as (
			-- Clearing the request waits for this lock, so its count includes this answer.
			select occurrence_id from count_requests where occurrence_id = any(${ids}::bigint[]) for key share
		)
		select said.id, (select count(*) from held) as held from said`,
	);
	return Number(onlyRow(rows).id);
}
