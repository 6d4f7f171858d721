import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { cpus } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { openBenchDatabase } from "../../tests/support/bench-database.ts";
import { Dice } from "../../tests/support/dice.ts";
import { SlowWire } from "../../tests/support/slow-wire.ts";
import { printFigure, quantile } from "./figures.ts";

/** Both platforms demand a first response within this many milliseconds. */
const RESPONSE_DEADLINE = 3000;
/** Warm-up, in seconds, while connections open and code is compiled. Results are reported with and without it. */
const WARM_UP_SECONDS = 2;
/** How many faults and violations are printed. */
const MAX_PRINTED = 5;

export interface LoadOptions {
	/** Interactions per second. */
	readonly rate: number;
	readonly seconds: number;
	/** Milliseconds of latency added to the database. */
	readonly delay: number;
	/** Size of the bot's connection pool. */
	readonly pool: number;
	readonly seed: number;
}

/** One interaction that was sent. */
export interface SentInteraction {
	/** Milliseconds to the first response; infinite until there is one. */
	readonly firstResponseMs: () => number;
	/** Milliseconds to the finished reply; null if none came. */
	readonly finalReplyMs: Promise<number | null>;
}

/** A local platform, and a bot that runs in one process. */
export interface BotUnderTest {
	/** What the platform calls its first response. */
	readonly firstResponseName: string;
	/** The bot's program. */
	readonly program: URL;
	/** The settings by which the bot finds the platform. */
	readonly environment: Readonly<Record<string, string>>;
	/** Prepares the platform once the bot runs. Returns a function that makes a member start one interaction. */
	prepare(): Promise<(dice: Dice) => SentInteraction>;
	violations(): readonly unknown[];
	/** How often the platform answered with a rate limit. */
	rateLimits(): number;
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

/** Sends the load at the given rate. If it falls behind, it catches up: a slow bot gets no less to do. */
async function sendLoad(
	act: (dice: Dice) => SentInteraction,
	options: LoadOptions,
): Promise<{ sent: SentInteraction[]; rate: number }> {
	const dice = new Dice(options.seed);
	const total = options.rate * options.seconds;
	const sent: SentInteraction[] = [];
	const startedAt = performance.now();
	while (sent.length < total) {
		const due = Math.min(total, Math.floor(((performance.now() - startedAt) / 1000) * options.rate) + 1);
		while (sent.length < due) sent.push(act(dice));
		await wait(2);
	}
	return { sent, rate: total / ((performance.now() - startedAt) / 1000) };
}

/** What the bot reports to the bench. */
interface BotMessage {
	readonly ready?: boolean;
	readonly stopped?: boolean;
	readonly fault?: string;
	readonly memory?: number;
}

const nextMessage = (child: ChildProcess, isWanted: (message: BotMessage) => boolean | undefined) =>
	new Promise<BotMessage>((resolve) =>
		child.on("message", (message: BotMessage) => isWanted(message) && resolve(message)),
	);

/** Starts the bot. Its `stop` settles with its memory in bytes. */
async function startBot(subject: BotUnderTest, database: string, pool: number, faults: string[]) {
	const child = fork(subject.program, {
		execArgv: ["--import", "tsx"],
		env: { ...process.env, ...subject.environment, DATABASE_URL: database, DATABASE_POOL: String(pool) },
	});
	child.on("message", ({ fault }: BotMessage) => fault !== undefined && faults.push(fault));
	const earlyExit = once(child, "exit").then(([code]) => {
		throw new Error(`the bot ended with ${code}`);
	});
	await Promise.race([nextMessage(child, ({ ready }) => ready), earlyExit]);
	earlyExit.catch(() => undefined);
	return {
		/** For a bench that has failed: a living child would keep it from ending. */
		kill: () => child.kill("SIGKILL"),
		async stop(): Promise<number> {
			const stopped = nextMessage(child, (message) => message.stopped);
			child.send("stop");
			const { memory = 0 } = await stopped;
			const exit = once(child, "exit");
			child.disconnect();
			await exit;
			return memory;
		},
	};
}

const ms = (value: number): string => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
const spread = (values: readonly number[]): string =>
	`p50 ${ms(quantile(values, 0.5))}, p99 ${ms(quantile(values, 0.99))}, max ${ms(quantile(values, 1))}`;

/** Puts a bot under load and prints the results. @returns the exit code: 1 if anything was late, lost or wrong */
export async function runLoad(subject: BotUnderTest, options: LoadOptions): Promise<number> {
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
		const { sent, rate } = await sendLoad(act, options);
		const finals = await Promise.all(sent.map(({ finalReplyMs }) => finalReplyMs));
		const firsts = sent.map(({ firstResponseMs }) => firstResponseMs());
		const done = finals.filter((value) => value !== null);
		wire.delay = 0;
		const memory = await bot.stop();
		const late = firsts.filter((latency) => latency > RESPONSE_DEADLINE).length;
		const count = sent.length;
		const violations = subject.violations();
		const figures: readonly (readonly [string, string])[] = [
			[
				"machine",
				`${cpus().length} cores, Node ${process.version}, one process of the bot, ${options.pool} connections`,
			],
			["load", `${count} interactions at ${rate.toFixed(0)} a second, the database slowed by ${options.delay} ms`],
			[subject.firstResponseName, spread(firsts)],
			[`the same after ${WARM_UP_SECONDS} s`, spread(firsts.slice(WARM_UP_SECONDS * options.rate))],
			["over 3 s", `${late} of ${count} (${((100 * late) / count).toFixed(2)} %)`],
			["final replies", `${done.length} of ${count}, ${spread(done)}`],
			["violations, faults, 429s", `${violations.length}, ${faults.length}, ${subject.rateLimits()}`],
			["memory of the bot", `${Math.round(memory / 2 ** 20)} MiB`],
		];
		for (const [name, value] of figures) process.stdout.write(`${name.padEnd(26)}${value}\n`);
		printFigure("share of first responses over 3 s (0 required)", late / count);
		printFigure("share of final replies that arrived (1 required)", done.length / count);
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
