import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Db } from "../../src/adapters/postgres/db.ts";
import { createStore } from "../../src/adapters/postgres/store.ts";
import { EVERY_DAY } from "../../src/core/calendar/weekdays.ts";
import { openBenchDatabase } from "../../tests/support/bench-database.ts";
import { LocalPlatform } from "../../tests/support/local-platform.ts";
import { MovedClock } from "../../tests/support/moved-clock.ts";
import { reportSchema, type WorkerConfig } from "./messages.ts";

/** When all questions are due, and where the clock stands while the schedules are added. */
const DUE = new Date("2027-03-22T09:00:00Z");
const SETUP_TIME = new Date("2027-03-22T08:59:30Z");
const SCHEDULES_IN_WORKSPACE = 10;
/** How many writers add schedules at a time. */
const WRITERS = 8;
/** Milliseconds between looks at what has arrived. */
const POLL_INTERVAL = 200;
/** Milliseconds between ticks: more often than in production, so that waiting for a tick does not count. */
const TICK_INTERVAL = 100;
/** A run counts as stalled after this many milliseconds without a message. */
const STALL_TIMEOUT = 60_000;

export interface FanOutOptions {
	/** The address of a server on which to create and drop a database. */
	readonly server: string;
	/** The path of the compiled worker. */
	readonly program: string;
	readonly schedules: number;
	readonly workers: number;
	/**
	 * Requests per second that the platform accepts, and sends per second that all workers together allow themselves.
	 */
	readonly limit: { readonly platform: number; readonly budget: number } | null;
}

export interface FanOut {
	/** Milliseconds from the due instant until each message arrived at the platform, in order. */
	readonly delays: readonly number[];
	/** Messages beyond the first in a channel. */
	readonly duplicates: number;
	/** Requests that the platform refused with 429. */
	readonly refusals: number;
	/** The largest resident memory of any worker, in bytes. */
	readonly memory: number;
	readonly faults: readonly string[];
}

/** Adds daily schedules that are all due in the same minute, ten per workspace, each in its own channel. */
async function addSchedules(db: Db, total: number): Promise<void> {
	const store = createStore(db);
	const add = async (number: number) => {
		const name = `workspace-${Math.floor(number / SCHEDULES_IN_WORKSPACE)}`;
		const workspace = await store.people.ensureWorkspace("local", name, name, SETUP_TIME);
		const channel = `channel-${number}`;
		await store.schedules.add({
			workspaceId: workspace.id,
			channelId: channel,
			channelName: channel,
			localTime: "09:00",
			zone: "UTC",
			weekdays: EVERY_DAY,
			categories: [],
			difficulties: [],
			nextRunAt: DUE,
			createdAt: SETUP_TIME,
		});
	};
	// One writer per workspace, whose schedules are numbered one after another.
	let next = 0;
	const writer = async () => {
		while (next < total) {
			const start = next;
			next += SCHEDULES_IN_WORKSPACE;
			for (let number = start; number < Math.min(start + SCHEDULES_IN_WORKSPACE, total); number += 1) await add(number);
		}
	};
	await Promise.all(Array.from({ length: WRITERS }, writer));
}

/** The worker processes, and what they report. */
class WorkerProcesses {
	readonly faults: string[] = [];
	memory = 0;
	readonly #children: ChildProcess[] = [];

	async start(program: string, database: string, configs: readonly WorkerConfig[]): Promise<void> {
		for (const config of configs) {
			const child = fork(program, [database], { execArgv: [] });
			this.#children.push(child);
			await once(child, "message");
			child.on("message", (message) => this.#receive(message));
			child.send(config);
		}
	}

	#receive(message: unknown): void {
		const report = reportSchema.parse(message);
		if ("fault" in report) this.faults.push(report.fault);
		else this.memory = Math.max(this.memory, report.memory);
	}

	async end(): Promise<void> {
		const exits = this.#children.map((child) => (child.exitCode === null ? once(child, "exit") : null));
		for (const child of this.#children) child.kill("SIGKILL");
		await Promise.all(exits);
	}
}

/** Waits until the wanted number of messages have arrived at the platform. */
async function untilArrived({ messages }: LocalPlatform, wanted: number): Promise<void> {
	let [seen, since] = [messages.length, performance.now()];
	while (messages.length < wanted) {
		await wait(POLL_INTERVAL);
		if (messages.length > seen) [seen, since] = [messages.length, performance.now()];
		else if (performance.now() - since > STALL_TIMEOUT) throw new Error(`no message came after ${seen} of ${wanted}`);
	}
	// A duplicate would come within this time.
	await wait(1000);
}

/** Lets all schedules fall due at once, and waits until every question has reached the platform. */
export async function fanOut({ server, program, schedules, workers, limit }: FanOutOptions): Promise<FanOut> {
	const { url, database, drop } = await openBenchDatabase(server);
	const folder = mkdtempSync(join(tmpdir(), "nlpq-fan-out-"));
	const file = join(folder, "clock");
	const clock = new MovedClock(file);
	clock.moveTo(SETUP_TIME);
	const platform = new LocalPlatform({ now: () => clock.now(), ...(limit ? { perSecond: limit.platform } : {}) });
	const processes = new WorkerProcesses();
	try {
		await addSchedules(database.db, schedules);
		const shared = {
			platform: await platform.start(),
			clock: file,
			budget: limit?.budget ?? null,
			tickInterval: TICK_INTERVAL,
		};
		const configs = Array.from({ length: workers }, (_, index) => ({ ...shared, worker: `worker-${index}` }));
		await processes.start(program, url, configs);
		clock.moveTo(DUE);
		const due = performance.now();
		await untilArrived(platform, schedules);
		const delays = platform.messages.map((message) => message.steady - due);
		const duplicates = platform.messages.length - new Set(platform.messages.map(({ channel }) => channel)).size;
		return { delays, duplicates, refusals: platform.refused, memory: processes.memory, faults: processes.faults };
	} finally {
		await processes.end();
		await platform.stop();
		rmSync(folder, { recursive: true, force: true });
		await drop();
	}
}
