import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { sql } from "drizzle-orm";
import { projectRoot } from "../../src/adapters/files/root.ts";
import { rawRows } from "../../src/adapters/postgres/raw.ts";
import { type BenchDatabase, openBenchDatabase } from "../../tests/support/bench-database.ts";
import { LocalPlatform } from "../../tests/support/local-platform.ts";
import { addManySchedules } from "../../tests/support/many-schedules.ts";
import { MovedClock } from "../../tests/support/moved-clock.ts";
import { cpuOf } from "../support/cpu.ts";
import { median, printFigure } from "../support/figures.ts";

const NLPQ = "nlpq";
const QUEUES = ["graphile-worker tuned", "graphile-worker", "pg-boss", "naive loop"];
const FIRST_DAY = Date.parse("2027-03-22T09:00:00Z");
const DAY = 24 * 60 * 60 * 1000;
const MINUTE = 60 * 1000;
/** Milliseconds between nlpq's ticks, which come five times as often as in production. */
const TICK_INTERVAL = 1000;
/** A day is complete when its messages have come and no other has for this many milliseconds. */
const QUIET_TIME = 1500;
/** A run counts as stalled after this many milliseconds without a message. */
const STALL_TIMEOUT = 120_000;
/** Milliseconds between looks at what has arrived. */
const POLL_INTERVAL = 50;

export interface QueueOptions {
	/** The address of a server with pg_stat_statements. */
	readonly server: string;
	/** The path of nlpq's compiled worker. */
	readonly program: string;
	/** How many questions, or jobs, a day has. */
	readonly count: number;
	/** How many days are measured. A first day before them, with empty tables, warms up. */
	readonly days: number;
	/** Which contestants to measure; all if empty. */
	readonly contestants: readonly string[];
}

/** The figures of one day. From the second day on, each question comes with the answer to that of the day before. */
interface Day {
	/** Questions and answers per second that reached the platform, until the last of them. */
	readonly messages: number;
	/** Questions per second until the last question, without the answers in between. */
	readonly questions: number;
	/** Statements that the server ran per question and the answer that came with it. */
	readonly statements: number;
	/** CPU milliseconds per message, of the worker and of its sessions on the server. */
	readonly worker: number;
	readonly sessions: number;
}

/** Why the queues cannot be measured; null if their packages are installed. */
export function whyQueuesAreMissing(): string | null {
	const installed = existsSync(join(projectRoot(), "bench", "node_modules", "pg-boss"));
	return installed ? null : "`npm ci --prefix bench` installs them";
}

/** A queue, or nlpq, on its own database. */
class Contestant {
	readonly name: string;
	readonly days: Day[] = [];
	readonly #bench: BenchDatabase;
	readonly #options: QueueOptions;

	private constructor(name: string, bench: BenchDatabase, options: QueueOptions) {
		this.name = name;
		this.#bench = bench;
		this.#options = options;
	}

	static async open(name: string, options: QueueOptions): Promise<Contestant> {
		const bench = await openBenchDatabase(options.server, 2);
		const { db } = bench.database;
		await db.execute(sql`create extension pg_stat_statements`);
		if (name === NLPQ) await addManySchedules(db, options.count, new Date(FIRST_DAY));
		else
			await db.execute(sql`create table posts (id bigint generated always as identity primary key, day int not null,
				channel text not null, key text not null, text text not null, message_id text)`);
		return new Contestant(name, bench, options);
	}

	close(): Promise<void> {
		return this.#bench.drop();
	}

	/**
	 * Lets a day's questions, or jobs, become due, and measures until they have arrived. Each day the questions are due a
	 * minute later, so that the answers to the day before fall due at the same time, not at yesterday's pace.
	 */
	async run(day: number): Promise<Day> {
		const folder = mkdtempSync(join(tmpdir(), "nlpq-queues-"));
		const clock = new MovedClock(join(folder, "clock"));
		const due = new Date(FIRST_DAY + day * (DAY + MINUTE));
		clock.moveTo(new Date(due.getTime() - 30_000));
		const platform = new LocalPlatform({ now: () => clock.now() });
		const child = await this.#start(await platform.start(), day, join(folder, "clock"));
		try {
			const { db } = this.#bench.database;
			await db.execute(sql`analyze`);
			await db.execute(sql`select pg_stat_statements_reset()`);
			const before = await this.#cpu(child);
			if (this.name === NLPQ) clock.moveTo(due);
			else child.send("go");
			await untilAllCame(platform, day === 0 ? this.#options.count : 2 * this.#options.count);
			return dayOf(platform, await this.#statements(), before, await this.#cpu(child));
		} finally {
			const exit = once(child, "exit");
			child.kill("SIGKILL");
			await exit;
			await platform.stop();
			rmSync(folder, { recursive: true, force: true });
		}
	}

	async #start(platform: string, day: number, clock: string): Promise<ChildProcess> {
		const { url, database } = this.#bench;
		const { program, count } = this.#options;
		if (this.name === NLPQ) {
			const child = fork(program, [url], { execArgv: [] });
			await once(child, "message");
			child.send({ worker: `worker ${day}`, platform, clock, budget: null, tickInterval: TICK_INTERVAL });
			return child;
		}
		await database.db.execute(sql`insert into posts (day, channel, key, text)
			select ${day}::int, 'channel-' || number, kind || ':' || ${day}::int || ':' || number, 'A question, or an answer'
			from generate_series(1, ${count}::int) as number, unnest(array['daily', 'answer']) as kind
			where kind = 'daily' or ${day}::int > 0 order by kind desc, number`);
		const file = fileURLToPath(new URL("queue-worker.mjs", import.meta.url));
		const child = fork(file, [this.name, url, platform, String(day)], { execArgv: [] });
		const ended = once(child, "exit").then(([code]) => {
			throw new Error(`${this.name} ended with ${code}`);
		});
		await Promise.race([once(child, "message"), ended]);
		ended.catch(() => undefined);
		return child;
	}

	/** CPU time so far. A session that opens later counts from zero. */
	async #cpu({ pid = 0 }: ChildProcess): Promise<Cpu> {
		const sessions = await rawRows(
			this.#bench.database.db,
			sql`select pid from pg_stat_activity where datname = current_database()`,
		);
		const used = sessions.map((row) => [Number(row.pid), cpuOf([Number(row.pid)])] as const);
		return { worker: cpuOf([pid]), sessions: new Map(used) };
	}

