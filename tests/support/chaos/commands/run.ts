import { type ChildProcess, fork } from "node:child_process";
import { isNotNull, sql } from "drizzle-orm";
import { z } from "zod";
import { owedReplies } from "../../../../drizzle/running.ts";
import { slackInbox } from "../../../../drizzle/slack.ts";
import type { Db } from "../../../../src/adapters/postgres/db.ts";
import { createStore } from "../../../../src/adapters/postgres/store.ts";
import { openBenchDatabase } from "../../bench-database.ts";
import { compile } from "../../compiled.ts";
import { Dice } from "../../dice.ts";
import { makeBank } from "../../question.ts";
import type { KillPlan } from "../step-killer.ts";
import type { Act, Peer } from "./peer.ts";
import { discordPeer, slackPeer, terminalPeer } from "./peers.ts";
import { judge, type Verdict } from "./verdict.ts";
import { QUESTIONS, type WorkerOrder } from "./worker-order.ts";

export const SETUPS = ["discord", "discord without a key", "slack-socket", "slack-http", "terminal"] as const;
export type Setup = (typeof SETUPS)[number];

/** How many acts a worker is given at once. */
const COMMANDS_PER_MEMBER = 4;
/** A worker's last statement is chosen among this many, about as many as its acts take. */
const STEPS = 90;
/**
 * When the parent kills a worker at the latest, in milliseconds: one that should end itself, and one killed at random.
 */
const MAX_LIFETIME = 6_000;
const MAX_RANDOM_LIFETIME = 1_500;
const START_TIMEOUT = 120_000;
/** The run has stalled after this many milliseconds in which nobody else was answered. */
const STALL_TIMEOUT = 120_000;

const messageSchema = z.union([
	z.object({ ready: z.literal(true) }),
	z.object({ started: z.literal(true), port: z.number().nullable() }),
	z.object({ out: z.string() }),
	z.object({ fault: z.string() }),
]);

export interface CommandChaosOptions {
	readonly setup: Setup;
	readonly kills: number;
	readonly seed: number;
	readonly databaseUrl?: string | undefined;
	/** The path of the compiled worker. */
	readonly program: string;
	readonly say?: (line: string) => void;
}

export interface CommandChaosResult extends Verdict {
	readonly kills: number;
	readonly faults: readonly string[];
}

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** A worker process and its messages. */
class Worker {
	readonly process: ChildProcess;
	readonly ready: Promise<void>;
	readonly ended: Promise<NodeJS.Signals | null>;
	hear: (text: string) => void = () => undefined;
	#started: (port: number | null) => void = () => undefined;

	constructor(program: string, database: string, fault: (text: string) => void) {
		this.process = fork(program, [database], { execArgv: [] });
		this.ended = new Promise((resolve) => this.process.once("exit", (_code, signal) => resolve(signal)));
		this.ready = new Promise((resolve) => {
			this.process.on("message", (message) => {
				const read = messageSchema.parse(message);
				if ("ready" in read) resolve();
				else if ("started" in read) this.#started(read.port);
				else if ("out" in read) this.hear(read.out);
				else fault(read.fault);
			});
		});
	}

	/** Connects the worker. Settles with its port. */
	start(order: WorkerOrder): Promise<number | null> {
		return new Promise((resolve, reject) => {
			const timer = setTimeout(() => reject(new Error("a worker did not start in time")), START_TIMEOUT);
			this.#started = (port) => {
				clearTimeout(timer);
				resolve(port);
			};
			this.process.send(order);
		});
	}

	send(message: "armed" | { line: string }): void {
		if (this.process.connected) this.process.send(message, () => undefined);
	}

	kill(): void {
		this.process.kill("SIGKILL");
	}
}

function peerOf(setup: Setup): Promise<Peer> {
	switch (setup) {
		case "discord":
			return discordPeer(true);
		case "discord without a key":
			return discordPeer(false);
		case "slack-socket":
		case "slack-http":
			return slackPeer(setup);
		case "terminal":
			return Promise.resolve(terminalPeer());
	}
}

function planKill(dice: Dice): KillPlan {
	const chance = dice.next();
	if (chance < 0.35) return { at: "commit", when: "after", nth: dice.between(1, COMMANDS_PER_MEMBER) };
	if (chance < 0.5) return { at: "commit", when: "before", nth: dice.between(1, COMMANDS_PER_MEMBER) };
	return chance < 0.85 ? { at: "step", nth: dice.between(1, STEPS) } : null;
}

class CommandRun {
	readonly #options: CommandChaosOptions;
	readonly #dice: Dice;
	readonly #db: Db;
	readonly #url: string;
	readonly #peer: Peer;
	readonly #acts: Act[] = [];
	readonly #faults: string[] = [];
	#spare: Worker | null;

