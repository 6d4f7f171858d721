import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as schema from "../../../drizzle/schema.ts";
import { verifyMemories } from "../../../src/core/practice/projection.ts";
import { recordSeen } from "../../../src/core/question/asking.ts";
import { Bank } from "../../../src/core/question/bank.ts";
import { type Question, rightOption } from "../../../src/core/question/question.ts";
import { recordAnswer } from "../../../src/core/service/answering.ts";
import { rateAnswer } from "../../../src/core/service/rating.ts";
import { recordReveal } from "../../../src/core/service/revealing.ts";
import { createServices, type Services } from "../../../src/core/service/services.ts";
import { Dice } from "../../support/dice.ts";
import { byEffort } from "../../support/effort.ts";
import type { TestDatabase } from "../../support/embedded.ts";
import { openTestDatabase } from "../../support/postgres.ts";
import { type MemoryEvent, naiveMemory } from "../../support/practice/naive.ts";
import { makeBank } from "../../support/question.ts";
import { evenChance, World } from "../../support/world.ts";

const HISTORIES = byEffort({ test: 3, ci: 30, full: 300 });
const STEPS = 20;
const HOUR = 3_600_000;
const ZONES = ["UTC", "Asia/Tokyo", "America/Los_Angeles", "Pacific/Kiritimati"] as const;
const GRADES = ["again", "hard", "good", "easy"] as const;

let database: TestDatabase;
beforeAll(async () => {
	database = await openTestDatabase();
});
afterAll(() => database.close());

const wrongOption = (question: Question) => (rightOption(question) === "A" ? "B" : "A");

/** One member who uses two processes: their clocks differ, and one may have an older bank. */
class History {
	readonly #world: World;
	readonly #dice: Dice;
	readonly #name: string;
	readonly #bank = new Map<string, Question>();
	readonly #retired = new Set<string>();
	readonly #events = new Map<string, MemoryEvent[]>();
	#at = Date.UTC(2027, 2, 8, 8);

	constructor(world: World, dice: Dice, name: string) {
		this.#world = world;
		this.#dice = dice;
		this.#name = name;
		for (const question of makeBank(4).values()) this.#bank.set(question.id, question);
	}

