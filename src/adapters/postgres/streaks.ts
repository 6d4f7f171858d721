import { and, asc, count, desc, eq, gt, inArray, isNotNull, min, or, sql } from "drizzle-orm";
import * as schema from "../../../drizzle/schema.ts";
import type { Occurrence } from "../../core/model.ts";
import type { LedgerEntry, MemberMarks, StreakRow, StreakStore } from "../../core/ports.ts";
import type { Db } from "./db.ts";

const { streaks, standings, attempts, repairs, awayDates, ledger, milestones, occurrences, schedules } = schema;

/** Streak rows, what they are folded from, and the ledger. */
export class PostgresStreaks implements StreakStore {
	readonly #db: Db;

	constructor(db: Db) {
		this.#db = db;
	}

	async lock(memberId: number, scheduleId: number): Promise<StreakRow | null> {
		const [row] = await this.#db
			.select()
			.from(streaks)
			.where(and(eq(streaks.memberId, memberId), eq(streaks.scheduleId, scheduleId)))
			.for("update");
		return row ?? null;
	}

	async save(rows: readonly StreakRow[]): Promise<void> {
		if (rows.length === 0) return;
		await this.#db
			.insert(streaks)
			.values([...rows])
			.onConflictDoUpdate({
				target: [streaks.memberId, streaks.scheduleId],
				set: {
					current: sql`excluded.current`,
					longest: sql`excluded.longest`,
					answered: sql`excluded.answered`,
					freezes: sql`excluded.freezes`,
					booked: sql`excluded.booked`,
					bookedTo: sql`excluded.booked_to`,
					firstNumber: sql`excluded.first_number`,
				},
			});
	}

	async ofMember(memberId: number): Promise<StreakRow[]> {
		return this.#db.select().from(streaks).where(eq(streaks.memberId, memberId)).orderBy(streaks.scheduleId);
	}

	async lockForSettling(scheduleId: number, afterMember: number, limit: number): Promise<StreakRow[]> {
		return this.#db
			.select()
			.from(streaks)
			.where(
				and(
					eq(streaks.scheduleId, scheduleId),
					gt(streaks.memberId, afterMember),
					or(gt(streaks.current, 0), gt(streaks.booked, 0)),
				),
			)
			.orderBy(asc(streaks.memberId))
			.limit(limit)
			.for("update");
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
		const attempted = await this.#db
			.select({ memberId: attempts.memberId, number: attempts.number })
			.from(attempts)
			.where(
				and(eq(attempts.scheduleId, scheduleId), gt(attempts.number, afterNumber), inArray(attempts.memberId, ids)),
			);
		const repaired = await this.#db
			.select({ memberId: repairs.memberId, number: occurrences.number })
			.from(repairs)
			.innerJoin(occurrences, eq(occurrences.id, repairs.occurrenceId))
			.where(
				and(
					eq(occurrences.scheduleId, scheduleId),
					gt(occurrences.number, afterNumber),
					inArray(repairs.memberId, ids),
				),
			);
		const away = await this.#db.select().from(awayDates).where(inArray(awayDates.memberId, ids));
		const byMember = new Map(
			ids.map((memberId) => [
				memberId,
				{ memberId, attempted: [] as number[], repaired: [] as number[], away: [] as (typeof away)[number][] },
			]),
		);
		for (const row of attempted) byMember.get(row.memberId)?.attempted.push(row.number);
		for (const row of repaired) if (row.number !== null) byMember.get(row.memberId)?.repaired.push(row.number);
		for (const row of away) byMember.get(row.memberId)?.away.push(row);
		return [...byMember.values()];
	}

	async addLedger(entries: readonly LedgerEntry[]): Promise<void> {
		if (entries.length === 0) return;
		await this.#db
			.insert(ledger)
			.values([...entries])
			.onConflictDoNothing();
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
		if (memberIds.length === 0) return;
		const living = sql<number>`coalesce(max(${streaks.current}) filter (where ${schedules.state} <> 'removed'), 0)`;
		const rows = await this.#db
			.select({
				memberId: streaks.memberId,
				workspaceId: streaks.workspaceId,
				current: living.mapWith(Number),
				longest: sql<number>`max(${streaks.longest})`.mapWith(Number),
				answered: sql<number>`sum(${streaks.answered})`.mapWith(Number),
			})
			.from(streaks)
			.innerJoin(schedules, eq(schedules.id, streaks.scheduleId))
			.where(inArray(streaks.memberId, [...memberIds]))
			.groupBy(streaks.memberId, streaks.workspaceId);
		if (rows.length === 0) return;
		await this.#db
			.insert(standings)
			.values(rows)
			.onConflictDoUpdate({
				target: standings.memberId,
				set: { current: sql`excluded.current`, longest: sql`excluded.longest`, answered: sql`excluded.answered` },
				setWhere: sql`(${standings.current}, ${standings.longest}, ${standings.answered}) is distinct from (excluded.current, excluded.longest, excluded.answered)`,
			});
	}

	async allMembers(afterMember: number, limit: number): Promise<number[]> {
		const rows = await this.#db
			.selectDistinct({ memberId: attempts.memberId })
			.from(attempts)
			.where(gt(attempts.memberId, afterMember))
			.orderBy(asc(attempts.memberId))
			.limit(limit);
		return rows.map((row) => row.memberId);
	}

	async attemptCounts(memberId: number): Promise<{ scheduleId: number; first: number; count: number }[]> {
		const rows = await this.#db
			.select({ scheduleId: attempts.scheduleId, first: min(attempts.number), count: count() })
			.from(attempts)
			.where(eq(attempts.memberId, memberId))
			.groupBy(attempts.scheduleId);
		return rows.map((row) => ({ scheduleId: row.scheduleId, first: row.first ?? 0, count: row.count }));
	}
}
