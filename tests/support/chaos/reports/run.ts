import { type ChildProcess, fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { and, eq, inArray, isNull } from "drizzle-orm";
import { z } from "zod";
import { deliveries, reports } from "../../../../drizzle/schema.ts";
import type { Db } from "../../../../src/adapters/postgres/db.ts";
import { createStore } from "../../../../src/adapters/postgres/store.ts";
import { openBenchDatabase } from "../../bench-database.ts";
import { compile } from "../../compiled.ts";
import { Dice } from "../../dice.ts";
import { endLeases } from "../../embedded.ts";
import { LocalPlatform } from "../../local-platform.ts";
import { makeBank } from "../../question.ts";
import type { KillPlan } from "../step-killer.ts";
import { type GivenCommand, messageSchema, QUESTIONS, type WorkerOrder } from "./order.ts";

/** A worker's last step is chosen among this many: a report takes about forty, and telling its reporter as many. */
const STEPS = 400;
/**
 * When the parent kills a worker at the latest, in milliseconds: one that should end itself, and one killed at random.
 */
const MAX_LIFETIME = 5_000;
const MAX_RANDOM_LIFETIME = 800;
const QUIET_TIMEOUT = 120_000;

export interface ReportChaosOptions {
	readonly reports: number;
	readonly kills: number;
	readonly seed: number;
	readonly databaseUrl?: string | undefined;
	/** The path of the compiled worker. */
	readonly program: string;
}

export interface ReportChaosResult {
	readonly kills: number;
	/** How often the list of all reports counts each reporter's report, and how often each was told. */
	readonly listed: number;
	readonly recorded: ReadonlyMap<string, number>;
	readonly announced: ReadonlyMap<string, number>;
	/** Messages that came more than once, including those to admins. */
	readonly twice: readonly string[];
	readonly faults: readonly string[];
}

const pageSchema = z.object({ reports: z.array(z.object({ report: z.number(), reports: z.number() })) });
const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
/** The text of a report, by which it is found again. */
const wordsOf = (member: string) => `This is wrong, says ${member}.`;

function planKill(dice: Dice): KillPlan {
	const chance = dice.next();
	if (chance < 0.3) return { at: "commit", when: "after", nth: dice.between(1, 6) };
	if (chance < 0.45) return { at: "commit", when: "before", nth: dice.between(1, 6) };
	return chance < 0.85 ? { at: "step", nth: dice.between(1, STEPS) } : null;
}

function counts(names: readonly string[]): Map<string, number> {
	const counted = new Map<string, number>();
	for (const name of names) counted.set(name, (counted.get(name) ?? 0) + 1);
	return counted;
}

class ReportRun {
	readonly #options: ReportChaosOptions;
	readonly #db: Db;
	readonly #url: string;
	readonly #dice: Dice;
	readonly #platform = new LocalPlatform({ now: () => new Date() });
	/** Commands given to a worker and not acknowledged. */
	readonly #open = new Map<string, GivenCommand>();
	readonly #data = new Map<string, unknown>();
	readonly #faults: string[] = [];
	readonly #living = new Set<ChildProcess>();
	readonly #revisions = new Map<string, number>();
	#spare: Promise<ChildProcess>;
	#filed = 0;

	constructor(options: ReportChaosOptions, db: Db, url: string) {
		this.#options = options;
		this.#db = db;
		this.#url = url;
		this.#dice = new Dice(options.seed);
		this.#spare = this.#another();
	}

	/** A worker that has loaded its program. */
	#another(): Promise<ChildProcess> {
		const child = fork(this.#options.program, [this.#url], { execArgv: [] });
		this.#living.add(child);
		const ready = new Promise<ChildProcess>((resolve, reject) => {
			child.once("exit", (code) => {
				this.#living.delete(child);
				reject(new Error(`a worker ended with ${code} before it was ready`));
			});
			child.on("message", (message) => {
				const report = messageSchema.parse(message);
				if ("ready" in report) resolve(child);
				else if ("fault" in report) this.#faults.push(report.fault);
				else {
					this.#open.delete(report.done);
					this.#data.set(report.done, report.data);
				}
			});
		});
		// A caller that waits gets the result; without one the worker may go.
		ready.catch(() => undefined);
		return ready;
	}

	async #begin(platform: string, death: KillPlan): Promise<ChildProcess> {
		const child = await this.#spare;
		this.#spare = this.#another();
		child.send({ worker: randomUUID(), platform, death } satisfies WorkerOrder);
		// What the previous worker left unacknowledged comes again.
		for (const [key, given] of this.#open) {
			const again = { ...given, repeated: true };
			this.#open.set(key, again);
			child.send(again);
		}
		return child;
	}

	#give(child: ChildProcess, member: string, line: string): string {
		const given = { key: randomUUID(), member, line, repeated: false };
		this.#open.set(given.key, given);
		if (child.connected) child.send(given, () => undefined);
		return given.key;
	}

	#report(child: ChildProcess, number: number): void {
		for (let filed = 0; filed < number && this.#filed < this.#options.reports; filed += 1) {
			this.#reportAs(child, `m${this.#filed}`);
			this.#filed += 1;
		}
	}

	#reportAs(child: ChildProcess, member: string): void {
		this.#give(child, member, `report question-${this.#dice.between(1, QUESTIONS)} ${wordsOf(member)}`);
	}

	/** Members who were told that nothing was saved, because the database did not answer, report again. */
	async #reportAgain(child: ChildProcess): Promise<void> {
		for (;;) {
			await this.#until("all acknowledged", () => this.#open.size === 0);
			const texts = await this.#db.select({ text: reports.text }).from(reports);
			const saved = new Set(texts.map(({ text }) => text));
			const members = Array.from({ length: this.#options.reports }, (_, number) => `m${number}`);
			const missing = members.filter((member) => !saved.has(wordsOf(member)));
			if (missing.length === 0) return;
			for (const member of missing) this.#reportAs(child, member);
		}
	}

	/** Admins decide some reports, and the author revises a question. @returns how many were open */
	async #decide(child: ChildProcess, share: number): Promise<number> {
		const isOpen = and(eq(reports.state, "open"), isNull(reports.repeatOf));
		const open = await this.#db.select({ id: reports.id }).from(reports).where(isOpen);
		for (const { id } of open) {
			if (!this.#dice.chance(share)) continue;
			const verb = this.#dice.pick(["accept", "duplicate", "decline"]);
			this.#give(child, "boss", `reports ${verb} ${id}${verb === "decline" ? " It is right." : ""}`);
		}
		if (this.#dice.chance(0.2)) await this.#revise();
		return open.length;
	}

	async #revise(): Promise<void> {
		const id = `question-${this.#dice.between(1, QUESTIONS)}`;
		this.#revisions.set(id, (this.#revisions.get(id) ?? 1) + 1);
		const questions = [...makeBank(QUESTIONS).values()].map((question) => ({
			...question,
			revision: this.#revisions.get(question.id) ?? question.revision,
		}));
		await createStore(this.#db).transaction((tx) => tx.bank.synchronise(questions, new Date()));
	}

	async #life(platform: string): Promise<void> {
		const death = planKill(this.#dice);
		const child = await this.#begin(platform, death);
		const ended = new Promise<NodeJS.Signals | null>((resolve) =>
			child.once("exit", (_code, signal) => resolve(signal)),
		);
		const longest = death ? MAX_LIFETIME : this.#dice.between(20, MAX_RANDOM_LIFETIME);
		const timer = setTimeout(() => child.kill("SIGKILL"), longest);
		this.#report(child, Math.ceil(this.#options.reports / (this.#options.kills + 1)));
		await this.#decide(child, 0.4);
		const signal = await ended;
		clearTimeout(timer);
		if (signal !== "SIGKILL") throw new Error("a worker ended by itself");
		// The process is gone, so release what it had claimed.
		await endLeases(this.#db);
	}

	async #until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
		const end = performance.now() + QUIET_TIMEOUT;
		while (!(await isSo())) {
			if (performance.now() > end) throw new Error(`${what} not within ${QUIET_TIMEOUT / 1000} s`);
			await pause(20);
		}
	}

	/** Lets the last worker live until everything is decided and told. @returns how many reports its list counts */
	async #settle(platform: string): Promise<number> {
		const child = await this.#begin(platform, null);
		this.#report(child, this.#options.reports);
		await this.#reportAgain(child);
		let listed = 0;
		for (let page = 1; ; page += 1) {
			const key = this.#give(child, "boss", `reports all page:${page}`);
			await this.#until("the list", () => this.#data.has(key));
			const found = pageSchema.parse(this.#data.get(key)).reports;
			listed += found.reduce((sum, row) => sum + row.reports, 0);
			if (found.length === 0) break;
		}
		for (let open = 1; open > 0; ) {
			open = await this.#decide(child, 1);
			await this.#until("all decided", () => this.#open.size === 0);
		}
		const waiting = inArray(deliveries.state, ["pending", "sending"]);
		await this.#until("all told", async () => (await this.#db.$count(deliveries, waiting)) === 0);
		return listed;
	}

	async go(): Promise<ReportChaosResult> {
		const platform = await this.#platform.start();
		try {
			for (let kill = 0; kill < this.#options.kills; kill += 1) await this.#life(platform);
			const listed = await this.#settle(platform);
			const texts = await this.#db.select({ text: reports.text }).from(reports);
			const members = this.#platform.messages.flatMap(({ channel }) => (channel.endsWith("/admins") ? [] : [channel]));
			const twice = [...counts(this.#platform.messages.map(({ channel, key }) => `${channel} ${key}`))];
			return {
				kills: this.#options.kills,
				listed,
				recorded: counts(texts.map(({ text }) => text)),
				announced: counts(members),
				twice: twice.flatMap(([name, times]) => (times > 1 ? [name] : [])),
				faults: this.#faults,
			};
		} finally {
			await this.#spare.catch(() => undefined);
			const exited = [...this.#living].map((child) => new Promise((resolve) => child.once("exit", resolve)));
			for (const child of this.#living) child.kill("SIGKILL");
			await Promise.all(exited);
			await this.#platform.stop();
		}
	}
}

/** Compiles the worker, which serves any number of runs. */
export const compileReportWorker = () => compile("tests/support/chaos/reports/worker.ts");

/** Members report, admins decide and the author revises, while the process is killed repeatedly at random points. */
export async function runReportChaos(options: ReportChaosOptions): Promise<ReportChaosResult> {
	const { url, database, drop } = await openBenchDatabase(options.databaseUrl);
	try {
		await createStore(database.db).bank.synchronise([...makeBank(QUESTIONS).values()], new Date());
		return await new ReportRun(options, database.db, url).go();
	} finally {
		await drop();
	}
}
