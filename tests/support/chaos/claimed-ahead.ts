import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { count, eq, ne, sql } from "drizzle-orm";
import * as schema from "../../../drizzle/schema.ts";
import type { Db } from "../../../src/adapters/postgres/db.ts";
import { openBenchDatabase } from "../bench-database.ts";
import type { WorkerConfig } from "../chaos-worker.ts";
import type { Compiled } from "../compiled.ts";
import { LocalPlatform } from "../local-platform.ts";
import { addManySchedules } from "../many-schedules.ts";
import { MovedClock } from "../moved-clock.ts";
import { openWork } from "./ground.ts";

const { deliveries } = schema;
const DUE = new Date("2027-03-22T09:00:00Z");
/** As in production: so a claim ends only when this run ends it. */
const SETTINGS = { leaseSeconds: 30, sendDeadline: 10_000 };
const POLL_INTERVAL = 50;
const QUIET_TIMEOUT = 180_000;

export interface ClaimedAheadOptions {
	/** Schedules that all fall due at one instant. */
	readonly schedules: number;
	readonly kills: number;
	/** Steps of the first worker until it is killed. Each that follows may take half of them more. */
	readonly steps: number;
	/** A server on which a database is made and dropped; one of its own if left out. */
	readonly databaseUrl?: string | undefined;
	/** The compiled worker of the chaos. */
	readonly program: Compiled;
}

export interface ClaimedAheadResult {
	readonly kills: number;
	/** The most deliveries that a killed worker left begun, in the air or claimed ahead. */
	readonly maxLeftBehind: number;
	readonly questions: number;
	/** Questions at the platform beyond the first of each delivery. */
	readonly twice: number;
	/** Deliveries that are not recorded as sent. */
	readonly unsent: number;
	readonly faults: readonly string[];
}

/** One worker's life: until it kills itself before its last step, or, without one, until nothing is left to do. */
async function live(db: Db, program: string, database: string, order: WorkerConfig, faults: string[]): Promise<void> {
	const child = fork(program, [database], { execArgv: [] });
	const exited = once(child, "exit");
	await once(child, "message");
	child.on("message", (message) => void faults.push(JSON.stringify(message)));
	// What the one before it had claimed. Nothing of it is in the air any more: its connections have ended.
	await db.execute(sql`update deliveries set lease_until = clock_timestamp() - interval '1 second'
		where lease_until is not null`);
	child.send(order);
	if (order.lastStep === null) {
		const end = performance.now() + QUIET_TIMEOUT;
		while ((await openWork(db, DUE)) > 0 && performance.now() < end) await pause(POLL_INTERVAL);
		child.kill("SIGKILL");
	}
	await exited;
}

async function countOf(db: Db, condition: ReturnType<typeof eq>): Promise<number> {
	const [row] = await db.select({ value: count() }).from(deliveries).where(condition);
	return row?.value ?? 0;
}

/**
 * Lets many daily questions fall due at once, and kills one worker after another while it has claimed ahead: the next one
 * takes over at once, looks up what may have arrived, and sends the rest.
 */
export async function killClaimedAhead(options: ClaimedAheadOptions): Promise<ClaimedAheadResult> {
	const { schedules, kills, steps, program } = options;
	const { url, database, drop } = await openBenchDatabase(options.databaseUrl, 2);
	const { db } = database;
	const folder = mkdtempSync(join(tmpdir(), "nlpq-claimed-ahead-"));
	const clock = new MovedClock(join(folder, "clock"));
	clock.moveTo(DUE);
	const platform = new LocalPlatform({ now: () => clock.now() });
	const faults: string[] = [];
	try {
		await addManySchedules(db, schedules, DUE);
		const order = { platform: await platform.start(), clock: join(folder, "clock"), settings: SETTINGS, bySelf: true };
		let mostLeft = 0;
		for (let kill = 0; kill < kills; kill += 1) {
			const lastStep = Math.round(steps * (1 + kill / 2));
			await live(db, program.path, url, { ...order, worker: `worker-${kill}`, lastStep }, faults);
			mostLeft = Math.max(mostLeft, await countOf(db, eq(deliveries.state, "sending")));
		}
		await live(db, program.path, url, { ...order, worker: "the last", lastStep: null }, faults);
		const keys = platform.messages.flatMap(({ key }) => (key.startsWith("daily:") ? [key] : []));
		const unsent = await countOf(db, ne(deliveries.state, "sent"));
		return {
			kills,
			maxLeftBehind: mostLeft,
			questions: keys.length,
			twice: keys.length - new Set(keys).size,
			unsent,
			faults,
		};
	} finally {
		await platform.stop();
		rmSync(folder, { recursive: true, force: true });
		await drop();
	}
}
