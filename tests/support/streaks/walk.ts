import type { Occurrence } from "../../../src/core/model.ts";
import type { MemberMarks, StreakRow } from "../../../src/core/ports/streaks.ts";
import { type Advance, advance, noMarks, replay, rowBefore, withAttempts } from "../../../src/core/streak/booking.ts";
import { closingInstant, MILESTONES } from "../../../src/core/streak/streak.ts";
import type { Dice } from "../dice.ts";
import { hour } from "./streak-history.ts";
import { type ModelHistory, modelStreak } from "./streak-model.ts";

type Answer = ModelHistory["answers"][number];
type Repair = ModelHistory["repairs"][number];

/** An event at an hour of the history. Within an hour, posts come first and comparisons with the model last. */
type WalkEvent = { readonly at: number } & (
	| { readonly type: "post"; readonly index: number }
	| { readonly type: "answer"; readonly answer: Answer }
	| { readonly type: "repair"; readonly repair: Repair }
	| { readonly type: "settle" }
	| { readonly type: "compare" }
);
const ORDER = { post: 0, answer: 1, repair: 1, settle: 1, compare: 2 } as const;
const STREAK_KEY = { memberId: 1, scheduleId: 1, workspaceId: 1 };
/** At most this many hours pass between an answer's receipt and its booking. */
const MAX_DELAY = 40;

/** The events of a history, shuffled within each hour, with late bookings, settling processes and comparisons. */
function eventsOf(history: ModelHistory, dice: Dice): WalkEvent[] {
	const end = Math.max(...history.occurrences.map((occurrence) => occurrence.delivered)) + 80;
	const anyHour = () => dice.between(0, end);
	const delay = () => (dice.chance(0.1) ? dice.between(1, MAX_DELAY) : 0);
	const all: WalkEvent[] = [
		...history.occurrences.map(({ delivered }, index) => ({ at: delivered, type: "post" as const, index })),
		...history.answers.map((answer) => ({ at: answer.at + delay(), type: "answer" as const, answer })),
		...history.repairs.map((repair) => ({ at: repair.at, type: "repair" as const, repair })),
		...Array.from({ length: dice.between(0, 40) }, () => ({ at: anyHour(), type: "settle" as const })),
		...Array.from({ length: 3 }, () => ({ at: anyHour(), type: "compare" as const })),
		{ at: end + MAX_DELAY, type: "compare" as const },
	];
	const shuffled = all.map((event) => ({ event, order: dice.next() }));
	shuffled.sort((a, b) => {
		const [one, other] = [a.event, b.event];
		return one.at - other.at || ORDER[one.type] - ORDER[other.type] || a.order - b.order;
	});
	return shuffled.map(({ event }) => event);
}

/**
 * Books the streaks of one history step by step, as the service would, and compares what is stored with a model that
 * looks at the whole history at once.
 */
export class BookingWalk {
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

	/** @returns the first difference from the model; null if there is none */
	run(): string | null {
		for (const event of eventsOf(this.#history, this.#dice)) {
			const fault = this.#handle(event);
			if (fault !== null) return `at hour ${event.at}: ${fault}`;
		}
		return null;
	}

	#handle(event: WalkEvent): string | null {
		const { at } = event;
		if (event.type === "compare") return this.#compareWithModel(at);
		if (event.type === "post") this.#post(event.index, at);
		if (event.type === "answer") this.#answer(event.answer);
		if (event.type === "repair") this.#repair(event.repair);
		if (event.type === "settle") this.#settle(hour(at));
		return null;
	}

