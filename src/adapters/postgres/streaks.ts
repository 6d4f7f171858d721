import { and, asc, desc, eq, gt, isNotNull, lt, or, type SQL, sql } from "drizzle-orm";
import { type PgColumn, unionAll } from "drizzle-orm/pg-core";
import * as schema from "../../../drizzle/schema.ts";
import type { Occurrence } from "../../core/model.ts";
import type { LedgerEntry, MemberMarks, StreakBatch, StreakRow, StreakStore } from "../../core/ports/streaks.ts";
import type { AwayDate } from "../../core/streak/streak.ts";
import { holdStreaks, saveStreaks } from "./board-lines.ts";
import type { Db } from "./db.ts";
import { idsText } from "./raw.ts";

const { streaks, attempts, repairs, awayDates, ledger, milestones, occurrences } = schema;

export const streakColumns = {
	memberId: streaks.memberId,
	scheduleId: streaks.scheduleId,
	workspaceId: streaks.workspaceId,
	current: streaks.current,
	longest: streaks.longest,
	answered: streaks.answered,
	freezes: streaks.freezes,
	booked: streaks.booked,
	bookedTo: streaks.bookedTo,
	firstNumber: streaks.firstNumber,
	latestNumber: streaks.latestNumber,
};

const anyOf = (column: PgColumn, ids: readonly number[]): SQL => sql`${column} = any(${idsText(ids)}::bigint[])`;

/** Streak rows, the events they are computed from, and the ledger. */
export class PostgresStreaks implements StreakStore {
	readonly #db: Db;

	constructor(db: Db) {
		this.#db = db;
	}

	async get(memberId: number, scheduleId: number): Promise<StreakRow | null> {
		const [row] = await this.#db
			.select(streakColumns)
			.from(streaks)
			.where(and(eq(streaks.memberId, memberId), eq(streaks.scheduleId, scheduleId)));
		return row ?? null;
	}

