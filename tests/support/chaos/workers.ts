import { type ChildProcess, fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { z } from "zod";
import type { WorkerConfig } from "../chaos-worker.ts";
import type { Dice } from "../dice.ts";

/** A worker is killed after this many steps at the latest. */
const MAX_STEPS = 400;
/** A worker that does not kill itself is killed within this many milliseconds after its last step. */
const LATEST_KILL = 50;
/** A worker that has too little to do is killed after this many milliseconds. */
const MAX_LIFETIME = 800;
const READY = "ready";
const STOP_MESSAGE = "enough";

const faultSchema = z.object({ fault: z.string() });

/** A worker process that has loaded its program and waits for its order, so that a restart takes no time. */
class SpareWorker {
	readonly process: ChildProcess;
	readonly ready: Promise<void>;

	constructor(program: string, database: string, onFault: (fault: string) => void) {
		// Without the flags of the parent process.
		this.process = fork(program, [database], { execArgv: [] });
		this.ready = new Promise((resolve, reject) => {
			this.process.on("message", (message) => {
				if (message === READY) resolve();
				else if (message !== STOP_MESSAGE) onFault(faultSchema.parse(message).fault);
			});
			this.process.once("exit", (code) => reject(new Error(`a worker ended with ${code} before it was ready`)));
		});
		// Rejections reach callers that wait; an unused spare may simply go.
		this.ready.catch(() => undefined);
	}
}

export interface WorkersParts {
	readonly dice: Dice;
	/** The path of the compiled worker. */
	readonly program: string;
	readonly database: string;
	readonly order: Omit<WorkerConfig, "worker" | "lastStep" | "bySelf">;
	readonly kills: number;
	/** Called after each kill, with the worker's name in claims. */
	killed(worker: string): void;
	fault(fault: string): void;
}

/** Two workers at any time. Each is killed and replaced until there were enough kills; then they live on. */
export class Workers {
	readonly #parts: WorkersParts;
	readonly #living = new Set<ChildProcess>();
	/** How many kills have happened. */
	kills = 0;
	#doomed = 0;
	#ended = false;
	#spare: SpareWorker;

	constructor(parts: WorkersParts) {
		this.#parts = parts;
		this.#spare = this.#another();
	}

	#another(): SpareWorker {
		const { program, database, fault } = this.#parts;
		const spare = new SpareWorker(program, database, fault);
		this.#living.add(spare.process);
		spare.process.once("exit", () => this.#living.delete(spare.process));
		return spare;
	}

	/** Runs this many workers at a time. Settles when they have ended. */
	async run(count: number): Promise<void> {
		await Promise.all(Array.from({ length: count }, () => this.#runInTurn()));
	}

	/** Whether kills are still to come. */
	get killing(): boolean {
		return this.kills < this.#parts.kills;
	}

	/** Ends all workers. Settles when they are gone. */
	async end(): Promise<void> {
		this.#ended = true;
		const exited = [...this.#living].map((living) => once(living, "exit"));
		for (const living of this.#living) living.kill("SIGKILL");
		await Promise.all(exited);
	}

	async #runInTurn(): Promise<void> {
		while (!this.#ended) {
			const spare = this.#spare;
			this.#spare = this.#another();
			const isReady = await spare.ready.then(
				() => true,
				(error: unknown) => this.#ended || Promise.reject(error),
			);
			if (isReady && !this.#ended) await this.#life(spare.process);
		}
	}

	async #life(child: ChildProcess): Promise<void> {
		const { dice, order, kills, killed } = this.#parts;
		const worker = randomUUID();
		const isDoomed = this.#doomed < kills;
		if (isDoomed) this.#doomed += 1;
		const lastStep = isDoomed ? dice.between(1, MAX_STEPS) : null;
		const ended = new Promise<NodeJS.Signals | null>((resolve) =>
			child.once("exit", (_code, signal) => resolve(signal)),
		);
		const delay = dice.between(0, LATEST_KILL);
		const kill = () => void child.kill("SIGKILL");
		child.on("message", (message) => {
			if (message === STOP_MESSAGE) setTimeout(kill, delay);
		});
		const timer = isDoomed ? setTimeout(kill, MAX_LIFETIME) : undefined;
		child.send({ ...order, worker, lastStep, bySelf: dice.chance(0.5) });
		const signal = await ended;
		clearTimeout(timer);
		if (this.#ended) return;
		if (signal !== "SIGKILL") throw new Error("a worker ended by itself");
		this.kills += 1;
		killed(worker);
	}
}
