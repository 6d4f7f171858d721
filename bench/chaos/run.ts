import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { and, count, eq, inArray, lte } from "drizzle-orm";
import * as schema from "../../drizzle/schema.ts";
import type { Db } from "../../src/adapters/postgres/db.ts";
import { createStore } from "../../src/adapters/postgres/store.ts";
import { nextInstant } from "../../src/core/calendar.ts";
import type { Schedule } from "../../src/core/model.ts";
import { EVERY_DAY } from "../../src/core/weekdays.ts";
import { type BenchDatabase, openBenchDatabase } from "../support/database.ts";
import { Dice } from "../support/dice.ts";
import { LocalPlatform, type Treatment } from "../support/local-platform.ts";
import { MovedClock } from "../support/moved-clock.ts";
import { type Counted, countArrivals } from "./arrivals.ts";
import { Timeline } from "./timeline.ts";
import { Workers } from "./workers.ts";

const { deliveries, occurrences, schedules } = schema;
const START = new Date("2027-03-20T00:00:30Z");
const ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia"];
const SCHEDULES_IN_WORKSPACE = 20;
/** A claim outlives a send by more than the platform may be late. */
const SETTINGS = { leaseSeconds: 2, sendDeadline: 500 };
const LATEST_COMMIT = 1_000;
const LOOK_EVERY = 50;
/** Milliseconds within which all that is due must have been seen to, however many were killed at it. */
const QUIET_WITHIN = 180_000;

export interface ChaosOptions {
	readonly kills: number;
	readonly schedules: number;
	/** Whether the platform says what has arrived. */
	readonly lookUp: boolean;
	/** `all`: answers go missing; `told`: what the platform refuses it says. */
	readonly faults: "all" | "told";
	readonly seed: number;
	readonly databaseUrl?: string | undefined;
	readonly say?: (line: string) => void;
}

export interface ChaosResult extends Counted {
	readonly kills: number;
	/** Daily questions whose send had begun, and whose outcome was not recorded, when their worker was killed. */
	readonly inTheAirAtAKill: number;
	readonly moves: number;
	/** Unexpected errors that workers met. */
	readonly faults: readonly string[];
}

function treatment(dice: Dice, method: string, faults: ChaosOptions["faults"]): Treatment {
	const throwOf = dice.next();
	if (method === "PATCH") return { type: "answer" };
	if (faults === "told") return throwOf < 0.85 ? { type: "answer" } : { type: "limit", retryAfter: dice.next() / 4 };
	if (throwOf < 0.55) return { type: "answer" };
	if (throwOf < 0.65) return { type: "limit", retryAfter: dice.next() / 4 };
	if (throwOf < 0.75) return { type: "late", after: dice.next() * LATEST_COMMIT };
	return { type: dice.pick(["drop", "fail", "hang"]), commit: method === "POST" && dice.chance(0.5) };
}

async function addSchedules(db: Db, dice: Dice, wanted: number): Promise<Schedule[]> {
	const store = createStore(db);
	const added: Schedule[] = [];
	while (added.length < wanted) {
		const number = Math.floor(added.length / SCHEDULES_IN_WORKSPACE);
		const workspace = await store.people.ensureWorkspace("local", `workspace-${number}`, `Workspace ${number}`, START);
		const channel = `channel-${added.length}`;
		const pad = (part: number) => String(part).padStart(2, "0");
		const localTime = `${pad(dice.between(0, 23))}:${pad(dice.between(0, 59))}`;
		const timetable = { localTime, zone: dice.pick(ZONES), weekdays: EVERY_DAY };
		added.push(
			await store.schedules.add({
				workspaceId: workspace.id,
				channelId: channel,
				channelName: channel,
				...timetable,
				categories: [],
				difficulties: [],
				effectiveFrom: START,
				nextRunAt: nextInstant(timetable, START),
				createdAt: START,
			}),
		);
	}
	return added;
}

