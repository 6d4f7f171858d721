import { randomUUID } from "node:crypto";
import { PassThrough } from "node:stream";
import { ManualClock } from "../../src/adapters/clock.ts";
import { createStore } from "../../src/adapters/postgres/store.ts";
import { TERMINAL_CHANNEL } from "../../src/adapters/terminal/caller.ts";
import { Screen } from "../../src/adapters/terminal/screen.ts";
import { Terminal } from "../../src/adapters/terminal/terminal.ts";
import { history } from "../../src/chat/commands/history.ts";
import { DailyEngine } from "../../src/chat/daily.ts";
import { cardText } from "../../src/chat/text.ts";
import { EVERY_DAY } from "../../src/core/calendar/weekdays.ts";
import { addSchedule } from "../../src/core/daily/schedules.ts";
import type { Answer, Member, Occurrence, Schedule, Workspace } from "../../src/core/model.ts";
import type { RootStore } from "../../src/core/ports/store.ts";
import { resolveQuestion } from "../../src/core/question/asking.ts";
import { Bank } from "../../src/core/question/bank.ts";
import type { OptionLetter, Question } from "../../src/core/question/question.ts";
import { type Recorded, recordAnswer, type Said } from "../../src/core/service/answering.ts";
import { type Asker, createServices, type Services } from "../../src/core/service/services.ts";
import { openOnServer } from "../support/postgres.ts";

const HOUR = 60 * 60 * 1000;
const START = new Date("2026-11-23T08:00:00Z");
const OWNER = "owner";

/**
 * The program on an embedded database in memory, with one daily schedule at 09:00 UTC, a clock that the test moves, and a
 * bank that changes with a restart, as it does in a real installation.
 */
export class Installation {
	readonly store: RootStore;
	readonly clock = new ManualClock(START);
	readonly close: () => Promise<void>;
	readonly #workspace: Workspace;
	#services: Services;
	#engine: DailyEngine;
	#schedule: Schedule | null = null;
	readonly #faults: unknown[] = [];

	private constructor(store: RootStore, workspace: Workspace, close: () => Promise<void>) {
		this.store = store;
		this.#workspace = workspace;
		this.close = close;
		this.#services = this.#servicesOf([]);
		this.#engine = this.#engineOf(this.#services);
	}

	static async open(questions: readonly Question[]): Promise<Installation> {
		const { db, close } = await openOnServer();
		const store = createStore(db);
		const workspace = await store.people.ensureWorkspace("terminal", "terminal", "Terminal", START);
		const installation = new Installation(store, workspace, close);
		await installation.restart(questions);
		const wish = { channelId: TERMINAL_CHANNEL, channelName: TERMINAL_CHANNEL, localTime: "09:00", zone: "UTC" };
		installation.#schedule = await addSchedule(
			installation.#services,
			workspace.id,
			{ ...wish, weekdays: EVERY_DAY, categories: [], difficulties: [] },
			START,
		);
		return installation;
	}

	#servicesOf(questions: readonly Question[]): Services {
		// Repeatable, but never the same draw: each falls on another place of the bag.
		let turn = 0;
		const random = () => {
			turn += 1;
			return (turn * 0.381_966) % 1;
		};
		const bank = new Bank(new Map(questions.map((entry) => [entry.id, entry])));
		return createServices(this.store, bank, random);
	}

	#terminal(): Terminal {
		return new Terminal(new Screen(new PassThrough().resume(), { type: "plain" }, OWNER), this.clock, OWNER);
	}

	#engineOf(services: Services): DailyEngine {
		const observer = { delivered: () => undefined, fault: (_: string, error: unknown) => this.#faults.push(error) };
		const platforms = [this.#terminal()];
		return new DailyEngine({ services, platforms, clock: this.clock, worker: randomUUID(), observer });
	}

	/** Starts the program again with the current files. */
	async restart(questions: readonly Question[]): Promise<{ added: number; revised: number; retired: number }> {
		await this.#engine.stop();
		this.#services = this.#servicesOf(questions);
		this.#engine = this.#engineOf(this.#services);
		return this.store.transaction((store) => store.bank.synchronise(questions, this.clock.now()));
	}

	/** Moves the clock to the next 09:00 and delivers what is due. @returns that day's occurrence */
	async nextDay(): Promise<Occurrence> {
		const now = this.clock.now();
		const nine = new Date(`${now.toISOString().slice(0, 10)}T09:00:00Z`);
		this.clock.moveTo(new Date(nine > now ? nine : nine.getTime() + 24 * HOUR));
		await this.#engine.run();
		if (this.#faults.length > 0) throw this.#faults[0];
		const date = this.clock.now().toISOString().slice(0, 10);
		const occurrence = await this.store.occurrences.ofDate(this.#schedule?.id ?? 0, date);
		if (occurrence?.state !== "delivered") throw new Error(`nothing was delivered on ${date}`);
		return occurrence;
	}

	async #asker(name: string): Promise<Asker & { member: Member }> {
		const member = await this.store.people.ensureMember(this.#workspace.id, name, name, this.clock.now());
		return { workspace: this.#workspace, member, channelId: TERMINAL_CHANNEL };
	}

	async #say(name: string, reference: string, said: Said): Promise<Recorded> {
		// No two answers at the same instant: the history is ordered by it.
		this.clock.moveTo(new Date(this.clock.now().getTime() + 1000));
		const now = this.clock.now();
		const asker = await this.#asker(name);
		const question = await resolveQuestion(this.#services, asker, reference, now);
		return recordAnswer(this.#services, asker, question, said, now);
	}

	answer(name: string, reference: string, text: string): Promise<Recorded> {
		return this.#say(name, reference, { kind: "text", text });
	}

	check(name: string, reference: string, option: OptionLetter): Promise<Recorded> {
		return this.#say(name, reference, { kind: "check", option });
	}

	/** A member's stored answers, newest first. */
	async answersOf(name: string): Promise<Answer[]> {
		const { member } = await this.#asker(name);
		return (await this.store.answers.history(member.id, 0, 100)).map((entry) => entry.answer);
	}

	async currentStreak(name: string): Promise<number | undefined> {
		const { member } = await this.#asker(name);
		return (await this.store.streaks.ofMember(member.id))[0]?.current;
	}

	/** What `/nlpq history` says about one of a member's answers, counted from the newest. */
	async historyText(name: string, answer: number): Promise<string> {
		const asker = await this.#asker(name);
		const reply = await history.run(
			{
				services: this.#services,
				clock: this.clock,
				workspace: asker.workspace,
				member: asker.member,
				asker,
				admin: false,
				zone: null,
				place: { kind: "channel", channelId: TERMINAL_CHANNEL, channelName: TERMINAL_CHANNEL },
				mentioned: new Map(),
				now: this.clock.now(),
				platform: this.#terminal(),
				daily: this.#engine,
				commands: [history],
			},
			{ answer: String(answer) },
		);
		return cardText(reply.card);
	}
}
