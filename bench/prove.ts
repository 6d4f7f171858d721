/**
 * Holds the streaks against a model that replays each history from scratch.
 *
 *     npm run prove -- streaks --histories 100000 [--seed 1]
 *     npm run prove -- all      (see prove-all.ts)
 *
 * Most histories go through the booking of streaks alone, step by step as the service does it; one in five hundred lives
 * in a workspace on an embedded database, with two processes that deliver and settle, through the whole service. Ends
 * with `histories: N` and `violations: N`, and with 1 if there are any.
 */
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import fc from "fast-check";
import { UserError } from "../src/core/errors.ts";
import { Bank } from "../src/core/question/bank.ts";
import { differencesOf, verifyStreaks } from "../src/core/streak/verify.ts";
import { loadBank } from "../src/run/open.ts";
import { Dice } from "../tests/support/dice.ts";
import { openEmbeddedDatabase } from "../tests/support/embedded.ts";
import { histories } from "../tests/support/streaks/streak-history.ts";
import { HISTORIES_A_TRIAL, Trial } from "../tests/support/streaks/trial.ts";
import { Walk } from "../tests/support/streaks/walk.ts";
import { proveAll } from "./prove-all.ts";

const CHUNK = 1000;
/** One history in so many goes through service and database. */
const THROUGH_SERVICE = 500;
/** Trials after which a fresh database is opened: on a full one each takes longer. */
const TRIALS_A_DATABASE = 12;
/** So few questions that both schedules of a workspace at times ask the same one. */
const QUESTIONS = 8;
const DAY = 24 * 60 * 60 * 1000;
const TRIAL_DAYS = 27;

/** What was tried, and each violation in words. */
export interface Proof {
	readonly histories: number;
	readonly violations: readonly string[];
}

/** Walks histories of one member through the booking of streaks. */
export function proveBooking(wanted: number, seed: number, progress: (done: number) => void = () => undefined): Proof {
	const violations: string[] = [];
	for (let done = 0; done < wanted; done += CHUNK) {
		const chunkSeed = seed * 1_000_003 + done;
		const chunk = fc.sample(histories, { seed: chunkSeed, numRuns: Math.min(CHUNK, wanted - done) });
		for (const [index, history] of chunk.entries()) {
			const fault = new Walk(history, new Dice(chunkSeed + index)).run();
			if (fault) violations.push(`history ${index} of seed ${chunkSeed}, ${fault}`);
		}
		progress(Math.min(wanted, done + CHUNK));
	}
	return { histories: wanted, violations };
}

/** Lets workspaces live through some weeks on one database; afterwards the whole of it must verify. */
async function proveOnDatabase(trials: number, seed: number): Promise<string[]> {
	const questions = (await loadBank()).all().slice(0, QUESTIONS);
	const bank = new Bank(new Map(questions.map((question) => [question.id, question])));
	const database = await openEmbeddedDatabase();
	const violations: string[] = [];
	try {
		let start = Date.UTC(2027, 1, 20);
		await database.store.bank.synchronise(questions, new Date(start));
		for (let trial = 0; trial < trials; trial += 1) {
			const faults = await new Trial(database.store, bank, new Dice(seed + trial), new Date(start)).run();
			violations.push(...faults.map((fault) => `trial of seed ${seed + trial}: ${fault}`));
			start += TRIAL_DAYS * DAY;
		}
		const found = await verifyStreaks(database.store, new Date(start), false);
		if (differencesOf(found) > 0) violations.push(`verifying found ${JSON.stringify(found)}`);
	} finally {
		await database.close();
	}
	return violations;
}

/** Lets workspaces live through the service; at least so many histories. */
export async function proveService(
	wanted: number,
	seed: number,
	progress: (done: number) => void = () => undefined,
): Promise<Proof> {
	const trials = Math.ceil(wanted / HISTORIES_A_TRIAL);
	const violations: string[] = [];
	for (let done = 0; done < trials; done += TRIALS_A_DATABASE) {
		const some = Math.min(TRIALS_A_DATABASE, trials - done);
		violations.push(...(await proveOnDatabase(some, seed * 10_007 + done)));
		progress((done + some) * HISTORIES_A_TRIAL);
	}
	return { histories: trials * HISTORIES_A_TRIAL, violations };
}

/** A line that is overwritten where somebody watches. */
function progressOf(what: string, wanted: number): (done: number) => void {
	return (done) => {
		if (process.stderr.isTTY) process.stderr.write(`\r${what}: ${done} of ${wanted}${done >= wanted ? "\n" : ""}`);
	};
}

async function main(): Promise<void> {
	const [first] = process.argv.slice(2);
	if (first === "all" || first === "ci") {
		process.exitCode = await proveAll(first === "all" ? "full" : "ci");
		return;
	}
	const { values, positionals } = parseArgs({
		allowPositionals: true,
		options: { histories: { type: "string", default: "100000" }, seed: { type: "string", default: "1" } },
	});
	const wanted = Number(values.histories);
	const seed = Number(values.seed);
	if (positionals[0] !== "streaks" || !Number.isInteger(wanted) || wanted < 1 || !Number.isInteger(seed))
		throw new UserError(
			"This proves streaks, or everything.",
			"Usage: npm run prove -- streaks [--histories 100000] [--seed 1], or npm run prove -- all",
		);
	const begun = performance.now();
	const service = await proveService(Math.ceil(wanted / THROUGH_SERVICE), seed, progressOf("service", wanted));
	const rest = Math.max(0, wanted - service.histories);
	const booking = proveBooking(rest, seed, progressOf("booking", rest));
	const violations = [...service.violations, ...booking.violations];
	for (const violation of violations.slice(0, 20)) console.log(violation);
	console.log(`through service and database: ${service.histories}, through the booking alone: ${booking.histories}`);
	console.log(`seconds: ${Math.round((performance.now() - begun) / 1000)}`);
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
