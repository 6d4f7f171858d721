/**
 * How accurate recall predictions are: log loss, binned RMSE and AUC, as open-spaced-repetition's srs-benchmark defines
 * them. Every booked review after a question's first is one prediction.
 */
import type { Grade } from "../model.ts";
import { daysBetween, type Reviewed, recallOn, review, type StoredReview } from "./memory.ts";

/** One review of a question that the member had reviewed before. */
export interface Prediction {
	/** Predicted chances of recall, 0 to 1: from our model, and from SM-2. */
	readonly ours: number;
	readonly sm2: number;
	readonly recalled: boolean;
	/** Days since the previous review. */
	readonly elapsed: number;
	/** The review's number within the question's history, from 1. */
	readonly review: number;
	/** Earlier reviews in which the member did not recall the answer. */
	readonly lapses: number;
}

/** An item of SM-2: its easiness, recalls in a row, and interval in days. */
interface Sm2 {
	readonly easiness: number;
	readonly repetition: number;
	readonly interval: number;
}

const QUALITY: Readonly<Record<Grade, number>> = { again: 1, hard: 3, good: 4, easy: 5 };

function sm2After({ easiness, repetition, interval }: Sm2, grade: Grade): Sm2 {
	const quality = QUALITY[grade];
	const next = Math.max(1.3, easiness + 0.1 - (5 - quality) * (0.08 + (5 - quality) * 0.02));
	if (quality < 3) return { easiness: next, repetition: 0, interval: 1 };
	const days = repetition === 0 ? 1 : repetition === 1 ? 6 : Math.round(interval * easiness);
	return { easiness: next, repetition: repetition + 1, interval: days };
}

/** The predictions for one question's stored reviews. Only booked reviews count. */
export function predictionsOf(reviews: readonly StoredReview[]): Prediction[] {
	const booked = reviews.filter(({ bookedGrade }) => bookedGrade !== null);
	const ordered = booked.toSorted((one, other) => (one.localDate < other.localDate ? -1 : 1));
	const found: Prediction[] = [];
	let state: Reviewed | null = null;
	let item: Sm2 = { easiness: 2.5, repetition: 0, interval: 0 };
	let lapses = 0;
	for (const [index, { bookedGrade, localDate }] of ordered.entries()) {
		const grade = bookedGrade ?? "again";
		if (state !== null) {
			const elapsed = daysBetween(state.on, localDate);
			const ours = recallOn({ state }, localDate) ?? 0;
			const sm2 = 0.9 ** (elapsed / Math.max(1, item.interval));
			found.push({ ours, sm2, recalled: grade !== "again", elapsed, review: index + 1, lapses });
		}
		if (grade === "again") lapses += 1;
		({ state } = review(state, grade, localDate));
		item = sm2After(item, grade);
	}
	return found;
}

/** A predicted chance and the actual result. */
export interface Outcome extends Pick<Prediction, "recalled" | "elapsed" | "review" | "lapses"> {
	readonly chance: number;
}

/** Keeps chances away from 0 and 1, where the logarithm is infinite. */
const MIN_CHANCE = 1e-7;

export function logLoss(outcomes: readonly Outcome[]): number {
	const sum = outcomes.reduce((total, { chance, recalled }) => {
		const bounded = Math.min(1 - MIN_CHANCE, Math.max(MIN_CHANCE, chance));
		return total - Math.log(recalled ? bounded : 1 - bounded);
	}, 0);
	return sum / outcomes.length;
}

const geometric = (value: number, factor: number, base: number): number =>
	factor * base ** Math.floor(Math.log(value) / Math.log(base));

/** The bin of an outcome: elapsed days, review number and earlier lapses. */
function binOf({ elapsed, review: number, lapses }: Outcome): string {
	const days = geometric(Math.max(1, elapsed), 2.48, 3.62).toFixed(2);
	const lapsed = lapses === 0 ? 0 : Math.round(geometric(lapses, 1.65, 1.73));
	return `${days} ${Math.round(geometric(number, 1.99, 1.89))} ${lapsed}`;
}

/** The root mean square of (predicted share - actual share) over all bins, weighted by bin size. */
export function rmseBins(outcomes: readonly Outcome[]): number {
	const bins = new Map<string, { count: number; predicted: number; recalled: number }>();
	for (const outcome of outcomes) {
		const bin = bins.get(binOf(outcome)) ?? { count: 0, predicted: 0, recalled: 0 };
		bin.count += 1;
		bin.predicted += outcome.chance;
		bin.recalled += Number(outcome.recalled);
		bins.set(binOf(outcome), bin);
	}
	const squared = [...bins.values()].reduce(
		(sum, { count, predicted, recalled }) => sum + count * ((predicted - recalled) / count) ** 2,
		0,
	);
	return Math.sqrt(squared / outcomes.length);
}

/** The chance that a recalled review was predicted higher than a forgotten one; null unless both occur. */
export function auc(outcomes: readonly Outcome[]): number | null {
	const sorted = outcomes.toSorted((one, other) => one.chance - other.chance);
	let [rankSum, recalled] = [0, 0];
	for (let from = 0; from < sorted.length; ) {
		let to = from;
		while (sorted[to]?.chance === sorted[from]?.chance && to < sorted.length) to += 1;
		const ties = sorted.slice(from, to).filter((outcome) => outcome.recalled).length;
		rankSum += ties * ((from + 1 + to) / 2);
		recalled += ties;
		from = to;
	}
	const lost = outcomes.length - recalled;
	return recalled === 0 || lost === 0 ? null : (rankSum - (recalled * (recalled + 1)) / 2) / (recalled * lost);
}

/** One row of the calibration table: mean prediction and actual share of recall. */
export interface Calibration {
	readonly from: number;
	readonly count: number;
	readonly predicted: number;
	readonly recalled: number;
}

/** One row per tenth of the predicted chance. Omits empty rows. */
export function calibration(outcomes: readonly Outcome[]): Calibration[] {
	return Array.from({ length: 10 }, (_, tenth) => {
		const own = outcomes.filter(({ chance }) => Math.min(9, Math.floor(chance * 10)) === tenth);
		const mean = (figureOf: (outcome: Outcome) => number) =>
			own.reduce((sum, one) => sum + figureOf(one), 0) / own.length;
		return { from: tenth / 10, count: own.length, predicted: mean(({ chance }) => chance), recalled: mean(({ recalled }) => Number(recalled)) }; // biome-ignore format: one line
	}).filter(({ count }) => count > 0);
}
