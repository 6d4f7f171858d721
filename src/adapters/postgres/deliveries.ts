import { and, asc, eq, gt, inArray, lte, min, sql } from "drizzle-orm";
import * as schema from "../../../drizzle/schema.ts";
import type { Delivery, DeliveryKind } from "../../core/model.ts";
import type {
	Arrival,
	Claim,
	ClaimedDelivery,
	DeliveryChanges,
	DeliveryStore,
	NewDelivery,
} from "../../core/ports/deliveries.ts";
import { claimDeliveries } from "./daily/claim.ts";
import { recordArrivals } from "./daily/record.ts";
import type { Db } from "./db.ts";

const { deliveries } = schema;
const waiting = inArray(deliveries.state, ["pending", "sending"]);
/** Alerts that never arrived, worded like the partial index. */
const untold = sql`${deliveries.kind} = 'alert' and ${deliveries.state} in ('failed', 'skipped', 'unknown')`;
/** How many notices one reply can carry. */
const MAX_NOTICES = 3;
const leaseOf = (seconds: number) => sql`clock_timestamp() + make_interval(secs => ${seconds})`;

/** The outbox: unique keys, fences, and leases by the database's clock. */
export class PostgresDeliveries implements DeliveryStore {
	readonly #db: Db;

	constructor(db: Db) {
		this.#db = db;
	}

	async add(delivery: NewDelivery): Promise<boolean> {
		const rows = await this.#db
			.insert(deliveries)
			.values({ ...delivery, state: "pending", nextTryAt: delivery.dueAt })
			.onConflictDoNothing()
			.returning({ id: deliveries.id });
		return rows.length === 1;
	}

	claim(claim: Claim): Promise<ClaimedDelivery[]> {
		return claimDeliveries(this.#db, claim);
	}

	recordArrivals(arrivals: readonly Arrival[]): Promise<number[]> {
		return recordArrivals(this.#db, arrivals);
	}

	async beginSend(delivery: Delivery, now: Date, leaseSeconds: number): Promise<boolean> {
		const rows = await this.#db
			.update(deliveries)
			.set({
				state: "sending",
				sendBegunAt: now,
				tries: sql`${deliveries.tries} + 1`,
				leaseUntil: leaseOf(leaseSeconds),
			})
			.where(
				and(
					eq(deliveries.id, delivery.id),
					eq(deliveries.fence, delivery.fence),
					waiting,
					gt(deliveries.expiresAt, now),
				),
			)
			.returning({ id: deliveries.id });
		return rows.length === 1;
	}

	async change(delivery: Delivery, changes: DeliveryChanges, { keepLease = false } = {}): Promise<boolean> {
		const lease = keepLease ? {} : { claimedBy: null, leaseUntil: null };
		const rows = await this.#db
			.update(deliveries)
			.set({ ...changes, ...lease })
			.where(and(eq(deliveries.id, delivery.id), eq(deliveries.fence, delivery.fence)))
			.returning({ id: deliveries.id });
		return rows.length === 1;
	}

	async get(id: number): Promise<Delivery | null> {
		const [row] = await this.#db.select().from(deliveries).where(eq(deliveries.id, id));
		return row ?? null;
	}

	async byKey(key: string): Promise<Delivery | null> {
		const [row] = await this.#db.select().from(deliveries).where(eq(deliveries.key, key));
		return row ?? null;
	}

	async cancel(occurrenceId: number, kind: DeliveryKind, reason: string): Promise<boolean> {
		const rows = await this.#db
			.update(deliveries)
			.set({ state: "skipped", fault: reason, fence: sql`${deliveries.fence} + 1`, claimedBy: null, leaseUntil: null })
			.where(and(eq(deliveries.occurrenceId, occurrenceId), eq(deliveries.kind, kind), eq(deliveries.state, "pending")))
			.returning({ id: deliveries.id });
		return rows.length > 0;
	}

	async expire(occurrenceId: number, kind: DeliveryKind, at: Date): Promise<void> {
		await this.#db
			.update(deliveries)
			.set({ expiresAt: at })
			.where(and(eq(deliveries.occurrenceId, occurrenceId), eq(deliveries.kind, kind), waiting));
	}

	async untold(workspaceId: number): Promise<Delivery[]> {
		return this.#db
			.select()
			.from(deliveries)
			.where(and(eq(deliveries.workspaceId, workspaceId), untold))
			.orderBy(asc(deliveries.id))
			.limit(MAX_NOTICES);
	}

	async markShown(ids: readonly number[]): Promise<void> {
		if (ids.length === 0) return;
		await this.#db
			.update(deliveries)
			.set({ state: "sent" })
			.where(and(inArray(deliveries.id, [...ids]), untold));
	}

	async oldestWaiting(platform: string, now: Date): Promise<Date | null> {
		const [row] = await this.#db
			.select({ at: min(deliveries.dueAt) })
			.from(deliveries)
			.where(and(waiting, eq(deliveries.platform, platform), lte(deliveries.dueAt, now)));
		return row?.at ?? null;
	}

	async nextTry(platform: string): Promise<Date | null> {
		const [row] = await this.#db
			.select({ at: min(deliveries.nextTryAt) })
			.from(deliveries)
			.where(and(waiting, eq(deliveries.platform, platform)));
		return row?.at ?? null;
	}
}
