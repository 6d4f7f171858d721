/**
 * Recomputes every streak from what it follows from, and holds it against what is kept.
 *
 *     npm run streaks -- verify     tells the differences; ends with 1 if there are any
 *     npm run streaks -- rebuild    mends them
 *
 * The database is the one that the environment names, as for `npm start`. An embedded one must not be in use.
 */
import { createStore } from "../src/adapters/postgres/store.ts";
import { readConfig } from "../src/config.ts";
import { differencesOf, type Verification, verifyStreaks } from "../src/core/streak/verify.ts";
import { failureText } from "../src/run/failure.ts";
import { openDatabase } from "../src/run/open.ts";

const USAGE = "Usage: npm run streaks -- verify | rebuild";

function print(found: Verification): void {
	const lines: [string, number][] = [
		["members", found.members],
		["streaks", found.streaks],
		["streaks that differ", found.wrongStreaks],
		["ledgers that differ", found.wrongLedgers],
		["headlines that differ", found.wrongStandings],
	];
	for (const [name, count] of lines) process.stdout.write(`${name.padEnd(22)} ${count}\n`);
	process.stdout.write(`differences: ${differencesOf(found)}\n`);
}

async function main(what: string | undefined): Promise<number> {
	if (what !== "verify" && what !== "rebuild") {
		process.stderr.write(`${USAGE}\n`);
		return 2;
	}
	const config = readConfig(process.env);
	const database = await openDatabase(config);
	try {
		const store = createStore(database.db);
		const now = config.NLPQ_CLOCK ?? new Date();
		const found = await verifyStreaks(store, now, what === "rebuild");
		print(found);
		if (what === "verify" || differencesOf(found) === 0) return differencesOf(found) === 0 ? 0 : 1;
		process.stdout.write("after mending:\n");
		const after = await verifyStreaks(store, now, false);
		print(after);
		return differencesOf(after) === 0 ? 0 : 1;
	} finally {
		await database.close();
	}
}

main(process.argv[2])
	.then((code) => {
		process.exitCode = code;
	})
	.catch((error: unknown) => {
		process.stderr.write(`${failureText(error)}\n`);
		process.exitCode = 1;
	});
