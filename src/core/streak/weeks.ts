import { addDays, localDateOf, weekdayOf } from "../calendar/calendar.ts";
import type { Schedule } from "../model.ts";
import type { Reads } from "../ports/reads.ts";
import { isOpen } from "./streak.ts";
import type { Evaluated } from "./streaks.ts";

const WEEKS = 12;

/** How one local date counted for a member in one schedule. */
export type DayMark = "attempted" | "missed" | "frozen" | "excused" | "open" | "none";

export interface WeekDay {
	readonly date: string;
	readonly mark: DayMark;
}

/**
 * A member's last twelve weeks in a schedule: 84 local dates in its zone, starting on a Monday.
 * @param streak the member's current streak in it; null before the first attempt
 */
export async function lastWeeks(
	store: Reads,
	schedule: Schedule,
	memberId: number,
	streak: Evaluated | null,
	now: Date,
): Promise<WeekDay[]> {
	const today = localDateOf(now, schedule.zone);
	const first = addDays(today, -weekdayOf(today) - 7 * (WEEKS - 1));
	const marks = new Map<string, DayMark>();
	if (streak) {
		const [booked, occurrences] = await Promise.all([
			store.streaks.ledgerOfSchedule(memberId, schedule.id),
			store.occurrences.sinceFor(memberId, schedule.id, first),
		]);
		const events = new Set([...booked, ...streak.ledger].map((entry) => `${entry.number} ${entry.kind}`));
		for (const occurrence of occurrences) {
			const { number, localDate, attempted } = occurrence;
			if (number === null) continue;
			const has = (kind: string) => events.has(`${number} ${kind}`);
			if (attempted) marks.set(localDate, "attempted");
			else if (isOpen(occurrence, now)) marks.set(localDate, "open");
			else if (number < streak.row.firstNumber || occurrence.state !== "delivered") continue;
			else if (has("freeze-used")) marks.set(localDate, "frozen");
			else if (has("away") || has("repaired")) marks.set(localDate, "excused");
			else marks.set(localDate, "missed");
		}
	}
	return Array.from({ length: 7 * WEEKS }, (_, day) => {
		const date = addDays(first, day);
		return { date, mark: marks.get(date) ?? "none" };
	});
}
