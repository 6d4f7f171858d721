/**
 * Corrects FSRS's stability by the member's own reviews: one factor for the member and one for each question. Bayesian
 * estimation on a grid: before any review a factor of 1 is the likeliest, and each review shifts the estimate. Computed
 * on demand from the booked reviews, so no stored value can become wrong.
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

/** Prior standard deviations of the factors' logarithms. An assumption: see docs/decisions.md. */
const MEMBER_SPREAD = 0.4;
const QUESTION_SPREAD = 0.5;

/** Distance between neighbouring grid points, in logarithms of the factor. */
const STEP = 0.25;
const MEMBER_STEPS = 5;
const QUESTION_STEPS = 6;

/** The integers from -steps to steps. */
const around = (steps: number): number[] => Array.from({ length: 2 * steps + 1 }, (_, index) => index - steps);
const sumOf = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
/** Scales weights so that they sum to 1. */
function normalised(weights: readonly number[]): number[] {
	const sum = sumOf(weights);
	return weights.map((weight) => weight / sum);
}
const bell = (steps: number, spread: number): number[] =>
	normalised(around(steps).map((at) => Math.exp(-((at * STEP) ** 2) / (2 * spread ** 2))));

const MEMBER_PRIOR = bell(MEMBER_STEPS, MEMBER_SPREAD);
const QUESTION_PRIOR = bell(QUESTION_STEPS, QUESTION_SPREAD);
/** All combined factors. The index is the sum of the indexes on the member's and the question's grid. */
const FACTORS = around(MEMBER_STEPS + QUESTION_STEPS).map((at) => Math.exp(at * STEP));

/** Keeps chances above 0: a chance of exactly 0 would rule out a factor permanently. */
const MIN_CHANCE = 1e-6;

/** The likelihood of one question's reviews under each factor. The first review does not count: nothing predicts it. */
function likelihoods(reviews: readonly BookedReview[]): number[] {
	let found = FACTORS.map(() => 1);
	let state: Reviewed | null = null;
	for (const { grade, localDate } of reviews.toSorted((one, other) => (one.localDate < other.localDate ? -1 : 1))) {
		const elapsed: number = state === null ? 0 : daysBetween(state.on, localDate);
		if (state !== null) {
			const before = state;
			const after = FACTORS.map((factor, place) => {
				const recall = Math.min(1 - MIN_CHANCE, Math.max(MIN_CHANCE, recallAfter(before, elapsed / factor)));
				return (found[place] ?? 0) * (grade === "again" ? 1 - recall : recall);
			});
			// Only ratios matter, and the product of hundreds of chances would underflow to 0.
			found = normalised(after);
		}
		state = { ...strengthAfter(state, elapsed, grade), on: localDate };
	}
	return found;
}

/** The index at which the cumulative weight exceeds `share` of the total. */
function quantile(weights: readonly number[], share: number): number {
	let remaining = share * sumOf(weights);
	for (const [place, weight] of weights.entries()) {
		remaining -= weight;
		if (remaining < 0) return place;
	}
	return weights.length - 1;
}

export class Retention {
	/** Posterior probability of each point on the member's grid. */
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

	/** Weights of the question's grid, given a point on the member's grid. Not normalised. */
	#questionWeights(questionId: string, member: number): number[] {
		const own = this.#likelihoods.get(questionId);
		return own ? QUESTION_PRIOR.map((prior, at) => prior * (own[member + at] ?? 0)) : QUESTION_PRIOR;
	}

	/** Posterior probability of each combined factor for a question. */
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
	 * One sample of a question's combined factor, by quantiles of the posterior.
	 * @param memberShare quantile for the member, 0 to 1
	 * @param questionShare quantile for the question, 0 to 1
	 */
	factorAt(questionId: string, memberShare: number, questionShare: number): number {
		const member = quantile(this.#member, memberShare);
		return FACTORS[member + quantile(this.#questionWeights(questionId, member), questionShare)] ?? 1;
	}
}
