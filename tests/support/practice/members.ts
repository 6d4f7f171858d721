/** Simulated members who forget in another way than a scheduler assumes. Deterministic for a seed. */
import { recallAfter, type Strength, strengthAfter } from "../../../src/core/practice/memory.ts";
import { Dice } from "../dice.ts";
import type { Scheduler } from "./schedulers.ts";

export const QUESTIONS = 100;
/** Standard deviations of the logarithms of the factors by which members and questions differ in forgetting. */
const TALENT_SPREAD = 0.4;
const DIFFICULTY_SPREAD = 0.5;
/** The share of questions that are known when first asked. */
export const FIRST_RECALL = 0.6;

/** In days. With it, recall has fallen to 90 % when FSRS's first interval after a recall ends. */
const FIRST_HALF_LIFE = 15;
const MAX_HALF_LIFE = 1000;

export type ForgettingModel = "fsrs" | "exponential" | "half-life";

/** How well a question is really known. */
interface TrueMemory {
	readonly strength: Strength;
	/** Days after which half is forgotten, in the half-life model. */
	readonly halfLife: number;
	readonly last: number;
}

/** A normally distributed number. */
const normal = (dice: Dice): number => Math.sqrt(-2 * Math.log(1 - dice.next())) * Math.cos(2 * Math.PI * dice.next());

export class SimulatedMember {
	readonly #model: ForgettingModel;
	readonly #dice: Dice;
	readonly #factors: readonly number[];
	readonly #memories = new Map<number, TrueMemory>();

	/** @param spread how much members and questions differ: 1 is what the forecast assumes */
	constructor(model: ForgettingModel, seed: number, spread = 1) {
		this.#model = model;
		this.#dice = new Dice(seed);
		const talent = Math.exp(spread * TALENT_SPREAD * normal(this.#dice));
		const factorOf = () => talent * Math.exp(spread * DIFFICULTY_SPREAD * normal(this.#dice));
		this.#factors = Array.from({ length: QUESTIONS }, factorOf);
	}

	/** The true probability of recall. */
	recall(question: number, day: number): number {
		const memory = this.#memories.get(question);
		return memory ? this.#recallOf(memory, question, day) : FIRST_RECALL;
	}

	#recallOf(memory: TrueMemory, question: number, day: number): number {
		const factor = this.#factors[question] ?? 1;
		const elapsed = day - memory.last;
		if (this.#model === "half-life") return 2 ** (-elapsed / (memory.halfLife * factor));
		if (this.#model === "exponential") return 0.9 ** (elapsed / (memory.strength.stability * factor));
		return recallAfter({ ...memory.strength, stability: memory.strength.stability * factor }, elapsed);
	}

	/** Asks a question, which also teaches it. @returns whether it was recalled */
	ask(question: number, day: number): boolean {
		const recalled = this.#dice.chance(this.recall(question, day));
		this.#memories.set(question, this.#after(question, day, recalled));
		return recalled;
	}

	#after(question: number, day: number, recalled: boolean): TrueMemory {
		const memory = this.#memories.get(question);
		const strength = strengthAfter(
			memory?.strength ?? null,
			memory ? day - memory.last : 0,
			recalled ? "good" : "again",
		);
		// Half-life regression: a recall after a long time multiplies the half-life, a lapse shortens it.
		const spaced = memory ? Math.min(1, (day - memory.last) / memory.halfLife) : 1;
		const before = memory?.halfLife ?? FIRST_HALF_LIFE;
		const halfLife = Math.min(MAX_HALF_LIFE, recalled ? before * (1 + 1.5 * spaced) : Math.max(2, before / 2));
		return { strength, halfLife, last: day };
	}

	/** How much a review really adds to the chance of recall 30 days later. */
	trueGain(question: number, day: number): number {
		const later = day + 30;
		const recall = this.recall(question, day);
		const [good, again] = [true, false].map((recalled) =>
			this.#recallOf(this.#after(question, day, recalled), question, later),
		);
		return recall * (good ?? 0) + (1 - recall) * (again ?? 0) - this.recall(question, later);
	}

	/** The mean probability of recall over the first questions. */
	mean(day: number, questions: number): number {
		let sum = 0;
		for (let question = 0; question < questions; question += 1) sum += this.recall(question, day);
		return sum / questions;
	}
}

/** Lets a member live through the days: each has a new question, then the reviews that the scheduler chooses. */
export function play(member: SimulatedMember, scheduler: Scheduler, from: number, days: number, reviews: number): void {
	for (let day = from; day < days; day += 1) {
		if (day < QUESTIONS) scheduler.reviewed(day, day, member.ask(day, day));
		for (const question of scheduler.choose(day, reviews)) scheduler.reviewed(question, day, member.ask(question, day));
	}
}
