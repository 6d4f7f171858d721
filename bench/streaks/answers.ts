import { setTimeout as wait } from "node:timers/promises";
import type { Question } from "../../src/core/question/question.ts";
import { recordAnswer } from "../../src/core/service/answering.ts";
import type { Services } from "../../src/core/service/services.ts";
import { askerOf, type Population, scattered } from "./population.ts";

/** As long as what members write. */
export const TEXT = "An attempt in a few sentences, of which the length is that of an ordinary answer. ".repeat(4);

/** Members who answer once each, in a scattered walk through `among` of them. */
export class Answers {
	readonly #services: Services;
	readonly #population: Population;
	readonly #question: Question;
	readonly #at: Date;
	readonly #among: number;
	#place: number;

	/**
	 * @param among how many members, from the first, the answers come from
	 * @param from the first place in their walk
	 */
	constructor(services: Services, population: Population, question: Question, at: Date, among: number, from = 0) {
		this.#services = services;
		this.#population = population;
		this.#question = question;
		this.#at = at;
		this.#among = among;
		this.#place = from;
	}

	/** Leaves places of the walk to others. @returns the first of them */
	pass(places: number): number {
		const from = this.#place;
		this.#place += places;
		return from;
	}

	/** How many members have not answered yet. */
	get left(): number {
		return this.#among - this.#place;
	}

	/** The next member answers. */
	async one(): Promise<void> {
		const asker = askerOf(this.#population, scattered(this.pass(1), this.#among));
		const recorded = await recordAnswer(this.#services, asker, this.#question, { kind: "text", text: TEXT }, this.#at);
		if (!recorded.counted) throw new Error(`the answer of member ${asker.member.id} did not count`);
	}

	/** Members answer, `atATime` at once. @returns answers per second */
	async inARow(count: number, atATime: number): Promise<number> {
		const begun = performance.now();
		let begunCount = 0;
		const worker = async () => {
			while (begunCount < count) {
				begunCount += 1;
				await this.one();
			}
		};
		await Promise.all(Array.from({ length: atATime }, worker));
		return (count * 1000) / (performance.now() - begun);
	}

	/**
	 * Members answer at a fixed rate for some milliseconds, whether earlier answers have finished or not.
	 * @param ended whether to stop early
	 * @returns for each answer, the milliseconds since it was due
	 */
	async onTime(perSecond: number, milliseconds: number, ended = () => false): Promise<number[]> {
		const begun = performance.now();
		const total = Math.min(this.left, Math.floor((perSecond * milliseconds) / 1000));
		const under: Promise<number>[] = [];
		while (under.length < total && !ended()) {
			const due = begun + (under.length * 1000) / perSecond;
			if (performance.now() < due) await wait(Math.max(1, due - performance.now()));
			else under.push(this.one().then(() => performance.now() - due));
		}
		return Promise.all(under);
	}
}
