import { and, eq, inArray, max, sql } from "drizzle-orm";
import * as schema from "../../../drizzle/schema.ts";
import type { CoordinationStore } from "../../core/ports/coordination.ts";
import type { Db } from "./db.ts";

const { answers, handledInteractions, leases, members, occurrences, sendBudgets, workspaces } = schema;

/** Coordinates several processes: leases, keys seen once, and shared send budgets. */
export class PostgresCoordination implements CoordinationStore {
	readonly #db: Db;

	constructor(db: Db) {
		this.#db = db;
	}

	async firstSight(key: string, now: Date): Promise<boolean> {
		const rows = await this.#db
			.insert(handledInteractions)
			.values({ key, at: now })
			.onConflictDoNothing()
			.returning({ key: handledInteractions.key });
		return rows.length === 1;
	}

	async takeLease(name: string, holder: string, seconds: number): Promise<{ fence: number } | null> {
		const until = sql`clock_timestamp() + make_interval(secs => ${seconds})`;
		const [row] = await this.#db
			.insert(leases)
			.values({ name, holder, fence: 1, until })
			.onConflictDoUpdate({
				target: leases.name,
				set: {
					holder,
					until,
					fence: sql`case when ${leases.holder} = ${holder} then ${leases.fence} else ${leases.fence} + 1 end`,
				},
				setWhere: sql`${leases.holder} = ${holder} or ${leases.until} < clock_timestamp()`,
			})
			.returning({ fence: leases.fence });
		return row ?? null;
	}

	async giveUpLease(name: string, holder: string): Promise<void> {
		// Keep the row: without it the fence would start again, and a former holder could still write.
		await this.#db
			.update(leases)
			.set({ until: sql`to_timestamp(0)` })
			.where(and(eq(leases.name, name), eq(leases.holder, holder)));
	}

	/**
	 * The row holds the next free send as a place on a grid with `perSecond` places a second. Sends are evenly spread:
	 * any second, wherever it begins, has at most `perSecond` of them.
	 */
	async takeSends(name: string, wanted: number, perSecond: number): Promise<number> {
		const now = sql`extract(epoch from clock_timestamp())`;
		const here = sql`ceil(${now} * ${perSecond}::int)`;
		const stored = sql`${sendBudgets.second} * ${perSecond}::int + ${sendBudgets.used}`;
		const place = sql`greatest(${stored}, ${here})`;
		const [row] = await this.#db
			.insert(sendBudgets)
			.values({
				name,
				second: sql`floor(${now})::bigint`,
				used: sql`(${here} - floor(${now}) * ${perSecond}::int + ${wanted}::int)::int`,
			})
			.onConflictDoUpdate({
				target: sendBudgets.name,
				set: {
					second: sql`floor(${place} / ${perSecond}::int)::bigint`,
					used: sql`(${place} - floor(${place} / ${perSecond}::int) * ${perSecond}::int + ${wanted}::int)::int`,
				},
			})
			.returning({
				wait: sql<number>`((${stored} - ${wanted}::int)::numeric / ${perSecond}::int - ${now}) * 1000`.mapWith(Number),
			});
		return Math.max(0, row?.wait ?? 0);
	}

	async databaseTime(): Promise<Date> {
		const [row] = await this.#db
			.select({ milliseconds: sql<number>`extract(epoch from clock_timestamp()) * 1000`.mapWith(Number) })
			.from(sql`(select 1) as one`);
		return new Date(row?.milliseconds ?? Number.NaN);
	}

	async newestEntry(platform: string): Promise<Date | null> {
		const ours = this.#db.select({ id: workspaces.id }).from(workspaces).where(eq(workspaces.platform, platform));
		const people = this.#db.select({ id: members.id }).from(members).where(inArray(members.workspaceId, ours));
		const [[delivered], [answered]] = await Promise.all([
			this.#db
				.select({ at: max(occurrences.deliveredAt) })
				.from(occurrences)
				.where(inArray(occurrences.workspaceId, ours)),
			this.#db
				.select({ at: max(answers.at) })
				.from(answers)
				.where(inArray(answers.memberId, people)),
		]);
		const instants = [delivered?.at, answered?.at].filter((at) => at instanceof Date).map((at) => at.getTime());
		return instants.length === 0 ? null : new Date(Math.max(...instants));
	}
}
