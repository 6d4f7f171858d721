import { and, eq, isNotNull, isNull, min, notInArray, sql } from "drizzle-orm";
import * as schema from "../../../drizzle/schema.ts";
import type { Reminder, ReminderStore } from "../../core/ports/reminders.ts";
import type { Db } from "./db.ts";

const { members, occurrences, schedules, streaks, attempts, reveals, workspaces } = schema;

/** The earliest time at which a window closes: with the next question, but at least a day after its own. */
const closing = sql<Date>`greatest(coalesce(${occurrences.closesAt}, ${schedules.nextRunAt}), ${occurrences.deliveredAt} + interval '24 hours')`;
const instant = sql<Date>`${closing} - make_interval(hours => ${members.reminderHours})`;

/** The nudges that members have asked for. */
export class PostgresReminders implements ReminderStore {
	readonly #db: Db;

	constructor(db: Db) {
		this.#db = db;
	}

	/** Every nudge that a platform's members still await, with its time and its window's closing. */
	#awaited(platform: string) {
		return this.#db
			.select({
				memberId: sql`${members.id}`.mapWith(members.id).as("awaited_member"),
				workspaceId: members.workspaceId,
				occurrenceId: sql`${occurrences.id}`.mapWith(occurrences.id).as("awaited_occurrence"),
				questionId: occurrences.questionId,
				remindedOn: members.remindedOn,
				closesAt: closing.mapWith(occurrences.deliveredAt).as("awaited_closes_at"),
				at: instant.mapWith(occurrences.deliveredAt).as("awaited_at"),
			})
			.from(members)
			.innerJoin(workspaces, eq(workspaces.id, members.workspaceId))
			.innerJoin(streaks, eq(streaks.memberId, members.id))
			.innerJoin(schedules, eq(schedules.id, streaks.scheduleId))
			.innerJoin(occurrences, eq(occurrences.scheduleId, schedules.id))
			.leftJoin(attempts, and(eq(attempts.occurrenceId, occurrences.id), eq(attempts.memberId, members.id)))
			.leftJoin(reveals, and(eq(reveals.occurrenceId, occurrences.id), eq(reveals.memberId, members.id)))
			.where(
				and(
					eq(workspaces.platform, platform),
					isNull(workspaces.removedAt),
					isNotNull(members.reminderHours),
					eq(occurrences.state, "delivered"),
					isNull(occurrences.settledAt),
					eq(schedules.state, "active"),
					isNull(attempts.memberId),
					isNull(reveals.memberId),
				),
			)
			.as("awaited");
	}

	async due(platform: string, now: Date, limit: number, withoutMembers: readonly number[] = []): Promise<Reminder[]> {
		const awaited = this.#awaited(platform);
		const at = now.toISOString();
		const rows = await this.#db
			.select({
				memberId: awaited.memberId,
				workspaceId: awaited.workspaceId,
				occurrenceId: awaited.occurrenceId,
				questionId: awaited.questionId,
			})
			.from(awaited)
			.where(
				and(
					sql`${awaited.at} <= ${at}::timestamptz`,
					sql`${awaited.closesAt} > ${at}::timestamptz`,
					sql`${awaited.remindedOn} is distinct from ${at.slice(0, 10)}::date`,
					withoutMembers.length > 0 ? notInArray(awaited.memberId, [...withoutMembers]) : undefined,
				),
			)
			.limit(limit);
		return rows.flatMap(({ questionId, ...row }) => (questionId === null ? [] : [{ ...row, questionId }]));
	}

	async claim(memberId: number, date: string, last: number): Promise<number | null> {
		const [row] = await this.#db
			.update(members)
			.set({
				remindedOn: date,
				remindersUnanswered: sql`${members.remindersUnanswered} + 1`,
				reminderHours: sql`case when ${members.remindersUnanswered} + 1 >= ${last}::int then null
					else ${members.reminderHours} end`,
			})
			.where(and(eq(members.id, memberId), sql`${members.remindedOn} is distinct from ${date}::date`))
			.returning({ unanswered: members.remindersUnanswered });
		return row?.unanswered ?? null;
	}

	async next(platform: string, after: Date): Promise<Date | null> {
		const awaited = this.#awaited(platform);
		const [row] = await this.#db
			.select({ at: min(awaited.at).mapWith(occurrences.deliveredAt) })
			.from(awaited)
			.where(sql`${awaited.at} > ${after.toISOString()}::timestamptz`);
		return row?.at ?? null;
	}

	async stillWanted(memberId: number, occurrenceId: number): Promise<boolean> {
		const rows = await this.#db
			.select({ id: occurrences.id })
			.from(occurrences)
			.leftJoin(attempts, and(eq(attempts.occurrenceId, occurrences.id), eq(attempts.memberId, memberId)))
			.where(and(eq(occurrences.id, occurrenceId), isNull(attempts.memberId)));
		return rows.length > 0;
	}
}
