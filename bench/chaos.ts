/**
 * Two workers share the daily questions of a few hundred schedules on a real Postgres. They post to a local platform
 * that loses answers, refuses, resets and hangs, and they are killed repeatedly while the clock moves. What is due is
 * computed from the calendar; what was delivered, lost and duplicated is counted at the platform, not by the program.
 *
 *     npm run chaos -- --kills 1000
 *     npm run chaos -- --kills 1000 --no-lookup
 *
 * With `--commands`, a process is killed at members' commands instead: see `chaos-commands.ts`.
 */
import { parseArgs } from "node:util";
import { type ChaosOptions, type ChaosResult, runChaos } from "../tests/support/chaos/run.ts";
import { runCommandsChaos, setupsNamed } from "./chaos-commands.ts";

function optionsOf(args: string[]): ChaosOptions {
	const { values } = parseArgs({
		args,
		options: {
			kills: { type: "string", default: "1000" },
			schedules: { type: "string", default: "300" },
			seed: { type: "string" },
			"no-lookup": { type: "boolean", default: false },
			faults: { type: "string" },
			quiet: { type: "boolean", default: false },
		},
	});
	const lookUp = !values["no-lookup"];
	// Without look-up, the outcome stays unknown after each lost answer. So by default only kills happen then.
	const faults = (values.faults ?? (lookUp ? "all" : "refusals")) === "all" ? "all" : "refusals";
	const [kills, schedules] = [Number(values.kills), Number(values.schedules)];
	const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
	if (![kills, schedules, seed].every((value) => Number.isInteger(value) && value >= 0))
		throw new RangeError("--kills, --schedules and --seed are whole numbers");
	const say = values.quiet ? {} : { say: (line: string) => process.stderr.write(`${line}\n`) };
	return { kills, schedules, lookUp, faults, seed, ...say };
}

/** The ways in which a result is wrong. */
function failuresIn(result: ChaosResult, options: ChaosOptions): string[] {
	const failures: string[] = [];
	if (result.lost > 0) failures.push("questions were lost");
	if (result.duplicated > 0) failures.push("messages came twice");
	if (result.skippedWanted !== result.skipped) failures.push("the wrong questions were skipped");
	if (options.lookUp && result.delivered !== result.due) failures.push("not all due questions were delivered");
	if (options.lookUp && result.unknown > 0) failures.push("outcomes stayed unknown");
	if (options.faults === "refusals" && result.unknown > result.underWayAtKills)
		failures.push("more outcomes stayed unknown than sends were under way at a kill");
	return failures;
}

async function runCommandsOption(args: string[]): Promise<void> {
	const { values } = parseArgs({
		args,
		options: {
			commands: { type: "boolean" },
			kills: { type: "string", default: "100" },
			seed: { type: "string" },
			setup: { type: "string" },
			quiet: { type: "boolean", default: false },
		},
	});
	const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
	const say = values.quiet ? {} : { say: (line: string) => process.stderr.write(`${line}\n`) };
	const isSound = await runCommandsChaos({
		kills: Number(values.kills),
		seed,
		setups: setupsNamed(values.setup),
		...say,
	});
	console.log(`seed: ${seed}`);
	if (!isSound) process.exitCode = 1;
}

async function deliveries(args: string[]): Promise<void> {
	const options = optionsOf(args);
	const startedAt = performance.now();
	const result = await runChaos(options);
	const { kills, due, delivered, skipped, lost, duplicated, unknown } = result;
	const lines = { kills, due, delivered, skipped, lost, duplicated, unknown };
	for (const [name, value] of Object.entries(lines)) console.log(`${name}: ${value}`);
	const details = {
		"messages at the local platform": result.messages,
		"daily questions among them": result.dailyMessages,
		"sends under way at a kill": result.underWayAtKills,
		"moves of the clock": result.moves,
		"seconds taken": Math.round((performance.now() - startedAt) / 1000),
		seed: options.seed,
	};
	for (const [name, value] of Object.entries(details)) console.log(`${name}: ${value}`);
	for (const [type, times] of [...result.behaviours].sort()) console.log(`requests answered by ${type}: ${times}`);
	for (const row of result.recordedLosses) console.log(`what the program recorded of a lost question: ${row}`);
	const faults = new Map<string, number>();
	for (const fault of result.faults) {
		const [line = ""] = fault.split("\n");
		faults.set(line, (faults.get(line) ?? 0) + 1);
	}
	for (const [fault, times] of faults) console.log(`error, ${times} times: ${fault}`);
	const failures = failuresIn(result, options);
	if (failures.length > 0) {
		console.error(failures.join("; "));
		process.exitCode = 1;
	}
}

const args = process.argv.slice(2);
await (args.includes("--commands") ? runCommandsOption(args) : deliveries(args));
