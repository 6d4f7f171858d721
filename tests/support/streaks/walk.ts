import type { Occurrence } from "../../../src/core/model.ts";
import type { MemberMarks, StreakRow } from "../../../src/core/ports/streaks.ts";
import { type Advance, advance, noMarks, replay, rowBefore, withAttempts } from "../../../src/core/streak/booking.ts";
import { closingInstant, MILESTONES } from "../../../src/core/streak/streak.ts";
import type { Dice } from "../dice.ts";
import { hour } from "./streak-history.ts";
import { type ModelHistory, modelStreak } from "./streak-model.ts";

type Answer = ModelHistory["answers"][number];
type Repair = ModelHistory["repairs"][number];

/** An event of a walk, at an hour of the history. Within an hour, posts come first and looks last. */
type Happening = { readonly at: number } & (
	| { readonly type: "post"; readonly index: number }
	| { readonly type: "answer"; readonly answer: Answer }
	| { readonly type: "repair"; readonly repair: Repair }
	| { readonly type: "settle" }
	| { readonly type: "look" }
);
const ORDER = { post: 0, answer: 1, repair: 1, settle: 1, look: 2 } as const;
const STREAK_KEY = { memberId: 1, scheduleId: 1, workspaceId: 1 };
/** The most hours between an answer's receipt and its booking. */
const LONGEST_DELAY = 40;

/** The events of a history, shuffled within each hour: late bookings, two processes that settle, looks in between. */
function happenings(history: ModelHistory, dice: Dice): Happening[] {
	const end = Math.max(...history.occurrences.map((occurrence) => occurrence.delivered)) + 80;
	const anyHour = () => dice.between(0, end);
	const delay = () => (dice.chance(0.1) ? dice.between(1, LONGEST_DELAY) : 0);
	const all: Happening[] = [
		...history.occurrences.map(({ delivered }, index) => ({ at: delivered, type: "post" as const, index })),
		...history.answers.map((answer) => ({ at: answer.at + delay(), type: "answer" as const, answer })),
		...history.repairs.map((repair) => ({ at: repair.at, type: "repair" as const, repair })),
		...Array.from({ length: dice.between(0, 40) }, () => ({ at: anyHour(), type: "settle" as const })),
		...Array.from({ length: 3 }, () => ({ at: anyHour(), type: "look" as const })),
		{ at: end + LONGEST_DELAY, type: "look" as const },
	];
	const shuffled = all.map((happening) => ({ happening, lot: dice.next() }));
	shuffled.sort((a, b) => {
		const [one, other] = [a.happening, b.happening];
		return one.at - other.at || ORDER[one.type] - ORDER[other.type] || a.lot - b.lot;
	});
	return shuffled.map(({ happening }) => happening);
}

/**
 * Takes one history through the booking of streaks step by step, as the service would, and compares what is stored with
 * a model that knows nothing of steps.
 */
export class Walk {
	readonly #history: ModelHistory;
	readonly #dice: Dice;
	readonly #occurrences: Occurrence[] = [];
	#row: StreakRow | null = null;
	#ledger = new Set<string>();
	readonly #milestones = new Set<number>();
	readonly #attempted: number[] = [];
	readonly #repaired: Repair[] = [];
	readonly #booked: Answer[] = [];

	constructor(history: ModelHistory, dice: Dice) {
		this.#history = history;
		this.#dice = dice;
	}

	/** @returns what differed at the first look that found anything; null for nothing */
	run(): string | null {
		for (const happening of happenings(this.#history, this.#dice)) {
			const fault = this.#meet(happening);
			if (fault !== null) return `at hour ${happening.at}: ${fault}`;
		}
		return null;
	}

	#meet(happening: Happening): string | null {
		const { at } = happening;
		if (happening.type === "look") return this.#look(at);
		if (happening.type === "post") this.#post(happening.index, at);
		if (happening.type === "answer") this.#answer(happening.answer);
		if (happening.type === "repair") this.#repair(happening.repair);
		if (happening.type === "settle") this.#settle(hour(at));
		return null;
	}