	#post(index: number, at: number): void {
		const draft = this.#history.occurrences[index];
		if (!draft) return;
		const next = hour(at);
		if (draft.known)
			for (const [earlierIndex, earlier] of this.#occurrences.entries())
				if (earlier.closesAt === null && earlier.deliveredAt)
					this.#occurrences[earlierIndex] = { ...earlier, closesAt: closingInstant(earlier.deliveredAt, next) };
		this.#occurrences.push({
			id: index + 1,
			workspaceId: 1,
			scheduleId: 1,
			localDate: draft.date,
			dueAt: next,
			state: draft.known ? "delivered" : "unknown",
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
		const away = this.#history.away.map(({ date, set, withdrawn }) => ({
			date,
			setAt: hour(set),
			withdrawnAt: withdrawn === null ? null : hour(withdrawn),
		}));
		const repaired = this.#repaired.map((repair) => repair.number);
		return { ...noMarks(1), attempted: this.#attempted, repaired, away };
	}

	#store(step: Advance | null, isRebuilt: boolean): void {
		if (!step) return;
		this.#row = step.row;
		if (isRebuilt) this.#ledger = new Set();
		for (const line of step.ledger) this.#ledger.add(`${line.number} ${line.kind}`);
		for (const value of step.milestones) this.#milestones.add(value);
	}

	#refold(now: Date): void {
		const from = this.#occurrences.filter(({ number }) => (number ?? 0) >= Math.min(...this.#attempted));
		this.#store(replay(STREAK_KEY, from, this.#marks(), now, this.#row), true);
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
		this.#store(advance(withAttempts(row, [number]), this.#occurrences, this.#marks(), at), false);
	}

	#repair(repair: Repair): void {
		const occurrence = this.#occurrences[repair.number - 1];
		const now = hour(repair.at);
		const isMiss = occurrence?.closesAt && occurrence.closesAt <= now && !this.#attempted.includes(repair.number);
		if (!isMiss || !this.#row || repair.number < this.#row.firstNumber) return;
		this.#repaired.push(repair);
		this.#refold(now);
	}

	/** A process settles closed windows: sometimes in another order than the other process, sometimes killed half-way. */
	#settle(now: Date): void {
		const closed = [...this.#occurrences.entries()].filter(
			([, { closesAt, settledAt }]) => closesAt !== null && closesAt <= now && settledAt === null,
		);
		if (this.#dice.chance(0.2)) closed.reverse();
		for (const [index, occurrence] of closed) {
			const row = this.#row;
			const isLiving = row && (row.current > 0 || row.booked > 0) && row.bookedTo < (occurrence.number ?? 0);
			if (isLiving) this.#store(advance(row, this.#occurrences, this.#marks(), now), false);
			if (this.#dice.chance(0.1)) return;
			this.#occurrences[index] = { ...occurrence, settledAt: now };
		}
	}

	#compareWithModel(at: number): string | null {
		const expected = modelStreak({ ...this.#history, answers: this.#booked, repairs: this.#repaired }, at);
		if (!this.#row)
			return expected.answered === 0 ? null : `no streak is stored, but ${expected.answered} were answered`;
		const { row, ledger } = advance(this.#row, this.#occurrences, this.#marks(), hour(at));
		const lines = [...this.#ledger, ...ledger.map((line) => `${line.number} ${line.kind}`)];
		const recorded = MILESTONES.filter((value) => this.#milestones.has(value));
		const { longest } = this.#row;
		const reached = MILESTONES.filter((value) => value <= longest);
		const describe = (
			streak: Pick<StreakRow, "current" | "longest" | "freezes" | "answered">,
			all: readonly string[],
		) => JSON.stringify([streak.current, streak.longest, streak.freezes, streak.answered, [...all].sort()]);
		const closed = this.#occurrences.filter(({ closesAt }) => closesAt !== null && closesAt <= hour(at));
		const stored = this.#row.current;
		// Boards sort by stored values, which must be right once everything is settled.
		if (closed.every(({ settledAt }) => settledAt !== null) && stored !== row.current)
			return `all is settled with ${stored}, but the streak is ${row.current}`;
		if (stored < row.current) return `${stored} is stored, less than the streak of ${row.current}`;
		const [actual, model] = [describe(row, lines), describe(expected, expected.ledger)];
		if (actual !== model) return `stored ${actual}, the model says ${model}`;
		return String(recorded) === String(reached) ? null : `milestones ${recorded} are recorded, ${reached} were reached`;
	}
}
