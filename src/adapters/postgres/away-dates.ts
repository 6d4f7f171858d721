import { and, eq, inArray, isNull } from "drizzle-orm";
import { awayDates } from "../../../drizzle/schema.ts";
import type { AwayDate } from "../../core/streak/streak.ts";
import type { Db } from "./db.ts";

export async function awayDatesOf(db: Db, memberId: number): Promise<AwayDate[]> {
	return db
		.select({ date: awayDates.date, setAt: awayDates.setAt, withdrawnAt: awayDates.withdrawnAt })
		.from(awayDates)
		.where(eq(awayDates.memberId, memberId))
		.orderBy(awayDates.date);
}

export async function addAwayDates(
	db: Db,
	workspaceId: number,
	memberId: number,
	dates: readonly string[],
	now: Date,
): Promise<void> {
	if (dates.length === 0) return;
	await db
		.insert(awayDates)
		.values(dates.map((date) => ({ workspaceId, memberId, date, setAt: now })))
		.onConflictDoUpdate({
			target: [awayDates.memberId, awayDates.date, awayDates.setAt],
			set: { withdrawnAt: null },
		});
}

export async function withdrawAwayDates(db: Db, memberId: number, dates: readonly string[], now: Date): Promise<void> {
	if (dates.length === 0) return;
	await db
		.update(awayDates)
		.set({ withdrawnAt: now })
		.where(and(eq(awayDates.memberId, memberId), inArray(awayDates.date, [...dates]), isNull(awayDates.withdrawnAt)));
}
