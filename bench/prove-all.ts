/**
 * Runs every long proof, one after the other.
 *
 *     npm run prove -- all      in full: an hour or two
 *     npm run prove -- ci       bounded: at most two minutes each on two cores
 */
import { spawn } from "node:child_process";

/** Test files whose size follows NLPQ_EFFORT. */
const SIZED = [
	"tests/terminal/crash.test.ts",
	"tests/terminal/input.test.ts",
	"tests/chat/chaos.test.ts",
	"tests/chat/command-chaos.test.ts",
	"tests/postgres/failover.test.ts",
	"tests/postgres/pooler.test.ts",
	"tests/postgres/forgetting.test.ts",
	"tests/adapters/discord/gateway.test.ts",
	"tests/adapters/discord/commands.test.ts",
	"tests/adapters/discord/render.test.ts",
	"tests/adapters/slack/matrix.test.ts",
	"tests/adapters/slack/http.test.ts",
	"tests/adapters/slack/installations.test.ts",
	"tests/adapters/slack/markup.test.ts",
	"tests/adapters/slack/render.test.ts",
	"tests/chat/no-answers.test.ts",
	"tests/chat/daily-model.test.ts",
	"tests/chat/reports.test.ts",
	"tests/chat/recount.test.ts",
	"tests/chat/hostile-questions.test.ts",
	"tests/chat/echoes.test.ts",
];

interface LongProof {
	readonly name: string;
	/** A command for each effort, without shell syntax. */
	readonly commands: Readonly<Record<"ci" | "full", readonly string[]>>;
}

const everywhere = (...command: readonly string[]) => ({ ci: command, full: command });

export const LONG_PROOFS: readonly LongProof[] = [
	...SIZED.map((file) => ({ name: file, commands: everywhere("npx", "vitest", "run", file) })),
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

function run(command: readonly string[], effort: "ci" | "full"): Promise<number> {
	const [program = "", ...given] = command;
	const child = spawn(program, given, { stdio: "inherit", env: { ...process.env, NLPQ_EFFORT: effort } });
	return new Promise((resolve) => child.once("exit", (code) => resolve(code ?? 1)));
}

/** The exit code: 1 when any proof failed. Each is run, also after one that failed. */
export async function proveAll(effort: "ci" | "full"): Promise<number> {
	const failed: string[] = [];
	for (const { name, commands } of LONG_PROOFS) {
		const begun = performance.now();
		console.log(`\n== ${name}`);
		if ((await run(commands[effort], effort)) !== 0) failed.push(name);
		console.log(`${name}: ${Math.round((performance.now() - begun) / 1000)} s`);
	}
	console.log(`\n${LONG_PROOFS.length - failed.length} proofs held, ${failed.length} failed ${failed.join(", ")}`);
	return failed.length > 0 ? 1 : 0;
}
