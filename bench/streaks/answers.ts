import { setTimeout as wait } from "node:timers/promises";
import type { Question } from "../../src/core/question/question.ts";
import { recordAnswer } from "../../src/core/service/answering.ts";
import type { Services } from "../../src/core/service/services.ts";
import { askerOf, memberAtStep, type Population } from "./population.ts";

/** About as long as what members write. */
export const ANSWER_TEXT = "An attempt in a few sentences, about as long as an ordinary answer of a member. ".repeat(4);

/** Lets the first `memberCount` members answer once each, in a scattered order. */
export class AnsweringMembers {
	readonly #services: Services;
	readonly #population: Population;
	readonly #question: Question;
	readonly #at: Date;
	readonly #memberCount: number;
	#step: number;

	/**
	 * @param from the step of the walk at which to begin
	 */
	constructor(services: Services, population: Population, question: Question, at: Date, memberCount: number, from = 0) {
		this.#services = services;
		this.#population = population;
		this.#question = question;
		this.#at = at;
		this.#memberCount = memberCount;
		this.#step = from;
	}

	/** Leaves steps of the walk to somebody else. @returns the first of them */
	skip(steps: number): number {
		const from = this.#step;
		this.#step += steps;
		return from;
	}

	/** How many members have not answered yet. */
	get remaining(): number {
		return this.#memberCount - this.#step;
	}

	/** Lets the next member of the walk answer. */
	async answerNext(): Promise<void> {
		const asker = askerOf(this.#population, memberAtStep(this.skip(1), this.#memberCount));
		const recorded = await recordAnswer(
			this.#services,
			asker,
			this.#question,
			{ kind: "text", text: ANSWER_TEXT },
			this.#at,
		);
		if (!recorded.counted) throw new Error(`the answer of member ${asker.member.id} did not count`);
	}

	/** Lets members answer, `atATime` of them at once. @returns answers per second */
	async answerConcurrently(count: number, atATime: number): Promise<number> {
		const startedAt = performance.now();
		let startedCount = 0;
		const worker = async () => {
			while (startedCount < count) {
				startedCount += 1;
				await this.answerNext();
			}
		};
		await Promise.all(Array.from({ length: atATime }, worker));
		return (count * 1000) / (performance.now() - startedAt);
	}

	/**
	 * Lets members answer at a fixed rate, whether earlier answers have finished or not.
	 * @param isOver whether to stop early
	 * @returns for each answer, the milliseconds from when it was due until it was recorded
	 */
	async answerAtRate(perSecond: number, milliseconds: number, isOver = () => false): Promise<number[]> {
		const startedAt = performance.now();
		const total = Math.min(this.remaining, Math.floor((perSecond * milliseconds) / 1000));
		const latencies: Promise<number>[] = [];
		while (latencies.length < total && !isOver()) {
			const due = startedAt + (latencies.length * 1000) / perSecond;
			if (performance.now() < due) await wait(Math.max(1, due - performance.now()));
			else latencies.push(this.answerNext().then(() => performance.now() - due));
		}
		return Promise.all(latencies);
	}
}
