import { dueDates, type LocalDate, nextInstant } from "../../src/core/calendar.ts";
import type { Schedule } from "../../src/core/model.ts";
import type { Dice } from "../support/dice.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const LATEST = 12 * HOUR;
/** No move leaves a question nearly as late as it may be: sending takes its time. */
const MARGIN = HOUR;

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
		for (;;) {
			const kind = this.#dice.next();
			const hours =
				kind < 0.65 ? this.#dice.between(1, 6) : kind < 0.8 ? -this.#dice.between(1, 48) : this.#dice.between(20, 72);
			const to = new Date(now.getTime() + hours * HOUR + this.#dice.between(0, 59) * MINUTE);
			if (to < now || this.#isClear(now, to)) return to;
		}
	}

	/** Nothing falls due just as the clock leaves, nor is anything as late as it may be when it arrives. */
	#isClear(now: Date, to: Date): boolean {
		const leaving = new Date(now.getTime() + MINUTE);
		const lateFrom = new Date(to.getTime() - LATEST - MARGIN);
		const lateTo = new Date(to.getTime() - LATEST + MARGIN);
		const touches = (from: Date, until: Date) => this.#between(from, until).some((dates) => dates.length > 0);
		const isFar = to.getTime() - now.getTime() > LATEST - MARGIN;
		return !isFar || !(touches(now, leaving) || touches(lateFrom, lateTo));
	}
}
