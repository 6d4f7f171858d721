import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
	type Fold,
	foldStreak,
	isOpen,
	type Mark,
	type MemberRecord,
	markAll,
	markOf,
	NO_STREAK,
	nextMilestone,
	type StreakEvent,
	type StreakState,
	type WindowedOccurrence,
} from "../../../src/core/streak/streak.ts";
import { histories, hour, knownOccurrences, recordAt } from "../../support/streaks/streak-history.ts";
import { type ModelHistory, modelStreak, wordOf } from "../../support/streaks/streak-model.ts";

/** A fold and its events, in the terms of the model. */
function summaryOf(fold: Fold, events: readonly StreakEvent[]) {
	return {
		current: fold.shown,
		longest: fold.booked.longest,
		freezes: fold.booked.freezes,
		ledger: events.filter((event) => event.kind !== "milestone").map((event) => `${event.number} ${event.kind}`),
		milestones: events.filter((event) => event.kind === "milestone").map((event) => event.current),
	};
}

function expected(history: ModelHistory, now: number) {
	const { answered: _, ...rest } = modelStreak(history, now);
	return rest;
}

function foldFrom(history: ModelHistory, now: number, record: MemberRecord, from: StreakState, bookedTo: number): Fold {
	const later = knownOccurrences(history, now).filter((occurrence) => (occurrence.number ?? 0) > bookedTo);
	return foldStreak(from, bookedTo, markAll(later, record, hour(now)));
}

const lastHour = (history: ModelHistory) => (history.occurrences.at(-1)?.delivered ?? 0) + 30;
const instants = fc.array(fc.integer({ min: 0, max: 1200 }), { minLength: 1, maxLength: 12 });

describe("the fold, compared with a model that replays the history as the rule says", () => {
	test("at any instant it says what the model says", () => {
		fc.assert(
			fc.property(histories, instants, (history, moments) => {
				for (const now of [...moments, lastHour(history)]) {
					const record = recordAt(history, now);
					if (!record) expect(wordOf(history, now).word).toBe("");
					else {
						const fold = foldFrom(history, now, record, NO_STREAK, record.firstNumber - 1);
						expect(summaryOf(fold, fold.events)).toEqual(expected(history, now));
					}
				}
			}),
			{ numRuns: 1500 },
		);
	});

	test("folded in steps as windows close, it equals a fold from scratch", () => {
		fc.assert(
			fc.property(histories, instants, (history, moments) => {
				let before: { fold: Fold; record: MemberRecord; events: readonly StreakEvent[] } | null = null;
				for (const now of [...moments, lastHour(history)].sort((a, b) => a - b)) {
					const record = recordAt(history, now);
					if (!record) continue;
					// A repair, or an answer to one below the first, changes the past: then everything is folded again.
					const goesOn: boolean =
						before !== null &&
						before.record.firstNumber === record.firstNumber &&
						before.record.repaired.size === record.repaired.size;
					const last = goesOn ? before : null;
					const fold: Fold = last
						? foldFrom(history, now, record, last.fold.booked, last.fold.bookedTo)
						: foldFrom(history, now, record, NO_STREAK, record.firstNumber - 1);
					const events: readonly StreakEvent[] = [...(last?.events ?? []), ...fold.events];
					expect(summaryOf(fold, events)).toEqual(expected(history, now));
					before = { fold, record, events };
				}
			}),
			{ numRuns: 1500 },
		);
	});

	test("the order in which the occurrences are given does not matter", () => {
		fc.assert(
			fc.property(histories, fc.infiniteStream(fc.nat()), (history, keys) => {
				const now = lastHour(history);
				const record = recordAt(history, now);
				if (!record) return;
				const known = knownOccurrences(history, now);
				const shuffled = known
					.map((occurrence) => ({ occurrence, key: keys.next().value }))
					.sort((a, b) => a.key - b.key)
					.map(({ occurrence }) => occurrence);
				expect(markAll(shuffled, record, hour(now))).toEqual(markAll(known, record, hour(now)));
			}),
			{ numRuns: 100 },
		);
	});

	test("at most two freezes are held, and the longest is never below what was booked", () => {
		fc.assert(
			fc.property(histories, (history) => {
				const record = recordAt(history, lastHour(history));
				if (!record) return;
				const { booked, events } = foldFrom(history, lastHour(history), record, NO_STREAK, record.firstNumber - 1);
				for (const event of events) expect(event.freezes).toSatisfy((held: number) => held >= 0 && held <= 2);
				expect(booked.longest).toBeGreaterThanOrEqual(booked.current);
			}),
			{ numRuns: 300 },
		);
	});
});

