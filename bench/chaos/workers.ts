import { type ChildProcess, fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { Order } from "../chaos-worker.ts";
import type { Dice } from "../support/dice.ts";

const SELF = fileURLToPath(import.meta.url);
const PROGRAM = fileURLToPath(new URL(`../chaos-worker${extname(SELF)}`, import.meta.url));
/** Steps within which a worker that kills itself does so. */
const MOST_STEPS = 500;
/** Milliseconds within which a worker that is killed from outside is. */
const LONGEST_LIFE = 800;

const faultSchema = z.object({ fault: z.string() });

/** A worker process that has loaded its program and waits for its order: so that restarts cost no time. */
class Spare {
	readonly process: ChildProcess;
	readonly ready: Promise<void>;

	constructor(onFault: (fault: string) => void) {
		const flags = extname(SELF) === ".ts" ? ["--import", "tsx"] : [];
		this.process = fork(PROGRAM, [], { execArgv: flags });
		this.ready = new Promise((resolve, reject) => {
			this.process.on("message", (message) => {
				if (message === "ready") resolve();
				else onFault(faultSchema.parse(message).fault);
			});
			this.process.once("exit", (code) => reject(new Error(`a worker ended with ${code} before it was ready`)));
		});
		// Whoever waits for it is told; one that nobody waits for may go.
		this.ready.catch(() => undefined);
	}
}

export interface WorkersParts {
	readonly dice: Dice;
	readonly order: Omit<Order, "worker" | "dieAtStep">;
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
		const spare = new Spare(this.#parts.fault);
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

	end(): void {
		this.#ended = true;
		for (const living of this.#living) living.kill("SIGKILL");
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
		const { dice, order } = this.#parts;
		const worker = randomUUID();
		const isDoomed = this.#doomed < this.#parts.kills;
		if (isDoomed) this.#doomed += 1;
		const dieAtStep = isDoomed && dice.chance(0.5) ? dice.between(1, MOST_STEPS) : null;
		const ended = new Promise<NodeJS.Signals | null>((resolve) =>
			child.once("exit", (_code, signal) => resolve(signal)),
		);
		child.send({ ...order, worker, dieAtStep });
		const timer =
			isDoomed && dieAtStep === null ? setTimeout(() => child.kill("SIGKILL"), dice.between(0, LONGEST_LIFE)) : null;
		const signal = await ended;
		if (timer) clearTimeout(timer);
		if (this.#ended) return;
		if (signal !== "SIGKILL") throw new Error("a worker ended by itself");
		this.kills += 1;
		this.#parts.killed(worker);
	}
}
