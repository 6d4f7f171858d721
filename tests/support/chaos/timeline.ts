import { dueDates, type LocalDate, nextInstant } from "../../../src/core/calendar/calendar.ts";
import type { Schedule } from "../../../src/core/model.ts";
import type { Dice } from "../dice.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const MAX_LATENESS = 12 * HOUR;
/** No move makes a question nearly as late as it may be, since sending takes time. */
const MARGIN = 8 * MINUTE;
/**
 * The minutes of the hour at which schedules are set. In zones with an offset of 15 or 30 minutes, that much later in
 * UTC.
 */
export const MINUTES_SET = [0, 5, 10] as const;
/** Around this minute of UTC's hours nothing is due. */
const FREE_MINUTE = 50;
/** The clock's moves, one after another, then again from the start. */
const MOVES = ["hours", "downtime", "back", "hours", "hours", "hours"] as const;

export interface Expected {
	readonly schedule: Schedule;
	readonly localDate: LocalDate;
	readonly dueAt: Date;
}

/** Computes what the clock's moves make due, and what they make too late, without the program's engine. */
export class Timeline {
	readonly due: Expected[] = [];
	readonly skipped: Expected[] = [];
	readonly #schedules: readonly Schedule[];
	readonly #dice: Dice;
	/** Everything up to this instant is in the lists. */
	#seen: Date;
	/** The first instant after `#seen` at which something falls due. */
	#next: Date;
	#moves = 0;

	constructor(schedules: readonly Schedule[], dice: Dice, start: Date) {
		this.#schedules = schedules;
		this.#dice = dice;
		this.#seen = start;
		this.#next = this.#firstAfter(start);
	}

	#firstAfter(instant: Date): Date {
		const instants = this.#schedules.map((schedule) => nextInstant(schedule, instant).getTime());
		return new Date(Math.min(...instants));
	}

	#see(until: Date): void {
		this.#seen = until;
		if (this.#next <= until) this.#next = this.#firstAfter(until);
	}

	#between(from: Date, until: Date): Expected[][] {
		return this.#schedules.map((schedule) => dueDates(schedule, from, until).map((date) => ({ schedule, ...date })));
	}

	/** The clock has run by itself: what fell due meanwhile is in time. */
	run(now: Date): void {
		if (now <= this.#seen) return;
		if (this.#next <= now) this.due.push(...this.#between(this.#seen, now).flat());
		this.#see(now);
	}

	/** The clock has jumped: of each schedule the newest question is sent, unless it is too late. */
	jump(to: Date): void {
		if (to <= this.#seen) return;
		for (const dates of this.#between(this.#seen, to)) {
			const newest = dates.at(-1);
			const inTime = newest && to.getTime() - newest.dueAt.getTime() <= MAX_LATENESS ? [newest] : [];
			this.due.push(...inTime);
			this.skipped.push(...dates.slice(0, dates.length - inTime.length));
		}
		this.#see(to);
	}

	/**
	 * Where the clock goes next: mostly hours ahead, sometimes back, sometimes over days of downtime. All work that is
	 * due before the move must be done.
	 */
	nextMove(now: Date): Date {
		// If it is in the past, it first returns to where it has been.
		if (now < this.#seen) return new Date(this.#seen.getTime() + MINUTE);
		const move = MOVES[this.#moves % MOVES.length] ?? "hours";
		// What falls due just as the clock leaves might be sent or skipped.
		const leaving = new Date(now.getTime() + MINUTE);
		if (move === "downtime" && this.#isAnyDue(now, leaving)) return new Date(leaving.getTime() + MINUTE);
		this.#moves += 1;
		if (move === "back") return new Date(now.getTime() - this.#dice.between(HOUR, 48 * HOUR));
		if (move === "hours") return new Date(now.getTime() + this.#dice.between(HOUR, 6 * HOUR));
		return this.#afterDowntime(now);
	}

	#afterDowntime(now: Date): Date {
		const hours = Math.floor(now.getTime() / HOUR) + this.#dice.between(20, 72);
		const to = new Date(hours * HOUR + FREE_MINUTE * MINUTE);
		const late = to.getTime() - MAX_LATENESS;
		if (this.#isAnyDue(new Date(late - MARGIN), new Date(late + MARGIN)))
			throw new Error("a schedule is set to a minute at which nothing may be due");
		return to;
	}

	#isAnyDue(from: Date, until: Date): boolean {
		return this.#between(from, until).some((dates) => dates.length > 0);
	}
}
