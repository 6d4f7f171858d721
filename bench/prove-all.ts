/**
 * Runs every long proof, one after another.
 *
 *     npm run prove -- all      in full: an hour or two
 *     npm run prove -- ci       bounded: at most two minutes each on two cores
 */
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Test files whose size follows NLPQ_EFFORT. */
const SIZED_TESTS = readdirSync("tests", { recursive: true, encoding: "utf8" })
	.map((path) => join("tests", path))
	.filter((path) => path.endsWith(".test.ts") && readFileSync(path, "utf8").includes("support/effort.ts"))
	.sort();

/** Files that `npm test` already runs at this size. */
const ONLY_IN_FULL = ["tests/tools/pictures/pictures.test.ts"];

/** The bounded tests in groups of at most two minutes; a file belongs to the first group that matches. */
const GROUPS: readonly (readonly [name: string, files: RegExp])[] = [
	["tests with killed processes", /chaos/],
	["tests of databases", /postgres/],
	["tests of the platforms", /adapters/],
	["tests of the whole program", /terminal|whole/],
	["tests of the rules and of members' texts", /./],
];
const groupOf = (file: string) => GROUPS.find(([, files]) => files.test(file))?.[0];

type Effort = "ci" | "full";

interface LongProof {
	readonly name: string;
	/** The command for each effort in which the proof takes part, without shell syntax. */
	readonly commands: Readonly<Partial<Record<Effort, readonly string[]>>>;
}

const LONG_PROOFS: readonly LongProof[] = [
	// Bounded proofs run together on all cores; in full, each runs alone.
	...GROUPS.map(([name]) => {
		const files = SIZED_TESTS.filter((file) => !ONLY_IN_FULL.includes(file) && groupOf(file) === name);
		return { name, commands: { ci: ["npx", "vitest", "run", "--project=!oldest-postgres", ...files] } };
	}),
	{
		name: "tests on the oldest Postgres",
		commands: {
			ci: ["npx", "vitest", "run", "--project=oldest-postgres"],
			full: ["npx", "vitest", "run", "--project=oldest-postgres"],
		},
	},
	...SIZED_TESTS.map((file) => ({
		name: file,
		commands: { full: ["npx", "vitest", "run", "--project=!oldest-postgres", file] },
	})),
	{
		name: "streaks",
		commands: {
			ci: ["npx", "tsx", "bench/prove.ts", "streaks", "--histories", "5000"],
			full: ["npx", "tsx", "bench/prove.ts", "streaks", "--histories", "100000"],
		},
	},
	{
		name: "chaos",
		commands: {
			ci: ["npx", "tsx", "bench/chaos.ts", "--kills", "20"],
			full: ["npx", "tsx", "bench/chaos.ts", "--kills", "1000"],
		},
	},
	{
		name: "inputs",
		commands: {
			ci: ["npx", "tsx", "tests/fuzz.ts", "--inputs", "3000"],
			full: ["npx", "tsx", "tests/fuzz.ts", "--inputs", "100000"],
		},
	},
];

function run(command: readonly string[], effort: Effort): Promise<number> {
	const [program = "", ...args] = command;
	const child = spawn(program, args, { stdio: "inherit", env: { ...process.env, NLPQ_EFFORT: effort } });
	return new Promise((resolve) => child.once("exit", (code) => resolve(code ?? 1)));
}

/** Runs every proof, even after one has failed. @returns the exit code: 1 if any failed */
export async function proveAll(effort: Effort): Promise<number> {
	const results: { readonly name: string; readonly held: boolean; readonly seconds: number }[] = [];
	for (const { name, commands } of LONG_PROOFS) {
		const command = commands[effort];
		if (!command) continue;
		const startedAt = performance.now();
		console.log(`\n== ${name}`);
		const held = (await run(command, effort)) === 0;
		results.push({ name, held, seconds: Math.round((performance.now() - startedAt) / 1000) });
	}
	console.log("");
	for (const { name, held, seconds } of results) console.log(`${held ? "held  " : "FAILED"} ${seconds} s ${name}`);
	const failed = results.filter(({ held }) => !held).length;
	console.log(`${results.length - failed} proofs held, ${failed} failed`);
	return failed > 0 ? 1 : 0;
}
