/**
 * Ten thousand daily questions fall due in the same minute. Measures how close one worker, and two with a shared
 * budget, come to a platform's limit of 50 requests a second; how fast the engine is without a limit; how fast the
 * outbox hands out work, next to pgbench; and how fast everything is from the second day on, next to job queues (`npm
 * ci --prefix bench` installs them). The job queues post the same messages, questions and answers. Theirs are queued
 * beforehand, while nlpq's measured time includes drawing and planning the questions and settling the day before.
 *
 *     npm run bench -- daily
 *     npx tsx bench/daily.ts --schedules 1000 --part queues --beside nlpq,pg-boss
 */
import { parseArgs } from "node:util";
import { compile } from "../tests/support/compiled.ts";
import { startPostgres } from "../tests/support/postgres-server.ts";
import { measureClaims } from "./daily/claims.ts";
import { type FanOut, fanOut } from "./daily/fan-out.ts";
import { compareQueues, type QueueOptions, whyNoQueues } from "./daily/queues.ts";
import { whyNoPgbench } from "./streaks/pgbench.ts";
import { quantile, tell } from "./support/figures.ts";

/** How many requests per second the platform accepts. */
const LIMIT = 50;
const MIN_SHARE = 0.95;
const CONNECTIONS = 8;
const BATCH_SIZE = 32;
const WORKERS = [1, 2];

function readOptions() {
	const { values } = parseArgs({
		options: {
			schedules: { type: "string", default: "10000" },
			/** Sends per second of all workers together. */
			budget: { type: "string", default: "49" },
			claims: { type: "string", default: "10000" },
			/** How many days are measured next to the job queues. */
			runs: { type: "string", default: "5" },
			/** Which contestants to measure, separated by commas; all if left out. */
			beside: { type: "string", default: "" },
			/** A single part to run: claims, engine, limit or queues. */
			part: { type: "string", default: "" },
		},
	});
	const [schedules = 0, budget = 0, claims = 0, runs = 0] = [
		values.schedules,
		values.budget,
		values.claims,
		values.runs,
	].map(Number);
	for (const count of [schedules, budget, claims, runs])
		if (!Number.isInteger(count) || count < 1)
			throw new RangeError("--schedules, --budget, --claims and --runs are whole numbers above 0");
	const only = values.beside.split(",").filter((name) => name !== "");
	return { schedules, budget, claims, runs, only, part: values.part };
}

const failures: string[] = [];
const workerLabel = (workers: number) => (workers === 1 ? "1 worker" : `${workers} workers`);
const mebibytes = (bytes: number) => Math.round(bytes / 2 ** 20);

/** What must be true of every run. */
function check(name: string, { delays, twice, faults }: FanOut, schedules: number): void {
	tell(`${name}: questions at the platform`, delays.length);
	tell(`${name}: questions that came twice`, twice);
	if (delays.length !== schedules || twice > 0) failures.push(`${name}: some questions did not arrive exactly once`);
	for (const fault of new Set(faults.map((each) => each.split("\n")[0]))) console.log(`${name}: error met: ${fault}`);
}

/** Each message's delay beyond the earliest time at which the platform's limit allows a message of its rank. */
function beyondTheLimit(delays: readonly number[]): number[] {
	return delays.map((delay, rank) => delay - (rank * 1000) / LIMIT);
}

function tellLimited(name: string, run: FanOut): void {
	const [first = 0] = run.delays;
	const seconds = ((run.delays.at(-1) ?? 0) - first) / 1000;
	const share = (run.delays.length - 1) / seconds / LIMIT;
	tell(`${name}: share of the platform's limit reached`, share);
	tell(`${name}: requests refused with 429`, run.refused);
	tell(`${name}: seconds from the first to the last`, seconds);
	tell(`${name}: delay beyond the limit's own, p99, milliseconds`, quantile(beyondTheLimit(run.delays), 0.99));
	tell(`${name}: memory of the largest worker, MiB`, mebibytes(run.memory));
	if (share < MIN_SHARE) failures.push(`${name}: less than ${MIN_SHARE} of the platform's limit`);
}

function tellUnlimited(name: string, run: FanOut): void {
	tell(`${name}: delay of the engine itself, p50, milliseconds`, quantile(run.delays, 0.5));
	tell(`${name}: delay of the engine itself, p99, milliseconds`, quantile(run.delays, 0.99));
	tell(`${name}: questions a second`, (run.delays.length * 1000) / (run.delays.at(-1) ?? 0));
	tell(`${name}: memory of the largest worker, MiB`, mebibytes(run.memory));
}

async function tellClaims(server: string, count: number): Promise<void> {
	const figures = await measureClaims(server, { count, connections: CONNECTIONS, together: BATCH_SIZE });
	tell(`claimed and recorded one by one, on ${CONNECTIONS} connections, a second`, figures.program);
	tell(`claimed ${BATCH_SIZE} at a time, a second`, figures.together);
	if (figures.pgbench === null) {
		console.log(`the same statements by pgbench: skipped, ${whyNoPgbench()}`);
		return;
	}
	tell("the same statements by pgbench, a second", figures.pgbench);
	tell("claims and records as a ratio to pgbench", figures.program / figures.pgbench);
}

async function tellQueues(options: QueueOptions): Promise<void> {
	const reason = whyNoQueues();
	if (reason) console.log(`beside job queues: skipped, ${reason}`);
	else await compareQueues(options);
}

const { schedules, budget, claims, runs, only, part } = readOptions();
const isWanted = (name: string) => part === "" || part === name;
const server = await startPostgres(200, undefined, ["shared_preload_libraries=pg_stat_statements"]);
const program = compile("bench/daily/worker.ts");
try {
	tell("schedules due in the same minute", schedules);
	tell("requests a second that the platform takes", LIMIT);
	tell("sends a second in the budget of all workers", budget);
	if (isWanted("claims")) await tellClaims(server.url, claims);
	const common = { server: server.url, program: program.path, schedules };
	for (const workers of isWanted("engine") ? WORKERS : []) {
		const name = `no limit, ${workerLabel(workers)}`;
		const run = await fanOut({ ...common, workers, limit: null });
		check(name, run, schedules);
		tellUnlimited(name, run);
	}
	if (isWanted("queues")) await tellQueues({ server: server.url, program: program.path, count: schedules, runs, only });
	for (const workers of isWanted("limit") ? WORKERS : []) {
		const name = `limit, ${workerLabel(workers)}`;
		const run = await fanOut({ ...common, workers, limit: { platform: LIMIT, budget } });
		check(name, run, schedules);
		tellLimited(name, run);
	}
} finally {
	program.remove();
	await server.stop();
}
for (const complaint of failures) console.error(complaint);
if (failures.length > 0) process.exitCode = 1;
