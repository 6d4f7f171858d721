import { and, asc, count, desc, eq, gt, gte, inArray, isNotNull, type SQL, sql } from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";
import * as schema from "../../../drizzle/schema.ts";
import type { Board, BoardRow, BoardScope, BoardStore } from "../../core/ports.ts";
import type { Db } from "./db.ts";

const { streaks, standings, members, attempts, answers, occurrences } = schema;
/** Accuracy is shown from so many quick checks on: fewer say nothing. */
const LEAST_CHECKS = 10;

/** Where a board's values stand: stored rows for streaks and totals, attempts for periods and accuracy. */
interface Source {
	readonly table: typeof streaks | typeof standings;
	readonly value: PgColumn;
	readonly within: SQL | undefined;
}

function storedSource(scope: BoardScope, board: "current" | "longest" | "answered"): Source {
	if (scope.scheduleId === null)
		return { table: standings, value: standings[board], within: eq(standings.workspaceId, scope.workspaceId) };
	return {
		table: streaks,
		value: streaks[board],
		within: and(eq(streaks.scheduleId, scope.scheduleId), eq(streaks.workspaceId, scope.workspaceId)),
	};
}

/** Boards: top rows, ranks and participation. Hidden members stand in none that others see. */
export class PostgresBoards implements BoardStore {
	readonly #db: Db;

	constructor(db: Db) {
		this.#db = db;
	}

	async top(scope: BoardScope, board: Board, since: Date | null, offset: number, limit: number): Promise<BoardRow[]> {
		if (board === "accuracy" || since !== null) {
			const period = this.#counted(scope, board, since);
			return this.#db
				.select({
					memberId: period.memberId,
					name: members.name,
					value: period.value,
					longest: sql<number>`0`.mapWith(Number),
				})
				.from(period)
				.innerJoin(members, eq(members.id, period.memberId))
				.where(eq(members.hidden, false))
				.orderBy(desc(period.value), asc(members.name), asc(period.memberId))
				.offset(offset)
				.limit(limit);
		}
		const { table, value, within } = storedSource(scope, board);
		return this.#db
			.select({
				memberId: table.memberId,
				name: members.name,
				value: sql<number>`${value}`.mapWith(Number),
				longest: table.longest,
			})
			.from(table)
			.innerJoin(members, eq(members.id, table.memberId))
			.where(and(within, gt(value, 0), eq(members.hidden, false)))
			.orderBy(desc(value), desc(table.longest), asc(members.name), asc(table.memberId))
			.offset(offset)
			.limit(limit);
	}

	async countAbove(scope: BoardScope, board: Board, since: Date | null, value: number): Promise<number> {
		if (board === "accuracy" || since !== null) {
			const period = this.#counted(scope, board, since);
			const [row] = await this.#db
				.select({ value: count() })
				.from(period)
				.innerJoin(members, eq(members.id, period.memberId))
				.where(and(eq(members.hidden, false), gt(period.value, value)));
			return row?.value ?? 0;
		}
		const source = storedSource(scope, board);
		const [row] = await this.#db
			.select({ value: count() })
			.from(source.table)
			.innerJoin(members, eq(members.id, source.table.memberId))
			.where(and(source.within, gt(source.value, value), eq(members.hidden, false)));
		return row?.value ?? 0;
	}

	async valueOf(scope: BoardScope, board: Board, since: Date | null, memberId: number): Promise<number | null> {
		if (board === "accuracy" || since !== null) {
			const period = this.#counted(scope, board, since);
			const [row] = await this.#db.select({ value: period.value }).from(period).where(eq(period.memberId, memberId));
			return row?.value ?? null;
		}
		const { table, value, within } = storedSource(scope, board);
		const [row] = await this.#db
			.select({ value: sql<number>`${value}`.mapWith(Number) })
			.from(table)
			.where(and(within, eq(table.memberId, memberId)));
		return row?.value ?? null;
	}

	/** Values counted from attempts: how many in a period, or the share of right quick checks. */
	#counted(scope: BoardScope, board: Board, since: Date | null) {
		const checks = sql<number>`count(*) filter (where ${answers.correct} is not null)`;
		const right = sql<number>`count(*) filter (where ${answers.correct})`;
		const value = board === "accuracy" ? sql<number>`${right}::float8 / ${checks}` : sql<number>`count(*)`;
		return this.#db
			.select({ memberId: attempts.memberId, value: value.mapWith(Number).as("value") })
			.from(attempts)
			.innerJoin(answers, eq(answers.id, attempts.answerId))
			.where(
				and(
					eq(attempts.workspaceId, scope.workspaceId),
					scope.scheduleId === null ? undefined : eq(attempts.scheduleId, scope.scheduleId),
					since === null ? undefined : gte(attempts.at, since),
				),
			)
			.groupBy(attempts.memberId)
			.having(board === "accuracy" ? sql`${checks} >= ${LEAST_CHECKS}` : sql`count(*) > 0`)
			.as("counted");
	}

	async participation(scheduleId: number, lastOccurrences: number): Promise<{ today: number; active: number } | null> {
		const last = await this.#db
			.select({ id: occurrences.id })
			.from(occurrences)
			.where(
				and(
					eq(occurrences.scheduleId, scheduleId),
					isNotNull(occurrences.number),
					inArray(occurrences.state, ["delivered", "unknown"]),
				),
			)
			.orderBy(desc(occurrences.number))
			.limit(lastOccurrences);
		const [newest] = last;
		if (!newest) return null;
		const [row] = await this.#db
			.select({
				today: sql<number>`count(*) filter (where ${attempts.occurrenceId} = ${newest.id})`.mapWith(Number),
				active: sql<number>`count(distinct ${attempts.memberId})`.mapWith(Number),
			})
			.from(attempts)
			.where(
				inArray(
					attempts.occurrenceId,
					last.map((occurrence) => occurrence.id),
				),
			);
		return { today: row?.today ?? 0, active: row?.active ?? 0 };
	}
}
