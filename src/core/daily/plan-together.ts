import { type DueDate, nextInstant } from "../calendar/calendar.ts";
import type { Schedule } from "../model.ts";
import type { PlannedDaily } from "../ports/occurrences.ts";
import type { OwnEntry } from "../ports/own.ts";
import type { DueSchedule } from "../ports/schedules.ts";
import type { Services } from "../service/services.ts";
import { drawFor } from "./draw.ts";
import { deliveryOf, MAX_LATENESS } from "./enqueue.ts";
import { dueOccurrence, isLowBag, unplannedDates } from "./occurrences.ts";

export interface PlannedTogether {
	/** Ids of the planned schedules. */
	readonly planned: readonly number[];
	/** Schedules that need `planSchedule`, one by one. */
	readonly left: readonly DueSchedule[];
}

/** What is due of a schedule, and when it is due next. */
interface Dates {
	readonly dates: readonly DueDate[];
	readonly next: Date | null;
}

/** The dates of many schedules at an instant. Most of them share a few timetables, and a date costs more than a draw. */
function sharedDates(now: Date): (schedule: Schedule) => Dates {
	const known = new Map<string, Dates>();
	return (schedule) => {
		const { zone, localTime, weekdays, nextRunAt } = schedule;
		const key = `${zone} ${localTime} ${weekdays} ${nextRunAt?.getTime()}`;
		const found = known.get(key) ?? { dates: unplannedDates(schedule, now), next: nextInstant(schedule, now) };
		known.set(key, found);
		return found;
	};
}

/** The plan of an ordinary schedule: one due date, not late, no admin to notify. Null for any other. */
function usualPlan(
	services: Services,
	schedule: Schedule,
	own: readonly OwnEntry[],
	due: DueSchedule,
	{ dates, next }: Dates,
	now: Date,
): PlannedDaily | null {
	const [date, ...others] = dates;
	if (schedule.state !== "active" || !date || others.length > 0) return null;
	if (now.getTime() - date.dueAt.getTime() > MAX_LATENESS) return null;
	const drawn = drawFor(services, schedule, own);
	if (!drawn || isLowBag(schedule, drawn.draw)) return null;
	const { draw, question } = drawn;
	const occurrence = dueOccurrence(schedule, date, question);
	const { workspaceId, dueAt } = occurrence;
	const { fairnessRank } = due;
	// The database assigns the occurrence's id.
	const message = { kind: "daily" as const, workspaceId, occurrenceId: 0, dueAt, fairnessRank };
	const { key: _key, occurrenceId: _id, ...delivery } = deliveryOf(due.platform, message, now);
	return { occurrence, delivery, nextRunAt: next, ...draw.bag };
}

/** Whether a locked schedule is still due: another process may just have planned it. */
const isStillDue = ({ state, nextRunAt }: Schedule, now: Date): boolean =>
	state !== "active" || (nextRunAt !== null && nextRunAt <= now);

/**
 * Plans ordinary schedules in one transaction: one due date, not late, nothing waiting. Leaves the others to
 * `planSchedule`, including those whose rules throw. Skips schedules that another process has locked.
 */
export function planTogether(services: Services, due: readonly DueSchedule[], now: Date): Promise<PlannedTogether> {
	return services.transaction(async (tx) => {
		const { schedules, occurrences, own } = tx.store;
		const byId = new Map(due.map((each) => [each.id, each]));
		const locked = await schedules.lockAvailable([...byId.keys()]);
		const withWaiting = new Set(await occurrences.withWaiting(locked.map(({ row }) => row.id)));
		const drawing = locked.flatMap(({ row }) => (row.source === "bank" ? [] : [row.workspaceId]));
		const ownOf = await own.entries([...new Set(drawing)]);
		const datesOf = sharedDates(now);
		const plans: PlannedDaily[] = [];
		const left: DueSchedule[] = [];
		for (const { row } of locked) {
			const each = byId.get(row.id);
			if (!each || !isStillDue(row, now)) continue;
			const plan = withWaiting.has(row.id)
				? null
				: planned(() => usualPlan(tx, row, ownOf.get(row.workspaceId) ?? [], each, datesOf(row), now));
			if (plan) plans.push(plan);
			else left.push(each);
		}
		await occurrences.addPlanned(plans);
		return { planned: plans.map(({ occurrence }) => occurrence.scheduleId), left };
	});
}

/** The plan, or null if making it throws: `planSchedule` then hits the same error without stopping other schedules. */
function planned(make: () => PlannedDaily | null): PlannedDaily | null {
	try {
		return make();
	} catch {
		return null;
	}
}