	save(rows: readonly StreakRow[]): Promise<void> {
		return saveStreaks(this.#db, rows);
	}

	ofMember(memberId: number): Promise<StreakRow[]> {
		return this.ofMembers([memberId]);
	}

	async ofMembers(memberIds: readonly number[]): Promise<StreakRow[]> {
		return this.#db
			.select(streakColumns)
			.from(streaks)
			.where(anyOf(streaks.memberId, memberIds))
			.orderBy(asc(streaks.memberId), asc(streaks.scheduleId));
	}

	async holdLiving(scheduleId: number, afterMember: number, limit: number, below: number): Promise<StreakBatch> {
		const picked = await this.#db
			.select({ memberId: streaks.memberId })
			.from(streaks)
			.where(
				and(
					eq(streaks.scheduleId, scheduleId),
					gt(streaks.memberId, afterMember),
					or(gt(streaks.current, 0), gt(streaks.booked, 0)),
					lt(streaks.bookedTo, below),
				),
			)
			.orderBy(asc(streaks.memberId))
			.limit(limit);
		const last = picked.length < limit;
		const through = picked.at(-1)?.memberId ?? afterMember;
		if (picked.length === 0) return { rows: [], through, last };
		const ids = picked.map((row) => row.memberId);
		await holdStreaks(this.#db, ids);
		// Read only now that nobody else can change them.
		const rows = await this.#db
			.select(streakColumns)
			.from(streaks)
			.where(and(eq(streaks.scheduleId, scheduleId), anyOf(streaks.memberId, ids)))
			.orderBy(asc(streaks.memberId));
		return { rows, through, last };
	}

	async occurrencesAfter(scheduleId: number, number: number): Promise<Occurrence[]> {
		return this.#db
			.select()
			.from(occurrences)
			.where(and(eq(occurrences.scheduleId, scheduleId), isNotNull(occurrences.number), gt(occurrences.number, number)))
			.orderBy(asc(occurrences.number));
	}

	async marks(scheduleId: number, memberIds: readonly number[], afterNumber: number): Promise<MemberMarks[]> {
		if (memberIds.length === 0) return [];
		const ids = [...memberIds];
		const none = { date: sql<string | null>`null`, setAt: sql<Date>`null`, withdrawnAt: sql<Date>`null` };
		const away = this.#db
			.select({
				memberId: awayDates.memberId,
				isRepair: sql<boolean>`false`,
				number: sql<number | null>`null::int`,
				date: sql<string | null>`${awayDates.date}`,
				setAt: sql<Date>`${awayDates.setAt}`.mapWith(awayDates.setAt),
				withdrawnAt: sql<Date>`${awayDates.withdrawnAt}`.mapWith(awayDates.withdrawnAt),
			})
			.from(awayDates)
			.where(anyOf(awayDates.memberId, ids));
		const attempted = this.#db
			.select({
				memberId: attempts.memberId,
				isRepair: sql<boolean>`false`,
				number: sql<number | null>`${attempts.number}`,
				...none,
			})
			.from(attempts)
			.where(and(eq(attempts.scheduleId, scheduleId), gt(attempts.number, afterNumber), anyOf(attempts.memberId, ids)));
		const repaired = this.#db
			.select({
				memberId: repairs.memberId,
				isRepair: sql<boolean>`true`,
				number: sql<number | null>`${occurrences.number}`,
				...none,
			})
			.from(repairs)
			.innerJoin(occurrences, eq(occurrences.id, repairs.occurrenceId))
			.where(
				and(eq(occurrences.scheduleId, scheduleId), gt(occurrences.number, afterNumber), anyOf(repairs.memberId, ids)),
			);
		const byMember = new Map(
			ids.map((memberId) => [
				memberId,
				{ memberId, attempted: [] as number[], repaired: [] as number[], away: [] as AwayDate[] },
			]),
		);
		for (const { memberId, isRepair, number, date, setAt, withdrawnAt } of await unionAll(away, attempted, repaired)) {
			const marks = byMember.get(memberId);
			if (number !== null) (isRepair ? marks?.repaired : marks?.attempted)?.push(number);
			else if (date !== null) marks?.away.push({ date, setAt, withdrawnAt });
		}
		return [...byMember.values()];
	}

	async addLedger(entries: readonly LedgerEntry[]): Promise<void> {
		if (entries.length === 0) return;
		const lines = entries.map((entry) => ({
			workspace_id: entry.workspaceId,
			member_id: entry.memberId,
			schedule_id: entry.scheduleId,
			number: entry.number,
			local_date: entry.localDate,
			kind: entry.kind,
			freezes: entry.freezes,
			current: entry.current,
			at: entry.at,
		}));
		// A single parameter for all lines: a settlement's batch has hundreds, and the statement stays prepared.
		await this.#db.execute(sql`
			insert into ledger (workspace_id, member_id, schedule_id, number, local_date, kind, freezes, current, at)
			select workspace_id, member_id, schedule_id, number, local_date, kind, freezes, current, at
			from json_to_recordset(${JSON.stringify(lines)}::text::json) as given(
				workspace_id bigint, member_id bigint, schedule_id bigint, number int, local_date date, kind text,
				freezes int, current int, at timestamptz)
			on conflict do nothing`);
	}

	async clearLedger(memberId: number, scheduleId: number): Promise<void> {
		await this.#db.delete(ledger).where(and(eq(ledger.memberId, memberId), eq(ledger.scheduleId, scheduleId)));
	}

	async ledgerOf(memberId: number, limit: number): Promise<LedgerEntry[]> {
		return this.#db
			.select()
			.from(ledger)
			.where(eq(ledger.memberId, memberId))
			.orderBy(desc(ledger.localDate), desc(ledger.number), desc(ledger.id))
			.limit(limit);
	}

	async ledgerOfSchedule(memberId: number, scheduleId: number): Promise<LedgerEntry[]> {
		return this.#db
			.select()
			.from(ledger)
			.where(and(eq(ledger.memberId, memberId), eq(ledger.scheduleId, scheduleId)))
			.orderBy(asc(ledger.number), asc(ledger.id));
	}

	async addMilestones(
		workspaceId: number,
		memberId: number,
		scheduleId: number,
		values: readonly number[],
		at: Date,
	): Promise<number[]> {
		if (values.length === 0) return [];
		const rows = await this.#db
			.insert(milestones)
			.values(values.map((value) => ({ workspaceId, memberId, scheduleId, value, at })))
			.onConflictDoNothing()
			.returning({ value: milestones.value });
		return rows.map((row) => row.value);
	}

	async addRepair(workspaceId: number, memberId: number, occurrenceId: number, at: Date): Promise<void> {
		await this.#db.insert(repairs).values({ workspaceId, memberId, occurrenceId, at }).onConflictDoNothing();
	}

	async refreshStandings(memberIds: readonly number[]): Promise<void> {
		await saveStreaks(this.#db, await this.ofMembers(memberIds));
	}
}