/** Folds marks written as letters: a attempted, m missed, o open, w away, r repaired, - nothing. */
function foldWord(word: string): Fold {
	const marks: Readonly<Record<string, Mark>> = {
		a: "attempted",
		m: "missed",
		o: "open",
		w: "away",
		r: "repaired",
		"-": "nothing",
	};
	return foldStreak(
		NO_STREAK,
		0,
		[...word].map((letter, index) => ({ number: index + 1, mark: marks[letter] ?? "nothing" })),
	);
}

const a = (times: number) => "a".repeat(times);

describe("cases by name", () => {
	test.each<[name: string, word: string, current: number, longest: number, freezes: number]>([
		["the first answer", "a", 1, 1, 0],
		["six in a row earn nothing yet", a(6), 6, 6, 0],
		["the seventh earns a freeze", a(7), 7, 7, 1],
		["the fourteenth earns the second", a(14), 14, 14, 2],
		["the twenty-first earns no third", a(21), 21, 21, 2],
		["a freeze used at two can be earned again at the next seven", `${a(14)}m${a(7)}`, 21, 21, 2],
		["a miss without a freeze starts again", "aaam", 0, 3, 0],
		["a miss with a freeze keeps the streak, and adds nothing to it", `${a(7)}m`, 7, 7, 0],
		["two freezes carry over two misses", `${a(14)}mm`, 14, 14, 0],
		["the third miss breaks it", `${a(14)}mmm`, 0, 14, 0],
		["a streak that breaks keeps its longest", `${a(9)}mm${a(3)}`, 3, 9, 0],
		["the count to seven starts again with the streak", `${a(6)}m${a(6)}`, 6, 6, 0],
		["a frozen day does not earn the next freeze sooner", `${a(7)}m${a(6)}`, 13, 13, 0],
		["away neither adds nor breaks, and uses no freeze", `${a(7)}www${a(1)}`, 8, 8, 1],
		["a repaired miss neither adds nor breaks", "aaaraa", 5, 5, 0],
		["an unknown post is a miss for nobody", "aa-a", 3, 3, 0],
		["an open one is no miss", "aaao", 3, 3, 0],
		["what follows an open one already shows", "aaoaa", 4, 2, 0],
		["a seventh behind an open one earns its freeze only once that is decided", "aoaaaaaa", 7, 1, 0],
		["a miss at nought stays nought", "ammm", 0, 1, 0],
	])("%s", (_name, word, current, longest, freezes) => {
		const fold = foldWord(word);
		expect({ current: fold.shown, longest: fold.booked.longest, freezes: fold.booked.freezes }).toEqual({
			current,
			longest,
			freezes,
		});
	});

	test("a milestone is reported when it is reached, not while it waits behind an open one", () => {
		const milestones = (word: string) =>
			foldWord(word)
				.events.filter((event) => event.kind === "milestone")
				.map((event) => event.current);
		expect(milestones(a(6))).toEqual([]);
		expect(milestones(a(7))).toEqual([7]);
		expect(milestones(`o${a(7)}`)).toEqual([]);
		expect(milestones(a(365))).toEqual([7, 30, 50, 100, 200, 365]);
		// Each time it is reached; the store reports it to a member only once.
		expect(milestones(`${a(7)}mm${a(7)}`)).toEqual([7, 7]);
	});

	test("the ledger says what happened, and what the member had afterwards", () => {
		expect(foldWord(`${a(7)}mmw`).events).toEqual([
			{ kind: "freeze-earned", number: 7, current: 7, freezes: 1 },
			{ kind: "milestone", number: 7, current: 7, freezes: 1 },
			{ kind: "freeze-used", number: 8, current: 7, freezes: 0 },
			{ kind: "missed", number: 9, current: 0, freezes: 0 },
			{ kind: "away", number: 10, current: 0, freezes: 0 },
		]);
	});

	test("the next milestone is above the streak; there is none above the last", () => {
		expect([0, 6, 7, 29, 364].map(nextMilestone)).toEqual([7, 7, 30, 30, 365]);
		expect(nextMilestone(365)).toBeNull();
	});
});

