/**
 * Recomputes every streak and every memory from its events, and compares it with what is stored.
 *
 *     npm run verify                  prints the differences; exits with 1 if there are any
 *     npm run verify -- --rebuild     corrects them
 *
 * Uses the database that the environment names, as `npm start` does. An embedded one must not be in use.
 */
import { createStore } from "../src/adapters/postgres/store.ts";
import { readConfig } from "../src/config.ts";
import type { RootStore } from "../src/core/ports/store.ts";
import { type MemoryVerification, verifyMemories } from "../src/core/practice/projection.ts";
import { differencesOf, type Verification, verifyStreaks } from "../src/core/streak/verify.ts";
import { failureText } from "../src/run/failure.ts";
import { openDatabase } from "../src/run/open.ts";

const USAGE = "Usage: npm run verify [-- --rebuild]";

type Found = Verification & MemoryVerification;

async function verify(store: RootStore, now: Date, { repair = false } = {}): Promise<number> {
	const found: Found = {
		...(await verifyStreaks(store, now, { repair })),
		...(await verifyMemories(store, { repair })),
	};
	const lines: [string, number][] = [
		["members", found.members],
		["streaks", found.streaks],
		["streaks that differ", found.wrongStreaks],
		["ledgers that differ", found.wrongLedgers],
		["headlines that differ", found.wrongStandings],
		["memories", found.memories],
		["memories that differ", found.wrongMemories],
	];
	for (const [name, count] of lines) process.stdout.write(`${name.padEnd(22)} ${count}\n`);
	const differences = differencesOf(found) + found.wrongMemories;
	process.stdout.write(`differences: ${differences}\n`);
	return differences;
}

async function main(flags: readonly string[]): Promise<number> {
	const repair = flags.includes("--rebuild");
	if (flags.some((flag) => flag !== "--rebuild")) {
		process.stderr.write(`${USAGE}\n`);
		return 2;
	}
	const config = readConfig(process.env);
	const database = await openDatabase(config);
	try {
		const store = createStore(database.db);
		const now = config.NLPQ_CLOCK ?? new Date();
		const differences = await verify(store, now, { repair });
		if (!repair || differences === 0) return differences === 0 ? 0 : 1;
		process.stdout.write("after mending:\n");
		return (await verify(store, now)) === 0 ? 0 : 1;
	} finally {
		await database.close();
	}
}

main(process.argv.slice(2))
	.then((code) => {
		process.exitCode = code;
	})
	.catch((error: unknown) => {
		process.stderr.write(`${failureText(error)}\n`);
		process.exitCode = 1;
	});