/** What the program has still to do at an instant; for the pace of the run alone, nothing is counted by it. */
async function openWork(db: Db, now: Date): Promise<number> {
	const waiting = await db
		.select({ value: count() })
		.from(occurrences)
		.where(inArray(occurrences.state, ["due", "sending"]));
	const unplanned = await db
		.select({ value: count() })
		.from(schedules)
		.where(and(eq(schedules.state, "active"), lte(schedules.nextRunAt, now)));
	const inTheAir = await db.select({ value: count() }).from(deliveries).where(eq(deliveries.state, "sending"));
	return [...waiting, ...unplanned, ...inTheAir].reduce((sum, row) => sum + row.value, 0);
}

async function beginningOf(db: Db, worker: string): Promise<number> {
	const [row] = await db
		.select({ value: count() })
		.from(deliveries)
		.where(and(eq(deliveries.claimedBy, worker), eq(deliveries.state, "sending"), eq(deliveries.kind, "daily")));
	return row?.value ?? 0;
}

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

class Run {
	readonly #options: ChaosOptions;
	readonly #dice: Dice;
	readonly #faults: string[] = [];
	readonly #airborne: Promise<number>[] = [];
	#moves = 0;

	constructor(options: ChaosOptions) {
		this.#options = options;
		this.#dice = new Dice(options.seed);
	}

	async go({ url, database: { db } }: BenchDatabase, folder: string): Promise<ChaosResult> {
		const { lookUp, faults, kills } = this.#options;
		const added = await addSchedules(db, this.#dice, this.#options.schedules);
		const clock = new MovedClock(join(folder, "clock"));
		clock.moveTo(START);
		const treatments = new Dice(this.#options.seed + 1);
		const treat = (method: string) => treatment(treatments, method, faults);
		const platform = new LocalPlatform({ now: () => clock.now(), treat, lookUp });
		const address = await platform.start();
		const workers = new Workers({
			dice: new Dice(this.#options.seed + 2),
			order: { database: url, platform: address, clock: join(folder, "clock"), settings: SETTINGS },
			kills,
			killed: (worker) => this.#killed(db, worker),
			fault: (fault) => this.#faults.push(fault),
		});
		const timeline = new Timeline(added, this.#dice, START);
		try {
			const running = workers.run(2);
			await Promise.race([running, this.#moveClock(db, clock, timeline, workers)]);
			const counted = await countArrivals(db, platform.messages, timeline, clock.now());
			const airborne = await Promise.all(this.#airborne);
			const inTheAirAtAKill = airborne.reduce((sum, value) => sum + value, 0);
			return { ...counted, kills: workers.kills, inTheAirAtAKill, moves: this.#moves, faults: this.#faults };
		} finally {
			workers.end();
			await platform.stop();
		}
	}

	/** What was in the air is asked shortly after, when the server has seen that the process is gone. */
	#killed(db: Db, worker: string): void {
		this.#airborne.push(pause(200).then(() => beginningOf(db, worker)));
	}

	/** Moves the clock whenever all that is due has been seen to; ends after the last kill. */
	async #moveClock(db: Db, clock: MovedClock, timeline: Timeline, workers: Workers): Promise<void> {
		let isLast = false;
		while (!isLast) {
			isLast = !workers.killing;
			await this.#quiet(db, clock, timeline);
			if (isLast) return;
			const to = timeline.nextMove(clock.now());
			clock.moveTo(to);
			timeline.jump(to);
			this.#moves += 1;
			this.#options.say?.(
				`${workers.kills} kills, ${timeline.due.length} due, the clock stands at ${to.toISOString()}`,
			);
		}
	}

	async #quiet(db: Db, clock: MovedClock, timeline: Timeline): Promise<void> {
		const end = performance.now() + QUIET_WITHIN;
		for (;;) {
			const now = clock.now();
			timeline.run(now);
			const open = await openWork(db, now);
			if (open === 0) return;
			if (performance.now() > end) throw new Error(`${open} of what was due was not seen to in time`);
			await pause(LOOK_EVERY);
		}
	}
}

/** Two workers on one real Postgres and one local platform, killed again and again while the clock moves. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
	const database = await openBenchDatabase(options.databaseUrl);
	const folder = mkdtempSync(join(tmpdir(), "nlpq-chaos-"));
	try {
		return await new Run(options).go(database, folder);
	} finally {
		rmSync(folder, { recursive: true, force: true });
		await database.drop();
	}
}
