/**
 * The rule of streaks: a streak counts consecutive delivered occurrences of one schedule that the member attempted while
 * their windows were open. It needs no calendar: a question that was not delivered cannot be missed.
 */

import { DAY } from "../durations.ts";

/** How one occurrence counts for one member at one instant. */
export type Mark =
	/** Answered while its window was open. */
	| "attempted"
	/** Open and not answered: undecided. */
	| "open"
	/** Closed without an attempt. */
	| "missed"
	/** Closed without an attempt while the member was away. */
	| "away"
	/** A miss that an admin has excused. */
	| "repaired"
	/** Does not count: never delivered, unknown and unanswered, or before the member's first attempt. */
	| "nothing";

export interface MarkedOccurrence {
	readonly number: number;
	readonly mark: Mark;
}

export interface StreakState {
	readonly current: number;
	readonly longest: number;
	/** 0 to 2. */
	readonly freezes: number;
}

export type StreakEventKind = "freeze-earned" | "freeze-used" | "missed" | "away" | "repaired" | "milestone";

/** A change besides the attempt itself; `current` and `freezes` are the values after it. */
export interface StreakEvent {
	readonly kind: StreakEventKind;
	readonly number: number;
	readonly current: number;
	readonly freezes: number;
}

export interface Fold {
	/** The streak up to `bookedTo`. Every occurrence up to there is attempted or closed. */
	readonly booked: StreakState;
	readonly bookedTo: number;
	/** The streak to show: it also counts attempts after an open occurrence. */
	readonly shown: number;
	readonly events: readonly StreakEvent[];
}

export const FREEZE_EVERY = 7;
export const MAX_FREEZES = 2;
export const MILESTONES = [7, 30, 50, 100, 200, 365] as const;

/** The last question number that a streak survives without any further answer: each freeze covers one miss. */
export const holdsThrough = (bookedTo: number, freezes: number): number => bookedTo + freezes;

export const NO_STREAK: StreakState = { current: 0, longest: 0, freezes: 0 };

function attempted(state: StreakState): { state: StreakState; kinds: StreakEventKind[] } {
	const current = state.current + 1;
	const earns = current % FREEZE_EVERY === 0 && state.freezes < MAX_FREEZES;
	const kinds: StreakEventKind[] = earns ? ["freeze-earned"] : [];
	if (MILESTONES.some((milestone) => milestone === current)) kinds.push("milestone");
	const freezes = earns ? state.freezes + 1 : state.freezes;
	return { state: { current, longest: Math.max(state.longest, current), freezes }, kinds };
}

function missed(state: StreakState): { state: StreakState; kinds: StreakEventKind[] } {
	if (state.freezes > 0) return { state: { ...state, freezes: state.freezes - 1 }, kinds: ["freeze-used"] };
	return { state: { ...state, current: 0 }, kinds: state.current > 0 ? ["missed"] : [] };
}

function step(state: StreakState, mark: Mark): { state: StreakState; kinds: StreakEventKind[] } {
	switch (mark) {
		case "attempted":
			return attempted(state);
		case "missed":
			return missed(state);
		case "away":
		case "repaired":
			return { state, kinds: [mark] };
		case "open":
		case "nothing":
			return { state, kinds: [] };
	}
}

/**
 * Folds occurrences into a streak.
 * @param from the booked streak so far
 * @param bookedTo the last number that `from` includes
 * @param occurrences those with higher numbers, ascending
 */
export function foldStreak(from: StreakState, bookedTo: number, occurrences: readonly MarkedOccurrence[]): Fold {
	let booked = from;
	let through = bookedTo;
	const events: StreakEvent[] = [];
	const firstOpen = occurrences.findIndex((occurrence) => occurrence.mark === "open");
	const closed = firstOpen < 0 ? occurrences : occurrences.slice(0, firstOpen);
	for (const { number, mark } of closed) {
		const next = step(booked, mark);
		booked = next.state;
		through = number;
		for (const kind of next.kinds) events.push({ kind, number, current: booked.current, freezes: booked.freezes });
	}
	const waiting = firstOpen < 0 ? [] : occurrences.slice(firstOpen);
	const shown = waiting.reduce((state, { mark }) => step(state, mark).state, booked).current;
	return { booked, bookedTo: through, shown, events };
}

/** What the rule needs to know about an occurrence. */
export interface WindowedOccurrence {
	readonly number: number | null;
	readonly localDate: string;
	readonly state: string;
	readonly deliveredAt: Date | null;
	readonly closesAt: Date | null;
}

/** What the rule needs to know about a member in one schedule. All numbers are occurrence numbers. */
export interface MemberRecord {
	readonly firstNumber: number;
	readonly attempted: ReadonlySet<number>;
	readonly repaired: ReadonlySet<number>;
	readonly away: readonly AwayDate[];
}

export interface AwayDate {
	/** YYYY-MM-DD, compared with the occurrence's local date. */
	readonly date: string;
	readonly setAt: Date;
	readonly withdrawnAt: Date | null;
}

/** Whether a window is open: from delivery until the next question's delivery, but for at least 24 hours. */
export function isOpen(occurrence: WindowedOccurrence, now: Date): boolean {
	if (occurrence.deliveredAt === null || now < occurrence.deliveredAt) return false;
	if (!["delivered", "unknown", "sending"].includes(occurrence.state)) return false;
	return occurrence.closesAt === null || now < occurrence.closesAt;
}

/** An away date counts if it was set before the delivery and not withdrawn before it. */
function wasAway(occurrence: WindowedOccurrence, away: readonly AwayDate[]): boolean {
	const { deliveredAt } = occurrence;
	if (deliveredAt === null) return false;
	return away.some(
		(entry) =>
			entry.date === occurrence.localDate &&
			entry.setAt < deliveredAt &&
			(entry.withdrawnAt === null || entry.withdrawnAt >= deliveredAt),
	);
}

/** How an occurrence counts for a member at an instant. */
export function markOf(
	occurrence: WindowedOccurrence & { readonly number: number },
	member: MemberRecord,
	now: Date,
): Mark {
	if (!["delivered", "unknown", "sending"].includes(occurrence.state)) return "nothing";
	if (member.attempted.has(occurrence.number)) return "attempted";
	if (occurrence.number < member.firstNumber) return "nothing";
	// Not closed means not missed. After the clock was set back, `now` may even be before the delivery.
	if (occurrence.closesAt === null || now < occurrence.closesAt) return "open";
	if (occurrence.state !== "delivered") return "nothing";
	if (member.repaired.has(occurrence.number)) return "repaired";
	return wasAway(occurrence, member.away) ? "away" : "missed";
}

/** Marks the numbered occurrences of a schedule for one member, ascending by number. */
export function markAll(
	occurrences: readonly WindowedOccurrence[],
	member: MemberRecord,
	now: Date,
): MarkedOccurrence[] {
	return occurrences
		.flatMap((occurrence) => {
			const { number } = occurrence;
			return number === null ? [] : [{ number, mark: markOf({ ...occurrence, number }, member, now) }];
		})
		.sort((a, b) => a.number - b.number);
}

/** When a window closes: at `next` (the next delivery, or the schedule's removal), but at least 24 h after delivery. */
export function closingInstant(deliveredAt: Date, next: Date): Date {
	return new Date(Math.max(next.getTime(), deliveredAt.getTime() + DAY));
}

/** The next milestone above a streak; null after the last. */
export function nextMilestone(current: number): number | null {
	return MILESTONES.find((milestone) => milestone > current) ?? null;
}
