/**
 * A process of a job queue that does the work of the daily questions, for `bench/daily/queues.ts`: one POST per job,
 * and one statement that records its message. Its arguments are the queue, the addresses of database and platform, and
 * the day whose jobs it queues before it reports that it is ready. It works from the bench's first message until it is
 * killed.
 */
import { Agent, request } from "node:http";
import { createRequire } from "node:module";

const [queue = "", database = "", platform = "", day = ""] = process.argv.slice(2);
const IN_FLIGHT = 32;
const CONNECTIONS = 10;
const agent = new Agent({ keepAlive: true, maxSockets: 128 });
// The queues have their own lockfile: the program does not need them.
const packages = createRequire(import.meta.url);
const pg = packages("pg");
const pool = new pg.Pool({ connectionString: database, max: CONNECTIONS });
// When the bench ends, the server is stopped first.
pool.on("error", () => process.exit());
pool.on("connect", (client) => client.on("error", () => process.exit()));
process.once("disconnect", () => process.exit());

/** Posts a message. @returns its id */
function post({ channel, key, text }) {
	return new Promise((resolve, reject) => {
		const headers = { "sent-at": String(Date.now()) };
		const outgoing = request(`${platform}/messages`, { method: "POST", agent, headers }, (response) => {
			let body = "";
			response.setEncoding("utf8");
			response.on("data", (chunk) => {
				body += chunk;
			});
			response.on("end", () => resolve(String(JSON.parse(body).id)));
		});
		outgoing.on("error", reject);
		outgoing.end(JSON.stringify({ channel, key, text }));
	});
}

async function deliver(job) {
	const messageId = await post(job);
	await pool.query({
		name: "record",
		text: "update posts set message_id = $1 where id = $2",
		values: [messageId, job.id],
	});
}

/** Does the work for each item, IN_FLIGHT of them at a time. */
async function forEachInFlight(items, work) {
	const remaining = [...items].reverse();
	const next = async () => {
		for (let item = remaining.pop(); item; item = remaining.pop()) await work(item);
	};
	await Promise.all(Array.from({ length: IN_FLIGHT }, next));
}

/** A job for each message of the day. */
const SELECT_JOBS =
	"select jsonb_build_object('id', id, 'channel', channel, 'key', key, 'text', text) as job from posts where day = $1";

// Each of these queues the day's jobs, and returns the function that starts to work.

async function graphile(worker) {
	const { Logger, makeWorkerUtils, run } = packages("graphile-worker");
	const logger = new Logger(() => () => undefined);
	const utils = await makeWorkerUtils({ pgPool: pool, logger });
	await utils.migrate();
	await pool.query(`select graphile_worker.add_job('deliver', job::json) from (${SELECT_JOBS}) as jobs`, [day]);
	const preset = { worker: { concurrentJobs: IN_FLIGHT, ...worker } };
	return () => run({ pgPool: pool, noHandleSignals: true, logger, taskList: { deliver }, preset });
}

async function boss() {
	const PgBoss = packages("pg-boss");
	const queue = new PgBoss({ connectionString: database, max: CONNECTIONS, supervise: false, schedule: false });
	queue.on("error", () => process.exit(1));
	await queue.start();
	await queue.createQueue("deliver");
	const { rows } = await pool.query(SELECT_JOBS, [day]);
	await queue.insert(rows.map(({ job }) => ({ name: "deliver", data: job })));
	return async () => {
		for (;;) {
			const jobs = (await queue.fetch("deliver", { batchSize: 1000 })) ?? [];
			if (jobs.length === 0) await new Promise((resolve) => setTimeout(resolve, 100));
			await forEachInFlight(jobs, ({ data }) => deliver(data));
			if (jobs.length > 0)
				await queue.complete(
					"deliver",
					jobs.map(({ id }) => id),
				);
		}
	};
}

async function naive() {
	return async () => {
		const { rows } = await pool.query(SELECT_JOBS, [day]);
		await forEachInFlight(rows, ({ job }) => deliver(job));
	};
}

const QUEUES = {
	"graphile-worker tuned": () => graphile({ localQueue: { size: 500 }, completeJobBatchDelay: 5 }),
	"graphile-worker": () => graphile({}),
	"pg-boss": boss,
	"naive loop": naive,
};
const start = await QUEUES[queue]();
process.once("message", () => void start());
process.send?.("ready");
