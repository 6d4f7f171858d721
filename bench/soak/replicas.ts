import { type ChildProcess, fork } from "node:child_process";
import { createInterface } from "node:readline";
import { z } from "zod";
import type { Sample } from "./slope.ts";

const PROGRAM = new URL("./replica.ts", import.meta.url);
/**
 * V8 compiles what runs often, throws away what does not, and compiles it again, for as long as a process lives. Without
 * all that, memory that grows is memory that the program holds.
 */
const INTERPRETED = ["--no-opt", "--no-sparkplug", "--no-flush-bytecode", "--no-lazy-feedback-allocation"];
/** pino's number of an error, and of a warning. */
const [ERROR, WARNING] = [50, 40];
const START_DEADLINE = 60_000;
/** Milliseconds within which a replica that is asked to stop has stopped: its ten seconds, and its exit. */
const STOP_DEADLINE = 12_000;

const lineSchema = z.looseObject({ level: z.number(), msg: z.string().default("") });
const memorySchema = z.object({ bytes: z.number(), resident: z.number() });

/** What the replicas said that an operator should hear. */
export interface Complaints {
	/** Lines at error level, output that is no log, and ends that were not asked for. */
	readonly errors: string[];
	/** Warnings by their message. */
	readonly warnings: Map<string, number>;
}

/** One life of a replica, from its start to its end. */
class Life {
	readonly samples: Sample[] = [];
	resident = 0;
	readonly #child: ChildProcess;
	readonly #born = performance.now();
	readonly #complaints: Complaints;
	readonly ended: Promise<void>;
	#asked = false;

	constructor(environment: NodeJS.ProcessEnv, complaints: Complaints) {
		this.#complaints = complaints;
		this.#child = fork(PROGRAM, [], {
			execArgv: ["--expose-gc", ...INTERPRETED, "--import", "tsx"],
			env: environment,
			stdio: ["ignore", "ignore", "pipe", "ipc"],
		});
		this.#child.on("message", (message) => {
			const { bytes, resident } = memorySchema.parse(message);
			this.samples.push({ at: performance.now() - this.#born, bytes });
			this.resident = resident;
		});
		this.ended = new Promise((resolve) => {
			this.#child.once("close", (code, signal) => {
				if (!this.#asked || (signal !== "SIGKILL" && code !== 0))
					complaints.errors.push(`a replica ended with ${code ?? signal}`);
				resolve();
			});
		});
	}

	/** Reads the log; settles when the replica says that it is ready. */
	ready(): Promise<void> {
		return new Promise((resolve, reject) => {
			const timer = setTimeout(() => reject(new Error("a replica did not get ready")), START_DEADLINE);
			void this.ended.then(() => reject(new Error(`a replica ended early: ${this.#complaints.errors.join("; ")}`)));
			if (!this.#child.stderr) return reject(new Error("no log"));
			createInterface({ input: this.#child.stderr }).on("line", (line) => {
				if (this.#read(line) !== "ready") return;
				clearTimeout(timer);
				resolve();
			});
		});
	}

	#read(line: string): string {
		const { errors, warnings } = this.#complaints;
		const parsed = line.startsWith("{") ? lineSchema.safeParse(JSON.parse(line)) : null;
		if (!parsed?.success) {
			errors.push(line);
			return "";
		}
		const { level, msg } = parsed.data;
		if (level >= ERROR) errors.push(line);
		else if (level >= WARNING) warnings.set(msg, (warnings.get(msg) ?? 0) + 1);
		return msg;
	}

	measure(): void {
		if (this.#child.connected) this.#child.send("measure");
	}

	async end(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
		this.#asked = true;
		const timer = setTimeout(() => {
			this.#complaints.errors.push(`a replica did not stop within ${STOP_DEADLINE} ms`);
			this.#child.kill("SIGKILL");
		}, STOP_DEADLINE);
		this.#child.kill(signal);
		await this.ended;
		clearTimeout(timer);
	}
}

/** The replicas of the program, each followed by another when it is ended. */
export class Replicas {
	readonly complaints: Complaints = { errors: [], warnings: new Map() };
	/** All lives so far, also those that have ended. */
	readonly lives: Life[] = [];
	readonly #environment: NodeJS.ProcessEnv;
	readonly #living: Life[] = [];
	#next = 0;

	constructor(environment: NodeJS.ProcessEnv) {
		this.#environment = environment;
	}

	async start(count: number): Promise<void> {
		while (this.#living.length < count) this.#living.push(await this.#begin());
	}

	async #begin(): Promise<Life> {
		const life = new Life(this.#environment, this.complaints);
		this.lives.push(life);
		await life.ready();
		return life;
	}

	/** Ends the next replica in turn and starts another in its place. */
	async restart(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
		const index = this.#next % this.#living.length;
		this.#next += 1;
		await this.#living[index]?.end(signal);
		this.#living[index] = await this.#begin();
	}

	measure(): void {
		for (const life of this.#living) life.measure();
	}

	async stop(): Promise<void> {
		await Promise.all(this.#living.splice(0).map((life) => life.end("SIGTERM")));
	}
}
