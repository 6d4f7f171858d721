import { ManualClock } from "../../src/adapters/clock.ts";
import { DailyEngine } from "../../src/chat/daily.ts";
import { parseLocalTime } from "../../src/core/calendar/calendar.ts";
import { EVERY_DAY } from "../../src/core/calendar/weekdays.ts";
import { type PostOutcome, postToday } from "../../src/core/daily/posting.ts";
import { addSchedule, type ScheduleInput } from "../../src/core/daily/schedules.ts";
import type { Member, Occurrence, Schedule, Workspace } from "../../src/core/model.ts";
import type { ScheduleChanges } from "../../src/core/ports/schedules.ts";
import type { RootStore } from "../../src/core/ports/store.ts";
import { recordSeen, resolveQuestion } from "../../src/core/question/asking.ts";
import { Bank } from "../../src/core/question/bank.ts";
import type { OptionLetter, Question } from "../../src/core/question/question.ts";
import { type Recorded, recordAnswer } from "../../src/core/service/answering.ts";
import { recordReveal } from "../../src/core/service/revealing.ts";
import { type Asker, createServices, type Services } from "../../src/core/service/services.ts";
import { boardPage, evaluatedStreaks } from "../../src/core/streak/boards.ts";
import type { TestDatabase } from "./embedded.ts";
import { endLeases } from "./embedded.ts";
import { makeBank } from "./question.ts";
import { RecordingPlatform } from "./recording-platform.ts";

const CHANNEL = "general";

/** Some day at 08:00 UTC: an hour before the usual post. */
export const MORNING = new Date("2027-03-08T08:00:00Z");

/** The first post of a daily schedule at 09:00 UTC. */
export const NINE_O_CLOCK = new Date("2027-03-08T09:00:00Z");

/** The instant this many hours after the first post. */
export const hoursOn = (hours: number): Date => new Date(NINE_O_CLOCK.getTime() + hours * 60 * 60 * 1000);

/** Repeatable chance: each draw falls on another place. */
export function evenChance(): () => number {
	let turn = 0;
	return () => {
		turn += 1;
		return (turn * 0.381_966) % 1;
	};
}

/**
 * The question service and the daily engine on a test's database, with a clock that the test moves and a platform that
 * records: everything except the platforms themselves.
 */
export class World {
	readonly database: TestDatabase;
	readonly store: RootStore;
	readonly clock: ManualClock;
	readonly platform = new RecordingPlatform();
	readonly services: Services;
	readonly workspace: Workspace;
	readonly engine: DailyEngine;
	/** What the engine has reported. */
	readonly outcomes: string[] = [];
	readonly faults: unknown[] = [];
	/** How many schedules or members each step has set aside. */
	readonly failing = new Map<string, number>();

	private constructor(
		database: TestDatabase,
		questions: ReadonlyMap<string, Question>,
		workspace: Workspace,
		start: Date,
	) {
		this.database = database;
		this.store = database.store;
		this.clock = new ManualClock(start);
		this.services = createServices(this.store, new Bank(questions), evenChance());
		this.workspace = workspace;
		this.engine = this.worker("worker");
	}

	/** An empty world at an instant, with one workspace. */
	static async open(
		database: TestDatabase,
		options: { start?: Date; questions?: ReadonlyMap<string, Question> } = {},
	): Promise<World> {
		await database.clear();
		const { start = MORNING, questions = makeBank(30) } = options;
		const workspace = await database.store.people.ensureWorkspace("local", "home", "Home", start);
		// Tests that need the bank's history synchronise it themselves: it takes longer than all the rest.
		return new World(database, questions, workspace, start);
	}

	/** Adds one more process for the same work. */
	worker(name: string): DailyEngine {
		const observer = {
			delivered: (delivery: { kind: string }, outcome: string) =>
				void this.outcomes.push(`${delivery.kind} ${outcome}`),
			fault: (_what: string, error: unknown) => void this.faults.push(error),
			failing: (step: string, count: number) => void this.failing.set(step, count),
		};
		return new DailyEngine({
			services: this.services,
			platforms: [this.platform],
			clock: this.clock,
			worker: name,
			observer,
		});
	}

	get now(): Date {
		return this.clock.now();
	}

	/** Adds a daily question at 09:00 UTC by default. */
	schedule(wish: Partial<ScheduleInput> = {}): Promise<Schedule> {
		const schedule = {
			channelId: CHANNEL,
			channelName: "General",
			localTime: parseLocalTime("09:00") ?? "",
			zone: "UTC",
			weekdays: EVERY_DAY,
			categories: [],
			difficulties: [],
		};
		return addSchedule(this.services, this.workspace.id, { ...schedule, ...wish }, this.now);
	}

