import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ManualClock } from "../../src/adapters/clock.ts";
import { DailyEngine } from "../../src/chat/daily.ts";
import { addDays, localDateOf } from "../../src/core/calendar/calendar.ts";
import { postToday } from "../../src/core/daily/posting.ts";
import {
	addSchedule,
	editSchedule,
	pauseSchedule,
	removeSchedule,
	resumeSchedule,
} from "../../src/core/daily/schedules.ts";
import type { Schedule } from "../../src/core/model.ts";
import type { RootStore } from "../../src/core/ports/store.ts";
import { Bank } from "../../src/core/question/bank.ts";
import type { Services } from "../../src/core/service/services.ts";
import { createServices } from "../../src/core/service/services.ts";
import { testRandom } from "../support/dice.ts";
import { byEffort } from "../support/effort.ts";
import type { TestDatabase } from "../support/embedded.ts";
import { openTestDatabase } from "../support/postgres.ts";
import { makeBank } from "../support/question.ts";
import { RecordingPlatform } from "../support/recording-platform.ts";
import { ModelSchedule, type ModelTimetable } from "./daily-model.ts";

const MINUTE = 60_000;
const START = new Date("2027-03-09T12:00:00Z");
const SCHEDULES = 3;
const RUNS = byEffort({ test: 24, ci: 200, full: 2_000 });
const MIN_RUNS = 8;
const TIME = byEffort({ test: 60_000, ci: 60_000, full: 600_000 });

