/**
 * Compares streaks with a model that replays each history from scratch.
 *
 *     npm run prove -- streaks --histories 100000 [--seed 1]
 *     npm run prove -- memories     histories of memories, at full size: booked, rebuilt and by a naive model
 *     npm run prove -- all      (see prove-all.ts)
 *
 * Most histories go only through the booking of streaks, step by step as in the service. One in five hundred goes
 * through the whole service, in a workspace on an embedded database, with two processes that deliver and settle. Ends
 * with `histories: N` and `violations: N`, and exits with 1 if there are any.
 */
import { spawnSync } from "node:child_process";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { UserError } from "../src/core/errors.ts";
import { proveBooking, proveService } from "../tests/support/streaks/prove.ts";
import { proveAll } from "./prove-all.ts";

/** One history in this many goes through the service and the database. */
const SERVICE_INTERVAL = 500;
/** Tests of memories: histories booked without a database, then two processes on one, then the whole service. */
const MEMORY_PROOFS = ["histories", "processes", "booking"].map((name) => `tests/core/practice/${name}.test.ts`);

/** Shows progress in a line that is overwritten; only on a terminal. */
function progressOf(what: string, total: number): (done: number) => void {
	return (done) => {
		if (process.stderr.isTTY) process.stderr.write(`\r${what}: ${done} of ${total}${done >= total ? "\n" : ""}`);
	};
}

async function main(): Promise<void> {
	const [first] = process.argv.slice(2);
	if (first === "all" || first === "ci") {
		process.exitCode = await proveAll(first === "all" ? "full" : "ci");
		return;
	}
	if (first === "memories") {
		const env = { ...process.env, NLPQ_EFFORT: "full" };
		process.exitCode = spawnSync("npx", ["vitest", "run", ...MEMORY_PROOFS], { stdio: "inherit", env }).status ?? 1;
		return;
	}
	const { values, positionals } = parseArgs({
		allowPositionals: true,
		options: { histories: { type: "string", default: "100000" }, seed: { type: "string", default: "1" } },
	});
	const histories = Number(values.histories);
	const seed = Number(values.seed);
	if (positionals[0] !== "streaks" || !Number.isInteger(histories) || histories < 1 || !Number.isInteger(seed))
		throw new UserError(
			"Unknown proof, or a wrong number.",
			"Usage: npm run prove -- streaks [--histories 100000] [--seed 1], npm run prove -- memories, or npm run prove -- all",
		);
	const startedAt = performance.now();
	const service = await proveService(Math.ceil(histories / SERVICE_INTERVAL), seed, progressOf("service", histories));
	const remaining = Math.max(0, histories - service.histories);
	const booking = proveBooking(remaining, seed, progressOf("booking", remaining));
	const violations = [...service.violations, ...booking.violations];
	for (const violation of violations.slice(0, 20)) console.log(violation);
	console.log(
		`through the service and the database: ${service.histories}, through the booking alone: ${booking.histories}`,
	);
	console.log(`seconds: ${Math.round((performance.now() - startedAt) / 1000)}`);
	console.log(`histories: ${service.histories + booking.histories}`);
	console.log(`violations: ${violations.length}`);
	if (violations.length > 0) process.exitCode = 1;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href)
	main().catch((error: unknown) => {
		if (error instanceof UserError) console.error(`${error.message}\n${error.remedy}`);
		else console.error(error);
		process.exitCode = 1;
	});