	/** Changes a schedule in any way, even one that the rules forbid. */
	change({ id }: Schedule, changes: ScheduleChanges): Promise<unknown> {
		return this.services.transaction(async ({ store }) => (await store.schedules.lock(id))?.change(changes));
	}

	/** Posts today's question by hand. */
	async postNow(schedule: Schedule): Promise<PostOutcome> {
		const { outcome } = await postToday(this.services, schedule, this.now);
		await this.run();
		return outcome;
	}

	/** Does what is due now. Anything that the engine reports as a fault fails the test. */
	async run(engine = this.engine): Promise<void> {
		await engine.run();
		if (this.faults.length > 0) throw this.faults[0];
	}

	/** Moves the clock directly to an instant, as after a downtime, and does what is due then. */
	async jumpTo(instant: Date | string): Promise<void> {
		this.clock.moveTo(new Date(instant));
		await this.run();
	}

	/** Moves the clock on. What falls due in between happens at its own instant. */
	async goTo(instant: Date | string): Promise<void> {
		const target = new Date(instant);
		for (;;) {
			const next = await this.engine.nextInstant("local", this.now);
			if (!next || next > target) break;
			await this.jumpTo(next);
		}
		await this.jumpTo(target);
	}

	/** Moves the database's clock on: leases end. */
	endLeases(): Promise<void> {
		return endLeases(this.database.db);
	}

	async asker(name: string): Promise<Asker & { member: Member }> {
		const member = await this.store.people.ensureMember(this.workspace.id, `id-${name}`, name, this.now);
		return { workspace: this.workspace, member, channelId: CHANNEL };
	}

	async question(reference: string, name: string): Promise<Question> {
		return resolveQuestion(this.services, await this.asker(name), reference, this.now);
	}

	/** A member answers in free text. */
	async answer(name: string, reference = "today", text = "An honest attempt, in my own words."): Promise<Recorded> {
		const question = await this.question(reference, name);
		return recordAnswer(this.services, await this.asker(name), question, { kind: "text", text }, this.now);
	}

	/** A member takes the quick check. */
	async check(name: string, reference: string, option: OptionLetter): Promise<Recorded> {
		const question = await this.question(reference, name);
		return recordAnswer(this.services, await this.asker(name), question, { kind: "check", option }, this.now);
	}

	async reveal(name: string, reference = "today"): Promise<boolean> {
		const question = await this.question(reference, name);
		return (await recordReveal(this.services, await this.asker(name), question, this.now)).cost;
	}

	async hint(name: string, reference: string): Promise<void> {
		await recordSeen(this.services, await this.asker(name), await this.question(reference, name), this.now, "hinted");
	}

	/** A member's best streak now. */
	async streak(name: string): Promise<{ current: number; longest: number; freezes: number; answered: number } | null> {
		const { member } = await this.asker(name);
		const [best] = await evaluatedStreaks(this.store, member.id, this.now);
		if (!best) return null;
		const { current, longest, freezes, answered } = best.row;
		return { current, longest, freezes, answered };
	}

	/** The lines of a member's ledger, oldest first, as `date kind`. */
	async ledger(name: string): Promise<string[]> {
		const { member } = await this.asker(name);
		return (await this.store.streaks.ledgerOf(member.id, 100))
			.map(({ localDate, kind }) => `${localDate} ${kind}`)
			.reverse();
	}

	/** The board of current streaks as a member sees it: names with rank and value. */
	async board(name: string, scheduleId: number | null = null): Promise<string[]> {
		const scope = { workspaceId: this.workspace.id, scheduleId };
		const page = await boardPage(this.services, await this.asker(name), scope, "current", null, 0, this.now);
		return page.rows.map((row) => `${row.rank} ${row.name} ${row.value}`);
	}

	/** A schedule's occurrences by date: `date state`. */
	async occurrences(schedule: Schedule): Promise<string[]> {
		return (await this.store.occurrences.since(schedule.id, "2000-01-01")).map(
			({ localDate, state }) => `${localDate} ${state}`,
		);
	}

	async occurrence(schedule: Schedule, localDate: string): Promise<Occurrence> {
		const found = await this.store.occurrences.ofDate(schedule.id, localDate);
		if (!found) throw new Error(`nothing on ${localDate}`);
		return found;
	}
}
