import fc from "fast-check";
import { DAY } from "../../../src/core/durations.ts";
import { Bank } from "../../../src/core/question/bank.ts";
import { differencesOf, verifyStreaks } from "../../../src/core/streak/verify.ts";
import { loadBank } from "../../../src/run/open.ts";
import { Dice } from "../dice.ts";
import { openEmbeddedDatabase, type TestDatabase } from "../embedded.ts";
import { histories } from "./streak-history.ts";
import { HISTORIES_A_TRIAL, Trial } from "./trial.ts";
import { BookingWalk } from "./walk.ts";

const CHUNK = 1000;
/** After this many trials a fresh database is opened, since trials take longer on a full one. */
const TRIALS_A_DATABASE = 12;
/** So few that both schedules of a workspace sometimes ask the same question. */
const QUESTIONS = 8;
const TRIAL_DAYS = 27;

/** How many histories were tried, and each violation in words. */
export interface Proof {
	readonly histories: number;
	readonly violations: readonly string[];
}

/** Walks one member's histories through the booking of streaks. */
export function proveBooking(wanted: number, seed: number, progress: (done: number) => void = () => undefined): Proof {
	const violations: string[] = [];
	for (let done = 0; done < wanted; done += CHUNK) {
		const chunkSeed = seed * 1_000_003 + done;
		const chunk = fc.sample(histories, { seed: chunkSeed, numRuns: Math.min(CHUNK, wanted - done) });
		for (const [index, history] of chunk.entries()) {
			const fault = new BookingWalk(history, new Dice(chunkSeed + index)).run();
			if (fault) violations.push(`history ${index} of seed ${chunkSeed}, ${fault}`);
		}
		progress(Math.min(wanted, done + CHUNK));
	}
	return { histories: wanted, violations };
}

/** Lets workspaces live through some weeks on one database. Afterwards all of it must verify. */
async function proveOnDatabase(trials: number, seed: number, open: () => Promise<TestDatabase>): Promise<string[]> {
	const questions = (await loadBank()).all().slice(0, QUESTIONS);
	const bank = new Bank(new Map(questions.map((question) => [question.id, question])));
	const database = await open();
	const violations: string[] = [];
	try {
		let start = Date.UTC(2027, 1, 20);
		await database.store.bank.synchronise(questions, new Date(start));
		for (let trial = 0; trial < trials; trial += 1) {
			const faults = await new Trial(database.store, bank, new Dice(seed + trial), new Date(start)).run();
			violations.push(...faults.map((fault) => `trial of seed ${seed + trial}: ${fault}`));
			start += TRIAL_DAYS * DAY;
		}
		const found = await verifyStreaks(database.store, new Date(start));
		if (differencesOf(found) > 0) violations.push(`verifying found ${JSON.stringify(found)}`);
	} finally {
		await database.close();
	}
	return violations;
}

/** Lets workspaces live through the service, for at least the wanted number of histories. */
export async function proveService(
	wanted: number,
	seed: number,
	progress: (done: number) => void = () => undefined,
	open = openEmbeddedDatabase,
): Promise<Proof> {
	const trials = Math.ceil(wanted / HISTORIES_A_TRIAL);
	const violations: string[] = [];
	for (let done = 0; done < trials; done += TRIALS_A_DATABASE) {
		const batch = Math.min(TRIALS_A_DATABASE, trials - done);
		violations.push(...(await proveOnDatabase(batch, seed * 10_007 + done, open)));
		progress((done + batch) * HISTORIES_A_TRIAL);
	}
	return { histories: trials * HISTORIES_A_TRIAL, violations };
}
