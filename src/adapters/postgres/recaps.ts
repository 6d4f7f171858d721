import { and, eq, isNotNull, isNull, lte, min, notInArray, type SQL, sql } from "drizzle-orm";
import * as schema from "../../../drizzle/schema.ts";
import type { DueRecap, RecapStore, WeekOfSchedule } from "../../core/ports/recaps.ts";
import { IS_VISIBLE } from "./board-lines.ts";
import type { Db } from "./db.ts";
import { rawRows } from "./raw.ts";

const { schedules, workspaces } = schema;

/** How many names and how many titles a recap shows. */
const MAX_SHOWN = 5;

/** Reads a schedule's week for its weekly recap, from occurrences, attempts and streaks. */
export class PostgresRecaps implements RecapStore {
	readonly #db: Db;

	constructor(db: Db) {
		this.#db = db;
	}

	#awaited(platform: string): SQL | undefined {
		return and(
			eq(workspaces.platform, platform),
			isNull(workspaces.removedAt),
			eq(schedules.state, "active"),
			isNotNull(schedules.recapAt),
		);
	}

	async due(platform: string, now: Date, limit: number, withoutSchedules: readonly number[] = []): Promise<DueRecap[]> {
		return this.#db
			.select({ scheduleId: schedules.id, workspaceId: schedules.workspaceId })
			.from(schedules)
			.innerJoin(workspaces, eq(workspaces.id, schedules.workspaceId))
			.where(
				and(
					this.#awaited(platform),
					lte(schedules.recapAt, now),
					withoutSchedules.length > 0 ? notInArray(schedules.id, [...withoutSchedules]) : undefined,
				),
			)
			.orderBy(schedules.recapAt)
			.limit(limit);
	}

	async next(platform: string): Promise<Date | null> {
		const [row] = await this.#db
			.select({ at: min(schedules.recapAt) })
			.from(schedules)
			.innerJoin(workspaces, eq(workspaces.id, schedules.workspaceId))
			.where(this.#awaited(platform));
		return row?.at ?? null;
	}

	async week(scheduleId: number, from: string, to: string, before: string): Promise<WeekOfSchedule> {
		/** How many occurrences each member attempted in this week and in the one before. */
		const days = sql`
			select attempts.member_id as member,
				count(*) filter (where occurrences.local_date between ${from}::date and ${to}::date) as now,
				count(*) filter (where occurrences.local_date < ${from}::date) as before
			from attempts join occurrences on occurrences.id = attempts.occurrence_id
			where attempts.schedule_id = ${scheduleId} and occurrences.schedule_id = ${scheduleId}
				and occurrences.local_date between ${before}::date and ${to}::date
			group by attempts.member_id`;
		const [counts] = await rawRows(
			this.#db,
			sql`select count(*) filter (where now > 0) as now, count(*) filter (where before > 0) as before from (${days}) as days`,
		);
		const more = await rawRows(
			this.#db,
			sql`
			select members.name, now - before as more from (${days}) as days join members on members.id = member
			where ${IS_VISIBLE} and now - before >= 2 order by now - before desc, members.name, members.id limit ${MAX_SHOWN}`,
		);
		const first = await rawRows(
			this.#db,
			sql`
			select streaks.name from streaks join occurrences
				on occurrences.schedule_id = streaks.schedule_id and occurrences.number = streaks.first_number
			where streaks.schedule_id = ${scheduleId} and streaks.visible
				and occurrences.local_date between ${from}::date and ${to}::date
			order by streaks.name, streaks.member_id limit ${MAX_SHOWN}`,
		);
		const [hard] = await rawRows(
			this.#db,
			sql`
			select occurrences.question_id as question, occurrences.question_revision as revision,
				count(*) as checks, count(*) filter (where not answers.correct) as wrong
			from occurrences join attempts on attempts.occurrence_id = occurrences.id
				join answers on answers.id = attempts.answer_id
			where occurrences.schedule_id = ${scheduleId} and answers.correct is not null
				and occurrences.local_date between ${from}::date and ${to}::date
			group by occurrences.id
			having count(*) >= 5 and count(*) filter (where not answers.correct) > 0
			order by count(*) filter (where not answers.correct)::float8 / count(*) desc, occurrences.number limit 1`,
		);
		const gain = Number(more[0]?.more ?? 0);
		return {
			participants: Number(counts?.now ?? 0),
			participantsBefore: Number(counts?.before ?? 0),
			more: more.filter((row) => Number(row.more) === gain).map((row) => String(row.name)),
			moreDays: gain,
			first: first.map((row) => String(row.name)),
			hardest: hard
				? {
						questionId: String(hard.question),
						revision: Number(hard.revision),
						wrong: Number(hard.wrong),
						checks: Number(hard.checks),
					}
				: null,
		};
	}
}
