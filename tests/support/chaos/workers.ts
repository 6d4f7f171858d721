import { type ChildProcess, fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { z } from "zod";
import type { Order } from "../chaos-worker.ts";
import type { Dice } from "../dice.ts";

/** Steps after which a worker is killed at the latest. */
const MOST_STEPS = 400;
/** Milliseconds after its last step within which one that does not kill itself is killed. */
const LATEST_KILL = 50;
/** Milliseconds after which one that has too little to do is killed all the same. */
const LONGEST_LIFE = 800;
const READY = "ready";
const ENOUGH = "enough";

const faultSchema = z.object({ fault: z.string() });

/** A worker process that has loaded its program and waits for its order: so that restarts cost no time. */
class Spare {
	readonly process: ChildProcess;
	readonly ready: Promise<void>;

	constructor(program: string, database: string, onFault: (fault: string) => void) {
		// None of the flags of the process that starts it.
		this.process = fork(program, [database], { execArgv: [] });
		this.ready = new Promise((resolve, reject) => {
			this.process.on("message", (message) => {
				if (message === READY) resolve();
				else if (message !== ENOUGH) onFault(faultSchema.parse(message).fault);
			});
			this.process.once("exit", (code) => reject(new Error(`a worker ended with ${code} before it was ready`)));
		});
		// A caller that waits gets the result; without one the worker may go.
		this.ready.catch(() => undefined);
	}
}

export interface WorkersParts {
	readonly dice: Dice;
	/** The compiled worker. */
	readonly program: string;
	readonly database: string;
	readonly order: Omit<Order, "worker" | "lastStep" | "bySelf">;
	readonly kills: number;
	/** Told after each kill, by the worker's name in claims. */
	killed(worker: string): void;
	fault(fault: string): void;
}

/** Two workers at any time, each killed and followed by another until there were enough kills; then they may live. */
export class Workers {
	readonly #parts: WorkersParts;
	readonly #living = new Set<ChildProcess>();
	/** Those that have happened. */
	kills = 0;
	#doomed = 0;
	#ended = false;
	#spare: Spare;

	constructor(parts: WorkersParts) {
		this.#parts = parts;
		this.#spare = this.#another();
	}

	#another(): Spare {
		const { program, database, fault } = this.#parts;
		const spare = new Spare(program, database, fault);
		this.#living.add(spare.process);
		spare.process.once("exit", () => this.#living.delete(spare.process));
		return spare;
	}

	/** Settles when it is ended. */
	async run(count: number): Promise<void> {
		await Promise.all(Array.from({ length: count }, () => this.#oneAfterAnother()));
	}

	/** True while kills are still to come. */
	get killing(): boolean {
		return this.kills < this.#parts.kills;
	}

	/** Ends all; settles when they are gone. */
	async end(): Promise<void> {
		this.#ended = true;
		const gone = [...this.#living].map((living) => once(living, "exit"));
		for (const living of this.#living) living.kill("SIGKILL");
		await Promise.all(gone);
	}

	async #oneAfterAnother(): Promise<void> {
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
		const lastStep = isDoomed ? dice.between(1, MOST_STEPS) : null;
		const ended = new Promise<NodeJS.Signals | null>((resolve) =>
			child.once("exit", (_code, signal) => resolve(signal)),
		);
		const delay = dice.between(0, LATEST_KILL);
		const kill = () => void child.kill("SIGKILL");
		child.on("message", (message) => {
			if (message === ENOUGH) setTimeout(kill, delay);
		});
		const timer = isDoomed ? setTimeout(kill, LONGEST_LIFE) : undefined;
		child.send({ ...order, worker, lastStep, bySelf: dice.chance(0.5) });
		const signal = await ended;
		clearTimeout(timer);
		if (this.#ended) return;
		if (signal !== "SIGKILL") throw new Error("a worker ended by itself");
		this.kills += 1;
		killed(worker);
	}
}
