import fc from "fast-check";
import type { MemberRecord, WindowedOccurrence } from "../../../src/core/streak/streak.ts";
import { closing, hasAnswered, type ModelHistory } from "./streak-model.ts";

const START = Date.parse("2027-01-01T09:00:00Z");
const HOUR = 60 * 60 * 1000;

/** An instant of a model's history, which counts hours. */
export const hour = (hours: number): Date => new Date(START + hours * HOUR);

const dateOf = (day: number): string =>
	hour(24 * day)
		.toISOString()
		.slice(0, 10);

/** Hours between two posts: mostly a day, often less, so that windows overlap, sometimes many days. */
const gaps = fc.oneof(
	{ weight: 5, arbitrary: fc.constant(24) },
	{ weight: 2, arbitrary: fc.integer({ min: 1, max: 23 }) },
	{ weight: 2, arbitrary: fc.integer({ min: 25, max: 200 }) },
);
/** As many posts as a streak of five weeks needs, and sometimes more than an array usually gets. */
const posts = fc.array(fc.record({ gap: gaps, luck: fc.integer({ min: 0, max: 19 }) }), {
	minLength: 1,
	maxLength: 40,
	size: "max",
});

/** Hours from a post to a member's answer: mostly a few, sometimes none (null), too early or too late. */
const answerDelays = (reliability: number) =>
	fc.oneof(
		{ weight: reliability, arbitrary: fc.integer({ min: 0, max: 22 }) },
		{ weight: 1, arbitrary: fc.constant(null) },
		{ weight: 1, arbitrary: fc.integer({ min: -2, max: 60 }) },
	);

/** A post's number, and an instant some hours before or after it. */
const near = (from: number, to: number) =>
	fc.record({ post: fc.nat({ max: 39 }), after: fc.integer({ min: from, max: to }) });

const drafts = fc.record({
	posts,
	deeds: fc
		.integer({ min: 1, max: 30 })
		.chain((reliability) => fc.array(answerDelays(reliability), { minLength: 40, maxLength: 40 })),
	again: fc.array(near(0, 40), { maxLength: 5 }),
	away: fc.array(fc.tuple(near(-60, 6), fc.option(fc.integer({ min: 1, max: 90 }), { nil: null })), { maxLength: 12 }),
	repairs: fc.array(near(24, 400), { maxLength: 8 }),
});

/** Histories of one member in one schedule. */
export const histories: fc.Arbitrary<ModelHistory> = drafts.map(({ posts, deeds, again, away, repairs }) => {
	let at = 0;
	const occurrences = posts.map(({ gap, luck }, index) => {
		at += index === 0 ? 0 : gap;
		return { delivered: at, known: luck > 0, date: dateOf(index) };
	});
	const placed = ({ post, after }: { post: number; after: number }) => {
		const index = post % occurrences.length;
		return { number: index + 1, at: (occurrences[index]?.delivered ?? 0) + after };
	};
	return {
		occurrences,
		answers: [
			...deeds.flatMap((after, post) =>
				after === null || post >= occurrences.length ? [] : [placed({ post, after })],
			),
			...again.map(placed),
		],
		away: away.map(([when, kept]) => {
			const { number, at: set } = placed(when);
			return { date: dateOf(number - 1), set, withdrawn: kept === null ? null : set + kept };
		}),
		repairs: repairs.map(placed),
	};
});

/** The occurrences as the store knows them at an instant. */
export function knownOccurrences(history: ModelHistory, now: number): WindowedOccurrence[] {
	return history.occurrences.flatMap(({ delivered, known, date }, index) => {
		if (delivered > now) return [];
		const closes = closing(history, index + 1, now);
		return [
			{
				number: index + 1,
				localDate: date,
				state: known ? "delivered" : "unknown",
				deliveredAt: hour(delivered),
				closesAt: closes === null ? null : hour(closes),
			},
		];
	});
}

/** The member's record at an instant; null before the first attempt. */
export function recordAt(history: ModelHistory, now: number): MemberRecord | null {
	const attempted = history.occurrences.flatMap((_, index) =>
		hasAnswered(history, index + 1, now) ? [index + 1] : [],
	);
	const [firstNumber] = attempted;
	if (firstNumber === undefined) return null;
	return {
		firstNumber,
		attempted: new Set(attempted),
		repaired: new Set(history.repairs.filter((repair) => repair.at <= now).map((repair) => repair.number)),
		away: history.away
			.filter((entry) => entry.set <= now)
			.map(({ date, set, withdrawn }) => ({
				date,
				setAt: hour(set),
				withdrawnAt: withdrawn === null || withdrawn > now ? null : hour(withdrawn),
			})),
	};
}