	#post(index: number, at: number): void {
		const drafted = this.#history.occurrences[index];
		if (!drafted) return;
		const next = hour(at);
		if (drafted.known)
			for (const [place, earlier] of this.#occurrences.entries())
				if (earlier.closesAt === null && earlier.deliveredAt)
					this.#occurrences[place] = { ...earlier, closesAt: closingInstant(earlier.deliveredAt, next) };
		this.#occurrences.push({
			id: index + 1,
			workspaceId: 1,
			scheduleId: 1,
			localDate: drafted.date,
			dueAt: next,
			state: drafted.known ? "delivered" : "unknown",
			questionId: "question",
			questionRevision: 1,
			number: index + 1,
			deliveredAt: next,
			closesAt: null,
			settledAt: null,
			settledThrough: null,
			channelId: "channel",
			messageId: null,
			threadId: null,
			shownCount: 0,
			erasedAttempts: 0,
			fault: null,
		});
	}

	#marks(): MemberMarks {
		const now = this.#history.away.map(({ date, set, withdrawn }) => ({
			date,
			setAt: hour(set),
			withdrawnAt: withdrawn === null ? null : hour(withdrawn),
		}));
		const repaired = this.#repaired.map((repair) => repair.number);
		return { ...noMarks(1), attempted: this.#attempted, repaired, away: now };
	}

	#keep(step: Advance | null, anew: boolean): void {
		if (!step) return;
		this.#row = step.row;
		if (anew) this.#ledger = new Set();
		for (const line of step.ledger) this.#ledger.add(`${line.number} ${line.kind}`);
		for (const value of step.milestones) this.#milestones.add(value);
	}

	#refold(now: Date): void {
		const from = this.#occurrences.filter(({ number }) => (number ?? 0) >= Math.min(...this.#attempted));
		this.#keep(replay(STREAK_KEY, from, this.#marks(), now, this.#row), true);
	}

	#answer(answer: Answer): void {
		this.#booked.push(answer);
		const { number } = answer;
		const at = hour(answer.at);
		const occurrence = this.#occurrences[number - 1];
		if (!occurrence?.deliveredAt || at < occurrence.deliveredAt || this.#attempted.includes(number)) return;
		if (occurrence.closesAt !== null && at >= occurrence.closesAt) return;
		this.#attempted.push(number);
		if (this.#row && number <= this.#row.bookedTo) {
			this.#refold(at);
			return;
		}
		const row = this.#row ?? rowBefore(STREAK_KEY, number);
		this.#keep(advance(withAttempts(row, [number]), this.#occurrences, this.#marks(), at), false);
	}

	#repair(repair: Repair): void {
		const occurrence = this.#occurrences[repair.number - 1];
		const now = hour(repair.at);
		const isMiss = occurrence?.closesAt && occurrence.closesAt <= now && !this.#attempted.includes(repair.number);
		if (!isMiss || !this.#row || repair.number < this.#row.firstNumber) return;
		this.#repaired.push(repair);
		this.#refold(now);
	}

	/** One process settles closed windows, sometimes in another order than the other, sometimes killed half-way. */
	#settle(now: Date): void {
		const closed = [...this.#occurrences.entries()].filter(
			([, { closesAt, settledAt }]) => closesAt !== null && closesAt <= now && settledAt === null,
		);
		if (this.#dice.chance(0.2)) closed.reverse();
		for (const [place, occurrence] of closed) {
			const row = this.#row;
			const isLiving = row && (row.current > 0 || row.booked > 0) && row.bookedTo < (occurrence.number ?? 0);
			if (isLiving) this.#keep(advance(row, this.#occurrences, this.#marks(), now), false);
			if (this.#dice.chance(0.1)) return;
			this.#occurrences[place] = { ...occurrence, settledAt: now };
		}
	}

	#look(at: number): string | null {
		const expected = modelStreak({ ...this.#history, answers: this.#booked, repairs: this.#repaired }, at);
		if (!this.#row) return expected.answered === 0 ? null : `no streak is kept, but ${expected.answered} were answered`;
		const { row, ledger } = advance(this.#row, this.#occurrences, this.#marks(), hour(at));
		const lines = [...this.#ledger, ...ledger.map((line) => `${line.number} ${line.kind}`)];
		const passed = MILESTONES.filter((value) => this.#milestones.has(value));
		const { longest } = this.#row;
		const due = MILESTONES.filter((value) => value <= longest);
		const describe = (
			streak: Pick<StreakRow, "current" | "longest" | "freezes" | "answered">,
			all: readonly string[],
		) => JSON.stringify([streak.current, streak.longest, streak.freezes, streak.answered, [...all].sort()]);
		const closed = this.#occurrences.filter(({ closesAt }) => closesAt !== null && closesAt <= hour(at));
		const stored = this.#row.current;
		// Boards sort by stored values, which must be right once everything is settled.
		if (closed.every(({ settledAt }) => settledAt !== null) && stored !== row.current)
			return `all is settled with ${stored}, but the streak stands at ${row.current}`;
		if (stored < row.current) return `${stored} is kept, below the ${row.current} that stand`;
		const [kept, model] = [describe(row, lines), describe(expected, expected.ledger)];
		if (kept !== model) return `kept ${kept}, the model says ${model}`;
		return String(passed) === String(due) ? null : `milestones ${passed} are kept, ${due} were reached`;
	}
}