	/** A process that loaded the bank as it is now; it may lag behind by an edit, a retirement or a return. */
	#process(): Services {
		const active = [...this.#bank].filter(([id]) => !this.#retired.has(id));
		return createServices(this.#world.store, new Bank(new Map(active)), evenChance());
	}

	/** A question is retired, or comes back. */
	async #retire(id: string): Promise<void> {
		if (!this.#retired.delete(id)) this.#retired.add(id);
		const active = [...this.#bank.values()].filter((question) => !this.#retired.has(question.id));
		await this.#world.store.transaction((tx) => tx.bank.synchronise(active, new Date(this.#at)));
	}

	async run(): Promise<void> {
		let processes = [this.#process(), this.#process()];
		for (let step = 0; step < STEPS; step += 1) {
			if (this.#dice.chance(0.1)) {
				const question = this.#dice.pick([...this.#bank.values()]);
				this.#bank.set(question.id, { ...question, revision: question.revision + 1 });
				processes = [this.#process(), ...processes.slice(0, 1)];
			}
			if (this.#dice.chance(0.1)) {
				await this.#retire(this.#dice.pick([...this.#bank.keys()]));
				processes = [this.#process(), ...processes.slice(0, 1)];
			}
			// Clocks are put back as well.
			this.#at += this.#dice.between(-20, 60) * HOUR;
			const ids = [...this.#bank.keys()];
			const first = this.#dice.pick(ids);
			const second = this.#dice.pick(ids.filter((id) => id !== first));
			const skew = this.#dice.between(-30, 30) * HOUR;
			await Promise.all([
				this.#deed(processes[0] ?? this.#process(), first, new Date(this.#at)),
				this.#deed(processes[1] ?? this.#process(), second, new Date(this.#at + skew)),
			]);
		}
	}

	/** What happened to a question, as stored: dates are fixed at the receipt. */
	#tell(id: string, ...deeds: MemoryEvent[]): void {
		this.#events.set(id, [...(this.#events.get(id) ?? []), ...deeds]);
	}

	async #deed(services: Services, id: string, at: Date): Promise<void> {
		const asker = { ...(await this.#world.asker(this.#name)) };
		// A card of a question that was retired since can still be answered.
		const question = services.bank.get(id) ?? this.#bank.get(id);
		if (!question) throw new Error("no such question");
		const memberId = asker.member.id;
		const { answers } = this.#world.store;
		const before = await answers.latestAnswer(memberId, id);
		switch (this.#dice.between(0, 5)) {
			case 0: {
				await recordSeen(services, asker, question, at, "asked");
				const count = await this.#reveals(memberId, id);
				await recordReveal(services, asker, question, at);
				const reveals = await this.#reveals(memberId, id);
				const last = reveals.at(-1);
				if (reveals.length > count.length && last)
					this.#tell(id, { type: "reveal", date: last.localDate, revision: last.revision });
				return;
			}
			case 1:
				return recordSeen(services, asker, question, at, "hinted").then(() => undefined);
			case 2:
			case 3: {
				const right = this.#dice.chance(0.6);
				const isCheck = this.#dice.chance(0.7);
				const answer = isCheck
					? ({ kind: "check", option: right ? rightOption(question) : wrongOption(question) } as const)
					: ({ kind: "text", text: "In my own words." } as const);
				const { answerId, day } = await recordAnswer(services, asker, question, answer, at);
				// A wrong check lowers the grade of an answer before it; on a later date, the memory keeps what it booked.
				const localDate = day.today;
				const lowered = before?.localDate === localDate ? await this.#gradeOf(before.id) : null;
				if (before && lowered && lowered !== before.grade)
					this.#tell(id, { type: "rate", id: before.id, grade: lowered });
				const common = { id: answerId, date: localDate, revision: question.revision, repeat: false };
				this.#tell(id, isCheck ? { type: "check", ...common, right } : { type: "text", ...common });
				return;
			}
			default: {
				if (!before) return;
				const { answer, grade } = await rateAnswer(services, asker, question, { grade: this.#dice.pick(GRADES) }, at);
				this.#tell(id, { type: "rate", id: answer.id, grade });
			}
		}
	}

	async #reveals(memberId: number, id: string) {
		const { practiceReveals } = schema;
		const rows = await database.db
			.select()
			.from(practiceReveals)
			.where(eq(practiceReveals.memberId, memberId))
			.orderBy(practiceReveals.id);
		return rows.filter(({ questionId }) => questionId === id);
	}

	async #gradeOf(answerId: number) {
		const [row] = await database.db.select().from(schema.answers).where(eq(schema.answers.id, answerId));
		return row?.grade ?? null;
	}

	/** What differs from the naive model, in words. */
	async faults(): Promise<string[]> {
		const { member } = await this.#world.asker(this.#name);
		const faults: string[] = [];
		for (const id of this.#bank.keys()) {
			const memory = await this.#world.store.practice.memory(member.id, id);
			const stored = memory && {
				stability: memory.state?.stability ?? null,
				difficulty: memory.state?.difficulty ?? null,
				grade: memory.grade,
				due: memory.dueOn,
				revision: memory.revision,
			};
			const naive = naiveMemory(this.#events.get(id) ?? []);
			if (JSON.stringify(stored) !== JSON.stringify(naive))
				faults.push(
					`${this.#name}, ${id}: kept ${JSON.stringify(stored)}, naive ${JSON.stringify(naive)} after ${JSON.stringify(this.#events.get(id))}`,
				);
		}
		return faults;
	}
}

test(`${HISTORIES} histories of two processes whose clocks differ: kept = rebuilt = a naive model's`, async () => {
	const world = await World.open(database, { questions: makeBank(4) });
	const schedule = await world.schedule();
	const faults: string[] = [];
	for (let number = 0; number < HISTORIES; number += 1) {
		const dice = new Dice(18_000 + number);
		await world.change(schedule, { zone: dice.pick(ZONES) });
		const history = new History(world, dice, `member-${number}`);
		await history.run();
		faults.push(...(await history.faults()));
	}
	expect(faults).toEqual([]);
	expect(await verifyMemories(world.store)).toMatchObject({ wrongMemories: 0 });
}, 900_000);
