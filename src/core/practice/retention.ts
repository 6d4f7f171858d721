/**
 * How long a member keeps what FSRS believes them to keep: the member's reviews say by which factor stability is off,
 * for the member and for each question. Bayesian, on a grid: without reviews a factor of 1 is the likeliest, and each
 * review moves it. Computed from the booked reviews when it is needed, so nothing is stored that could go wrong.
 */
import type { LocalDate } from "../calendar/calendar.ts";
import { groupBy } from "../group.ts";
import type { Grade } from "../model.ts";
import { daysBetween, type Reviewed, recallAfter, strengthAfter } from "./memory.ts";

/** A grade that a memory booked. */
export interface BookedReview {
	readonly questionId: string;
	readonly localDate: LocalDate;
	readonly grade: Grade;
}

/** Spreads of the factors' logarithms that are assumed before any review. See docs/decisions.md. */
const MEMBER_SPREAD = 0.4;
const QUESTION_SPREAD = 0.5;

/** Between neighbours on the grid of logarithms. */
const STEP = 0.25;
const MEMBER_STEPS = 5;
const QUESTION_STEPS = 6;

/** -steps to steps, around 0. */
const around = (steps: number): number[] => Array.from({ length: 2 * steps + 1 }, (_, index) => index - steps);
const sumOf = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
/** Weights that sum to 1. */
function normalised(weights: readonly number[]): number[] {
	const sum = sumOf(weights);
	return weights.map((weight) => weight / sum);
}
const bell = (steps: number, spread: number): number[] =>
	normalised(around(steps).map((at) => Math.exp(-((at * STEP) ** 2) / (2 * spread ** 2))));

const MEMBER_PRIOR = bell(MEMBER_STEPS, MEMBER_SPREAD);
const QUESTION_PRIOR = bell(QUESTION_STEPS, QUESTION_SPREAD);
/** The factors of stability: a place on the member's grid and one on the question's add up to a place here. */
const FACTORS = around(MEMBER_STEPS + QUESTION_STEPS).map((at) => Math.exp(at * STEP));

/** A chance of exactly 0 would rule a factor out for ever. */
const LEAST = 1e-6;

/** How likely each factor makes what came of one question's reviews; the first says nothing, as nothing was predicted. */
function likelihoods(reviews: readonly BookedReview[]): number[] {
	let found = FACTORS.map(() => 1);
	let state: Reviewed | null = null;
	for (const { grade, localDate } of reviews.toSorted((one, other) => (one.localDate < other.localDate ? -1 : 1))) {
		const elapsed: number = state === null ? 0 : daysBetween(state.on, localDate);
		if (state !== null) {
			const before = state;
			const after = FACTORS.map((factor, place) => {
				const recall = Math.min(1 - LEAST, Math.max(LEAST, recallAfter(before, elapsed / factor)));
				return (found[place] ?? 0) * (grade === "again" ? 1 - recall : recall);
			});
			// Only ratios count, and the product of hundreds would end at 0.
			found = normalised(after);
		}
		state = { ...strengthAfter(state, elapsed, grade), on: localDate };
	}
	return found;
}

/** The place at which a share of the weight lies below it. */
function quantile(weights: readonly number[], share: number): number {
	let left = share * sumOf(weights);
	for (const [place, weight] of weights.entries()) {
		left -= weight;
		if (left < 0) return place;
	}
	return weights.length - 1;
}

export class Retention {
	/** How likely each place of the member's grid is, after all reviews. */
	readonly #member: readonly number[];
	readonly #likelihoods = new Map<string, readonly number[]>();

	constructor(reviews: readonly BookedReview[]) {
		for (const [questionId, own] of groupBy(reviews, (review) => review.questionId))
			if (own.length > 1) this.#likelihoods.set(questionId, likelihoods(own));
		const logs = MEMBER_PRIOR.map((prior, member) => {
			const evidence = [...this.#likelihoods.keys()].map((id) => Math.log(sumOf(this.#questionWeights(id, member))));
			return Math.log(prior) + sumOf(evidence);
		});
		const most = Math.max(...logs);
		this.#member = normalised(logs.map((log) => Math.exp(log - most)));
	}

	/** How likely each place of a question's grid is, for a place on the member's; not normalised. */
	#questionWeights(questionId: string, member: number): number[] {
		const own = this.#likelihoods.get(questionId);
		return own ? QUESTION_PRIOR.map((prior, at) => prior * (own[member + at] ?? 0)) : QUESTION_PRIOR;
	}

	/** How likely each factor is for a question. */
	#weights(questionId: string): number[] {
		const found = FACTORS.map(() => 0);
		for (const [member, share] of this.#member.entries())
			for (const [at, weight] of normalised(this.#questionWeights(questionId, member)).entries())
				found[member + at] = (found[member + at] ?? 0) + share * weight;
		return found;
	}

	/** The chance that the member recalls a question on a date. */
	recallOn(questionId: string, state: Reviewed, date: LocalDate): number {
		const elapsed = daysBetween(state.on, date);
		return sumOf(
			this.#weights(questionId).map((weight, place) => weight * recallAfter(state, elapsed / (FACTORS[place] ?? 1))),
		);
	}

	/**
	 * The factor of one possible truth about a question.
	 * @param memberShare where the member lies among all that may be true of them, 0 to 1
	 * @param questionShare the same for the question
	 */
	factorAt(questionId: string, memberShare: number, questionShare: number): number {
		const member = quantile(this.#member, memberShare);
		return FACTORS[member + quantile(this.#questionWeights(questionId, member), questionShare)] ?? 1;
	}
}
