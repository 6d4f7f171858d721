import { addDays, instantOf, type LocalDate, localDateOf, weekdayOf } from "../../src/core/calendar/calendar.ts";

const MAX_LATENESS = 12 * 60 * 60 * 1000;

export interface ModelTimetable {
	readonly localTime: string;
	readonly zone: string;
	readonly weekdays: number;
}

/**
 * The product's rules for one schedule, in the simplest form: a list of dates walked from first to last, and the
 * instant up to which everything has been looked at.
 */
export class ModelSchedule {
	readonly records = new Map<LocalDate, "delivered" | "skipped">();
	state: "active" | "paused" | "removed" = "active";
	#timetable: ModelTimetable;
	#pausedUntil: Date | null = null;
	#lookedAt: Date;

	constructor(timetable: ModelTimetable, now: Date) {
		this.#timetable = timetable;
		this.#lookedAt = now;
	}

	edit(timetable: ModelTimetable, now: Date): void {
		const unused = () => this.#due(now).find(({ date }) => !this.records.has(date));
		const due = this.state === "active" ? unused() : undefined;
		this.#timetable = timetable;
		// An edit must not lose a question that is just falling due, unless it moves it.
		if (due) this.#lookedAt = new Date(due.at.getTime() - 1);
		if (!due || unused()?.at.getTime() !== due.at.getTime()) this.#lookedAt = now;
	}

	pause(until: LocalDate | null): void {
		this.state = "paused";
		this.#pausedUntil = until === null ? null : instantOf(until, "00:00", this.#timetable.zone);
	}

	resume(now: Date): void {
		// Resuming an active schedule must not lose a question that is just falling due.
		if (this.state === "active") return;
		this.state = "active";
		this.#lookedAt = now;
	}

	/** Posts today's question at once. What was due before and not looked at yet is overtaken. */
	post(now: Date): void {
		const today = localDateOf(now, this.#timetable.zone);
		if (!this.records.has(today) && now > this.#lookedAt) {
			for (const { date } of this.#due(now)) if (!this.records.has(date)) this.records.set(date, "skipped");
			this.#lookedAt = now;
		}
		this.records.set(today, "delivered");
	}

	/** The program looks for work. */
	look(now: Date): void {
		if (this.state === "paused" && this.#pausedUntil !== null && this.#pausedUntil <= now) {
			this.state = "active";
			this.#lookedAt = new Date(this.#pausedUntil.getTime() - 1);
		}
		if (this.state !== "active" || now <= this.#lookedAt) return;
		const due = this.#due(now);
		for (const { date, at } of due) {
			if (this.records.has(date)) continue;
			const isNewest = date === due.at(-1)?.date;
			this.records.set(date, isNewest && now.getTime() - at.getTime() <= MAX_LATENESS ? "delivered" : "skipped");
		}
		this.#lookedAt = now;
	}

	#due(now: Date): { date: LocalDate; at: Date }[] {
		const { localTime, zone, weekdays } = this.#timetable;
		const found: { date: LocalDate; at: Date }[] = [];
		const last = addDays(localDateOf(now, zone), 2);
		for (let date = addDays(localDateOf(this.#lookedAt, zone), -2); date < last; date = addDays(date, 1)) {
			const at = instantOf(date, localTime, zone);
			const isDay = (weekdays & (1 << weekdayOf(date))) !== 0;
			if (isDay && at > this.#lookedAt && at <= now) found.push({ date, at });
		}
		return found;
	}
}
