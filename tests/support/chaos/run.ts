import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Db } from "../../../src/adapters/postgres/db.ts";
import { type BenchDatabase, openBenchDatabase } from "../bench-database.ts";
import { type Compiled, compile } from "../compiled.ts";
import { Dice } from "../dice.ts";
import { LocalPlatform } from "../local-platform.ts";
import { MovedClock } from "../moved-clock.ts";
import { type Counted, countArrivals } from "./arrivals.ts";
import { chooseBehaviour, type Faults, MAX_COMMIT_DELAY } from "./behaviour.ts";
import { addSchedules, openWork, sendsBegunBy, stalledOn } from "./ground.ts";
import { Timeline } from "./timeline.ts";
import { Workers } from "./workers.ts";

const START = new Date("2027-03-20T00:00:30Z");
/**
 * The lease outlives a send by the delay with which the platform may still act. When the platform only refuses, a send
 * may take longer, so that no send is given up because the machine is busy.
 */
const SETTINGS = {
	all: { leaseSeconds: 1.5, sendDeadline: 500 },
	refusals: { leaseSeconds: 3, sendDeadline: 2_500 },
} as const;
const PLATFORM = { all: { maxAge: MAX_COMMIT_DELAY }, refusals: {} } as const;
/** At least as many moves as it takes to go hours ahead, over days of downtime, and back. */
const MIN_MOVES = 4;
const POLL_INTERVAL = 100;
/** Milliseconds after a kill until the server has noticed that the process is gone. */
const NOTICE_TIME = 200;
/** The run has stalled after this many milliseconds in which no worker was killed and no more of the work was done. */
const STALL_TIMEOUT = 180_000;

export interface ChaosOptions {
	readonly kills: number;
	readonly schedules: number;
	/** Whether the platform can say what has arrived. */
	readonly lookUp: boolean;
	readonly faults: Faults;
	readonly seed: number;
	/** A server on which to create and drop a database; by default one is started for the run. */
	readonly databaseUrl?: string | undefined;
	/** The compiled worker; by default it is compiled for this run. */
	readonly program?: Compiled;
	readonly say?: (line: string) => void;
}

export interface ChaosResult extends Counted {
	readonly kills: number;
	/** Daily questions that were being sent when their worker was killed. */
	readonly underWayAtKills: number;
	readonly moves: number;
	/** How often the platform behaved in each way: `drop`, `hang` and so on. */
	readonly behaviours: ReadonlyMap<string, number>;
	/** Unexpected errors in workers. */
	readonly faults: readonly string[];
}

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** What a run consists of. */
interface Scene {
	readonly db: Db;
	readonly clock: MovedClock;
	readonly timeline: Timeline;
	readonly platform: LocalPlatform;
	readonly workers: Workers;
}

class Run {
	readonly #options: ChaosOptions;
	readonly #dice: Dice;
	readonly #faults: string[] = [];
	readonly #behaviours = new Map<string, number>();
	readonly #underWay: Promise<number[]>[] = [];
	#moves = 0;

	constructor(options: ChaosOptions) {
		this.#options = options;
		this.#dice = new Dice(options.seed);
	}

	async go(database: BenchDatabase, folder: string, program: string): Promise<ChaosResult> {
		const scene = await this.#set(database, folder, program);
		const { db, clock, timeline, platform, workers } = scene;
		try {
			const running = workers.run(2);
			await Promise.race([running, this.#moveClock(scene)]);
			const counted = await countArrivals(db, platform.messages, timeline, clock.now());
			const underWayAtKills = new Set((await Promise.all(this.#underWay)).flat()).size;
			const [behaviours, faults] = [this.#behaviours, this.#faults];
			return { ...counted, kills: workers.kills, underWayAtKills, moves: this.#moves, behaviours, faults };
		} finally {
			await workers.end();
			await platform.stop();
		}
	}

	async #set({ url, database: { db } }: BenchDatabase, folder: string, program: string): Promise<Scene> {
		const { lookUp, faults, kills, schedules, seed } = this.#options;
		const added = await addSchedules(db, this.#dice, schedules, START);
		const file = join(folder, "clock");
		const clock = new MovedClock(file);
		clock.moveTo(START);
		const dice = new Dice(seed + 1);
		const behaviour = (method: string) => this.#counted(chooseBehaviour(dice, method, faults));
		const platform = new LocalPlatform({ now: () => clock.now(), behaviour, lookUp, ...PLATFORM[faults] });
		const address = await platform.start();
		const workers = new Workers({
			dice: new Dice(seed + 2),
			program,
			database: url,
			order: { platform: address, clock: file, settings: SETTINGS[faults] },
			kills,
			killed: (worker) => this.#killed(db, worker),
			fault: (fault) => this.#faults.push(fault),
		});
		return { db, clock, timeline: new Timeline(added, this.#dice, START), platform, workers };
	}

	#counted<T extends { readonly type: string }>(behaviour: T): T {
		this.#behaviours.set(behaviour.type, (this.#behaviours.get(behaviour.type) ?? 0) + 1);
		return behaviour;
	}

	/** Looks shortly after a kill which sends had begun. */
	#killed(db: Db, worker: string): void {
		this.#underWay.push(pause(NOTICE_TIME).then(() => sendsBegunBy(db, worker)));
	}

	/** Moves the clock whenever all due work is done, until the last kill. */
	async #moveClock(scene: Scene): Promise<void> {
		const { clock, timeline, workers } = scene;
		for (;;) {
			const isLast = !workers.killing && this.#moves >= MIN_MOVES;
			await this.#quiet(scene);
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

	/** Settles when all due work is done. How long that takes depends on the machine; whether it goes on does not. */
	async #quiet({ db, clock, timeline, workers }: Scene): Promise<void> {
		let [least, kills, since] = [Number.POSITIVE_INFINITY, workers.kills, performance.now()];
		for (;;) {
			const now = clock.now();
			timeline.run(now);
			const open = await openWork(db, now);
			if (open === 0) return;
			if (open < least || workers.kills > kills)
				[least, kills, since] = [Math.min(open, least), workers.kills, performance.now()];
			if (performance.now() - since > STALL_TIMEOUT)
				throw new Error(`${open} of what was due was not seen to\n${await stalledOn(db)}`);
			await pause(POLL_INTERVAL);
		}
	}
}

/** Compiles the worker, which serves any number of runs. */
export const compileChaosWorker = () => compile("tests/support/chaos-worker.ts");

/** Two workers on one real Postgres and one local platform are killed repeatedly while the clock moves. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
	const program = options.program ?? compileChaosWorker();
	const folder = mkdtempSync(join(tmpdir(), "nlpq-chaos-"));
	try {
		const database = await openBenchDatabase(options.databaseUrl);
		try {
			return await new Run(options).go(database, folder, program.path);
		} finally {
			await database.drop();
		}
	} finally {
		rmSync(folder, { recursive: true, force: true });
		if (!options.program) program.remove();
	}
}
