import { and, asc, count, desc, eq, inArray, isNotNull, isNull, lte, min, ne, notInArray, or, sql } from "drizzle-orm";
import * as schema from "../../../drizzle/schema.ts";
import type { Schedule } from "../../core/model.ts";
import type {
	DueSchedule,
	LockedSchedule,
	NewSchedule,
	OccurrenceCounts,
	PlacedSchedule,
	ScheduleChanges,
	ScheduleStore,
} from "../../core/ports/schedules.ts";
import type { Db } from "./db.ts";
import { onlyRow } from "./db.ts";
import { idsText } from "./raw.ts";

const { schedules, occurrences, workspaces, deliveries } = schema;

/** Copies the model's read-only arrays, since the driver wants writable ones. */
function writable(changes: ScheduleChanges) {
	const { categories, difficulties, drawn, recent, ...rest } = changes;
	return {
		...rest,
		...(categories ? { categories: [...categories] } : {}),
		...(difficulties ? { difficulties: [...difficulties] } : {}),
		...(drawn ? { drawn: [...drawn] } : {}),
		...(recent ? { recent: [...recent] } : {}),
	};
}

/** A schedule whose row is locked. */
class LockedScheduleRow implements LockedSchedule {
	readonly #db: Db;
	#row: Schedule;

	constructor(db: Db, row: Schedule) {
		this.#db = db;
		this.#row = row;
	}

	get row(): Schedule {
		return this.#row;
	}

	async change(changes: ScheduleChanges): Promise<Schedule> {
		if (Object.keys(changes).length === 0) return this.#row;
		await this.#db.update(schedules).set(writable(changes)).where(eq(schedules.id, this.#row.id));
		this.#row = { ...this.#row, ...changes };
		return this.#row;
	}
}

/** Schedules. Queries of the daily engine cross workspaces; the port says which. */
export class PostgresSchedules implements ScheduleStore {
	readonly #db: Db;

	constructor(db: Db) {
		this.#db = db;
	}

	async add(schedule: NewSchedule): Promise<Schedule> {
		const rows = await this.#db
			.insert(schedules)
			.values({
				...schedule,
				number: sql`coalesce((select max(number) from ${schedules} where workspace_id = ${schedule.workspaceId}), 0) + 1`,
				categories: [...schedule.categories],
				difficulties: [...schedule.difficulties],
				state: "active",
				drawn: [],
				recent: [],
			})
			.returning();
		return onlyRow(rows);
	}

	async get(workspaceId: number, id: number): Promise<Schedule | null> {
		const [row] = await this.#db
			.select()
			.from(schedules)
			.where(and(eq(schedules.workspaceId, workspaceId), eq(schedules.id, id)));
		return row ?? null;
	}

	async list(workspaceId: number, { withRemoved = false } = {}): Promise<Schedule[]> {
		return this.#db
			.select()
			.from(schedules)
			.where(and(eq(schedules.workspaceId, workspaceId), withRemoved ? undefined : ne(schedules.state, "removed")))
			.orderBy(asc(schedules.id));
	}

