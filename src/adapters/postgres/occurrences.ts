import {
	and,
	asc,
	desc,
	eq,
	getTableColumns,
	gt,
	gte,
	inArray,
	isNotNull,
	isNull,
	lt,
	lte,
	min,
	notExists,
	notInArray,
	or,
	type SQL,
	sql,
} from "drizzle-orm";
import * as schema from "../../../drizzle/schema.ts";
import { DAY } from "../../core/durations.ts";
import type { Occurrence } from "../../core/model.ts";
import type { NewOccurrence, OccurrenceChanges, OccurrenceStore, PlannedDaily } from "../../core/ports/occurrences.ts";
import { addPlanned } from "./daily/plan.ts";
import type { Db } from "./db.ts";
import { once } from "./once.ts";
import { idsText } from "./raw.ts";

const { occurrences, attempts, countRequests, streaks, workspaces } = schema;

/** How long after its delivery a daily question is still the one that members remember, in milliseconds. */
const LATELY = 30 * DAY;

/** The statement that finds open occurrences. Most interactions run it, and building it takes longer than sending it. */
function prepareOpen(db: Db, where: SQL | undefined) {
	const at = sql.placeholder("at");
	return db
		.select()
		.from(occurrences)
		.where(
			and(
				eq(occurrences.workspaceId, sql.placeholder("workspaceId")),
				where,
				inArray(occurrences.state, ["delivered", "unknown", "sending"]),
				isNotNull(occurrences.number),
				isNull(occurrences.settledAt),
				lte(occurrences.deliveredAt, at),
				or(isNull(occurrences.closesAt), gt(occurrences.closesAt, at)),
			),
		)
		.orderBy(desc(occurrences.deliveredAt), desc(occurrences.id))
		.prepare("open");
}
type OpenStatement = ReturnType<typeof prepareOpen>;

/** Occurrences: the daily questions with their windows and answered counts. */
export class PostgresOccurrences implements OccurrenceStore {
	readonly #db: Db;
	readonly #openInWorkspace: () => OpenStatement;
	readonly #openInChannel: () => OpenStatement;

	constructor(db: Db) {
		this.#db = db;
		this.#openInWorkspace = once(() => prepareOpen(db, undefined));
		this.#openInChannel = once(() => prepareOpen(db, eq(occurrences.channelId, sql.placeholder("channelId"))));
	}

	async add(occurrence: NewOccurrence): Promise<Occurrence | null> {
		const [row] = await this.#db.insert(occurrences).values(occurrence).onConflictDoNothing().returning();
		return row ?? null;
	}

