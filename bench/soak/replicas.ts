import { type ChildProcess, fork } from "node:child_process";
import { createInterface } from "node:readline";
import { z } from "zod";
import type { Sample } from "./slope.ts";

const PROGRAM = new URL("./replica.ts", import.meta.url);
/** V8 keeps compiling and discarding code, which changes the memory in use. With these flags it does not. */
const NO_COMPILER = ["--no-opt", "--no-sparkplug", "--no-flush-bytecode", "--no-lazy-feedback-allocation"];
/** pino's numbers of the levels error and warning. */
const [ERROR, WARNING] = [50, 40];
const START_DEADLINE = 60_000;
/** How long a replica may take to stop, in milliseconds: its own limit of ten seconds, and its exit. */
const STOP_DEADLINE = 12_000;

const lineSchema = z.looseObject({ level: z.number(), msg: z.string().default("") });
const memorySchema = z.object({ bytes: z.number(), resident: z.number() });

/** What an operator would look into. */
export interface Complaints {
	/** Error lines, output that is not a log line, and exits that nobody asked for. */
	readonly errors: string[];
	/** Warnings by their message. */
	readonly warnings: Map<string, number>;
}

/** One process of a replica, from its start to its end. */
class ReplicaRun {
	readonly samples: Sample[] = [];
	resident = 0;
	readonly #child: ChildProcess;
	readonly #startedAt = performance.now();
	readonly #complaints: Complaints;
	readonly ended: Promise<void>;
	#isEnding = false;

	constructor(environment: NodeJS.ProcessEnv, complaints: Complaints) {
		this.#complaints = complaints;
		this.#child = fork(PROGRAM, [], {
			execArgv: ["--expose-gc", ...NO_COMPILER, "--import", "tsx"],
			env: environment,
			stdio: ["ignore", "ignore", "pipe", "ipc"],
		});
		this.#child.on("message", (message) => {
			const { bytes, resident } = memorySchema.parse(message);
			this.samples.push({ at: performance.now() - this.#startedAt, bytes });
			this.resident = resident;
		});
		this.ended = new Promise((resolve) => {
			this.#child.once("close", (code, signal) => {
				if (!this.#isEnding || (signal !== "SIGKILL" && code !== 0))
					complaints.errors.push(`a replica ended with ${code ?? signal}`);
				resolve();
			});
		});
	}

	/** Starts to read the log. Settles when the replica logs that it is ready. */
	ready(): Promise<void> {
		return new Promise((resolve, reject) => {
			const timer = setTimeout(() => reject(new Error("a replica was not ready in time")), START_DEADLINE);
			void this.ended.then(() =>
				reject(new Error(`a replica ended at its start: ${this.#complaints.errors.join("; ")}`)),
			);
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
		this.#isEnding = true;
		const timer = setTimeout(() => {
			this.#complaints.errors.push(`a replica did not stop within ${STOP_DEADLINE} ms`);
			this.#child.kill("SIGKILL");
		}, STOP_DEADLINE);
		this.#child.kill(signal);
		await this.ended;
		clearTimeout(timer);
	}
}

/** The program's replicas. Each is replaced when it is ended. */
export class Replicas {
	readonly complaints: Complaints = { errors: [], warnings: new Map() };
	/** All runs so far, including those that have ended. */
	readonly runs: ReplicaRun[] = [];
	readonly #environment: NodeJS.ProcessEnv;
	readonly #living: ReplicaRun[] = [];
	#next = 0;

	constructor(environment: NodeJS.ProcessEnv) {
		this.#environment = environment;
	}

	async start(count: number): Promise<void> {
		while (this.#living.length < count) this.#living.push(await this.#startReplica());
	}

	async #startReplica(): Promise<ReplicaRun> {
		const run = new ReplicaRun(this.#environment, this.complaints);
		this.runs.push(run);
		await run.ready();
		return run;
	}

	/** Ends the next replica in turn and starts another in its place. */
	async restart(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
		const index = this.#next % this.#living.length;
		this.#next += 1;
		await this.#living[index]?.end(signal);
		this.#living[index] = await this.#startReplica();
	}

	measure(): void {
		for (const run of this.#living) run.measure();
	}

	async stop(): Promise<void> {
		await Promise.all(this.#living.splice(0).map((run) => run.end("SIGTERM")));
	}
}