describe("what one occurrence means for one member", () => {
	const delivered = new Date("2027-03-08T09:00:00Z");
	const closes = new Date("2027-03-09T09:00:00Z");
	const occurrence = (changes: Partial<Omit<WindowedOccurrence, "number">> = {}) => ({
		number: 5,
		localDate: "2027-03-08",
		state: "delivered",
		deliveredAt: delivered,
		closesAt: closes,
		...changes,
	});
	const member = (changes: Partial<MemberRecord> = {}): MemberRecord => ({
		firstNumber: 1,
		attempted: new Set<number>(),
		repaired: new Set<number>(),
		away: [],
		...changes,
	});
	const justBefore = (instant: Date) => new Date(instant.getTime() - 1);

	test("the window includes its first instant and excludes its last", () => {
		expect(isOpen(occurrence(), justBefore(delivered))).toBe(false);
		expect(isOpen(occurrence(), delivered)).toBe(true);
		expect(isOpen(occurrence(), justBefore(closes))).toBe(true);
		expect(isOpen(occurrence(), closes)).toBe(false);
		expect(isOpen(occurrence({ closesAt: null }), new Date("2030-01-01T00:00:00Z"))).toBe(true);
	});

	test("it is a miss from the instant of closing, not before", () => {
		expect(markOf(occurrence(), member(), justBefore(closes))).toBe("open");
		expect(markOf(occurrence(), member(), closes)).toBe("missed");
	});

	test("a clock set back to before its delivery shows no miss", () => {
		expect(markOf(occurrence(), member(), justBefore(delivered))).toBe("open");
		expect(markOf(occurrence({ state: "unknown" }), member(), justBefore(delivered))).toBe("open");
	});

	test.each(["due", "skipped", "failed"])("one that is %s counts for no streak", (state) => {
		expect(markOf(occurrence({ state }), member({ attempted: new Set([5]) }), closes)).toBe("nothing");
	});

	test("nothing before the member's first attempt is a miss", () => {
		expect(markOf(occurrence(), member({ firstNumber: 6, attempted: new Set([6]) }), closes)).toBe("nothing");
		expect(markOf(occurrence(), member({ firstNumber: 5, attempted: new Set([5]) }), closes)).toBe("attempted");
	});

	test("an unknown one counts for those who answered it and is a miss for nobody", () => {
		const unknown = occurrence({ state: "unknown" });
		expect(markOf(unknown, member({ attempted: new Set([5]) }), closes)).toBe("attempted");
		expect(markOf(unknown, member(), closes)).toBe("nothing");
		expect(markOf(unknown, member({ repaired: new Set([5]) }), closes)).toBe("nothing");
	});

	test("away dates excuse if set before the delivery, by the local date", () => {
		const away = (changes: { date?: string; setAt?: Date; withdrawnAt?: Date | null }) =>
			markOf(
				occurrence(),
				member({ away: [{ date: "2027-03-08", setAt: justBefore(delivered), withdrawnAt: null, ...changes }] }),
				closes,
			);
		expect(away({})).toBe("away");
		expect(away({ setAt: delivered })).toBe("missed");
		expect(away({ date: "2027-03-09" })).toBe("missed");
		expect(away({ withdrawnAt: justBefore(delivered) })).toBe("missed");
		expect(away({ withdrawnAt: delivered })).toBe("away");
		expect(away({ withdrawnAt: new Date("2027-03-08T15:00:00Z") })).toBe("away");
	});

	test("an attempt on an away date counts, and a repair takes precedence over an away date", () => {
		const away = [{ date: "2027-03-08", setAt: justBefore(delivered), withdrawnAt: null }];
		expect(markOf(occurrence(), member({ away, attempted: new Set([5]) }), closes)).toBe("attempted");
		expect(markOf(occurrence(), member({ away, repaired: new Set([5]) }), closes)).toBe("repaired");
	});
});