	async lock(id: number): Promise<LockedSchedule | null> {
		// Not FOR UPDATE: recording an answer refers to this row by a foreign key, and would have to wait.
		const [row] = await this.#db.select().from(schedules).where(eq(schedules.id, id)).for("no key update");
		return row ? new LockedScheduleRow(this.#db, row) : null;
	}

	async tryLock(id: number): Promise<LockedSchedule | null> {
		const [locked] = await this.lockAvailable([id]);
		return locked ?? null;
	}

	async lockAvailable(ids: readonly number[]): Promise<LockedSchedule[]> {
		const rows = await this.#db
			.select()
			.from(schedules)
			.where(sql`${schedules.id} = any (${idsText(ids)}::bigint[])`)
			.for("no key update", { skipLocked: true });
		return rows.map((row) => new LockedScheduleRow(this.#db, row));
	}

	async lockByOccurrence(occurrenceId: number): Promise<LockedSchedule | null> {
		const owner = this.#db
			.select({ id: occurrences.scheduleId })
			.from(occurrences)
			.where(eq(occurrences.id, occurrenceId));
		const [row] = await this.#db.select().from(schedules).where(inArray(schedules.id, owner)).for("no key update");
		return row ? new LockedScheduleRow(this.#db, row) : null;
	}

	async due(now: Date, limit: number, without: readonly number[] = []): Promise<DueSchedule[]> {
		const { workspaceId } = schedules;
		const waiting = this.#db
			.select({ workspaceId: deliveries.workspaceId, count: count().as("waiting_count") })
			.from(deliveries)
			.where(inArray(deliveries.state, ["pending", "sending"]))
			.groupBy(deliveries.workspaceId)
			.as("waiting");
		const place = sql`row_number() over (partition by ${workspaceId} order by ${schedules.nextRunAt}, ${schedules.id})`;
		const fairnessRank = sql<number>`coalesce(${waiting.count}, 0) + ${place} - 1`.mapWith(Number).as("fairness_rank");
		return this.#db
			.select({ id: schedules.id, workspaceId, platform: workspaces.platform, fairnessRank })
			.from(schedules)
			.innerJoin(workspaces, eq(workspaces.id, workspaceId))
			.leftJoin(waiting, eq(waiting.workspaceId, workspaceId))
			.where(
				and(
					isNull(workspaces.removedAt),
					without.length > 0 ? notInArray(schedules.id, [...without]) : undefined,
					or(
						and(eq(schedules.state, "active"), lte(schedules.nextRunAt, now)),
						and(eq(schedules.state, "paused"), lte(schedules.pausedUntil, now)),
					),
				),
			)
			.orderBy(asc(fairnessRank), asc(schedules.nextRunAt))
			.limit(limit);
	}

	async active(platform: string, limit: number): Promise<PlacedSchedule[]> {
		const { id, number, channelId, channelName } = schedules;
		return this.#db
			.select({ number, workspaceExternalId: workspaces.externalId, channelId, channelName })
			.from(schedules)
			.innerJoin(workspaces, eq(workspaces.id, schedules.workspaceId))
			.where(and(eq(workspaces.platform, platform), isNull(workspaces.removedAt), eq(schedules.state, "active")))
			.orderBy(desc(id))
			.limit(limit);
	}

	async nextInstant(platform: string): Promise<Date | null> {
		const [row] = await this.#db
			.select({
				run: min(
					sql`case when ${schedules.state} = 'active' then ${schedules.nextRunAt} else ${schedules.pausedUntil} end`,
				).mapWith(schedules.nextRunAt),
			})
			.from(schedules)
			.innerJoin(workspaces, eq(workspaces.id, schedules.workspaceId))
			.where(and(eq(workspaces.platform, platform), isNull(workspaces.removedAt), ne(schedules.state, "removed")));
		return row?.run ?? null;
	}

	async counts(scheduleId: number): Promise<OccurrenceCounts> {
		const rows = await this.#db
			.select({ state: occurrences.state, value: sql<number>`count(*)`.mapWith(Number) })
			.from(occurrences)
			.where(eq(occurrences.scheduleId, scheduleId))
			.groupBy(occurrences.state);
		const of = (state: string) => rows.find((row) => row.state === state)?.value ?? 0;
		const [last] = await this.#db
			.select()
			.from(occurrences)
			.where(and(eq(occurrences.scheduleId, scheduleId), isNotNull(occurrences.deliveredAt)))
			.orderBy(desc(occurrences.deliveredAt))
			.limit(1);
		return { delivered: of("delivered"), skipped: of("skipped"), unknown: of("unknown"), last: last ?? null };
	}

	async inChannel(workspaceId: number, channelId: string): Promise<Schedule[]> {
		return this.#db
			.select()
			.from(schedules)
			.where(
				and(eq(schedules.workspaceId, workspaceId), eq(schedules.channelId, channelId), eq(schedules.state, "active")),
			)
			.orderBy(asc(schedules.id));
	}
}