	constructor(options: CommandChaosOptions, db: Db, url: string, peer: Peer) {
		this.#options = options;
		this.#dice = new Dice(options.seed);
		this.#db = db;
		this.#url = url;
		this.#peer = peer;
		this.#spare = this.#another();
	}

	#another(): Worker {
		return new Worker(this.#options.program, this.#url, (fault) => this.#faults.push(fault));
	}

	/** A worker that has loaded its program and is connected to the platform. */
	async #connected(death: KillPlan, isLast = false): Promise<Worker> {
		const worker = this.#spare ?? this.#another();
		this.#spare = isLast ? null : this.#another();
		await worker.ready;
		worker.hear = (text) => this.#peer.hear?.(text);
		const { setup } = this.#options;
		const order = {
			client: setup === "discord without a key" ? "discord" : setup,
			settings: this.#peer.settings,
			death,
		} as const;
		this.#peer.connected(await worker.start(order), (line) => worker.send({ line }));
		return worker;
	}

	async #life(round: number): Promise<void> {
		const death = planKill(this.#dice);
		const worker = await this.#connected(death);
		worker.send("armed");
		this.#giveActs(round);
		const longest = death ? MAX_LIFETIME : this.#dice.between(20, MAX_RANDOM_LIFETIME);
		const timer = setTimeout(() => worker.kill(), longest);
		const signal = await worker.ended;
		clearTimeout(timer);
		if (signal !== "SIGKILL") throw new Error("a worker ended by itself");
		// The process is gone: let the time pass for which others must leave its replies to it.
		await this.#passHolds();
	}

	#giveActs(round: number): void {
		for (let act = 0; act < COMMANDS_PER_MEMBER; act += 1) {
			const given: Act = { type: this.#dice.pick(this.#peer.kinds), mark: `mark-${round}-${act}` };
			this.#acts.push(given);
			this.#peer.act(given);
		}
	}

	async #passHolds(): Promise<void> {
		await this.#db.execute(sql`update owed_replies set held_until = to_timestamp(0)`);
		await this.#db.execute(sql`update slack_inbox set held_until = to_timestamp(0)`);
	}

	/** The last worker lives: it accepts commands as usual and delivers what is owed. */
	async #settle(): Promise<void> {
		const worker = await this.#connected(null, true);
		const before = this.#acts.length;
		this.#giveActs(this.#options.kills);
		const unanswered = () => this.#acts.slice(before).filter(({ mark }) => this.#peer.told(mark).length === 0).length;
		const left = async () =>
			unanswered() +
			(await this.#db.$count(owedReplies, isNotNull(owedReplies.ticket))) +
			(await this.#db.$count(slackInbox, isNotNull(slackInbox.body)));
		let [least, since] = [Number.POSITIVE_INFINITY, performance.now()];
		for (let now = await left(); now > 0; now = await left()) {
			if (now < least) [least, since] = [now, performance.now()];
			if (performance.now() - since > STALL_TIMEOUT) throw new Error("replies are not made up for");
			await pause(50);
		}
		for (const { mark } of this.#acts) if (this.#peer.told(mark).length === 0) await this.#peer.askForHelp(mark);
		// A terminal answers line by line, so give it time.
		await pause(500);
		worker.kill();
		await worker.ended;
	}

	async go(): Promise<CommandChaosResult> {
		try {
			for (let round = 0; round < this.#options.kills; round += 1) {
				await this.#life(round);
				this.#options.say?.(`${round + 1} kills, ${this.#acts.length} commands`);
			}
			await this.#settle();
			const isExact = this.#options.setup.startsWith("slack");
			const verdict = await judge(this.#db, this.#peer, this.#acts, isExact);
			return { ...verdict, kills: this.#options.kills, faults: this.#faults };
		} finally {
			this.#spare?.kill();
			await this.#spare?.ended;
		}
	}
}

/** Compiles the worker, which serves any number of runs. */
export const compileWorker = () => compile("tests/support/chaos/commands/worker.ts");

/** Members of one platform give commands to a process that is killed repeatedly, also between commit and reply. */
export async function runCommandChaos(options: CommandChaosOptions): Promise<CommandChaosResult> {
	const { url, database, drop } = await openBenchDatabase(options.databaseUrl);
	const peer = await peerOf(options.setup);
	try {
		const questions = [...makeBank(QUESTIONS).values()];
		await createStore(database.db).bank.synchronise(questions, new Date());
		return await new CommandRun(options, database.db, url, peer).go();
	} finally {
		await peer.stop();
		await drop();
	}
}
