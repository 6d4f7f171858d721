import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { cpus } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { openBenchDatabase } from "../../tests/support/bench-database.ts";
import { Dice } from "../../tests/support/dice.ts";
import { SlowWire } from "../../tests/support/slow-wire.ts";
import { quantile, tell } from "./figures.ts";

/** Both platforms demand a first response within this many milliseconds. */
const LIMIT = 3000;
/** Warm-up, in seconds, while connections open and code is compiled. Results are reported with and without it. */
const WARM_UP_SECONDS = 2;
/** How many faults and violations are printed. */
const MAX_PRINTED = 5;

export interface LoadOptions {
	/** Interactions per second. */
	readonly rate: number;
	readonly seconds: number;
	/** What is added to the database's latency, in milliseconds. */
	readonly delay: number;
	/** Size of the bot's connection pool. */
	readonly pool: number;
	readonly seed: number;
}

/** One interaction that was sent. */
export interface Sent {
	/** Milliseconds to the first response; infinite until there is one. */
	readonly first: () => number;
	/** Milliseconds to the finished reply; null if none came. */
	readonly final: Promise<number | null>;
}

/** A local platform and a bot of one process. */
export interface Subject {
	/** The platform's name for its first response. */
	readonly first: string;
	/** The bot's file. */
	readonly bot: URL;
	/** The settings by which the bot finds the platform. */
	readonly environment: Readonly<Record<string, string>>;
	/** Prepares everything once the bot runs. Returns a function that makes members do one interaction per call. */
	prepare(): Promise<(dice: Dice) => Sent>;
	violations(): readonly unknown[];
	/** How often the platform answered with a rate limit. */
	limited(): number;
	stop(): Promise<void>;
}

/** @throws RangeError for a value that is not a whole number */
export function readLoadOptions(args: string[]): LoadOptions {
	const { values } = parseArgs({
		args,
		options: {
			rate: { type: "string", default: "200" },
			seconds: { type: "string", default: "30" },
			delay: { type: "string", default: "200" },
			pool: { type: "string", default: "50" },
			seed: { type: "string", default: "1" },
		},
	});
	const number = (name: keyof typeof values): number => {
		const value = Number(values[name]);
		if (!Number.isInteger(value) || value < 0) throw new RangeError(`--${name} takes a whole number`);
		return value;
	};
	const [rate, seconds, delay] = [number("rate"), number("seconds"), number("delay")];
	return { rate, seconds, delay, pool: number("pool"), seed: number("seed") };
}

/** Sends the load on time. If it falls behind, it catches up, so that a slow bot is not spared. */
async function send(act: (dice: Dice) => Sent, options: LoadOptions): Promise<{ sent: Sent[]; rate: number }> {
	const dice = new Dice(options.seed);
	const total = options.rate * options.seconds;
	const sent: Sent[] = [];
	const begun = performance.now();
	while (sent.length < total) {
		const due = Math.min(total, Math.floor(((performance.now() - begun) / 1000) * options.rate) + 1);
		while (sent.length < due) sent.push(act(dice));
		await wait(2);
	}
	return { sent, rate: total / ((performance.now() - begun) / 1000) };
}

/** What the bot reports to the bench. */
interface BotMessage {
	readonly ready?: boolean;
	readonly stopped?: boolean;
	readonly fault?: string;
	readonly memory?: number;
}

const nextMessage = (child: ChildProcess, isIt: (message: BotMessage) => boolean | undefined) =>
	new Promise<BotMessage>((resolve) => child.on("message", (message: BotMessage) => isIt(message) && resolve(message)));

/** Starts the bot. Its `stop` settles with its memory in bytes. */
async function startBot(subject: Subject, database: string, pool: number, faults: string[]) {
	const child = fork(subject.bot, {
		execArgv: ["--import", "tsx"],
		env: { ...process.env, ...subject.environment, DATABASE_URL: database, DATABASE_POOL: String(pool) },
	});
	child.on("message", ({ fault }: BotMessage) => fault !== undefined && faults.push(fault));
	const early = once(child, "exit").then(([code]) => {
		throw new Error(`the bot ended with ${code}`);
	});
	await Promise.race([nextMessage(child, ({ ready }) => ready), early]);
	early.catch(() => undefined);
	return {
		/** Kills it after the bench has failed: it would keep the bench alive. */
		kill: () => child.kill("SIGKILL"),
		async stop(): Promise<number> {
			const stopped = nextMessage(child, (message) => message.stopped);
			child.send("stop");
			const { memory = 0 } = await stopped;
			const gone = once(child, "exit");
			child.disconnect();
			await gone;
			return memory;
		},
	};
}

const ms = (value: number): string => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
const spread = (values: readonly number[]): string =>
	`p50 ${ms(quantile(values, 0.5))}, p99 ${ms(quantile(values, 0.99))}, max ${ms(quantile(values, 1))}`;

/** Prints the results of a load. Settles with the exit code: 1 if anything was late, lost or wrong. */
export async function runLoad(subject: Subject, options: LoadOptions): Promise<number> {
	const database = await openBenchDatabase();
	const address = new URL(database.url);
	const wire = new SlowWire(address.hostname, Number(address.port), 0);
	address.hostname = "127.0.0.1";
	address.port = String(await wire.open());
	const faults: string[] = [];
	let bot: Awaited<ReturnType<typeof startBot>> | null = null;
	try {
		bot = await startBot(subject, address.toString(), options.pool, faults);
		const act = await subject.prepare();
		wire.delay = options.delay;
		const { sent, rate } = await send(act, options);
		const finals = await Promise.all(sent.map(({ final }) => final));
		const firsts = sent.map(({ first }) => first());
		const done = finals.filter((value) => value !== null);
		wire.delay = 0;
		const memory = await bot.stop();
		const late = firsts.filter((latency) => latency > LIMIT).length;
		const count = sent.length;
		const violations = subject.violations();
		const figures: readonly (readonly [string, string])[] = [
			[
				"machine",
				`${cpus().length} cores, Node ${process.version}, one process of the bot, ${options.pool} connections`,
			],
			["load", `${count} interactions at ${rate.toFixed(0)} a second, the database slowed by ${options.delay} ms`],
			[subject.first, spread(firsts)],
			[`the same after ${WARM_UP_SECONDS} s`, spread(firsts.slice(WARM_UP_SECONDS * options.rate))],
			["over 3 s", `${late} of ${count} (${((100 * late) / count).toFixed(2)} %)`],
			["final replies", `${done.length} of ${count}, ${spread(done)}`],
			["violations, faults, 429s", `${violations.length}, ${faults.length}, ${subject.limited()}`],
			["memory of the bot", `${Math.round(memory / 2 ** 20)} MiB`],
		];
		for (const [name, value] of figures) process.stdout.write(`${name.padEnd(26)}${value}\n`);
		tell("share of first responses over 3 s (0 required)", late / count);
		tell("share of final replies that arrived (1 required)", done.length / count);
		for (const fault of faults.slice(0, MAX_PRINTED)) process.stdout.write(`  ${fault}\n`);
		for (const violation of violations.slice(0, MAX_PRINTED)) process.stdout.write(`  ${JSON.stringify(violation)}\n`);
		return late === 0 && done.length === count && faults.length === 0 && violations.length === 0 ? 0 : 1;
	} finally {
		bot?.kill();
		await subject.stop();
		wire.close();
		await database.drop();
	}
}
