/**
 * Does practice make members remember? Simulated members study 100 questions, one new a day; how they
 * really forget differs from what a scheduler assumes. Prints each scheduler's mean recall of all questions.
 * Then compares the forecast 30 days ahead with the simulated truth. Deterministic for a seed.
 */
import { Dice } from "../tests/support/dice.ts";
import { forecastAfterPractice } from "../tests/support/practice/forecasts.ts";
import { type ForgettingModel, play, QUESTIONS, SimulatedMember } from "../tests/support/practice/members.ts";
import {
	Alone,
	AtRandom,
	Fsrs,
	Leitner,
	LongestUnseen,
	Oracle,
	type Scheduler,
	SuperMemo2,
} from "../tests/support/practice/schedulers.ts";

const MEMBERS = Number(process.env.MEMBERS ?? 300);
const SEED = 20_270_308;
/** Not the members on whom the forecast was tuned. */
const FORECAST_SEED = 20_990_101;
const TRUTHS: readonly ForgettingModel[] = ["fsrs", "exponential", "half-life"];
const DAYS = [30, 60, 100] as const;
const REVIEWS_A_DAY = [1, 3, 5] as const;

type MakeScheduler = (seed: number, member: SimulatedMember) => Scheduler;

const SCHEDULERS: readonly (readonly [name: string, make: MakeScheduler])[] = [
	["daily question alone", () => new Alone()],
	["at random", (seed) => new AtRandom(new Dice(seed))],
	["longest unseen first", () => new LongestUnseen()],
	["Leitner", () => new Leitner()],
	["SM-2", () => new SuperMemo2()],
	["FSRS, lowest recall", () => new Fsrs("recall")],
	["FSRS, largest gain in 30 days", () => new Fsrs("gain")],
	["ours: gain by days unseen", () => new Fsrs("urgency")],
	["knowing the true gain", (_seed, member) => new Oracle(member)],
];

/** Mean recall in percent after each of `DAYS`. */
function meanRecall(truth: ForgettingModel, make: MakeScheduler, reviews: number): number[] {
	const totals = DAYS.map(() => 0);
	for (let number = 0; number < MEMBERS; number += 1) {
		const member = new SimulatedMember(truth, SEED + number);
		const scheduler = make(SEED - number, member);
		let from = 0;
		for (const [index, days] of DAYS.entries()) {
			play(member, scheduler, from, days, reviews);
			from = days;
			totals[index] = (totals[index] ?? 0) + member.mean(days, Math.min(days, QUESTIONS));
		}
	}
	return totals.map((sum) => (100 * sum) / MEMBERS);
}

/** Errors of the forecast 30 days ahead, after 30 days of practice, in questions of 100. */
function forecastErrors(
	truth: ForgettingModel,
	spread: number,
	reviews: number,
): { readonly mean: number; readonly within: number } {
	const errors = Array.from({ length: MEMBERS }, (_, index) => {
		const member = new SimulatedMember(truth, FORECAST_SEED + index, spread);
		const ours = new Fsrs();
		play(member, ours, 0, 30, reviews);
		const predicted = forecastAfterPractice(ours, 30, 30, reviews);
		play(member, ours, 30, 60, reviews);
		return predicted - 60 * member.mean(60, 60);
	});
	return {
		mean: errors.reduce((sum, error) => sum + error, 0) / errors.length,
		within: errors.filter((error) => Math.abs(error) <= 3).length / errors.length,
	};
}

console.log(`members: ${MEMBERS}; questions: ${QUESTIONS}; mean recall in % on day ${DAYS.join(", ")}`);
for (const truth of TRUTHS)
	for (const reviews of REVIEWS_A_DAY) {
		console.log(`\ntruth: ${truth}; reviews a day: ${reviews}`);
		for (const [name, make] of SCHEDULERS)
			console.log(
				`${name.padEnd(30)} ${meanRecall(truth, make, reviews)
					.map((value) => value.toFixed(1).padStart(6))
					.join("")}`,
			);
	}
/** For FSRS also members and questions that vary more, or less, than the forecast assumes. */
const FORECASTS: readonly (readonly [truth: ForgettingModel, spread: number])[] = [
	["fsrs", 1],
	["fsrs", 0.5],
	["fsrs", 1.5],
	["exponential", 1],
	["half-life", 1],
];
console.log("\nforecast 30 days ahead, after 30 days");
for (const [truth, spread] of FORECASTS)
	for (const reviews of REVIEWS_A_DAY) {
		const { mean, within } = forecastErrors(truth, spread, reviews);
		const what = `truth: ${truth}${spread === 1 ? "" : `, spread ${spread} times what the forecast assumes`}`;
		const errors = `mean error ${mean.toFixed(2)} questions, within 3: ${(100 * within).toFixed(0)} %`;
		console.log(`${what}; ${reviews} a day: ${errors}`);
	}