	addPlanned(plans: readonly PlannedDaily[]): Promise<void> {
		return addPlanned(this.#db, plans);
	}

	async get(id: number): Promise<Occurrence | null> {
		const [row] = await this.#db.select().from(occurrences).where(eq(occurrences.id, id));
		return row ?? null;
	}

	async change(id: number, changes: OccurrenceChanges): Promise<void> {
		await this.#db.update(occurrences).set(changes).where(eq(occurrences.id, id));
	}

	async lock(id: number): Promise<Occurrence | null> {
		const [row] = await this.#db.select().from(occurrences).where(eq(occurrences.id, id)).for("update");
		return row ?? null;
	}

	async unclosed(scheduleId: number, below: number): Promise<Occurrence[]> {
		return this.#db
			.select()
			.from(occurrences)
			.where(
				and(
					eq(occurrences.scheduleId, scheduleId),
					lt(occurrences.number, below),
					isNull(occurrences.settledAt),
					isNull(occurrences.closesAt),
					inArray(occurrences.state, ["delivered", "unknown"]),
				),
			)
			.orderBy(asc(occurrences.number));
	}

	async ofDate(scheduleId: number, localDate: string): Promise<Occurrence | null> {
		const [row] = await this.#db
			.select()
			.from(occurrences)
			.where(and(eq(occurrences.scheduleId, scheduleId), eq(occurrences.localDate, localDate)));
		return row ?? null;
	}

	async closedLately(workspaceId: number, questionId: string, at: Date): Promise<Date | null> {
		const [row] = await this.#db
			.select({ closesAt: occurrences.closesAt })
			.from(occurrences)
			.where(
				and(
					eq(occurrences.workspaceId, workspaceId),
					gt(occurrences.deliveredAt, new Date(at.getTime() - LATELY)),
					eq(occurrences.questionId, questionId),
					lte(occurrences.closesAt, at),
				),
			)
			.orderBy(desc(occurrences.closesAt))
			.limit(1);
		return row?.closesAt ?? null;
	}

	async waiting(scheduleId: number): Promise<Occurrence[]> {
		return this.#db
			.select()
			.from(occurrences)
			.where(
				and(
					eq(occurrences.scheduleId, scheduleId),
					isNull(occurrences.settledAt),
					inArray(occurrences.state, ["due", "sending"]),
				),
			)
			.orderBy(asc(occurrences.dueAt));
	}

	async withWaiting(scheduleIds: readonly number[]): Promise<number[]> {
		const rows = await this.#db
			.selectDistinct({ id: occurrences.scheduleId })
			.from(occurrences)
			.where(
				and(
					sql`${occurrences.scheduleId} = any (${idsText(scheduleIds)}::bigint[])`,
					isNull(occurrences.settledAt),
					inArray(occurrences.state, ["due", "sending"]),
				),
			);
		return rows.map(({ id }) => id);
	}

	async open(workspaceId: number, channelId: string | null, at: Date): Promise<Occurrence[]> {
		return channelId === null
			? this.#openInWorkspace().execute({ workspaceId, at })
			: this.#openInChannel().execute({ workspaceId, at, channelId });
	}

	async toSettle(now: Date, limit: number, withoutSchedules: readonly number[] = []): Promise<Occurrence[]> {
		return this.#db
			.select(getTableColumns(occurrences))
			.from(occurrences)
			.innerJoin(workspaces, eq(workspaces.id, occurrences.workspaceId))
			.where(
				and(
					isNull(occurrences.settledAt),
					lte(occurrences.closesAt, now),
					isNull(workspaces.deletedAt),
					withoutSchedules.length > 0 ? notInArray(occurrences.scheduleId, [...withoutSchedules]) : undefined,
				),
			)
			.orderBy(asc(occurrences.closesAt), asc(occurrences.id))
			.limit(limit);
	}

	async settleUnawaited(ids: readonly number[], now: Date): Promise<number[]> {
		const awaiting = this.#db
			.select({ id: streaks.memberId })
			.from(streaks)
			.where(
				and(
					eq(streaks.scheduleId, occurrences.scheduleId),
					or(gt(streaks.current, 0), gt(streaks.booked, 0)),
					sql`${streaks.bookedTo} < coalesce(${occurrences.number}, 0)`,
				),
			);
		const rows = await this.#db
			.update(occurrences)
			.set({ settledAt: now })
			.where(
				and(
					sql`${occurrences.id} = any (${idsText(ids)}::bigint[])`,
					isNull(occurrences.settledAt),
					notExists(awaiting),
				),
			)
			.returning({ id: occurrences.id });
		return rows.map(({ id }) => id);
	}

	async nextClosing(platform: string, after: Date): Promise<Date | null> {
		const [row] = await this.#db
			.select({ at: min(occurrences.closesAt) })
			.from(occurrences)
			.innerJoin(workspaces, eq(workspaces.id, occurrences.workspaceId))
			.where(and(isNull(occurrences.settledAt), gt(occurrences.closesAt, after), eq(workspaces.platform, platform)));
		return row?.at ?? null;
	}

	async requestCount(occurrenceId: number, notBefore: Date): Promise<void> {
		const made = await this.#db
			.insert(countRequests)
			.values({ occurrenceId, notBefore })
			.onConflictDoNothing()
			.returning({ id: countRequests.occurrenceId });
		if (made.length > 0) return;
		// Clearing the request waits for this lock, so the count includes the answer that requested it.
		const [held] = await this.#db
			.select({ id: countRequests.occurrenceId })
			.from(countRequests)
			.where(eq(countRequests.occurrenceId, occurrenceId))
			.for("key share");
		if (!held) await this.#db.insert(countRequests).values({ occurrenceId, notBefore }).onConflictDoNothing();
	}

	async requestClosed(posts: { occurrenceId: number; notBefore: Date }[]): Promise<void> {
		if (posts.length > 0) await this.#db.insert(countRequests).values(posts).onConflictDoNothing();
	}

	async takeCountRequests(
		platform: string,
		now: Date,
		until: Date,
		limit: number,
		without: readonly number[] = [],
	): Promise<number[]> {
		const due = this.#db
			.select({ id: countRequests.occurrenceId })
			.from(countRequests)
			.innerJoin(occurrences, eq(occurrences.id, countRequests.occurrenceId))
			.innerJoin(workspaces, eq(workspaces.id, occurrences.workspaceId))
			.where(
				and(
					lte(countRequests.notBefore, now),
					eq(workspaces.platform, platform),
					without.length > 0 ? notInArray(countRequests.occurrenceId, [...without]) : undefined,
				),
			)
			.orderBy(asc(countRequests.notBefore))
			.limit(limit)
			.for("no key update", { of: countRequests, skipLocked: true });
		const rows = await this.#db
			.update(countRequests)
			.set({ notBefore: until })
			.where(inArray(countRequests.occurrenceId, due))
			.returning({ id: countRequests.occurrenceId });
		return rows.map((row) => row.id);
	}

	async endCountRequest(occurrenceId: number): Promise<void> {
		await this.#db.delete(countRequests).where(eq(countRequests.occurrenceId, occurrenceId));
	}

	async hasAttempts(occurrenceId: number): Promise<boolean> {
		const ofIt = eq(attempts.occurrenceId, occurrenceId);
		return (await this.#db.select({ memberId: attempts.memberId }).from(attempts).where(ofIt).limit(1)).length > 0;
	}

	async since(scheduleId: number, localDate: string): Promise<Occurrence[]> {
		return this.#db
			.select()
			.from(occurrences)
			.where(and(eq(occurrences.scheduleId, scheduleId), gte(occurrences.localDate, localDate)))
			.orderBy(asc(occurrences.localDate));
	}

	async sinceFor(
		memberId: number,
		scheduleId: number,
		localDate: string,
	): Promise<(Occurrence & { attempted: boolean })[]> {
		return this.#db
			.select({ ...getTableColumns(occurrences), attempted: sql<boolean>`${attempts.memberId} is not null` })
			.from(occurrences)
			.leftJoin(attempts, and(eq(attempts.occurrenceId, occurrences.id), eq(attempts.memberId, memberId)))
			.where(and(eq(occurrences.scheduleId, scheduleId), gte(occurrences.localDate, localDate)))
			.orderBy(asc(occurrences.localDate));
	}
}