	async #statements(): Promise<number> {
		const [row] = await rawRows(
			this.#bench.database.db,
			sql`select sum(calls) as calls from pg_stat_statements s join pg_database d on d.oid = s.dbid
				where d.datname = current_database() and s.query not like '%pg_stat_statements%'`,
		);
		return Number(row?.calls);
	}
}

/** Waits until all questions have come, and then until nothing more comes. */
async function untilAllCame({ messages }: LocalPlatform, count: number): Promise<void> {
	let [seen, since] = [0, performance.now()];
	for (;;) {
		await wait(POLL_INTERVAL);
		if (messages.length > seen) [seen, since] = [messages.length, performance.now()];
		const silence = performance.now() - since;
		if (seen >= count && silence > QUIET_TIME) return;
		if (silence > STALL_TIMEOUT) throw new Error(`no message came after ${seen} of ${count}`);
	}
}

/** CPU time in milliseconds. */
interface Cpu {
	readonly worker: number;
	/** By process id. */
	readonly sessions: ReadonlyMap<number, number>;
}

function dayOf({ messages }: LocalPlatform, statements: number, before: Cpu, after: Cpu): Day {
	const questions = messages.filter(({ key }) => key.startsWith("daily:"));
	const perSecond = (all: typeof messages) =>
		(all.length * 1000) / ((all.at(-1)?.steady ?? 0) - (messages[0]?.steady ?? 0));
	const sessions = [...after.sessions].map(([id, used]) => used - (before.sessions.get(id) ?? 0));
	return {
		messages: perSecond(messages),
		questions: perSecond(questions),
		statements: statements / questions.length,
		worker: (after.worker - before.worker) / messages.length,
		sessions: sessions.reduce((sum, used) => sum + used, 0) / messages.length,
	};
}

/** Measures nlpq and job queues in turn, day by day, so that a busy machine slows all alike. */
export async function compareQueues(options: QueueOptions): Promise<void> {
	const contestants: Contestant[] = [];
	try {
		const wanted = options.contestants.length > 0 ? options.contestants : [NLPQ, ...QUEUES];
		for (const name of wanted) contestants.push(await Contestant.open(name, options));
		for (let day = 0; day <= options.days; day += 1)
			for (const contestant of contestants) {
				const measured = await contestant.run(day);
				if (day > 0) contestant.days.push(measured);
			}
		printAll(contestants);
	} finally {
		for (const contestant of contestants) await contestant.close();
	}
}

function printAll(contestants: readonly Contestant[]): void {
	const figure = (name: string, of: (day: Day) => number) =>
		median((contestants.find((each) => each.name === name)?.days ?? []).map(of));
	for (const { name } of contestants) {
		const print = (what: string, of: (day: Day) => number) =>
			printFigure(`from the second day on, ${name}: ${what}`, figure(name, of));
		print("messages a second", (day) => day.messages);
		if (name === NLPQ) print("questions a second, the answers not counted", (day) => day.questions);
		print("statements a question", (day) => day.statements);
		print("CPU of the worker for a message, milliseconds", (day) => day.worker);
		print("CPU of its sessions for a message, milliseconds", (day) => day.sessions);
	}
	for (const { name } of contestants.filter((each) => each.name !== NLPQ)) {
		const other = figure(name, ({ messages }) => messages);
		const cpu = (whose: string) => figure(whose, (day) => day.worker + day.sessions);
		printFigure(`nlpq's messages a second as a ratio to ${name}`, figure(NLPQ, ({ messages }) => messages) / other);
		printFigure(
			`nlpq's questions a second, the answers not counted, as a ratio to ${name}`,
			figure(NLPQ, ({ questions }) => questions) / other,
		);
		printFigure(`CPU of nlpq for a message as a ratio to ${name}`, cpu(NLPQ) / cpu(name));
	}
}
