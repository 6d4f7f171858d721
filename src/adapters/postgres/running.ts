import { and, eq, lt, sql } from "drizzle-orm";
import * as schema from "../../../drizzle/schema.ts";
import type { RunningStore } from "../../core/ports.ts";
import type { Db } from "./db.ts";

const { handledInteractions, leases, sendBudgets, facts } = schema;

/** What keeps several processes out of each other's way. */
export class PostgresRunning implements RunningStore {
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

	async forgetSightsBefore(before: Date): Promise<void> {
		await this.#db.delete(handledInteractions).where(lt(handledInteractions.at, before));
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
		await this.#db.delete(leases).where(and(eq(leases.name, name), eq(leases.holder, holder)));
	}

	async takeSends(name: string, wanted: number, perSecond: number): Promise<number> {
		const second = sql<number>`floor(extract(epoch from clock_timestamp()))::bigint`;
		return this.#db.transaction(async (tx) => {
			await tx.insert(sendBudgets).values({ name, second: 0, used: 0 }).onConflictDoNothing();
			const [row] = await tx
				.select({ second: sendBudgets.second, used: sendBudgets.used, now: second.mapWith(Number) })
				.from(sendBudgets)
				.where(eq(sendBudgets.name, name))
				.for("update");
			if (!row) return 0;
			const used = row.second === row.now ? row.used : 0;
			const granted = Math.max(0, Math.min(wanted, perSecond - used));
			await tx
				.update(sendBudgets)
				.set({ second: row.now, used: used + granted })
				.where(eq(sendBudgets.name, name));
			return granted;
		});
	}

	async fact(name: string): Promise<string | null> {
		const [row] = await this.#db.select({ value: facts.value }).from(facts).where(eq(facts.name, name));
		return row?.value ?? null;
	}

	async setFact(name: string, value: string): Promise<void> {
		await this.#db.insert(facts).values({ name, value }).onConflictDoUpdate({ target: facts.name, set: { value } });
	}

	async databaseTime(): Promise<Date> {
		const [row] = await this.#db
			.select({ milliseconds: sql<number>`extract(epoch from clock_timestamp()) * 1000`.mapWith(Number) })
			.from(sql`(select 1) as one`);
		return new Date(row?.milliseconds ?? Number.NaN);
	}
}