/** Zones whose clocks change in these weeks, and one far from the others. */
const timetable: fc.Arbitrary<ModelTimetable> = fc.record({
	localTime: fc.constantFrom("00:00", "02:30", "09:00", "14:10", "23:59"),
	zone: fc.constantFrom("UTC", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Kiritimati"),
	weekdays: fc.constantFrom(127, 127, 31, 96, 21),
});

type Step =
	| { readonly type: "move"; readonly minutes: number }
	| { readonly type: "look" }
	| { readonly type: "edit"; readonly which: number; readonly timetable: ModelTimetable }
	| { readonly type: "pause"; readonly which: number; readonly days: number | null }
	| { readonly type: "resume" | "remove" | "post"; readonly which: number };

const which = fc.nat({ max: SCHEDULES - 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
	// Minutes pass; there are days of downtime; a clock was wrong and is corrected.
	{ weight: 6, arbitrary: fc.record({ type: fc.constant("move"), minutes: fc.integer({ min: 1, max: 26 * 60 }) }) },
	{ weight: 2, arbitrary: fc.record({ type: fc.constant("move"), minutes: fc.integer({ min: 1, max: 6 * 1440 }) }) },
	{ weight: 2, arbitrary: fc.record({ type: fc.constant("move"), minutes: fc.integer({ min: -2 * 1440, max: -1 }) }) },
	{ weight: 6, arbitrary: fc.record({ type: fc.constant("look") }) },
	{ weight: 2, arbitrary: fc.record({ type: fc.constant("edit"), which, timetable }) },
	{
		weight: 2,
		arbitrary: fc.record({
			type: fc.constant("pause"),
			which,
			days: fc.option(fc.integer({ min: 1, max: 4 }), { nil: null }),
		}),
	},
	{ weight: 2, arbitrary: fc.record({ type: fc.constant("resume"), which }) },
	{ weight: 1, arbitrary: fc.record({ type: fc.constant("remove"), which }) },
	{ weight: 1, arbitrary: fc.record({ type: fc.constant("post"), which }) },
);

/** The program with two processes on one database, and the model beside it. */
class Pair {
	readonly platform = new RecordingPlatform();
	readonly #clock = new ManualClock(START);
	readonly #faults: unknown[] = [];
	readonly #services: Services;
	readonly #engines: readonly [DailyEngine, DailyEngine];
	readonly #entries: { readonly id: number; readonly model: ModelSchedule }[] = [];
	#workspaceId = 0;

	constructor(store: RootStore) {
		this.#services = createServices(store, new Bank(makeBank(40)), testRandom());
		this.#engines = [this.#engine("one"), this.#engine("other")];
	}

	#engine(worker: string): DailyEngine {
		const observer = { delivered: () => undefined, fault: (_: string, error: unknown) => this.#faults.push(error) };
		const platforms = [this.platform];
		return new DailyEngine({ services: this.#services, platforms, clock: this.#clock, worker, observer });
	}

	async open(timetables: readonly ModelTimetable[]): Promise<void> {
		const workspace = await this.#services.store.people.ensureWorkspace("local", "home", "Home", START);
		this.#workspaceId = workspace.id;
		for (const [index, entry] of timetables.entries()) {
			const channel = { channelId: `channel-${index}`, channelName: `channel-${index}` };
			const input = { ...channel, ...entry, categories: [], difficulties: [] };
			const { id } = await addSchedule(this.#services, workspace.id, input, START);
			this.#entries.push({ id, model: new ModelSchedule(entry, START) });
		}
	}

	async take(next: Step): Promise<void> {
		const now = this.#clock.now();
		if (next.type === "move") this.#clock.moveTo(new Date(now.getTime() + next.minutes * MINUTE));
		else if (next.type === "look") await this.#look();
		else await this.#change(next, now);
	}

	async #look(): Promise<void> {
		await Promise.all(this.#engines.map((engine) => engine.run()));
		for (const { model } of this.#entries) model.look(this.#clock.now());
	}

	async #change(next: Extract<Step, { which: number }>, now: Date): Promise<void> {
		const entry = this.#entries[next.which];
		const schedule = entry && (await this.#services.store.schedules.get(this.#workspaceId, entry.id));
		if (!schedule || schedule.state === "removed") return;
		await this.#apply(next, schedule, entry.model, now);
	}

	async #apply(next: Extract<Step, { which: number }>, schedule: Schedule, model: ModelSchedule, now: Date) {
		switch (next.type) {
			case "edit":
				model.edit(next.timetable, now);
				await editSchedule(this.#services, schedule, next.timetable, now);
				return;
			case "pause": {
				const until = next.days === null ? null : addDays(localDateOf(now, schedule.zone), next.days);
				model.pause(until);
				await pauseSchedule(this.#services, schedule, until, now);
				return;
			}
			case "resume":
				model.resume(now);
				await resumeSchedule(this.#services, schedule, now);
				return;
			case "remove":
				model.state = "removed";
				await removeSchedule(this.#services, schedule, now);
				return;
			case "post":
				if (schedule.state !== "active") return;
				model.post(now);
				await postToday(this.#services, schedule, now);
				await this.#look();
				return;
		}
	}

	/** What the program has recorded and what the model expects, in the same form. */
	async recorded(): Promise<{ program: string[]; model: string[] }> {
		expect(this.#faults).toEqual([]);
		const program: string[] = [];
		const model: string[] = [];
		for (const { id, model: wanted } of this.#entries) {
			for (const { localDate, state } of await this.#services.store.occurrences.since(id, "2000-01-01"))
				program.push(`${id} ${localDate} ${state}`);
			for (const [date, state] of wanted.records) model.push(`${id} ${date} ${state}`);
		}
		return { program: program.sort(), model: model.sort() };
	}
}

let database: TestDatabase;
beforeAll(async () => {
	database = await openTestDatabase();
});
afterAll(() => database.close());

test("the recorded dates equal a naive model's, whatever admins, clocks and replicas do", async () => {
	let runs = 0;
	let dates = 0;
	const property = fc.asyncProperty(
		fc.array(timetable, { minLength: SCHEDULES, maxLength: SCHEDULES }),
		fc.array(step, { minLength: 8, maxLength: 30 }),
		async (timetables, steps) => {
			await database.clear();
			const pair = new Pair(database.store);
			await pair.open(timetables);
			for (const next of [...steps, { type: "move", minutes: 1440 } as const, { type: "look" } as const])
				await pair.take(next);
			const { program, model } = await pair.recorded();
			expect(program).toEqual(model);
			const delivered = model.filter((line) => line.endsWith("delivered")).length;
			const posts = pair.platform.posts.filter(({ key }) => key.startsWith("daily:"));
			expect(new Set(posts.map(({ key }) => key)).size).toBe(posts.length);
			expect(posts.length).toBeGreaterThanOrEqual(delivered);
			runs += 1;
			dates += model.length;
		},
	);
	// A failure names its seed and the shortest steps that lead to it.
	await fc.assert(property, { numRuns: RUNS, interruptAfterTimeLimit: TIME, markInterruptAsFailure: false });
	expect(runs).toBeGreaterThanOrEqual(MIN_RUNS);
	expect(dates).toBeGreaterThan(runs);
});
