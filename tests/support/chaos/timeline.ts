import { dueDates, type LocalDate, nextInstant } from "../../../src/core/calendar/calendar.ts";
import type { Schedule } from "../../../src/core/model.ts";
import type { Dice } from "../dice.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const LATEST = 12 * HOUR;
/** No move leaves a question nearly as late as it may be: sending takes its time. */
const MARGIN = 8 * MINUTE;
/** Minutes of the hour at which schedules are set: in a zone that is off by 15 or 30 minutes, as much later by UTC. */
export const MINUTES_SET = [0, 5, 10] as const;
/** The minute of UTC's hours around which nothing is due then. */
const FREE_MINUTE = 50;
/** What the clock does, move by move, and then from the beginning. */
const MOVES = ["hours", "downtime", "back", "hours", "hours", "hours"] as const;

export interface Expected {
	readonly schedule: Schedule;
	readonly localDate: LocalDate;
	readonly dueAt: Date;
}

/** What the moves of the clock make due, and what they make too late: worked out here, without the program's engine. */
export class Timeline {
	readonly due: Expected[] = [];
	readonly skipped: Expected[] = [];
	readonly #schedules: readonly Schedule[];
	readonly #dice: Dice;
	/** Everything up to this instant is in the lists. */
	#seen: Date;
	/** The first instant after it at which something falls due. */
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

	/** The clock runs by itself: what falls due meanwhile is in time. */
	run(now: Date): void {
		if (now <= this.#seen) return;
		if (this.#next <= now) this.due.push(...this.#between(this.#seen, now).flat());
		this.#see(now);
	}

	/** The clock has jumped, and runs on from there: of each schedule the newest is sent, unless it is too late. */
	jump(to: Date): void {
		if (to <= this.#seen) return;
		for (const dates of this.#between(this.#seen, to)) {
			const newest = dates.at(-1);
			const inTime = newest && to.getTime() - newest.dueAt.getTime() <= LATEST ? [newest] : [];
			this.due.push(...inTime);
			this.skipped.push(...dates.slice(0, dates.length - inTime.length));
		}
		this.#see(to);
	}

	/**
	 * Where the clock goes next: mostly some hours on, sometimes back, sometimes over days of downtime. What is due when
	 * it leaves must have been seen to.
	 */
	nextMove(now: Date): Date {
		// Back where it has been before, it returns first.
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
		const late = to.getTime() - LATEST;
		if (this.#isAnyDue(new Date(late - MARGIN), new Date(late + MARGIN)))
			throw new Error("a schedule is set to a minute at which nothing may be due");
		return to;
	}

	#isAnyDue(from: Date, until: Date): boolean {
		return this.#between(from, until).some((dates) => dates.length > 0);
	}
}
