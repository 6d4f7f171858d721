/**
 * Ten thousand daily questions are due in the same minute. Measures
 *
 * - `limit`: how close one worker, and two with a shared budget, come to a platform's limit of 50 requests a second
 * - `engine`: how fast the engine is without a limit
 * - `claims`: how fast the outbox hands out work, compared with pgbench
 * - `queues`: how fast the whole work is from the second day on, compared with job queues (`npm ci --prefix bench`
 *   installs them). They post the same messages, but their jobs are queued beforehand; nlpq's time includes drawing
 *   and planning the questions and settling the day before.
 *
 *     npm run bench -- daily
 *     npx tsx bench/daily.ts --schedules 1000 --part queues --contestants nlpq,pg-boss
 */
import { parseArgs } from "node:util";
import { compile } from "../tests/support/compiled.ts";
import { startPostgres } from "../tests/support/postgres-server.ts";
import { measureClaims } from "./daily/claims.ts";
import { type FanOut, fanOut } from "./daily/fan-out.ts";
import { compareQueues, type QueueOptions, whyQueuesAreMissing } from "./daily/queues.ts";
import { printFigure, quantile } from "./support/figures.ts";
import { whyPgbenchIsMissing } from "./support/pgbench.ts";

/** How many requests per second the platform accepts. */
const LIMIT = 50;
const MIN_SHARE = 0.95;
const CONNECTIONS = 8;
const BATCH_SIZE = 32;
const WORKERS = [1, 2];
const PARTS: readonly string[] = ["claims", "engine", "limit", "queues"];

function readOptions() {
	const { values } = parseArgs({
		options: {
			schedules: { type: "string", default: "10000" },
			/** Sends per second of all workers together. */
			budget: { type: "string", default: "49" },
			claims: { type: "string", default: "10000" },
			/** How many days to measure nlpq and the job queues. */
			days: { type: "string", default: "5" },
			/** Which contestants to measure, separated by commas; all if left out. */
			contestants: { type: "string", default: "" },
			/** A single part to run; all if left out. */
			part: { type: "string", default: "" },
		},
	});
	const [schedules = 0, budget = 0, claims = 0, days = 0] = [
		values.schedules,
		values.budget,
		values.claims,
		values.days,
	].map(Number);
	for (const count of [schedules, budget, claims, days])
		if (!Number.isInteger(count) || count < 1)
			throw new RangeError("--schedules, --budget, --claims and --days are whole numbers above 0");
	if (values.part !== "" && !PARTS.includes(values.part)) throw new RangeError(`--part is one of ${PARTS.join(", ")}`);
	const contestants = values.contestants.split(",").filter((name) => name !== "");
	return { schedules, budget, claims, days, contestants, part: values.part };
}

const failures: string[] = [];
const workerLabel = (workers: number) => (workers === 1 ? "1 worker" : `${workers} workers`);
const mebibytes = (bytes: number) => Math.round(bytes / 2 ** 20);

/** Every run must deliver each question exactly once. */
function checkDelivered(name: string, { delays, duplicates, faults }: FanOut, schedules: number): void {
	printFigure(`${name}: questions at the platform`, delays.length);
	printFigure(`${name}: questions that came twice`, duplicates);
	if (delays.length !== schedules || duplicates > 0)
		failures.push(`${name}: some questions did not arrive exactly once`);
	for (const fault of new Set(faults.map((each) => each.split("\n")[0]))) console.log(`${name}: error: ${fault}`);
}

/** How much later each message came than the platform's limit alone would make it. */
function delaysBeyondLimit(delays: readonly number[]): number[] {
	return delays.map((delay, rank) => delay - (rank * 1000) / LIMIT);
}

function printLimited(name: string, run: FanOut): void {
	const [first = 0] = run.delays;
	const seconds = ((run.delays.at(-1) ?? 0) - first) / 1000;
	const share = (run.delays.length - 1) / seconds / LIMIT;
	printFigure(`${name}: share of the platform's limit reached`, share);
	printFigure(`${name}: requests refused with 429`, run.refusals);
	printFigure(`${name}: seconds from the first to the last`, seconds);
	printFigure(`${name}: delay beyond the limit, p99, milliseconds`, quantile(delaysBeyondLimit(run.delays), 0.99));
	printFigure(`${name}: memory of the largest worker, MiB`, mebibytes(run.memory));
	if (share < MIN_SHARE) failures.push(`${name}: less than ${MIN_SHARE} of the platform's limit`);
}

function printUnlimited(name: string, run: FanOut): void {
	printFigure(`${name}: delay of the engine, p50, milliseconds`, quantile(run.delays, 0.5));
	printFigure(`${name}: delay of the engine, p99, milliseconds`, quantile(run.delays, 0.99));
	printFigure(`${name}: questions a second`, (run.delays.length * 1000) / (run.delays.at(-1) ?? 0));
	printFigure(`${name}: memory of the largest worker, MiB`, mebibytes(run.memory));
}

async function printClaims(server: string, count: number): Promise<void> {
	const figures = await measureClaims(server, { count, connections: CONNECTIONS, batchSize: BATCH_SIZE });
	printFigure(`claimed and recorded one by one on ${CONNECTIONS} connections, a second`, figures.oneByOne);
	printFigure(`claimed ${BATCH_SIZE} at a time, a second`, figures.inBatches);
	if (figures.pgbench === null) {
		console.log(`the same statements by pgbench: skipped, ${whyPgbenchIsMissing()}`);
		return;
	}
	printFigure("the same statements by pgbench, a second", figures.pgbench);
	printFigure("claims and records as a ratio to pgbench", figures.oneByOne / figures.pgbench);
}

async function printQueues(options: QueueOptions): Promise<void> {
	const reason = whyQueuesAreMissing();
	if (reason) console.log(`compared with job queues: skipped, ${reason}`);
	else await compareQueues(options);
}

const { schedules, budget, claims, days, contestants, part } = readOptions();
const isWanted = (name: string) => part === "" || part === name;
const server = await startPostgres(200, undefined, ["shared_preload_libraries=pg_stat_statements"]);
const program = compile("bench/daily/worker.ts");
try {
	printFigure("schedules due in the same minute", schedules);
	printFigure("requests a second that the platform takes", LIMIT);
	printFigure("sends a second in the budget of all workers", budget);
	if (isWanted("claims")) await printClaims(server.url, claims);
	const common = { server: server.url, program: program.path, schedules };
	for (const workers of isWanted("engine") ? WORKERS : []) {
		const name = `no limit, ${workerLabel(workers)}`;
		const run = await fanOut({ ...common, workers, limit: null });
		checkDelivered(name, run, schedules);
		printUnlimited(name, run);
	}
	if (isWanted("queues"))
		await printQueues({ server: server.url, program: program.path, count: schedules, days, contestants });
	for (const workers of isWanted("limit") ? WORKERS : []) {
		const name = `limit, ${workerLabel(workers)}`;
		const run = await fanOut({ ...common, workers, limit: { platform: LIMIT, budget } });
		checkDelivered(name, run, schedules);
		printLimited(name, run);
	}
} finally {
	program.remove();
	await server.stop();
}
for (const failure of failures) console.error(failure);
if (failures.length > 0) process.exitCode = 1;
