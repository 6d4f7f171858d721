import { and, asc, count, desc, eq, gt, gte, inArray, isNotNull, sql } from "drizzle-orm";
import * as schema from "../../../drizzle/schema.ts";
import type {
	BoardRow,
	BoardScope,
	BoardStore,
	CurrentStreaks,
	OwnPlace,
	StoredBoard,
} from "../../core/ports/boards.ts";
import type { StreakRow } from "../../core/ports/streaks.ts";
import type { ScheduleWindows } from "../../core/streak/standing.ts";
import { IS_VISIBLE } from "./board-lines.ts";
import { countCurrentAbove, readCurrentTop, readDoubtful, readWindows } from "./current-board.ts";
import type { Db } from "./db.ts";
import { seasonRuns } from "./season-runs.ts";

const { streaks, standings, members, attempts, answers, occurrences } = schema;
/** Fewer quick checks than this say nothing about accuracy. */
const MIN_CHECKS = 10;

type Stored = Exclude<StoredBoard, "accuracy" | "run">;

/** Whether a board's values are stored. Accuracy, and the values of a period, are counted from attempts. */
function isStored(board: StoredBoard, since: Date | null): board is Stored {
	return board !== "accuracy" && board !== "run" && since === null;
}

/** The stored rows of a scope's boards. */
function storedRows(scope: BoardScope) {
	const { workspaceId, scheduleId } = scope;
	return scheduleId === null
		? { table: standings, within: eq(standings.workspaceId, workspaceId) }
		: { table: streaks, within: and(eq(streaks.scheduleId, scheduleId), eq(streaks.workspaceId, workspaceId)) };
}

/** Boards: top rows, ranks and participation. Others never see hidden members on one. */
export class PostgresBoards implements BoardStore {
	readonly #db: Db;

	constructor(db: Db) {
		this.#db = db;
	}

	windows(scope: BoardScope, now: Date): Promise<ScheduleWindows[]> {
		return readWindows(this.#db, scope, now);
	}

	doubtful(scheduleId: number, through: number, dates: readonly string[] | null): Promise<StreakRow[]> {
		return readDoubtful(this.#db, scheduleId, through, dates);
	}

	currentTop(current: CurrentStreaks, offset: number, limit: number): Promise<BoardRow[]> {
		return readCurrentTop(this.#db, current, offset, limit);
	}

	currentAbove(current: CurrentStreaks, value: number): Promise<number> {
		return countCurrentAbove(this.#db, current, value);
	}

	async top(
		scope: BoardScope,
		board: StoredBoard,
		since: Date | null,
		offset: number,
		limit: number,
	): Promise<BoardRow[]> {
		const { table, within } = storedRows(scope);
		if (!isStored(board, since)) {
			const counted = this.#counted(scope, board, since);
			return this.#db
				.select({ memberId: counted.memberId, name: table.name, value: counted.value, longest: table.longest })
				.from(counted)
				.innerJoin(table, and(within, eq(table.memberId, counted.memberId)))
				.where(sql`${table.visible}`)
				.orderBy(desc(counted.value), desc(table.longest), asc(table.name), asc(counted.memberId))
				.offset(offset)
				.limit(limit);
		}
		const value = table[board];
		return (
			this.#db
				.select({ memberId: table.memberId, name: table.name, value, longest: table.longest })
				.from(table)
				// Worded like the partial index, which has exactly these rows, in this order.
				.where(and(within, sql`${table.visible} and ${value} > 0`))
				.orderBy(
					...(board === "longest" ? [] : [desc(value)]),
					desc(table.longest),
					asc(table.name),
					asc(table.memberId),
				)
				.offset(offset)
				.limit(limit)
		);
	}

	async countAbove(scope: BoardScope, board: StoredBoard, since: Date | null, value: number): Promise<number> {
		if (!isStored(board, since)) {
			const counted = this.#counted(scope, board, since);
			const [row] = await this.#db
				.select({ value: count() })
				.from(counted)
				.innerJoin(members, eq(members.id, counted.memberId))
				.where(and(IS_VISIBLE, gt(counted.value, value)));
			return row?.value ?? 0;
		}
		const { table, within } = storedRows(scope);
		const [row] = await this.#db
			.select({ above: count() })
			.from(table)
			// Worded like the partial index, so that only the index is read.
			.where(and(within, sql`${table.visible} and ${table[board]} > 0`, gt(table[board], value)));
		return row?.above ?? 0;
	}

	async place(scope: BoardScope, board: StoredBoard, since: Date | null, memberId: number): Promise<OwnPlace | null> {
		if (!isStored(board, since)) {
			const counted = this.#counted(scope, board, since);
			const [row] = await this.#db.select({ value: counted.value }).from(counted).where(eq(counted.memberId, memberId));
			return row ? { value: row.value, above: await this.countAbove(scope, board, since, row.value) } : null;
		}
		const { table, within } = storedRows(scope);
		const value = table[board];
		const [row] = await this.#db
			.select({ value })
			.from(table)
			.where(and(within, eq(table.memberId, memberId)));
		return row && row.value > 0
			? { value: row.value, above: await this.countAbove(scope, board, since, row.value) }
			: null;
	}

	/** Each member's longest run since an instant. */
	#runs(scope: BoardScope, since: Date) {
		const memberId = sql<number>`runs.member`.mapWith(Number).as("counted_member");
		const value = sql<number>`runs.value`.mapWith(Number).as("value");
		return this.#db
			.select({ memberId, value })
			.from(sql`(${seasonRuns(scope, since)}) as runs`)
			.as("counted");
	}

	/** Values counted from attempts: their number in a period, or the share of right quick checks. */
	#counted(scope: BoardScope, board: StoredBoard, since: Date | null) {
		if (board === "run") return this.#runs(scope, since ?? new Date(0));
		const memberId = sql<number>`${attempts.memberId}`;
		const checks = sql<number>`count(*) filter (where ${answers.correct} is not null)`;
		const right = sql<number>`count(*) filter (where ${answers.correct})`;
		const value = board === "accuracy" ? sql<number>`${right}::float8 / ${checks}` : sql<number>`count(*)`;
		return this.#db
			.select({ memberId: memberId.mapWith(Number).as("counted_member"), value: value.mapWith(Number).as("value") })
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
			.having(board === "accuracy" ? sql`${checks} >= ${MIN_CHECKS}` : sql`count(*) > 0`)
			.as("counted");
	}

	async participation(scheduleId: number, lastOccurrences: number): Promise<{ today: number; active: number } | null> {
		const last = await this.#db
			.select({ number: occurrences.number })
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
		const [newest, oldest] = [last[0], last.at(-1)];
		if (!newest || !oldest) return null;
		const today = sql<number>`count(*) filter (where ${streaks.latestNumber} >= ${newest.number})`.mapWith(Number);
		const [row] = await this.#db
			.select({ today, active: count() })
			.from(streaks)
			.where(and(eq(streaks.scheduleId, scheduleId), gte(streaks.latestNumber, oldest.number ?? 0)));
		return row ?? null;
	}
}
